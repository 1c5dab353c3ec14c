//! Signs a GET for an object behind an S3 Multi-Region Access Point, with SigV4a.
//!
//! `cargo run --release --example s3_mrap [ALIAS [KEY]]`
//!
//! With credentials in the environment or in the shared AWS files, and an alias, the request is sent to AWS and the
//! answer shown. Without, it is signed with the example credentials of AWS's documentation and only shown.

use sigv4a::{
    Credentials, MultiRegionAccessPoint, SignerConfig, SignerExt,
    config::{Ambient, Environment, now},
};

const EXAMPLE_ALIAS: &str = "mfzwi23gnjvgw.mrap";

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let alias = arguments.first().map_or(EXAMPLE_ALIAS, String::as_str);
    let key = arguments.get(1).map_or("hello world.txt", String::as_str);
    let url = MultiRegionAccessPoint::from_alias(alias)?.url(key);

    let ambient = Ambient::load(None, &Environment::of_process())?;
    let real = ambient.credentials().ok().filter(|_| !arguments.is_empty());
    let credentials = match &real {
        Some(credentials) => credentials.clone(),
        None => Credentials::new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")?,
    };

    // The host says everything: service s3, SigV4a, region set `*`.
    let signer = SignerConfig::default().resolve(&url, ambient.config())?.into_signer(credentials);
    let mut request = http::Request::get(&url).body("")?;
    signer.sign_request(&mut request, now()?)?;

    println!("{} {}", request.method(), request.uri());
    for (name, value) in request.headers() {
        println!("{name}: {}", value.to_str()?);
    }
    if real.is_none() {
        println!("\nNot sent. To send it: give the alias of your access point as argument, and credentials in the");
        println!("environment (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN) or in ~/.aws/credentials.");
        return Ok(());
    }
    let agent = ureq::Agent::config_builder().http_status_as_error(false).build().new_agent();
    let mut response = agent.run(request)?;
    println!("\n{}", response.status());
    println!("{}", response.body_mut().read_to_string()?);
    Ok(())
}
