//! A server that verifies, a client that signs, and a clock for each.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicI64, Ordering},
    },
};

use bytes::Bytes;
use http::{Request, Response, StatusCode, header::DATE, request::Parts};
use http_body_util::{BodyExt as _, Full};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use reqwest_middleware::ClientWithMiddleware;
use sigv4a::{
    Algorithm, AlgorithmChoice, AnswerStyle, Credentials, ReceivedRequest, Region, RegionSet, Service, SignerConfig,
    Streaming, Timestamp, VerificationKey, Verified, Verifier, VerifyError,
    client::{RequestSigner, SignedBody},
    credentials::CredentialsProvider,
    reqwest::SignMiddleware,
    tower::{SignLayer, SignService},
};
use tower::Layer as _;

pub(crate) const ALGORITHMS: [Algorithm; 2] = [Algorithm::SigV4, Algorithm::SigV4a];

/// 2015-08-30T12:00:00Z
pub(crate) const NOON: i64 = 1_440_936_000;

pub(crate) fn time(seconds: i64) -> Timestamp {
    Timestamp::from_unix(seconds).unwrap()
}

pub(crate) fn credentials() -> Credentials {
    Credentials::new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY").unwrap()
}

/// A clock that stands until it is set.
#[derive(Clone)]
pub(crate) struct Clock(Arc<AtomicI64>);

impl Clock {
    pub(crate) fn at(seconds: i64) -> Self {
        Self(Arc::new(AtomicI64::new(seconds)))
    }

    pub(crate) fn set(&self, seconds: i64) {
        self.0.store(seconds, Ordering::SeqCst);
    }

    pub(crate) fn advance(&self, seconds: i64) {
        self.0.fetch_add(seconds, Ordering::SeqCst);
    }

    pub(crate) fn now(&self) -> Timestamp {
        time(self.0.load(Ordering::SeqCst))
    }

    pub(crate) fn source(&self) -> impl Fn() -> Result<Timestamp, sigv4a::ParseError> + Send + Sync + 'static + use<> {
        let clock = self.clone();
        move || Ok(clock.now())
    }
}

/// What a server knows and has seen.
#[derive(Clone)]
pub(crate) struct World {
    pub(crate) clock: Clock,
    keys: Arc<Mutex<HashMap<String, VerificationKey>>>,
    seen: Arc<Mutex<Vec<Seen>>>,
    service: Service,
}

/// A request that arrived.
#[derive(Clone)]
pub(crate) struct Seen {
    pub(crate) parts: Parts,
    pub(crate) body: Bytes,
    pub(crate) outcome: Result<Verified, String>,
}

impl Seen {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.parts.headers.get(name).map(|value| value.to_str().unwrap())
    }

    pub(crate) fn is_accepted(&self) -> bool {
        self.outcome.is_ok()
    }

    /// Whether anything in the request comes from a signer.
    pub(crate) fn has_traces(&self) -> bool {
        let ours = |name: &str| name == "authorization" || name == "cookie" || name.starts_with("x-amz-");
        self.parts.headers.keys().any(|name| ours(name.as_str()))
            || self.parts.uri.query().is_some_and(|query| query.to_ascii_lowercase().contains("x-amz-"))
    }
}

impl World {
    /// A server whose clock stands at noon and that knows [`credentials`].
    pub(crate) fn new(service: Service) -> Self {
        let world = Self { clock: Clock::at(NOON), keys: Arc::default(), seen: Arc::default(), service };
        world.accept(&credentials());
        world
    }

    pub(crate) fn accept(&self, credentials: &Credentials) {
        let id = credentials.access_key_id().to_string();
        self.keys.lock().unwrap().insert(id, VerificationKey::from_credentials(credentials));
    }

