//! Bodies: in memory, streamed, too long, of unknown length; hashed, in chunks, or not signed.

use std::io;

use bytes::Bytes;
use futures_util::{StreamExt as _, stream};
use http::{Request, Response};
use http_body::Frame;
use http_body_util::{BodyExt, Empty, StreamBody, combinators::BoxBody};
use sigv4a::{
    Algorithm, Checksum, Region, Service, StaticKeys, VerificationKey, Verified, Verifier,
    client::{BodySigning, RequestSigner},
    tower::{VerifiedBody, VerifyLayer},
};
use tower::{Service as _, ServiceExt as _};

use crate::support::{
    ALGORITHMS, Clock, NOON, World, config, credentials, hyper_client, listen, report, reqwest_client, signer,
};

type Boxed = BoxBody<Bytes, io::Error>;

/// The same clock and credentials, for S3.
pub(crate) fn s3(algorithm: Algorithm, clock: &Clock) -> RequestSigner {
    RequestSigner::new(config(algorithm, Service::S3), credentials()).with_clock(clock.source())
}

/// A server that decodes and verifies as `sigv4a serve` does, and tells what it was given.
async fn s3_server(clock: &Clock) -> String {
    let keys = StaticKeys::new().with(VerificationKey::from_credentials(&credentials()));
    let verifier = Verifier::new(Service::S3, Region::new("us-east-1").unwrap());
    let layer = VerifyLayer::new(verifier, keys).with_clock(clock.source()).with_body_limit(100 << 20);
    let handler = |request: Request<axum::body::Body>| async move {
        let payload = format!("{:?}", request.extensions().get::<Verified>().unwrap().payload());
        let encoding = request.headers().get("content-encoding").cloned();
        let body = request.into_body().collect().await.unwrap().to_bytes();
        let date = crate::support::http_date(crate::support::time(NOON));
        let mut response = Response::builder().header("date", date).header("x-payload", payload);
        if let Some(encoding) = encoding {
            response = response.header("x-encoding", encoding);
        }
        response.body(axum::body::Body::from(body)).unwrap()
    };
    let verified = |request: Request<VerifiedBody<axum::body::Body>>| request.map(axum::body::Body::new);
    let service = tower::ServiceBuilder::new()
        .map_request(|request: Request<axum::body::Body>| request)
        .layer(layer)
        .map_request(verified)
        .service(tower::service_fn(
            move |request| async move { Ok::<_, std::convert::Infallible>(handler(request).await) },
        ));
    listen(axum::Router::new().fallback_service(service)).await
}

fn pieces(length: usize) -> impl stream::Stream<Item = Result<Bytes, io::Error>> + Send + Sync + 'static {
    stream::iter((0..length).step_by(10_000)).map(move |at| Ok(Bytes::from(vec![b'x'; 10_000.min(length - at)])))
}

fn streamed(length: usize) -> Boxed {
    BodyExt::boxed(StreamBody::new(pieces(length).map(|piece| piece.map(Frame::data))))
}

#[tokio::test]
async fn a_body_that_streams_is_hashed_up_to_the_limit_and_chunked_above() {
    for algorithm in ALGORITHMS {
        let clock = Clock::at(NOON);
        let url = s3_server(&clock).await;
        for (length, signing, payload) in [
            (0, BodySigning::OfService, "Sha256"),
            (50_000, BodySigning::OfService, "Sha256"),
            (50_001, BodySigning::OfService, "StreamingSigned"),
            (300_000, BodySigning::OfService, "StreamingSigned"),
            (10, BodySigning::Chunked, "StreamingSigned"),
            (50_000, BodySigning::Hash, "Sha256"),
        ] {
            for checksum in [None, Some(Checksum::Crc64Nvme)] {
                let mut signer = s3(algorithm, &clock).with_body_limit(50_000).with_body_signing(signing);
                if let Some(checksum) = checksum {
                    signer = signer.with_checksum(checksum);
                }
                let label = format!("{algorithm} {length} {signing:?} {checksum:?}");
                let request = Request::put(format!("{url}/bucket/a%20key"))
                    .header("content-type", "text/plain")
                    .header("content-length", length)
                    .body(streamed(length))
                    .unwrap();
                let answer = hyper_client::<Boxed>(signer.clone()).ready().await.unwrap().call(request).await.unwrap();
                let (parts, body) = answer.into_parts();
                let text = body.collect().await.unwrap().to_bytes();
                assert_eq!(parts.status, 200, "{label}: {}", text.escape_ascii());
                assert_eq!(text.len(), length);
                assert!(
                    parts.headers["x-payload"].to_str().unwrap().starts_with(payload),
                    "{label}: {:?}",
                    parts.headers
                );
                assert!(!parts.headers.contains_key("x-encoding"), "{label}: nothing is left of the framing");

                let client = reqwest_client(signer);
                let answer = client
                    .put(format!("{url}/bucket/a key"))
                    .header("content-type", "text/plain")
                    .header("content-length", length)
                    .body(reqwest::Body::wrap_stream(pieces(length)))
                    .send()
                    .await
                    .unwrap();
                assert_eq!(answer.status(), 200, "{label}");
                assert!(answer.headers()["x-payload"].to_str().unwrap().starts_with(payload), "{label}");
                assert_eq!(answer.bytes().await.unwrap().len(), length);
            }
        }
    }
}

