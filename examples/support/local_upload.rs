//! An endpoint that checks uploads while they come and keeps nothing, for examples that run without AWS.

use axum::{Router, body::Body, routing::put};
use http_body_util::BodyExt as _;
use sigv4a::{
    Credentials, Region, Service, StaticKeys, VerificationKey, Verifier,
    tower::{BodyCheck, VerifyLayer},
};

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

/// An endpoint that takes signed uploads only, and counts what it gets.
pub(crate) fn start(credentials: &Credentials) -> Outcome<String> {
    let keys = StaticKeys::new().with(VerificationKey::from_credentials(credentials));
    let layer = VerifyLayer::new(Verifier::new(Service::S3, Region::new("us-east-1")?), keys);
    let layer = layer.with_body_check(BodyCheck::AtItsEnd).with_body_limit(u64::MAX);
    let count = put(async |mut body: Body| {
        let mut bytes = 0;
        while let Some(frame) = body.frame().await {
            match frame {
                Ok(frame) => bytes += frame.data_ref().map_or(0, |data| data.len()),
                Err(error) => return format!("refused after {bytes} bytes: {error}"),
            }
        }
        format!("{bytes} bytes came, every chunk rightly signed")
    });
    let router = Router::new().route("/large", count).layer(layer);
    let runtime = tokio::runtime::Runtime::new()?;
    let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0"))?;
    let url = format!("http://{}", listener.local_addr()?);
    std::thread::spawn(move || runtime.block_on(async { axum::serve(listener, router).await }));
    Ok(url)
}
