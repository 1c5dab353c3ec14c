//! A reqwest client whose every request is signed: the body hashed, each attempt signed anew, redirects followed safely.
//!
//! ```text
//! cargo run --example reqwest_client                        a GET and a POST with each algorithm to a server on this machine
//! cargo run --example reqwest_client -- https://abc123.execute-api.eu-west-1.amazonaws.com/private
//!                                                           a GET with what the environment and the shared files have
//! ```

#[path = "support/local_api.rs"]
mod local_api;

use sigv4a::{
    Algorithm, AlgorithmChoice, Credentials, Region, Service, SignerConfig, client::RequestSigner,
    reqwest::SignMiddleware,
};

type Outcome<T> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

#[tokio::main]
async fn main() -> Outcome<()> {
    if let Some(url) = std::env::args().nth(1) {
        // Algorithm, service and region follow from the host and the environment: `SIGV4A_ALGORITHM`, `AWS_REGION`, …
        let signer = RequestSigner::from_environment(SignerConfig::default())?;
        let client = SignMiddleware::new(signer).into_client(reqwest::Client::builder())?;
        return show(client.get(url).send().await?).await;
    }
    let credentials = Credentials::new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")?;
    let url = local_api::start(&credentials).await?;
    for algorithm in [Algorithm::SigV4, Algorithm::SigV4a] {
        // A host that tells nothing: what is signed for is configured.
        let config = SignerConfig::default().with_service(Service::EXECUTE_API).with_region(Region::new("us-east-1")?);
        let config = config.with_algorithm(AlgorithmChoice::Always(algorithm));
        let signer = RequestSigner::new(config, credentials.clone());
        let client = SignMiddleware::new(signer).into_client(reqwest::Client::builder())?;
        show(client.get(format!("{url}/hello")).query(&[("name", "a b")]).send().await?).await?;
        show(client.post(format!("{url}/hello")).body("It is me.").send().await?).await?;
    }
    println!("unsigned:");
    show(reqwest::get(format!("{url}/hello")).await?).await
}

async fn show(answer: reqwest::Response) -> Outcome<()> {
    println!("{} {}", answer.status().as_u16(), answer.text().await?);
    Ok(())
}
