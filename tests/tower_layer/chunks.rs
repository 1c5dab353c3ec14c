//! Uploads in chunks, which the layer checks and decodes.

use std::convert::Infallible;

use bytes::Bytes;
use http::{Request, Response, StatusCode};
use http_body_util::{BodyExt as _, Full};
use sigv4a::{
    Algorithm, ChunkedUpload, Service, VerifyErrorKind as Kind,
    tower::{BodyCheck, VerifiedBody},
};
use tower::{Layer as _, ServiceExt as _, service_fn};

use crate::support::{ALGORITHMS, Answer, answer, credentials, layer, noon, signer};

const LENGTH: usize = 150_000;

/// A PUT in chunks of 64 KiB, its body as it is on the wire.
fn upload(algorithm: Algorithm) -> Request<Vec<u8>> {
    let request = Request::put("https://api.example.com/big").header("content-encoding", "gzip").body(()).unwrap();
    let (mut parts, ()) = request.into_parts();
    let upload = ChunkedUpload::new(LENGTH.try_into().unwrap());
    let mut encoder = upload.sign(signer(algorithm, Service::S3, credentials()), &mut parts, noon()).unwrap();
    let mut wire = Vec::new();
    encoder.push(&[b'x'; LENGTH], &mut wire).unwrap();
    encoder.finish(&mut wire).unwrap();
    Request::from_parts(parts, wire)
}

/// Says how much it read; 422 if the body broke off.
async fn count(request: Request<VerifiedBody<Full<Bytes>>>) -> Result<Response<String>, Infallible> {
    assert_eq!(request.headers()["content-encoding"], "gzip", "what frames the body is gone, what is in it stays");
    assert_eq!(request.headers()["content-length"], "150000");
    let (mut body, mut read) = (request.into_body(), 0);
    let mut response = Response::new(String::new());
    while let Some(frame) = body.frame().await {
        match frame {
            Ok(frame) => read += frame.into_data().unwrap().len(),
            Err(_) => *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY,
        }
    }
    *response.body_mut() = read.to_string();
    response.headers_mut().insert("x-service", "was called".parse().unwrap());
    Ok(response)
}

fn put(check: BodyCheck, limit: u64, request: Request<Vec<u8>>) -> Answer {
    let layer = layer(Service::S3).with_body_check(check).with_body_limit(limit);
    pollster::block_on(async {
        let Ok(response) = layer.layer(service_fn(count)).oneshot(request.map(Full::from)).await;
        answer(response).await
    })
}

#[test]
fn the_service_gets_the_data() {
    for (algorithm, check) in
        ALGORITHMS.into_iter().flat_map(|algorithm| [(algorithm, BodyCheck::First), (algorithm, BodyCheck::AtItsEnd)])
    {
        let right = put(check, 150_000, upload(algorithm));
        assert_eq!((right.status, right.text.as_str()), (200, "150000"), "{algorithm} {check:?}");
        // The limit is for the data, and known before a byte is read.
        let long = put(check, 149_999, upload(algorithm));
        assert_eq!((long.kind(), long.is_from_the_service()), (Some(Kind::BodyTooLarge), false));
    }
}

/// A store keeps the checksum that was sent.
#[test]
fn the_service_gets_the_trailers() {
    for (algorithm, check) in
        ALGORITHMS.into_iter().flat_map(|algorithm| [(algorithm, BodyCheck::First), (algorithm, BodyCheck::AtItsEnd)])
    {
        let (mut parts, ()) = Request::put("https://api.example.com/big").body(()).unwrap().into_parts();
        let upload = ChunkedUpload::new(5).with_checksum(sigv4a::Checksum::Crc32c);
        let mut encoder = upload.sign(signer(algorithm, Service::S3, credentials()), &mut parts, noon()).unwrap();
        let mut wire = Vec::new();
        encoder.push(b"hello", &mut wire).unwrap();
        encoder.finish(&mut wire).unwrap();
        let service = service_fn(|request: Request<VerifiedBody<Full<Bytes>>>| async move {
            let collected = request.into_body().collect().await.unwrap();
            assert_eq!(collected.trailers().unwrap()["x-amz-checksum-crc32c"], "mnG7TA==");
            Ok::<_, Infallible>(Response::new(String::from_utf8(collected.to_bytes().into()).unwrap()))
        });
        let layer = layer(Service::S3).with_body_check(check);
        let request = Request::from_parts(parts, Full::from(wire));
        let Ok(response) = pollster::block_on(layer.layer(service).oneshot(request));
        assert_eq!(pollster::block_on(answer(response)).text, "hello", "{algorithm} {check:?}");
    }
}

/// In the second chunk: the first is right.
#[test]
fn a_chunk_that_is_wrong() {
    for algorithm in ALGORITHMS {
        let altered = || {
            let mut request = upload(algorithm);
            request.body_mut()[100_000] ^= 1;
            request
        };
        let first = put(BodyCheck::First, 150_000, altered());
        assert!(first.status == 403 && !first.is_from_the_service(), "{first:?}");
        let later = put(BodyCheck::AtItsEnd, 150_000, altered());
        assert!(later.status == 422 && later.text.parse::<usize>().unwrap() < 100_000, "{later:?}");
        let cut = upload(algorithm).map(|wire| wire[..140_000].to_vec());
        assert_eq!(put(BodyCheck::First, 150_000, cut).status, 400);
    }
}
