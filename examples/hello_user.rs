//! A server that greets whoever signed the request, by the identity that `VerifyLayer` proved. Of Alice it knows the
//! secret access key, of Bob only the public key: it checks his SigV4a signatures and could forge none.
//!
//! `cargo run --example hello_user [-- --algorithm sigv4a]` starts it, has Alice (with that algorithm, SigV4 otherwise)
//! and Bob (with SigV4a) send a GET and a POST each, then Bob one with SigV4, shows the answers, and ends. The keys are
//! made up.

use axum::{Extension, Router, http::Method, routing::get};
use sigv4a::{
    Algorithm, AlgorithmChoice, Credentials, Region, Service, SignerConfig, SignerExt as _, StaticKeys,
    VerificationKey, Verified, Verifier, config::now, tower::VerifyLayer,
};

type Outcome<T> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

#[tokio::main]
async fn main() -> Outcome<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let algorithm: Algorithm = match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => Algorithm::SigV4,
        ["--algorithm", algorithm] => algorithm.parse()?,
        _ => return Err("expected nothing or `--algorithm sigv4|sigv4a`".into()),
    };
    let alice = Credentials::new("AKIDALICE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYALICEKEY")?;
    let bob = Credentials::new("AKIDBOB", "je7MtGbClwBF/2Zp9Utk/h3yCo8nvbBOBKEY")?;

    // Bob computes this key, and gives it to the server.
    let public_key = VerificationKey::from_credentials(&bob).verifying_key()?;
    let keys = StaticKeys::new()
        .with(VerificationKey::from_credentials(&alice))
        .with(VerificationKey::from_public_key(bob.access_key_id().clone(), public_key));
    let layer = VerifyLayer::new(Verifier::new(Service::EXECUTE_API, Region::new("us-east-1")?), keys);
    let router = Router::new().route("/hello", get(hello).post(hello)).layer(layer);

    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}/hello", listener.local_addr()?);
    tokio::spawn(async { axum::serve(listener, router).await });
    tokio::task::spawn_blocking(move || {
        for (user, algorithm) in [(alice, algorithm), (bob.clone(), Algorithm::SigV4a)] {
            println!("{}", send("GET", &url, "", &user, algorithm)?);
            println!("{}", send("POST", &url, "It is me.", &user, algorithm)?);
        }
        println!("{}", send("GET", &url, "", &bob, Algorithm::SigV4)?);
        Ok(())
    })
    .await?
}

/// Behind the layer: there is an identity, and the body is the one that was signed.
async fn hello(Extension(verified): Extension<Verified>, method: Method, body: String) -> String {
    format!("Hello {}, you sent {method} with {} and {body:?}", verified.access_key_id(), verified.algorithm())
}

fn send(method: &str, url: &str, body: &str, user: &Credentials, algorithm: Algorithm) -> Outcome<String> {
    let config = SignerConfig::default().with_algorithm(AlgorithmChoice::Always(algorithm));
    let config = config.with_service(Service::EXECUTE_API).with_region(Region::new("us-east-1")?);
    let mut request = http::Request::builder().method(method).uri(url).body(body)?;
    config.signer(url, user.clone())?.sign_request(&mut request, now()?)?;
    let agent = ureq::Agent::config_builder().http_status_as_error(false).build().new_agent();
    let mut response = agent.run(request)?;
    Ok(format!("{} {}", response.status().as_u16(), response.body_mut().read_to_string()?))
}
