//! A hyper client with a layer that signs: for those who build their HTTP stack of tower services.
//!
//! ```text
//! cargo run --example tower_client                        a GET and a POST with each algorithm to a server on this machine
//! cargo run --example tower_client -- https://abc123.execute-api.eu-west-1.amazonaws.com/private
//!                                                         a GET with what the environment and the shared files have
//! ```

#[path = "support/local_api.rs"]
mod local_api;

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::{BodyExt as _, Full};
use hyper_rustls::{ConfigBuilderExt as _, HttpsConnectorBuilder};
use hyper_util::{client::legacy::Client, rt::TokioExecutor};
use rustls::{ClientConfig, crypto::aws_lc_rs::default_provider};
use sigv4a::{
    Algorithm, AlgorithmChoice, Credentials, Region, Service, SignerConfig, client::RequestSigner, tower::SignLayer,
};
use tower::{Layer as _, ServiceExt as _};

type Outcome<T> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

#[tokio::main]
async fn main() -> Outcome<()> {
    let tls = ClientConfig::builder_with_provider(default_provider().into()).with_safe_default_protocol_versions()?;
    let tls = tls.with_native_roots()?.with_no_client_auth();
    let connector = HttpsConnectorBuilder::new().with_tls_config(tls).https_or_http().enable_http1().build();
    let client = Client::builder(TokioExecutor::new()).build(connector);
    if let Some(url) = std::env::args().nth(1) {
        // Algorithm, service and region follow from the host and the environment: `SIGV4A_ALGORITHM`, `AWS_REGION`, …
        let signer = RequestSigner::from_environment(SignerConfig::default())?;
        let request = Request::get(url).body(Full::<Bytes>::default())?;
        return show(SignLayer::new(signer).layer(client).oneshot(request).await?).await;
    }
    let credentials = Credentials::new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")?;
    let url = local_api::start(&credentials).await?;
    for algorithm in [Algorithm::SigV4, Algorithm::SigV4a] {
        // A host that tells nothing: what is signed for is configured.
        let config = SignerConfig::default().with_service(Service::EXECUTE_API).with_region(Region::new("us-east-1")?);
        let config = config.with_algorithm(AlgorithmChoice::Always(algorithm));
        // Innermost: timeouts, retries and whatever adds headers go around it.
        let client = SignLayer::new(RequestSigner::new(config, credentials.clone())).layer(client.clone());
        let get = Request::get(format!("{url}/hello?name=a+b")).body(Full::default())?;
        show(client.clone().oneshot(get).await?).await?;
        let post = Request::post(format!("{url}/hello")).body(Full::from("It is me."))?;
        show(client.oneshot(post).await?).await?;
    }
    Ok(())
}

async fn show<B: http_body::Body<Error: std::error::Error + Send + Sync + 'static>>(
    answer: Response<B>,
) -> Outcome<()> {
    let (head, body) = answer.into_parts();
    println!("{} {}", head.status.as_u16(), std::str::from_utf8(&body.collect().await?.to_bytes())?);
    Ok(())
}
