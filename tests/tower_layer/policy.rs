//! Replays, proxies, HTTP/2, the clock.

use std::{
    collections::HashSet,
    sync::{Arc, Mutex},
};

use axum::{Extension, Router, routing::any};
use http::{Request, Uri, Version, header::HOST};
use sigv4a::{
    Algorithm, AnswerStyle, Service, SignerExt as _, Verified, VerifyErrorKind as Kind,
    tower::{BodyCheck, Seen, VerifyLayer},
};

use crate::support::{
    ALGORITHMS, Pieces, Server, call, call_whole, credentials, forged, keys, layer, noon, over_http1, post, send,
    signed, signed_by, signer, time, verifier,
};

#[test]
fn what_was_seen_before_is_refused() {
    for (algorithm, service) in
        ALGORITHMS.into_iter().flat_map(|algorithm| [(algorithm, Service::S3), (algorithm, Service::EXECUTE_API)])
    {
        let seen: Arc<Mutex<HashSet<String>>> = Arc::default();
        let own = Arc::clone(&seen);
        let layer = layer(service.clone()).with_replay_check(move |verified: Verified| {
            let is_new = own.lock().unwrap().insert(verified.replay_id());
            // The answer may come later.
            async move { if is_new { Seen::First } else { Seen::Before } }
        });
        let forger = signer(algorithm, service.clone(), forged());
        assert_eq!(call_whole(&layer, signed_by(&forger, post("hello"))).kind(), Some(Kind::SignatureMismatch));
        let request = signed(algorithm, service.clone(), "hello");
        let wrong = call(&layer, request.clone().map(|_| Pieces::new(&["Hello"])));
        assert!(wrong.kind().is_some());
        assert_eq!(seen.lock().unwrap().len(), 0, "only what is right in all its parts is remembered");

        assert_eq!(call_whole(&layer, request.clone()).status, 200);
        let again = call_whole(&layer, request);
        assert_eq!((again.status, again.kind()), (403, Some(Kind::Replayed)));
        assert!(!again.is_from_the_service());
        match layer_style(&service) {
            AnswerStyle::S3 => assert!(again.text.contains("<Code>AccessDenied</Code>"), "{}", again.text),
            _ => assert_eq!(again.header("x-amzn-errortype"), "AccessDeniedException"),
        }
        assert_eq!(seen.lock().unwrap().len(), 1);
    }
}

fn layer_style(service: &Service) -> AnswerStyle {
    verifier(service.clone()).answer_style()
}

/// A client signs for the public name; a proxy in between sends another `Host`, and perhaps tells the old one.
#[test]
fn behind_a_proxy_that_rewrites_the_host() {
    async fn host(Extension(verified): Extension<Verified>) -> String {
        verified.host().to_owned()
    }
    let start = |layer: VerifyLayer<_>| Server::start(Router::new().route("/things", any(host)).layer(layer));
    let told = start(layer(Service::S3).with_hosts(["other.example.com", "api.example.com"]));
    let untold = start(layer(Service::S3));
    for algorithm in ALGORITHMS {
        let signer = signer(algorithm, Service::S3, credentials());
        let through_proxy = |server: &Server, public: &str| {
            let request = Request::get(format!("https://{public}/things")).body("").unwrap();
            let mut request = signed_by(&signer, request);
            *request.uri_mut() = server.url("/things").parse::<Uri>().unwrap();
            request.headers_mut().insert("x-forwarded-host", public.parse().unwrap());
            send(request)
        };
        let answer = through_proxy(&told, "api.example.com");
        assert_eq!((answer.status, answer.text.as_str()), (200, "api.example.com"));
        assert_eq!(through_proxy(&told, "evil.example.com").status, 403);
        assert_eq!(through_proxy(&untold, "api.example.com").status, 403, "what a header says is not believed");
        // With a list of hosts, the one of the connection is not in it.
        let direct = signed_by(&signer, Request::get(told.url("/things")).body("").unwrap());
        assert_eq!(send(direct).status, 403);
    }
}

/// HTTP/2 has the host in the URI; HTTP/1.1 in a header; if both are there, they must agree.
#[test]
fn the_host_of_each_version_of_http() {
    for algorithm in ALGORITHMS {
        let layer = layer(Service::EXECUTE_API);
        let mut http2 = signed(algorithm, Service::EXECUTE_API, "hello");
        *http2.version_mut() = Version::HTTP_2;
        assert!(http2.headers().get(HOST).is_none() && http2.uri().authority().is_some());
        let http1 = over_http1(http2.clone());
        assert!(http1.headers().contains_key(HOST) && http1.uri().authority().is_none());
        let with_host = |host: &'static str, mut request: Request<&'static str>| {
            request.headers_mut().insert(HOST, host.parse().unwrap());
            call_whole(&layer, request).kind()
        };
        assert_eq!(call_whole(&layer, http2.clone()).kind(), None);
        assert_eq!(call_whole(&layer, http1.clone()).kind(), None);
        assert_eq!(with_host("api.example.com", http2.clone()), None);
        assert_eq!(with_host("evil.example.com", http2), Some(Kind::InvalidHost));
        assert_eq!(with_host("evil.example.com", http1.clone()), Some(Kind::SignatureMismatch));
        let mut nowhere = http1;
        nowhere.headers_mut().remove(HOST);
        assert_eq!(call_whole(&layer, nowhere).kind(), Some(Kind::InvalidHost));
    }
}

/// The clock is asked for every request.
#[test]
fn a_clock_that_moves() {
    let now = Arc::new(Mutex::new(noon()));
    let own = Arc::clone(&now);
    let layer = layer(Service::S3).with_clock(move || Ok(*own.lock().unwrap()));
    let expectations = [
        ("20150830T120000Z", None),
        ("20150830T121500Z", None),
        ("20150830T121501Z", Some(Kind::RequestExpired)),
        ("20150830T114500Z", None),
        ("20150830T114459Z", Some(Kind::RequestNotYetValid)),
        ("20150830T120001Z", None),
    ];
    for (text, kind) in expectations {
        *now.lock().unwrap() = time(text);
        assert_eq!(call_whole(&layer, signed(Algorithm::SigV4, Service::S3, "hello")).kind(), kind, "{text}");
    }
}

/// Unless told otherwise the layer reads the system's clock.
#[test]
fn the_real_clock() {
    let layer = VerifyLayer::new(verifier(Service::S3), keys());
    let mut fresh = post("hello");
    let now = sigv4a::config::now().unwrap();
    let signer = signer(Algorithm::SigV4a, Service::S3, credentials());
    signer.sign_request(&mut fresh, now).unwrap();
    assert_eq!(call_whole(&layer, fresh).kind(), None);
    assert_eq!(call_whole(&layer, signed(Algorithm::SigV4a, Service::S3, "hello")).kind(), Some(Kind::RequestExpired));
}

/// Each setting leaves the others alone, and the layer it was cloned from.
#[test]
fn settings_do_not_leak() {
    let first = layer(Service::S3);
    let second = first.clone().with_body_limit(1).with_hosts(["other.example.com"]);
    let third = second.clone().with_body_check(BodyCheck::AtItsEnd).with_hosts(["api.example.com"]);
    let request = || signed(Algorithm::SigV4, Service::S3, "hello");
    assert_eq!(call_whole(&first, request()).kind(), None);
    assert_eq!(call_whole(&second, request()).kind(), Some(Kind::SignatureMismatch));
    assert_eq!(call_whole(&third, request()).kind(), Some(Kind::BodyTooLarge));
}
