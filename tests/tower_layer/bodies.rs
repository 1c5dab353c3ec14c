//! Bodies that are too long, wrong or broken off, and those checked before the service runs.

use std::{io, sync::atomic::Ordering};

use http::{HeaderMap, Request};
use http_body::Frame;
use sigv4a::{
    Algorithm, Service, VerifyErrorKind as Kind,
    tower::{BodyCheck, VerifyLayer},
};

use crate::support::{
    ALGORITHMS, Answer, KEY_ID, Pieces, call, call_whole, forged, layer, post, signed, signed_by, signer,
};

const CHECKS: [BodyCheck; 2] = [BodyCheck::First, BodyCheck::AtItsEnd];

fn s3(algorithm: Algorithm, body: &'static str) -> Request<&'static str> {
    signed(algorithm, Service::S3, body)
}

fn broken() -> io::Result<Frame<bytes::Bytes>> {
    Err(io::Error::other("the cable was cut"))
}

#[test]
fn a_right_body_passes_however_it_comes() {
    for (algorithm, service) in
        ALGORITHMS.into_iter().flat_map(|algorithm| [(algorithm, Service::S3), (algorithm, Service::EXECUTE_API)])
    {
        for check in CHECKS {
            let layer = layer(service.clone()).with_body_check(check).with_body_limit(11);
            for pieces in [&["hello world"][..], &["hello", " ", "world"], &["", "hello world", "", ""]] {
                let request = signed(algorithm, service.clone(), "hello world").map(|_| Pieces::new(pieces));
                let answer = call(&layer, request);
                assert_eq!(answer.text, format!("{KEY_ID} {algorithm} POST b\"hello world\""), "{check:?} {pieces:?}");
            }
            let empty = call(&layer, signed(algorithm, service.clone(), "").map(|_| Pieces::new(&[])));
            assert_eq!((empty.status, empty.is_from_the_service()), (200, true), "{empty:?}");
        }
    }
}

#[test]
fn too_long() {
    let of = |layer: VerifyLayer<_>, service, pieces: &[&'static str]| {
        call(&layer, signed(Algorithm::SigV4, service, "hello world").map(|_| Pieces::new(pieces)))
    };
    for pieces in [&["hello world"][..], &["hello", " world"]] {
        let s3 = of(layer(Service::S3).with_body_limit(10), Service::S3, pieces);
        assert_eq!((s3.status, s3.kind()), (400, Some(Kind::BodyTooLarge)));
        assert!(s3.text.contains("<Code>EntityTooLarge</Code>") && !s3.is_from_the_service(), "{}", s3.text);
        let gateway = of(layer(Service::EXECUTE_API).with_body_limit(10), Service::EXECUTE_API, pieces);
        assert_eq!((gateway.status, gateway.kind()), (413, Some(Kind::BodyTooLarge)));
        assert_eq!(gateway.header("x-amzn-errortype"), "RequestTooLargeException");
    }
    // While it is read, it ends early.
    let layer = layer(Service::S3).with_body_limit(10).with_body_check(BodyCheck::AtItsEnd);
    let answer = of(layer, Service::S3, &["hello", " world"]);
    assert_eq!(answer.status, 422);
    assert!(answer.text.starts_with("body too large: "), "{}", answer.text);
}

/// Whoever announces more than is accepted is refused before a byte is read.
#[test]
fn announced_as_too_long() {
    for check in CHECKS {
        let layer = layer(Service::S3).with_body_limit(10).with_body_check(check);
        let answer = call_whole(&layer, s3(Algorithm::SigV4, "hello world"));
        assert_eq!((answer.kind(), answer.is_from_the_service()), (Some(Kind::BodyTooLarge), false), "{check:?}");
        let answer = call_whole(&layer, s3(Algorithm::SigV4, "hello worl"));
        assert!(answer.is_from_the_service(), "{check:?}");
    }
}

#[test]
fn a_wrong_body_never_reaches_the_service() {
    for algorithm in ALGORITHMS {
        let wrong = |service| signed(algorithm, service, "hello world").map(|_| Pieces::new(&["hello", " World"]));
        let answer = call(&layer(Service::S3), wrong(Service::S3));
        assert_eq!((answer.status, answer.kind()), (400, Some(Kind::PayloadMismatch)));
        assert!(answer.text.contains("<Code>XAmzContentSHA256Mismatch</Code>") && !answer.is_from_the_service());
        // API Gateway's requests do not say the hash: the signature is over another one. They are read first in any case.
        for check in CHECKS {
            let answer = call(&layer(Service::EXECUTE_API).with_body_check(check), wrong(Service::EXECUTE_API));
            assert_eq!((answer.status, answer.kind()), (403, Some(Kind::SignatureMismatch)));
            assert!(!answer.is_from_the_service());
        }
    }
}

#[test]
fn broken_off() {
    let of = |layer, service| {
        let body = Pieces::new(&["hello", " world"]).then(broken());
        call(&layer, signed(Algorithm::SigV4, service, "hello world").map(|_| body))
    };
    let refused = |answer: Answer, status| {
        assert_eq!((answer.status, answer.kind()), (status, Some(Kind::BodyIncomplete)));
        assert!(!answer.is_from_the_service() && !answer.text.contains("cable"), "{answer:?}");
        answer
    };
    assert!(refused(of(layer(Service::S3), Service::S3), 400).text.contains("<Code>IncompleteBody</Code>"));
    let gateway = refused(of(layer(Service::EXECUTE_API), Service::EXECUTE_API), 400);
    assert_eq!(gateway.header("x-amzn-errortype"), "BadRequestException");
    let answer = of(layer(Service::S3).with_body_check(BodyCheck::AtItsEnd), Service::S3);
    assert_eq!((answer.status, answer.text.as_str()), (422, "the body broke off"));
}

/// A stranger cannot make the server read where the request says the hash; nor anybody without authentication.
#[test]
fn unread_until_the_signature_is_right() {
    for check in CHECKS {
        let polls_of = |request: Request<&'static str>, service| {
            let body = Pieces::new(&["hello", " world"]);
            let polls = body.polls.clone();
            let answer = call(&layer(service).with_body_check(check), request.map(|_| body));
            (polls.load(Ordering::SeqCst), answer.is_from_the_service())
        };
        let forger = signer(Algorithm::SigV4, Service::S3, forged());
        assert_eq!(polls_of(signed_by(&forger, post("hello world")), Service::S3), (0, false));
        assert_eq!(polls_of(post("hello world"), Service::S3), (0, false));
        assert_eq!(polls_of(post("hello world"), Service::EXECUTE_API), (0, false));
        let stranger = sigv4a::Credentials::new("AKIDSTRANGER", "secret").unwrap();
        let stranger = signer(Algorithm::SigV4, Service::EXECUTE_API, stranger);
        assert_eq!(polls_of(signed_by(&stranger, post("hello world")), Service::EXECUTE_API), (0, false));
        // Three pieces with the end, each after a wait.
        assert_eq!(polls_of(s3(Algorithm::SigV4, "hello world"), Service::S3), (6, true));
    }
}

/// Trailers of HTTP are not signed.
#[test]
fn trailers_are_left_out() {
    let mut trailers = HeaderMap::new();
    trailers.insert("x-checksum", "1".parse().unwrap());
    let body = Pieces::new(&["hello world"]).then(Ok(Frame::trailers(trailers)));
    let answer = call(&layer(Service::S3), s3(Algorithm::SigV4, "hello world").map(|_| body));
    assert!(answer.is_from_the_service() && answer.status == 200);
}
