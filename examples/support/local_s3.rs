//! An endpoint that keeps objects in memory and takes signed requests only, for examples that run without AWS.
//!
//! `sigv4a serve --style s3` is the same as a command, with more of S3.

use std::{
    collections::HashMap,
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use axum::{
    body::Bytes,
    http::{Method, StatusCode, Uri},
};
use sigv4a::{
    Credentials, Region, Service, StaticKeys, VerificationKey, Verifier,
    tower::{BodyCheck, VerifyLayer},
};

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

/// Starts the endpoint, for the owner of these credentials.
pub(crate) fn start(credentials: &Credentials) -> Outcome<SocketAddr> {
    let keys = StaticKeys::new().with(VerificationKey::from_credentials(credentials));
    let verifier = Verifier::new(Service::S3, Region::new("us-east-1")?);
    let layer = VerifyLayer::new(verifier, keys).with_body_check(BodyCheck::AtItsEnd).with_body_limit(1 << 40);
    let objects = Arc::new(Mutex::new(HashMap::new()));
    let router = axum::Router::new().fallback(move |method, uri, body| answer(objects.clone(), method, uri, body));
    let runtime = tokio::runtime::Runtime::new()?;
    let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0"))?;
    let address = listener.local_addr()?;
    std::thread::spawn(move || runtime.block_on(async { axum::serve(listener, router.layer(layer)).await }));
    Ok(address)
}

type Objects = Arc<Mutex<HashMap<String, Bytes>>>;

async fn answer(objects: Objects, method: Method, uri: Uri, body: Bytes) -> (StatusCode, Bytes) {
    let Ok(mut objects) = objects.lock() else { return (StatusCode::INTERNAL_SERVER_ERROR, Bytes::new()) };
    match method {
        Method::PUT => {
            objects.insert(uri.path().to_owned(), body);
            (StatusCode::OK, Bytes::new())
        }
        Method::GET => match objects.get(uri.path()) {
            Some(body) => (StatusCode::OK, body.clone()),
            None => (StatusCode::NOT_FOUND, Bytes::new()),
        },
        _ => (StatusCode::METHOD_NOT_ALLOWED, Bytes::new()),
    }
}
