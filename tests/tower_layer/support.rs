//! Signed requests, a service behind the layer, a server, a body in pieces.

use std::{
    collections::VecDeque,
    convert::Infallible,
    error::Error,
    io,
    net::SocketAddr,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    task::{Context, Poll},
};

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Request, Response, StatusCode, Uri, header::HOST};
use http_body::{Body, Frame};
use http_body_util::BodyExt as _;
use sigv4a::{
    Algorithm, Credentials, Region, RegionSet, Service, SigV4, SigV4a, Signer, SignerExt as _, StaticKeys, Timestamp,
    VerificationKey, Verified, Verifier, VerifyError, VerifyErrorKind,
    tower::{AnswerBody, VerificationKeys, VerifiedBody, VerifyLayer},
};
use tower::{Layer as _, ServiceExt as _, service_fn};

pub(crate) const ALGORITHMS: [Algorithm; 2] = [Algorithm::SigV4, Algorithm::SigV4a];
pub(crate) const URL: &str = "https://api.example.com/things/a%20b?x=1&y=%3C%26%3E";
pub(crate) const KEY_ID: &str = "AKIDEXAMPLE";

pub(crate) fn time(text: &str) -> Timestamp {
    Timestamp::parse_amz_date(text).unwrap()
}

/// When requests are signed and servers live.
pub(crate) fn noon() -> Timestamp {
    time("20150830T120000Z")
}

pub(crate) fn credentials() -> Credentials {
    Credentials::new(KEY_ID, "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY").unwrap()
}

/// With the same ID and another secret.
pub(crate) fn forged() -> Credentials {
    Credentials::new(KEY_ID, "wJalrXUtnFEMI/K7MDENG+bPxRfiCYFORGEDKEYS").unwrap()
}

pub(crate) fn keys() -> StaticKeys {
    StaticKeys::new().with(VerificationKey::from_credentials(&credentials()))
}

pub(crate) fn verifier(service: Service) -> Verifier {
    Verifier::new(service, Region::new("us-east-1").unwrap())
}

/// A layer whose clock stands still at noon.
pub(crate) fn layer(service: Service) -> VerifyLayer<StaticKeys> {
    layer_with(service, keys())
}

pub(crate) fn layer_with<K: VerificationKeys>(service: Service, keys: K) -> VerifyLayer<K> {
    VerifyLayer::new(verifier(service), keys).with_clock(|| Ok(noon()))
}

pub(crate) fn signer(algorithm: Algorithm, service: Service, credentials: Credentials) -> Box<dyn Signer> {
    match algorithm {
        Algorithm::SigV4 => Box::new(SigV4::new(credentials, Region::new("us-east-1").unwrap(), service)),
        _ => Box::new(SigV4a::new(credentials, RegionSet::new("us-*,eu-west-1").unwrap(), service)),
    }
}

