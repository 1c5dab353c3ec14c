//! Bodies that the service reads while they are checked.

use std::{
    convert::Infallible,
    io,
    sync::{Arc, Mutex},
};

use bytes::Bytes;
use http::{HeaderMap, Request, Response};
use http_body::{Body, Frame, SizeHint};
use http_body_util::{BodyExt as _, Full};
use sigv4a::{
    Algorithm, PayloadHash, Service, SignerExt as _, UnsignedPayload, VerifyErrorKind as Kind,
    tower::{BodyCheck, VerifiedBody},
};
use tower::{Layer as _, ServiceExt as _, service_fn};

use crate::support::{Pieces, credentials, layer, noon, post, signed, signer};

/// What the service read, frame by frame.
#[derive(Debug, PartialEq)]
enum Read {
    Piece(&'static str),
    Trailers,
    Wrong(Option<Kind>),
}

fn read<B>(request: Request<B>) -> Vec<Read>
where
    B: Body<Data = Bytes> + Send + Unpin + 'static,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    let seen: Arc<Mutex<Vec<Read>>> = Arc::default();
    let own = Arc::clone(&seen);
    let service = service_fn(move |request: Request<VerifiedBody<B>>| {
        let seen = Arc::clone(&own);
        async move {
            let mut body = std::pin::pin!(request.into_body());
            while let Some(frame) = body.frame().await {
                assert!(frame.is_ok() || body.is_end_stream(), "after an error nothing comes");
                seen.lock().unwrap().push(match frame.map(Frame::into_data) {
                    Ok(Ok(bytes)) => Read::Piece(String::from_utf8(bytes.into()).unwrap().leak()),
                    Ok(Err(_)) => Read::Trailers,
                    Err(error) => Read::Wrong(error.verify_error().map(sigv4a::VerifyError::kind)),
                });
            }
            assert!(body.is_end_stream());
            Ok::<_, Infallible>(Response::new(String::new()))
        }
    });
    let layer = layer(Service::S3).with_body_check(BodyCheck::AtItsEnd).with_body_limit(20);
    let Ok(response) = pollster::block_on(layer.layer(service).oneshot(request));
    assert_eq!(response.status(), 200);
    Arc::into_inner(seen).unwrap().into_inner().unwrap()
}

fn s3(body: Pieces) -> Request<Pieces> {
    signed(Algorithm::SigV4a, Service::S3, "hello world").map(|_| body)
}

fn trailers() -> Frame<Bytes> {
    let mut trailers = HeaderMap::new();
    trailers.insert("x-checksum", "1".parse().unwrap());
    Frame::trailers(trailers)
}

#[test]
fn a_right_body_comes_whole() {
    assert_eq!(read(s3(Pieces::new(&["hello world"]))), [Read::Piece("hello world")]);
    assert_eq!(
        read(s3(Pieces::new(&["hello", "", " ", "world", ""]))),
        [Read::Piece("hello"), Read::Piece(" "), Read::Piece("world")]
    );
    assert_eq!(
        read(s3(Pieces::new(&["hello ", "world"]).then(Ok(trailers())))),
        [Read::Piece("hello "), Read::Piece("world")],
        "trailers of HTTP are not signed"
    );
}

/// Bytes, then an error; never the last of them, whatever comes after it.
#[test]
fn a_wrong_body_lacks_its_end() {
    let wrong = Read::Wrong(Some(Kind::PayloadMismatch));
    assert_eq!(read(s3(Pieces::new(&["hello World"]))), [Read::Wrong(Some(Kind::PayloadMismatch))]);
    assert_eq!(read(s3(Pieces::new(&["hello", " ", "World", ""]))), [Read::Piece("hello"), Read::Piece(" "), wrong]);
    let with_trailers = Pieces::new(&["hello", " World"]).then(Ok(trailers()));
    assert_eq!(read(s3(with_trailers)), [Read::Piece("hello"), Read::Wrong(Some(Kind::PayloadMismatch))]);
    assert_eq!(read(s3(Pieces::new(&["hello"]))), [Read::Wrong(Some(Kind::PayloadMismatch))]);
    assert_eq!(read(s3(Pieces::new(&[]))), [Read::Wrong(Some(Kind::PayloadMismatch))]);
    assert_eq!(
        read(s3(Pieces::new(&["hello world", "!"]))),
        [Read::Piece("hello world"), Read::Wrong(Some(Kind::PayloadMismatch))]
    );
    assert_eq!(
        read(s3(Pieces::new(&["hello", " world, good day to you"]))),
        [Read::Wrong(Some(Kind::BodyTooLarge))],
        "neither the last nor the one that is too much"
    );
    let cut = Pieces::new(&["hello", " world"]).then(Err(io::Error::other("cut")));
    assert_eq!(read(s3(cut)), [Read::Piece("hello"), Read::Wrong(None)]);
}