#[tokio::test]
async fn a_body_in_memory_is_hashed_whatever_its_length() {
    for algorithm in ALGORITHMS {
        let world = World::new(Service::EXECUTE_API);
        let url = world.serve().await;
        let client = reqwest_client(signer(algorithm, credentials(), &world.clock).with_body_limit(10));
        let answer = client.post(&url).header("content-type", "a/b").body("x".repeat(100_000)).send().await.unwrap();
        assert_eq!(answer.status(), 200);
        assert_eq!(world.seen()[0].header("content-length"), Some("100000"));
        assert_eq!(client.get(&url).send().await.unwrap().status(), 200);
        assert_eq!(world.seen()[1].header("content-length"), None, "no body, no length");
    }
}

#[tokio::test]
async fn what_cannot_be_signed_is_refused_before_it_is_sent() {
    for algorithm in ALGORITHMS {
        let world = World::new(Service::EXECUTE_API);
        let url = world.serve().await;
        let signer = signer(algorithm, credentials(), &world.clock).with_body_limit(1000);
        let broken = stream::iter([Ok(Bytes::from("x")), Err(io::Error::other("the disk is gone"))]);
        let of = |body: reqwest::Body, signing: BodySigning| {
            let client = reqwest_client(signer.clone().with_body_signing(signing));
            client.put(&url).header("content-type", "a/b").body(body).send()
        };
        let too_long = of(reqwest::Body::wrap_stream(pieces(1001)), BodySigning::OfService).await;
        let unknown = of(reqwest::Body::wrap_stream(pieces(10)), BodySigning::Chunked).await;
        let broken = of(reqwest::Body::wrap_stream(broken), BodySigning::OfService).await;
        for (outcome, expected) in [
            (too_long, "body length: expected at most 1000 bytes to read and hash, found more"),
            (unknown, "body length: expected a body of known length or a `Content-Length`, found neither"),
            (broken, "body: it broke off while it was read"),
        ] {
            let text = report(&outcome.unwrap_err());
            assert!(text.contains(expected), "{algorithm}: {text}");
        }
        assert!(world.seen().is_empty());
    }
}

#[tokio::test]
async fn lattice_gets_unsigned_payloads() {
    for algorithm in ALGORITHMS {
        let lattice = Service::new("vpc-lattice-svcs").unwrap();
        let world = World::new(lattice.clone());
        let url = world.serve().await;
        let signer = RequestSigner::new(config(algorithm, lattice), credentials()).with_clock(world.clock.source());
        let client = reqwest_client(signer);
        for body in [reqwest::Body::from("hello"), reqwest::Body::wrap_stream(pieces(1_000_000))] {
            let answer = client.post(&url).header("content-type", "a/b").body(body).send().await.unwrap();
            assert_eq!(answer.status(), 200, "{algorithm}: {:?}", world.seen().last().unwrap().outcome);
        }
        assert!(world.seen().iter().all(|seen| seen.header("x-amz-content-sha256") == Some("UNSIGNED-PAYLOAD")));
    }
}

#[tokio::test]
async fn only_what_has_a_body_or_is_an_upload_is_chunked() {
    for algorithm in ALGORITHMS {
        let clock = Clock::at(NOON);
        let url = s3_server(&clock).await;
        let signer = || s3(algorithm, &clock).with_body_signing(BodySigning::Chunked);
        for (method, is_chunked) in [("GET", false), ("HEAD", false), ("DELETE", false), ("PUT", true), ("POST", true)]
        {
            let by_reqwest = reqwest_client(signer()).request(method.parse().unwrap(), &url).send().await.unwrap();
            let mut client = hyper_client::<Boxed>(signer());
            let request =
                Request::builder().method(method).uri(&url).body(Empty::new().map_err(io::Error::other).boxed());
            let by_hyper = client.ready().await.unwrap().call(request.unwrap()).await.unwrap();
            for (status, headers) in
                [(by_reqwest.status(), by_reqwest.headers()), (by_hyper.status(), by_hyper.headers())]
            {
                let payload = headers["x-payload"].to_str().unwrap();
                assert_eq!((status.as_u16(), payload.contains("Streaming")), (200, is_chunked), "{method} {payload}");
            }
        }
    }
}

/// The signature is of when the request goes out, not of when its body began to come.
#[tokio::test]
async fn a_body_that_comes_slowly_is_signed_when_it_is_there() {
    for algorithm in ALGORITHMS {
        let world = World::new(Service::EXECUTE_API);
        let url = world.serve().await;
        let clock = world.clock.clone();
        let slow = stream::iter(0..4).map(move |_| {
            clock.advance(100);
            Ok::<_, io::Error>(Frame::data(Bytes::from_static(b"slow ")))
        });
        let body: Boxed = BodyExt::boxed(StreamBody::new(slow));
        let mut client = hyper_client::<Boxed>(signer(algorithm, credentials(), &world.clock));
        let request = Request::post(&url).header("content-type", "text/plain").body(body).unwrap();
        let answer = client.ready().await.unwrap().call(request).await.unwrap();
        assert_eq!((answer.status().as_u16(), world.seen().len()), (200, 1), "{algorithm}");
        assert_eq!(world.seen()[0].header("x-amz-date"), Some("20150830T120640Z"));
    }
}
