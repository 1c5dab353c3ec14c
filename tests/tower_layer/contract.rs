//! What tower expects of a layer, and the service inside of its own.

use std::{
    convert::Infallible,
    future::Ready,
    sync::atomic::Ordering,
    task::{Context, Poll},
};

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Request, Response, StatusCode};
use http_body::{Body, Frame};
use http_body_util::BodyExt as _;
use sigv4a::{
    Algorithm, Service as AwsService, StaticKeys, Verified, VerifyError,
    tower::{AnswerBody, VerifiedBody, VerifyFuture, VerifyLayer, VerifyService},
};
use tower::{Layer as _, Service, ServiceBuilder, ServiceExt as _, service_fn};

use crate::support::{Pieces, answer, layer, post, signed, who};

/// Panics when called unready, as services may. A clone of it is not ready.
#[derive(Default)]
struct Strict {
    is_ready: bool,
    polls: u32,
}

impl Clone for Strict {
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl Service<Request<VerifiedBody<String>>> for Strict {
    type Response = Response<String>;
    type Error = Infallible;
    type Future = Ready<Result<Response<String>, Infallible>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.polls += 1;
        if self.polls < 3 {
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        self.is_ready = true;
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: Request<VerifiedBody<String>>) -> Self::Future {
        assert!(self.is_ready, "called before it was ready");
        self.is_ready = false;
        std::future::ready(Ok(Response::new("ready".to_owned())))
    }
}

fn s3() -> Request<String> {
    signed(Algorithm::SigV4, AwsService::S3, "hello").map(str::to_owned)
}

#[test]
fn the_service_that_was_ready_is_the_one_called() {
    pollster::block_on(async {
        let mut service = layer(AwsService::S3).layer(Strict::default());
        for _ in 0..3 {
            // Two calls under way at once: neither waits for the other.
            let first = service.ready().await.unwrap().call(s3());
            let second = service.ready().await.unwrap().call(s3());
            assert_eq!(answer(second.await.unwrap()).await.text, "ready");
            assert_eq!(answer(first.await.unwrap()).await.text, "ready");
        }
        let clone = service.clone();
        assert_eq!(clone.oneshot(s3()).await.unwrap().status(), 200);
        // A refused request uses up the readiness too.
        let refused = service.ready().await.unwrap().call(post("").map(str::to_owned)).await.unwrap();
        assert_eq!(refused.status(), 403);
        assert_eq!(service.ready().await.unwrap().call(s3()).await.unwrap().status(), 200);
    });
}

/// Its own errors stay errors, from both of its methods.
#[test]
fn errors_of_the_service_inside() {
    #[derive(Clone)]
    struct Closed;
    impl<B> Service<Request<B>> for Closed {
        type Response = Response<String>;
        type Error = &'static str;
        type Future = Ready<Result<Response<String>, &'static str>>;
        fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), &'static str>> {
            Poll::Ready(Err("closed"))
        }
        fn call(&mut self, _: Request<B>) -> Self::Future {
            unreachable!("it never was ready")
        }
    }
    let outcome = pollster::block_on(layer(AwsService::S3).layer(Closed).oneshot(s3()));
    assert_eq!(outcome.err(), Some("closed"));
    let failing = service_fn(|_: Request<_>| async { Err::<Response<String>, _>("failed") });
    let outcome = pollster::block_on(layer(AwsService::S3).layer(failing).oneshot(s3()));
    assert_eq!(outcome.err(), Some("failed"));
}

