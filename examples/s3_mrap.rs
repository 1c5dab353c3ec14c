//! Signs requests to an S3 Multi-Region Access Point, with SigV4a, and sends them.
//!
//! `cargo run --release --example s3_mrap [ALIAS [KEY]]`
//!
//! Without an alias it starts an endpoint on this machine that checks signatures as S3 does, puts an object there, gets it
//! back, and shows what a wrong key gets. With the alias of your access point, and credentials in the environment or in
//! the shared AWS files, it gets the object KEY from AWS.

#[path = "support/local_s3.rs"]
mod local_s3;

use sigv4a::{
    Credentials, MultiRegionAccessPoint, Signer, SignerConfig, SignerExt, SigningOptions,
    config::{Ambient, Environment, now},
};

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

fn main() -> Outcome<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let alias = arguments.first().map_or("mfzwi23gnjvgw.mrap", String::as_str);
    let key = arguments.get(1).map_or("hello world.txt", String::as_str);
    let point = MultiRegionAccessPoint::from_alias(alias)?;
    let ambient = Ambient::load(None, &Environment::of_process())?;

    // The host says everything: service s3, SigV4a, region set `*`.
    let resolved = SignerConfig::default().resolve(&point.url(key), ambient.config())?;
    if !arguments.is_empty() {
        return send(&resolved.into_signer(ambient.credentials()?), "GET", &point.url(key), "");
    }

    let credentials = Credentials::new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")?;
    let url = point
        .url(key)
        .replace(&format!("https://{}", point.host()), &format!("http://{}", local_s3::start(&credentials)?));
    // Sent to this machine, signed for the access point: as through a tunnel.
    let options: SigningOptions = resolved.options().clone().with_host(&point.host())?;
    let resolved = resolved.with_options(options);
    let signer = resolved.clone().into_signer(credentials);
    send(&signer, "PUT", &url, "Hello from every region!")?;
    send(&signer, "GET", &url, "")?;
    println!("--- and with a wrong key");
    send(&resolved.into_signer(Credentials::new("AKIDEXAMPLE", "another")?), "GET", &url, "")?;
    println!(
        "\nTo send it to AWS: give the alias of your access point as argument, and credentials in the environment"
    );
    println!("(AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN) or in ~/.aws/credentials.");
    Ok(())
}

/// Signs a request, shows it, sends it, and shows the answer.
fn send(signer: &dyn Signer, method: &str, url: &str, body: &'static str) -> Outcome<()> {
    let mut request = http::Request::builder().method(method).uri(url).body(body)?;
    signer.sign_request(&mut request, now()?)?;
    println!("{} {}", request.method(), request.uri());
    for (name, value) in request.headers() {
        println!("{name}: {}", value.to_str()?);
    }
    let agent =
        ureq::Agent::config_builder().http_status_as_error(false).allow_non_standard_methods(true).build().new_agent();
    let mut response = agent.run(request)?;
    println!("\n{}\n{}\n", response.status(), response.body_mut().read_to_string()?);
    Ok(())
}
