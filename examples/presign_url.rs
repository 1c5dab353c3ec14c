//! Presigns an upload and a download: a URL that anyone can use for fifteen minutes, with either algorithm.
//!
//! `cargo run --example presign_url`

use sigv4a::{Credentials, ExpiresIn, Signer, SignerConfig, SignerExt, SigningRequest, Timestamp};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let at = Timestamp::parse_amz_date("20150830T123600Z")?;
    // These credentials end ten minutes from now, before the URL does.
    let credentials = Credentials::new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")?
        .with_expiry(at.saturating_add(600));
    let lifetime = ExpiresIn::from_secs(15 * 60)?;

    for url in [
        "https://examplebucket.s3.us-east-1.amazonaws.com/holiday photo.jpg",
        "https://mfzwi23gnjvgw.mrap.accesspoint.s3-global.amazonaws.com/holiday photo.jpg",
    ] {
        let signer = SignerConfig::default().signer(url, credentials.clone())?;
        println!("{}", signer.algorithm());

        let download = signer.presign_url("GET", url, lifetime, at)?;
        println!("  download {}", download.url());

        // Headers given here are bound: the upload works with these values only.
        let request = SigningRequest::new("PUT", url)?
            .with_header("content-type", "image/jpeg")?
            .with_header("content-length", "123456")?;
        let upload = signer.presign(&request, lifetime, at)?;
        println!("  upload   {}", upload.url());
        for (name, value) in upload.headers_to_send() {
            println!("           with {name}: {}", value.to_str()?);
        }
        println!("  until    {}", upload.expires_at());
    }
    Ok(())
}