/// Status, version, headers, extensions, pieces and trailers: nothing is added, and nothing read ahead.
#[test]
fn an_answer_of_the_service_passes_unchanged() {
    #[derive(Debug, Clone, PartialEq)]
    struct Note(u8);
    let body = {
        let mut trailers = HeaderMap::new();
        trailers.insert("x-checksum", "1".parse().unwrap());
        Pieces::new(&["a", "b"]).then(Ok(Frame::trailers(trailers)))
    };
    let polls = body.polls.clone();
    let body = std::sync::Mutex::new(Some(body));
    let body = std::sync::Arc::new(body);
    let service = service_fn(move |_: Request<VerifiedBody<String>>| {
        let mut response = Response::new(body.lock().unwrap().take().unwrap());
        *response.status_mut() = StatusCode::IM_A_TEAPOT;
        *response.version_mut() = http::Version::HTTP_2;
        response.headers_mut().append("set-cookie", "a=1".parse().unwrap());
        response.headers_mut().append("set-cookie", "b=2".parse().unwrap());
        response.extensions_mut().insert(Note(7));
        std::future::ready(Ok::<_, Infallible>(response))
    });
    pollster::block_on(async {
        let Ok(response) = layer(AwsService::S3).layer(service).oneshot(s3()).await;
        let (parts, body) = response.into_parts();
        assert_eq!((parts.status, parts.version), (StatusCode::IM_A_TEAPOT, http::Version::HTTP_2));
        let cookies: Vec<_> = parts.headers.iter().map(|(name, value)| (name.as_str(), value.as_bytes())).collect();
        assert_eq!(cookies, [("set-cookie", b"a=1".as_slice()), ("set-cookie", b"b=2")]);
        assert_eq!(parts.extensions.get::<Note>(), Some(&Note(7)));
        assert!(parts.extensions.get::<VerifyError>().is_none());

        let mut body = std::pin::pin!(body);
        for (piece, asked) in [("a", 2), ("b", 4)] {
            let frame = body.frame().await.unwrap().unwrap();
            assert_eq!(frame.into_data().unwrap(), Bytes::from(piece));
            assert_eq!(polls.load(Ordering::SeqCst), asked, "nothing is read ahead");
        }
        let trailers = body.frame().await.unwrap().unwrap().into_trailers().unwrap();
        assert_eq!(trailers["x-checksum"], "1");
        assert!(body.frame().await.is_none());
    });
}

/// A body whose length is known keeps it, on both ways.
#[test]
fn lengths_are_kept() {
    let service = service_fn(|request: Request<VerifiedBody<String>>| {
        assert_eq!(request.body().size_hint().exact(), Some(5));
        std::future::ready(Ok::<_, Infallible>(Response::new("four".to_owned())))
    });
    let Ok(response) = pollster::block_on(layer(AwsService::S3).layer(service).oneshot(s3()));
    assert_eq!(response.body().size_hint().exact(), Some(4));
    assert!(!response.body().is_end_stream());
}

/// The request has an identity now, and is otherwise the same.
#[test]
fn the_request_of_the_service() {
    let service = service_fn(|request: Request<VerifiedBody<String>>| {
        let verified = request.extensions().get::<Verified>().unwrap();
        assert_eq!(verified.algorithm(), Algorithm::SigV4a);
        assert_eq!(request.extensions().get::<u8>(), Some(&7));
        assert_eq!(request.uri(), crate::support::URL);
        assert!(request.headers()["authorization"].is_sensitive(), "a log of the service must not show it");
        assert!(request.headers()["x-amz-server-side-encryption-customer-key"].is_sensitive());
        assert!(!format!("{request:?}", request = request.headers()).contains("c2VjcmV0"));
        std::future::ready(Ok::<_, Infallible>(Response::new(String::new())))
    });
    let key = HeaderValue::from_static("c2VjcmV0");
    let mut request = post("hello");
    request.headers_mut().insert("x-amz-server-side-encryption-customer-key", key);
    let signer = crate::support::signer(Algorithm::SigV4a, AwsService::S3, crate::support::credentials());
    let mut request = crate::support::signed_by(&signer, request).map(str::to_owned);
    request.extensions_mut().insert(7_u8);
    let stack = ServiceBuilder::new().layer(layer(AwsService::S3)).service(service);
    assert_eq!(pollster::block_on(stack.oneshot(request)).unwrap().status(), 200);
}

#[test]
fn public_types_are_what_servers_need() {
    fn is_shared<T: Send + Sync + 'static>() {}
    fn is_sent<T: Send + 'static>() {}
    type Inner = fn(Request<VerifiedBody<String>>) -> Ready<Result<Response<String>, Infallible>>;
    is_shared::<VerifyLayer<StaticKeys>>();
    is_shared::<VerifyService<Inner, StaticKeys>>();
    is_shared::<VerifiedBody<String>>();
    is_shared::<AnswerBody<String>>();
    is_sent::<VerifyFuture<String, Infallible>>();
    let layer = layer(AwsService::S3);
    let service = layer.layer(service_fn(who::<String>));
    let shown = format!("{layer:?} {service:?}");
    assert!(!shown.contains("wJalrXUtnFEMI"), "{shown}");
}