/// A proxy writes until it has written as much as was announced, and asks no further.
#[test]
fn whoever_stops_at_the_length_never_has_all_of_a_wrong_body() {
    for (sent, length) in [("hello world", 11), ("hello World", 0)] {
        let service = service_fn(move |request: Request<VerifiedBody<Full<Bytes>>>| async move {
            let mut body = request.into_body();
            assert_eq!(body.size_hint().exact(), Some(11));
            let mut bytes = Vec::new();
            while bytes.len() < 11 {
                let Some(Ok(frame)) = body.frame().await else { break };
                bytes.extend(frame.into_data().unwrap());
            }
            assert_eq!(bytes.len(), length);
            Ok::<_, Infallible>(Response::new(String::new()))
        });
        let request = signed(Algorithm::SigV4, Service::S3, "hello world").map(|_| Full::from(sent));
        let layer = layer(Service::S3).with_body_check(BodyCheck::AtItsEnd);
        assert_eq!(pollster::block_on(layer.layer(service).oneshot(request)).unwrap().status(), 200);
    }
}

/// Neither a server's HTTP nor a proxy's asks a body of no bytes for its end.
#[test]
fn an_emptied_body_is_refused_before_the_service() {
    for algorithm in crate::support::ALGORITHMS {
        let emptied = signed(algorithm, Service::S3, "hello world").map(|_| Full::from(""));
        let (mut parts, ()) = post("").map(|_| ()).into_parts();
        let mut encoder = sigv4a::ChunkedUpload::new(0)
            .with_checksum(sigv4a::Checksum::Crc32)
            .sign(signer(algorithm, Service::S3, credentials()), &mut parts, noon())
            .unwrap();
        let mut wire = Vec::new();
        encoder.finish(&mut wire).unwrap();
        let right = Request::from_parts(parts.clone(), Full::from(wire.clone()));
        wire[30] ^= 1;
        let forged = Request::from_parts(parts, Full::from(wire));
        for (request, status) in [(emptied, 400), (right, 200), (forged, 403)] {
            let service = service_fn(|request: Request<VerifiedBody<Full<Bytes>>>| async move {
                assert_eq!(request.headers()["content-length"], "0");
                let collected = request.into_body().collect().await.unwrap();
                assert!(collected.trailers().is_some_and(|trailers| trailers.contains_key("x-amz-checksum-crc32")));
                Ok::<_, Infallible>(Response::new(String::new()))
            });
            let layer = layer(Service::S3).with_body_check(BodyCheck::AtItsEnd);
            let Ok(response) = pollster::block_on(layer.layer(service).oneshot(request));
            assert_eq!(response.status(), status, "{algorithm}");
        }
    }
}

/// The announced length stays the length, while pieces are held back.
#[test]
fn the_length_that_is_left() {
    struct Sized(Pieces, u64);
    impl Body for Sized {
        type Data = Bytes;
        type Error = io::Error;
        fn poll_frame(
            mut self: std::pin::Pin<&mut Self>,
            context: &mut std::task::Context<'_>,
        ) -> std::task::Poll<Option<Result<Frame<Bytes>, io::Error>>> {
            let next = std::task::ready!(std::pin::Pin::new(&mut self.0).poll_frame(context));
            if let Some(Ok(frame)) = &next {
                self.1 -= u64::try_from(frame.data_ref().unwrap().len()).unwrap();
            }
            std::task::Poll::Ready(next)
        }
        fn size_hint(&self) -> SizeHint {
            SizeHint::with_exact(self.1)
        }
    }
    let service = service_fn(|request: Request<VerifiedBody<Sized>>| async move {
        let mut body = request.into_body();
        let mut left = vec![body.size_hint().exact()];
        while let Some(frame) = body.frame().await {
            assert!(frame.is_ok());
            left.push(body.size_hint().exact());
        }
        assert_eq!(left, [Some(11), Some(6), Some(5), Some(0)]);
        Ok::<_, Infallible>(Response::new(String::new()))
    });
    let body = Sized(Pieces::new(&["hello", " ", "world"]), 11);
    let request = signed(Algorithm::SigV4, Service::S3, "hello world").map(|_| body);
    let layer = layer(Service::S3).with_body_check(BodyCheck::AtItsEnd);
    assert_eq!(pollster::block_on(layer.layer(service).oneshot(request)).unwrap().status(), 200);
}

/// There is nothing to wait for: each piece comes when it comes, up to the limit.
#[test]
fn an_unsigned_body_is_not_held_back() {
    let unsigned = |body: Pieces| {
        let (mut parts, ()) = post("").map(|_| ()).into_parts();
        let signer = signer(Algorithm::SigV4, Service::S3, credentials());
        signer.sign_parts(&mut parts, PayloadHash::Unsigned, noon()).unwrap();
        Request::from_parts(parts, body)
    };
    let cut = Pieces::new(&["hello", " world"]).then(Err(io::Error::other("cut")));
    assert_eq!(read(unsigned(cut)), [Read::Piece("hello"), Read::Piece(" world"), Read::Wrong(None)]);
    let long = Pieces::new(&["hello", " world, good day to you"]);
    assert_eq!(read(unsigned(long)), [Read::Piece("hello"), Read::Wrong(Some(Kind::BodyTooLarge))]);
    let verifier = crate::support::verifier(Service::S3).with_unsigned_payload(UnsignedPayload::Refuse);
    let layer = sigv4a::tower::VerifyLayer::new(verifier, crate::support::keys()).with_clock(|| Ok(noon()));
    let answer = crate::support::call(&layer, unsigned(Pieces::new(&["hello"])));
    assert_eq!(answer.kind(), Some(Kind::UnsignedPayload));
}
