//! Signs a POST for an API Gateway REST API that is protected with `AWS_IAM`, with either algorithm.
//!
//! `cargo run --example api_gateway`

use sigv4a::{Credentials, Region, RegionSet, Service, SigV4, SigV4a, Signer, SignerExt, Timestamp};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let credentials = Credentials::new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")?;
    let at = Timestamp::parse_amz_date("20150830T123600Z")?;
    let signers: [Box<dyn Signer>; 2] = [
        // One region.
        Box::new(SigV4::new(credentials.clone(), Region::new("eu-west-1")?, Service::EXECUTE_API)),
        // An API that fails over between two regions behind one custom domain: one signature, valid in both.
        Box::new(SigV4a::new(credentials, RegionSet::new("eu-west-1,us-east-1")?, Service::EXECUTE_API)),
    ];
    for signer in signers {
        let mut request = http::Request::post("https://abc123.execute-api.eu-west-1.amazonaws.com/prod/orders?dry-run")
            .header("content-type", "application/json")
            .body(r#"{"item": "book", "count": 1}"#)?;
        signer.sign_request(&mut request, at)?;

        // `dry-run` became `dry-run=`: the URI that is sent is the one that was signed.
        println!("{} {}", request.method(), request.uri());
        for (name, value) in request.headers() {
            println!("{name}: {}", value.to_str()?);
        }
        println!("\n{}\n", request.body());
    }
    Ok(())
}
