//! A server on this machine that lets only signed requests pass, and remembers them. Its clock is the real one.

#![allow(dead_code, reason = "every test is a crate of its own and uses only some of it")]

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{
    Router,
    body::Bytes,
    http::{StatusCode, header},
    response::{AppendHeaders, IntoResponse as _, Response},
};
use http::request::Parts;
use sigv4a::{
    Authorization, Credentials, ReceivedRequest, Region, Service, StaticKeys, VerificationKey, Verified, Verifier,
    tower::VerifyLayer,
};

pub(crate) const KEY_ID: &str = "AKIDEXAMPLE";
pub(crate) const SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

pub(crate) fn credentials() -> Credentials {
    Credentials::new(KEY_ID, SECRET).unwrap()
}

/// What passed.
#[derive(Debug)]
pub(crate) struct Received {
    pub(crate) parts: Parts,
    pub(crate) body: Bytes,
    pub(crate) verified: Verified,
    /// As the server computed it, from what came.
    pub(crate) canonical_request: String,
}

impl Received {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.parts.headers.get(name).map(|value| value.to_str().unwrap())
    }

    pub(crate) fn signs(&self, name: &str) -> bool {
        self.verified.signed_headers().contains(name)
    }

    /// The last line of the canonical request.
    pub(crate) fn payload_line(&self) -> &str {
        self.canonical_request.lines().last().unwrap()
    }
}

/// Until it is dropped.
pub(crate) struct Endpoint {
    pub(crate) address: SocketAddr,
    received: Arc<Mutex<Vec<Received>>>,
    _runtime: tokio::runtime::Runtime,
}

impl Endpoint {
    /// Knows the key above.
    pub(crate) fn start(service: Service) -> Self {
        Self::with_keys(service, [VerificationKey::from_credentials(&credentials())])
    }

    pub(crate) fn with_keys(service: Service, keys: impl IntoIterator<Item = VerificationKey>) -> Self {
        let verifier = Verifier::new(service, Region::new("us-east-1").unwrap());
        Self::with_verifier(verifier, keys)
    }

    pub(crate) fn with_verifier(verifier: Verifier, keys: impl IntoIterator<Item = VerificationKey>) -> Self {
        let keys = keys.into_iter().fold(StaticKeys::new(), StaticKeys::with);
        let received: Arc<Mutex<Vec<Received>>> = Arc::default();
        let (seen, layer) = (Arc::clone(&received), VerifyLayer::new(verifier.clone(), keys));
        let service = move |parts: Parts, body: Bytes| {
            let (verifier, seen) = (verifier.clone(), Arc::clone(&seen));
            async move {
                let verified = parts.extensions.get::<Verified>().expect("it is behind the layer").clone();
                let request = ReceivedRequest::from_parts(&parts).unwrap().with_body(&body);
                let trace = verifier.trace(&Authorization::from_request(&request).unwrap(), &request).unwrap();
                let canonical_request = trace.canonical_request().as_str().to_owned();
                let answer = answer(&parts, &body, &verified).await;
                seen.lock().unwrap().push(Received { parts, body, verified, canonical_request });
                answer
            }
        };
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).unwrap();
        let address = listener.local_addr().unwrap();
        runtime.spawn(async move { axum::serve(listener, Router::new().fallback(service).layer(layer)).await });
        Self { address, received, _runtime: runtime }
    }

    pub(crate) fn url(&self, target: &str) -> String {
        format!("http://{}{target}", self.address)
    }

    /// Those since the last call.
    pub(crate) fn take(&self) -> Vec<Received> {
        std::mem::take(&mut *self.received.lock().unwrap())
    }

    /// The only one since the last call.
    pub(crate) fn take_one(&self) -> Received {
        let mut received = self.take();
        assert_eq!(received.len(), 1, "{received:?}");
        received.remove(0)
    }
}

/// What [`answer`] says for a path without a meaning of its own.
pub(crate) fn greeting(key: &str, algorithm: sigv4a::Algorithm, method: &str, body: &str) -> String {
    format!("{key} {algorithm} {method} {body:?}")
}

async fn answer(parts: &Parts, body: &Bytes, verified: &Verified) -> Response {
    match parts.uri.path() {
        "/bytes" => ([(header::CONTENT_TYPE, "image/png")], vec![0xff, 0x00, 0xfe]).into_response(),
        "/elsewhere" => (StatusCode::FOUND, [(header::LOCATION, "http://198.51.100.1/stolen")]).into_response(),
        "/teapot" => {
            (StatusCode::IM_A_TEAPOT, AppendHeaders([("x-twice", "1"), ("x-twice", "2")]), "short").into_response()
        }
        "/slow" => {
            tokio::time::sleep(Duration::from_secs(30)).await;
            StatusCode::OK.into_response()
        }
        _ => {
            let body = std::str::from_utf8(body).unwrap();
            let text = greeting(verified.access_key_id().as_str(), verified.algorithm(), parts.method.as_str(), body);
            ([("x-answered", "yes")], text).into_response()
        }
    }
}
