//! An API with IAM authentication on this machine, for examples of clients that run without AWS.

use axum::{
    Extension, Router,
    http::{Method, Uri},
    routing::get,
};
use sigv4a::{Credentials, Region, Service, StaticKeys, VerificationKey, Verified, Verifier, tower::VerifyLayer};

type Outcome<T> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

/// Starts the API, for the owner of these credentials: its URL.
pub(crate) async fn start(credentials: &Credentials) -> Outcome<String> {
    let keys = StaticKeys::new().with(VerificationKey::from_credentials(credentials));
    let layer = VerifyLayer::new(Verifier::new(Service::EXECUTE_API, Region::new("us-east-1")?), keys);
    let router = Router::new().route("/hello", get(hello).post(hello)).layer(layer);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}", listener.local_addr()?);
    tokio::spawn(async { axum::serve(listener, router).await });
    Ok(url)
}

async fn hello(Extension(verified): Extension<Verified>, method: Method, uri: Uri, body: String) -> String {
    format!("Hello {}, you sent {method} {uri} with {} and {body:?}", verified.access_key_id(), verified.algorithm())
}