    pub(crate) fn reject(&self, credentials: &Credentials) {
        self.keys.lock().unwrap().remove(credentials.access_key_id().as_str());
    }

    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }

    pub(crate) fn verify(&self, parts: &Parts, body: &Bytes) -> Result<Verified, VerifyError> {
        let verifier = Verifier::new(self.service.clone(), Region::new("us-east-1").unwrap())
            .with_streaming(Streaming::WillBeDecoded)
            .with_max_skew(300);
        let request = ReceivedRequest::from_parts(parts)?.with_body(body);
        let keys = self.keys.lock().unwrap().clone();
        verifier.verify_request(
            &request,
            |asked| keys.get(asked.access_key_id().as_str()).cloned().map(Arc::new),
            self.clock.now(),
        )
    }

    /// Looks at a request as AWS does, and remembers it.
    pub(crate) fn receive(&self, parts: Parts, body: Bytes) -> Response<Full<Bytes>> {
        let outcome = self.verify(&parts, &body);
        let seen = outcome.clone().map_err(|error| error.to_string());
        self.seen.lock().unwrap().push(Seen { parts, body, outcome: seen });
        let (status, text) = match outcome {
            Ok(verified) => (200, verified.access_key_id().to_string()),
            Err(error) => {
                let style = AnswerStyle::ApiGateway;
                (error.status(style), format!(r#"{{"message":"{}"}}"#, error.client_message(style)))
            }
        };
        let date = http_date(self.clock.now());
        Response::builder().status(status).header(DATE, date).body(text.into()).unwrap()
    }

    /// Serves what [`receive`](Self::receive) answers.
    pub(crate) async fn serve(&self) -> String {
        let world = self.clone();
        serve(&self.clock, move |parts, body| world.receive(parts, body)).await
    }
}

/// Serves what a function answers, on this machine, until the runtime ends. Gives the URL without a path.
pub(crate) async fn serve(
    clock: &Clock,
    answer: impl Fn(Parts, Bytes) -> Response<Full<Bytes>> + Clone + Send + Sync + 'static,
) -> String {
    let clock = clock.clone();
    let handler = move |request: Request<axum::body::Body>| async move {
        let (parts, body) = request.into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        let date = http_date(clock.now());
        let mut response = answer(parts, body).map(axum::body::Body::new);
        // Else it is the real one.
        response.headers_mut().entry(DATE).or_insert(date.parse().unwrap());
        response
    };
    listen(axum::Router::new().fallback(handler)).await
}

pub(crate) async fn listen(router: axum::Router) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await });
    format!("http://{address}")
}

pub(crate) fn http_date(at: Timestamp) -> String {
    let time = std::time::UNIX_EPOCH + std::time::Duration::from_secs(at.as_unix().unsigned_abs());
    httpdate::fmt_http_date(time)
}

pub(crate) fn redirect(status: StatusCode, location: &str) -> Response<Full<Bytes>> {
    Response::builder().status(status).header("location", location).body(Full::default()).unwrap()
}

/// What tells a host on this machine how to be signed for.
pub(crate) fn config(algorithm: Algorithm, service: Service) -> SignerConfig {
    let config = SignerConfig::default().with_algorithm(AlgorithmChoice::Always(algorithm)).with_service(service);
    match algorithm {
        Algorithm::SigV4 => config.with_region(Region::new("us-east-1").unwrap()),
        _ => config.with_region_set(RegionSet::new("us-*").unwrap()),
    }
}

pub(crate) fn signer(
    algorithm: Algorithm,
    credentials: impl CredentialsProvider + 'static,
    clock: &Clock,
) -> RequestSigner {
    RequestSigner::new(config(algorithm, Service::EXECUTE_API), credentials).with_clock(clock.source())
}

pub(crate) fn reqwest_client(signer: RequestSigner) -> ClientWithMiddleware {
    SignMiddleware::new(signer).into_client(reqwest::Client::builder().no_proxy()).unwrap()
}

pub(crate) type HyperClient<B> = SignService<Client<HttpConnector, SignedBody<B>>>;

pub(crate) fn hyper_client<B>(signer: RequestSigner) -> HyperClient<B>
where
    B: http_body::Body<Data = Bytes> + Send,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    SignLayer::new(signer).layer(Client::builder(TokioExecutor::new()).build_http())
}

/// Everything an error says, down to its cause.
pub(crate) fn report(error: &(dyn std::error::Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}