/// A POST as HTTP/2 brings it: with a whole URL, and no `Host`.
pub(crate) fn post(body: &'static str) -> Request<&'static str> {
    Request::post(URL).header("content-type", "text/plain").body(body).unwrap()
}

/// Signed at noon.
pub(crate) fn signed(algorithm: Algorithm, service: Service, body: &'static str) -> Request<&'static str> {
    signed_by(&signer(algorithm, service, credentials()), post(body))
}

pub(crate) fn signed_by<B: AsRef<[u8]>>(signer: &impl Signer, mut request: Request<B>) -> Request<B> {
    signer.sign_request(&mut request, noon()).unwrap();
    request
}

/// The same request as HTTP/1.1 brings it: with a path, and with `Host`.
pub(crate) fn over_http1<B>(mut request: Request<B>) -> Request<B> {
    let host = HeaderValue::from_str(request.uri().authority().unwrap().as_str()).unwrap();
    let target = Uri::from(request.uri().path_and_query().unwrap().clone());
    request.headers_mut().insert(HOST, host);
    *request.uri_mut() = target;
    request
}

/// The service inside: tells who sent what. If the body breaks off, it says so with status 422.
pub(crate) async fn who<B>(request: Request<VerifiedBody<B>>) -> Result<Response<String>, Infallible>
where
    B: Body<Data = Bytes>,
    B::Error: Into<Box<dyn Error + Send + Sync>>,
{
    let verified =
        request.extensions().get::<Verified>().expect("a service behind the layer finds an identity").clone();
    let id = format!("{} {} {}", verified.access_key_id(), verified.algorithm(), request.method());
    let (status, text) = match request.into_body().collect().await {
        Ok(body) => (StatusCode::OK, format!("{id} {:?}", body.to_bytes())),
        Err(error) => (StatusCode::UNPROCESSABLE_ENTITY, error.to_string()),
    };
    Ok(Response::builder().status(status).header("x-service", "was called").body(text).unwrap())
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
    pub(crate) error: Option<VerifyError>,
}

impl Answer {
    pub(crate) fn is_from_the_service(&self) -> bool {
        self.headers.contains_key("x-service")
    }

    pub(crate) fn kind(&self) -> Option<VerifyErrorKind> {
        self.error.as_ref().map(VerifyError::kind)
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.text).unwrap()
    }
}

/// Gives one request to [`who`] behind a layer, without HTTP.
pub(crate) fn call<K, B>(layer: &VerifyLayer<K>, request: Request<B>) -> Answer
where
    K: VerificationKeys,
    B: Body<Data = Bytes> + Send + 'static,
    B::Error: Into<Box<dyn Error + Send + Sync>>,
{
    pollster::block_on(async {
        let Ok(response) = layer.layer(service_fn(who)).oneshot(request).await;
        answer(response).await
    })
}

pub(crate) async fn answer(response: Response<AnswerBody<String>>) -> Answer {
    let (mut parts, body) = response.into_parts();
    let Ok(body) = body.collect().await;
    let text = String::from_utf8(body.to_bytes().into()).unwrap();
    let error = parts.extensions.remove::<VerifyError>();
    Answer { status: parts.status.as_u16(), headers: parts.headers, text, error }
}

/// Gives one whose body is in memory.
pub(crate) fn call_whole<K: VerificationKeys>(layer: &VerifyLayer<K>, request: Request<&'static str>) -> Answer {
    call(layer, request.map(str::to_owned))
}

/// A body that comes in pieces, each after a wait, and counts who asks.
pub(crate) struct Pieces {
    pub(crate) polls: Arc<AtomicUsize>,
    frames: VecDeque<io::Result<Frame<Bytes>>>,
    has_waited: bool,
}

impl Pieces {
    pub(crate) fn new(pieces: &[&'static str]) -> Self {
        let frames = pieces.iter().map(|piece| Ok(Frame::data(Bytes::from_static(piece.as_bytes())))).collect();
        Self { polls: Arc::default(), frames, has_waited: false }
    }

    pub(crate) fn then(mut self, frame: io::Result<Frame<Bytes>>) -> Self {
        self.frames.push_back(frame);
        self
    }
}

impl Body for Pieces {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        self.polls.fetch_add(1, Ordering::SeqCst);
        self.has_waited = !self.has_waited;
        if self.has_waited {
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        Poll::Ready(self.frames.pop_front())
    }
}

/// A server on this machine, until it is dropped.
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    _runtime: tokio::runtime::Runtime,
}

impl Server {
    pub(crate) fn start(router: axum::Router) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).unwrap();
        let address = listener.local_addr().unwrap();
        runtime.spawn(async move { axum::serve(listener, router).await });
        Self { address, _runtime: runtime }
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }
}

/// Sends a request to a server.
pub(crate) fn send(request: Request<&'static str>) -> Answer {
    let agent = ureq::Agent::config_builder().http_status_as_error(false).build().new_agent();
    let (parts, body) = agent.run(request).unwrap().into_parts();
    let text = body.into_with_config().read_to_string().unwrap();
    Answer { status: parts.status.as_u16(), headers: parts.headers, text, error: None }
}
