//! A bucket behind `VerifyLayer`, in memory: objects, lists and multipart uploads, and what was verified of each request.

use std::{
    collections::BTreeMap,
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use http_body_util::{BodyExt as _, Full};
use hyper::{
    HeaderMap, Method, Request, Response, StatusCode, Uri,
    body::{Bytes, Incoming},
    server::conn::http1,
};
use hyper_util::{rt::TokioIo, service::TowerToHyperService};
use sigv4a::{
    Region, Service, SessionToken, StaticKeys, VerificationKey, Verified, Verifier,
    http_body::BodyError,
    tower::{VerifiedBody, VerifyLayer},
};
use tokio::net::TcpListener;
use tower_layer::Layer as _;

use crate::client::{ID, REGION, SECRET};

pub(crate) const SESSION_ID: &str = "ASIASESSION";
const SESSION_TOKEN: &str = "a/session+token=";

/// A request that was accepted.
#[derive(Clone)]
pub(crate) struct Accepted {
    pub(crate) verified: Verified,
    pub(crate) headers: HeaderMap,
}

#[derive(Clone)]
pub(crate) struct Bucket {
    pub(crate) address: SocketAddr,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    /// By path.
    objects: BTreeMap<String, Bytes>,
    /// Of the one upload under way, by number.
    parts: BTreeMap<u32, Bytes>,
    accepted: Vec<Accepted>,
    /// So many requests are to be sent again.
    failures: usize,
}

impl Bucket {
    pub(crate) async fn start() -> Self {
        let keys = StaticKeys::new().with(VerificationKey::new(ID, SECRET).unwrap());
        Self::start_as(Service::S3, keys).await
    }

    /// A directory bucket, which gives sessions: their requests must carry the token.
    pub(crate) async fn start_express() -> Self {
        let session = VerificationKey::new(SESSION_ID, SECRET).unwrap();
        let session = session.with_session_token(SessionToken::new(SESSION_TOKEN).unwrap());
        let keys = StaticKeys::new().with(VerificationKey::new(ID, SECRET).unwrap()).with(session);
        Self::start_as(Service::new("s3express").unwrap(), keys).await
    }

    async fn start_as(service: Service, keys: StaticKeys) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let bucket = Self { address: listener.local_addr().unwrap(), state: Arc::default() };
        let verifier = Verifier::new(service, Region::new(REGION).unwrap());
        let inside = bucket.clone();
        let service = VerifyLayer::new(verifier, keys).layer(tower::service_fn(
            move |request: Request<VerifiedBody<Incoming>>| {
                let bucket = inside.clone();
                async move {
                    let (parts, body) = request.into_parts();
                    let body = body.collect().await?.to_bytes();
                    let verified = parts.extensions.get::<Verified>().unwrap().clone();
                    let answer = bucket.answer(&parts.method, &parts.uri, body);
                    bucket.state.lock().unwrap().accepted.push(Accepted { verified, headers: parts.headers });
                    Ok::<_, BodyError>(answer)
                }
            },
        ));
        tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                let service = TowerToHyperService::new(service.clone());
                tokio::spawn(
                    async move { http1::Builder::new().serve_connection(TokioIo::new(stream), service).await },
                );
            }
        });
        bucket
    }

    /// The last request that was accepted.
    pub(crate) fn last(&self) -> Accepted {
        self.state.lock().unwrap().accepted.last().unwrap().clone()
    }

    /// The signatures of those that were, each another.
    pub(crate) fn signatures(&self) -> Vec<String> {
        let accepted = &self.state.lock().unwrap().accepted;
        accepted.iter().map(|accepted| accepted.verified.replay_id().to_string()).collect()
    }

    /// Answers the next requests with 503.
    pub(crate) fn fail(&self, times: usize) {
        self.state.lock().unwrap().failures = times;
    }

    fn answer(&self, method: &Method, uri: &Uri, body: Bytes) -> Response<Full<Bytes>> {
        let mut state = self.state.lock().unwrap();
        if state.failures > 0 {
            state.failures -= 1;
            return Response::builder().status(StatusCode::SERVICE_UNAVAILABLE).body(Full::default()).unwrap();
        }
        let (path, query) = (uri.path().to_owned(), uri.query().unwrap_or_default());
        let has = |name: &str| query.split('&').any(|pair| pair.split('=').next() == Some(name));
        let part = query.split('&').find_map(|pair| pair.strip_prefix("partNumber="));
        match (method.as_str(), part) {
            ("PUT", Some(number)) => {
                state.parts.insert(number.parse().unwrap(), body);
                ok("")
            }
            ("PUT", None) => {
                state.objects.insert(path, body);
                ok("")
            }
            ("POST", _) if has("uploads") => {
                ok("<InitiateMultipartUploadResult><UploadId>one</UploadId></InitiateMultipartUploadResult>")
            }
            ("POST", _) => {
                let parts: Vec<Bytes> = std::mem::take(&mut state.parts).into_values().collect();
                state.objects.insert(path, parts.concat().into());
                ok("<CompleteMultipartUploadResult><ETag>whole</ETag></CompleteMultipartUploadResult>")
            }
            ("GET", _) if has("session") => ok(&format!(
                "<CreateSessionResult><Credentials><AccessKeyId>{SESSION_ID}</AccessKeyId>\
                <SecretAccessKey>{SECRET}</SecretAccessKey><SessionToken>{SESSION_TOKEN}</SessionToken>\
                <Expiration>2999-12-31T00:00:00Z</Expiration></Credentials></CreateSessionResult>"
            )),
            ("GET", _) if has("list-type") => {
                let keys = state.objects.keys().filter_map(|key| key.strip_prefix(&path));
                let keys: String = keys
                    .map(|key| format!("<Contents><Key>{}</Key></Contents>", key.trim_start_matches('/')))
                    .collect();
                ok(&format!("<ListBucketResult>{keys}</ListBucketResult>"))
            }
            ("GET", _) => match state.objects.get(&path) {
                Some(object) => Response::new(Full::new(object.clone())),
                None => Response::builder().status(StatusCode::NOT_FOUND).body(Full::default()).unwrap(),
            },
            ("DELETE", _) => {
                state.objects.remove(&path);
                Response::builder().status(StatusCode::NO_CONTENT).body(Full::default()).unwrap()
            }
            _ => Response::builder().status(StatusCode::METHOD_NOT_ALLOWED).body(Full::default()).unwrap(),
        }
    }
}

fn ok(text: &str) -> Response<Full<Bytes>> {
    Response::builder().header("etag", "\"tag\"").body(Full::new(text.to_owned().into())).unwrap()
}
