//! Every step from a request to its signature: canonical request → string to sign → key → signature → header. The
//! same steps as in AWS's documentation, with the values of its example, for both algorithms.
//!
//! `cargo run --example step_by_step`

use sigv4a::{
    Credentials, Provider, Region, RegionSet, Service, SigV4, SigV4a, Signer, SignerExt, SigningRequest, Timestamp,
};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let credentials = Credentials::new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")?;
    let at = Timestamp::parse_amz_date("20150830T123600Z")?;
    let iam = Service::new("iam")?;
    let request = SigningRequest::new("GET", "https://iam.amazonaws.com/?Action=ListUsers&Version=2010-05-08")?
        .with_header("content-type", "application/x-www-form-urlencoded; charset=utf-8")?;

    let v4 = SigV4::new(credentials.clone(), Region::new("us-east-1")?, iam.clone());
    let v4a = SigV4a::new(credentials, RegionSet::all(), iam).with_provider(Provider::rust_crypto());
    let v4_key = format!("signing key, good for one day, region and service:\n{}", hex(&*v4.signing_key(at)));
    let v4a_key = format!("public half of the key, good everywhere:\n{}", hex(&v4a.verifying_key()?.to_sec1()));

    let signers: [(&dyn Signer, String); 2] = [(&v4, v4_key), (&v4a, v4a_key)];
    for (signer, key) in signers {
        let signed = signer.sign(&request, at)?;
        let trace = signed.trace();
        println!("=== {}\n", trace.algorithm());
        println!("1. canonical request\n{}\n", trace.canonical_request().as_str());
        println!("2. string to sign\n{}\n", trace.string_to_sign().as_str());
        println!("3. {key}\n");
        println!("4. signature\n{}\n", trace.signature().to_hex());
        println!("5. headers to add");
        for (name, value) in signed.added_headers() {
            println!("{name}: {}", value.to_str()?);
        }
        println!();
    }
    Ok(())
}

fn hex(bytes: &[u8]) -> String {
    base16ct::lower::encode_string(bytes)
}
