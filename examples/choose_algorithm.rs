//! One program, either algorithm: a flag, a JSON configuration, the environment or the host decides.
//!
//! ```text
//! cargo run --example choose_algorithm -- --algorithm sigv4a
//! cargo run --example choose_algorithm -- '{"algorithm": "sigv4", "region": "eu-west-1"}'
//! SIGV4A_ALGORITHM=sigv4a cargo run --example choose_algorithm
//! AWS_AUTH_SCHEME_PREFERENCE=sigv4a AWS_SIGV4A_SIGNING_REGION_SET='*' cargo run --example choose_algorithm
//! ```

use sigv4a::{
    Credentials, Signer, SignerConfig, SignerExt, Timestamp,
    config::{Ambient, Environment},
};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let given = match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => SignerConfig::default(),
        ["--algorithm", algorithm] => SignerConfig::default().with_algorithm(algorithm.parse()?),
        [json] => serde_json::from_str(json)?,
        _ => return Err("expected nothing, `--algorithm auto|sigv4|sigv4a`, or a configuration in JSON".into()),
    };
    let ambient = Ambient::load(None, &Environment::of_process())?;
    let credentials = Credentials::new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")?;

    let url = "https://abc123.execute-api.us-east-1.amazonaws.com/private";
    let signer: Box<dyn Signer> = given.resolve(url, ambient.config())?.into_signer(credentials);
    let mut request = http::Request::get(url).body("")?;
    signer.sign_request(&mut request, Timestamp::parse_amz_date("20150830T123600Z")?)?;

    println!("{}", signer.algorithm());
    for (name, value) in request.headers() {
        println!("{name}: {}", value.to_str()?);
    }
    Ok(())
}
