//! Session tokens that have expired, or come from the wrong place.

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::{BodyExt as _, Full};
use sigv4a::{Algorithm, Service, client::Hint, credentials::CachedCredentials};
use tower::{Service as _, ServiceExt as _};

use crate::{
    credentials::{Behaviour, Source, numbered},
    support::{ALGORITHMS, NOON, World, credentials, hyper_client, reqwest_client, serve, signer},
};

/// As S3 says it, as API Gateway does, and as a JSON service does.
const EXPIRED: [(u16, Option<&str>, &str); 3] = [
    (400, None, "<Error><Code>ExpiredToken</Code><Message>The provided token has expired.</Message></Error>"),
    (403, Some("ExpiredTokenException"), r#"{"message":"The security token included in the request is expired"}"#),
    (400, None, r#"{"__type":"com.amazon.coral.service#ExpiredTokenException","message":"expired"}"#),
];

#[tokio::test]
async fn an_expired_token_is_replaced_and_the_request_sent_again() {
    for algorithm in ALGORITHMS {
        for (status, error_type, text) in EXPIRED {
            let world = World::new(Service::EXECUTE_API);
            (1..=2).for_each(|number| world.accept(&numbered(number, NOON + 3600)));
            let server = world.clone();
            // The first ones are revoked, whatever their end was to be.
            let url = serve(&world.clock, move |parts, body| {
                let is_revoked = parts.headers["x-amz-security-token"] == "token1";
                let answer = server.receive(parts, body);
                let mut builder = Response::builder().status(status);
                if let Some(error_type) = error_type {
                    builder = builder.header("x-amzn-errortype", error_type);
                }
                if is_revoked { builder.body(text.into()).unwrap() } else { answer }
            })
            .await;
            let source = Source::new(Behaviour::Ends(NOON + 3600));
            let cache = CachedCredentials::new(source.clone()).with_clock(world.clock.source());
            let client = reqwest_client(signer(algorithm, cache, &world.clock));
            for sent in [2, 3] {
                let answer = client.post(&url).header("content-type", "a/b").body("x").send().await.unwrap();
                assert_eq!(answer.status(), 200, "{algorithm} {text}");
                assert_eq!(answer.text().await.unwrap(), "ASIA2");
                assert_eq!(world.seen().len(), sent);
            }
            assert_eq!(source.count(), 2);
        }
    }
}

#[tokio::test]
async fn a_provider_that_knows_no_others_does_not_make_a_loop() {
    for algorithm in ALGORITHMS {
        let world = World::new(Service::EXECUTE_API);
        let server = world.clone();
        let url = serve(&world.clock, move |parts, body| {
            let _ = server.receive(parts, body);
            Response::builder().status(400).body(EXPIRED[0].2.into()).unwrap()
        })
        .await;
        let credentials = numbered(1, NOON + 3600);
        world.accept(&credentials);
        let answer = reqwest_client(signer(algorithm, credentials, &world.clock)).get(&url).send().await.unwrap();
        assert_eq!(answer.status(), 400);
        assert_eq!(answer.url().as_str(), format!("{url}/"), "an answer that was looked at knows where it came from");
        assert_eq!(answer.content_length(), Some(u64::try_from(EXPIRED[0].2.len()).unwrap()));
        assert_eq!(answer.text().await.unwrap(), EXPIRED[0].2, "the body is still whole");
        assert_eq!(world.seen().len(), 1, "{algorithm}: the same token would be refused again");
    }
}

/// An application behind the signature has tokens of its own.
#[tokio::test]
async fn only_the_error_code_speaks_of_the_session_token() {
    for (text, ours) in [
        (r#"{"error":"ExpiredToken"}"#, false),
        (r#"{"message":"ExpiredToken: log in again"}"#, false),
        ("ExpiredToken", false),
        (r#"{"code":"JwtExpiredToken"}"#, false),
        (r#"{"code" : "ExpiredToken"}"#, true),
        (r#"{"__type":"ExpiredTokenException"}"#, true),
        (r#"{"__type":"com.amazon#ExpiredTokenException"}"#, true),
        ("<ErrorResponse><Error><Type>Sender</Type><Code>ExpiredToken</Code></Error></ErrorResponse>", true),
    ] {
        for algorithm in ALGORITHMS {
            let world = World::new(Service::EXECUTE_API);
            let server = world.clone();
            let url = serve(&world.clock, move |parts, body| {
                let _ = server.receive(parts, body);
                Response::builder().status(401).body(text.into()).unwrap()
            })
            .await;
            let source = Source::new(Behaviour::Ends(NOON + 3600));
            let cache = CachedCredentials::new(source.clone()).with_clock(world.clock.source());
            let client = reqwest_client(signer(algorithm, cache, &world.clock));
            assert_eq!(client.get(&url).send().await.unwrap().status(), 401);
            assert_eq!((source.count(), world.seen().len()), if ours { (2, 2) } else { (1, 1) }, "{text}");
        }
    }
}

#[tokio::test]
async fn an_error_of_a_long_body_is_passed_on_whole() {
    for algorithm in ALGORITHMS {
        let world = World::new(Service::EXECUTE_API);
        let long = "x".repeat(1_000_000);
        let text = long.clone();
        let url = serve(&world.clock, move |_, _| {
            Response::builder().status(403).body(Bytes::from(text.clone()).into()).unwrap()
        })
        .await;
        let signer = signer(algorithm, numbered(1, NOON + 3600), &world.clock);
        let answer = reqwest_client(signer.clone()).get(&url).send().await.unwrap();
        assert_eq!(answer.text().await.unwrap(), long);
        let mut client = hyper_client::<Full<Bytes>>(signer);
        let request = Request::get(&url).body(Full::default()).unwrap();
        let answer = client.ready().await.unwrap().call(request).await.unwrap();
        assert_eq!(answer.into_body().collect().await.unwrap().to_bytes(), long.as_bytes());
    }
}

#[tokio::test]
async fn a_token_of_the_global_endpoint_is_explained() {
    let answers = [
        (400, "<Error><Code>InvalidToken</Code></Error>", true),
        (400, "<Error><Code>UnsupportedSignature</Code></Error>", true),
        (500, "", true),
        (500, "<Error><Code>InternalError</Code></Error>", true),
        (403, "<Error><Code>AccessDenied</Code></Error>", false),
        (404, "<Error><Code>NoSuchKey</Code></Error>", false),
    ];
    for algorithm in ALGORITHMS {
        for (status, text, explained) in answers {
            for has_token in [true, false] {
                let world = World::new(Service::EXECUTE_API);
                let url =
                    serve(&world.clock, move |_, _| Response::builder().status(status).body(text.into()).unwrap())
                        .await;
                let credentials = if has_token { numbered(1, NOON + 3600) } else { credentials() };
                let signer = signer(algorithm, credentials, &world.clock);
                let expected =
                    (algorithm == Algorithm::SigV4a && has_token && explained).then_some(Hint::RegionalSessionToken);
                let answer = reqwest_client(signer.clone()).get(&url).send().await.unwrap();
                assert_eq!(answer.extensions().get::<Hint>().copied(), expected, "{algorithm} {status} {text}");
                let mut client = hyper_client::<Full<Bytes>>(signer);
                let request = Request::get(&url).body(Full::default()).unwrap();
                let answer = client.ready().await.unwrap().call(request).await.unwrap();
                assert_eq!(answer.extensions().get::<Hint>().copied(), expected);
            }
        }
    }
    assert!(Hint::RegionalSessionToken.to_string().contains("sts.REGION.amazonaws.com"));
}
