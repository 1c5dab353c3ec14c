//! Redirects: signed anew to the same origin, with nothing of ours to another.

use bytes::Bytes;
use http::{Method, Request, StatusCode};
use http_body_util::Full;
use sigv4a::{
    Service,
    client::{BodySigning, Hint, Redirects},
    reqwest::SignMiddleware,
};
use tower::{Service as _, ServiceExt as _};

use crate::{
    credentials::numbered,
    support::{ALGORITHMS, NOON, World, hyper_client, redirect, report, reqwest_client, serve, signer},
};

const STATUSES: [u16; 5] = [301, 302, 303, 307, 308];

/// A server that sends whoever asks for `/old` elsewhere, and verifies the rest.
async fn redirecting(world: &World, status: u16, location: String) -> String {
    let server = world.clone();
    serve(&world.clock, move |parts, body| match parts.uri.path() {
        "/old" => {
            let answer = server.receive(parts, body);
            assert_eq!(answer.status(), 200, "what is redirected was signed");
            redirect(StatusCode::from_u16(status).unwrap(), &location)
        }
        _ => server.receive(parts, body),
    })
    .await
}

#[tokio::test]
async fn to_the_same_origin_a_request_is_signed_anew() {
    for algorithm in ALGORITHMS {
        for status in STATUSES {
            for method in [Method::GET, Method::POST, Method::PUT] {
                let world = World::new(Service::EXECUTE_API);
                let credentials = numbered(1, NOON + 3600);
                world.accept(&credentials);
                let url = redirecting(&world, status, "/new/../new place?a=b%20c".to_owned()).await;
                let client = reqwest_client(signer(algorithm, credentials, &world.clock));
                let request = client.request(method.clone(), format!("{url}/old"));
                let request = match method == Method::GET {
                    true => request,
                    false => request.header("content-type", "text/plain").body("hello"),
                };
                let answer = request.send().await.unwrap();
                assert_eq!(answer.status(), 200, "{algorithm} {status} {method}: {:?}", world.seen()[1].outcome);
                assert_eq!(answer.url().path(), "/new%20place");
                let seen = &world.seen()[1];
                let becomes_get = status == 303 || method == Method::POST && status < 303;
                let expected = if becomes_get { Method::GET } else { method.clone() };
                let body = if becomes_get || method == Method::GET { "" } else { "hello" };
                assert_eq!((&seen.parts.method, &*seen.body), (&expected, body.as_bytes()), "{status} {method}");
            }
        }
    }
}

#[tokio::test]
async fn to_another_origin_nothing_of_ours_goes() {
    for algorithm in ALGORITHMS {
        for status in STATUSES {
            let (world, stranger) = (World::new(Service::EXECUTE_API), World::new(Service::EXECUTE_API));
            let credentials = numbered(1, NOON + 3600);
            world.accept(&credentials);
            // The stranger sends it back: it stays unsigned.
            let home = redirecting(&world, 307, "/new".to_owned()).await;
            let elsewhere = redirecting_blindly(&stranger, format!("{home}/back")).await;
            let url = redirecting(&world, status, format!("{elsewhere}/there?x=1")).await;
            let client = reqwest_client(signer(algorithm, credentials, &world.clock));
            let answer = client
                .put(format!("{url}/old"))
                .header("Cookie", "session=1")
                .header("X-AMZ-Server-Side-Encryption-Customer-Key", "c2VjcmV0")
                .header("X-Amz-Meta-Note", "mine")
                .header("x-request-id", "7")
                .send()
                .await
                .unwrap();
            assert_eq!(answer.status(), 403, "nobody signed for a stranger");
            let seen = &stranger.seen()[0];
            assert!(!seen.has_traces(), "{algorithm} {status}: {:?}", seen.parts.headers);
            assert_eq!(seen.header("x-request-id"), Some("7"), "what is not ours is sent");
            let back = world.seen().last().unwrap().clone();
            assert_eq!(back.parts.uri.path(), "/back");
            assert!(!back.has_traces(), "{algorithm} {status}: what comes back from a stranger stays unsigned");
        }
    }
}

#[tokio::test]
async fn to_another_origin_no_body_goes() {
    for algorithm in ALGORITHMS {
        for status in STATUSES {
            let (world, stranger) = (World::new(Service::EXECUTE_API), World::new(Service::EXECUTE_API));
            let credentials = numbered(1, NOON + 3600);
            world.accept(&credentials);
            let elsewhere = redirecting_blindly(&stranger, "/end".to_owned()).await;
            let url = redirecting(&world, status, format!("{elsewhere}/there")).await;
            let client = reqwest_client(signer(algorithm, credentials, &world.clock));
            let request = client.put(format!("{url}/old")).header("content-type", "text/plain").body("hello");
            let answer = request.send().await.unwrap();
            let hint = answer.extensions().get::<Hint>().copied();
            // A 303 asks for no body.
            let expected = (status != 303).then_some((status, Hint::BodyForAnotherOrigin));
            assert_eq!(hint.map(|hint| (answer.status().as_u16(), hint)), expected, "{algorithm} {status}");
            assert_eq!(stranger.seen().is_empty(), status != 303, "{algorithm} {status}");
            assert!(stranger.seen().iter().all(|seen| seen.body.is_empty()), "{algorithm} {status}");
        }
    }
}

#[tokio::test]
async fn what_is_about_the_body_goes_with_it() {
    const OF_BODY: [&str; 4] = ["content-md5", "x-amz-checksum-crc32", "x-amz-sdk-checksum-algorithm", "content-type"];
    for algorithm in ALGORITHMS {
        let world = World::new(Service::EXECUTE_API);
        let credentials = numbered(1, NOON + 3600);
        world.accept(&credentials);
        let url = redirecting(&world, 303, "/new".to_owned()).await;
        let client = reqwest_client(signer(algorithm, credentials, &world.clock));
        let request = client.put(format!("{url}/old")).header("x-amz-checksum-mode", "ENABLED").body("hello");
        let request = OF_BODY.iter().fold(request, |request, name| request.header(*name, "of-body"));
        assert_eq!(request.send().await.unwrap().status(), 200, "{algorithm}");
        let seen = &world.seen()[1];
        assert_eq!((&seen.parts.method, &*seen.body), (&Method::GET, &b""[..]));
        OF_BODY.iter().for_each(|name| assert_eq!(seen.header(name), None, "{algorithm} {name}"));
        assert_eq!(seen.header("x-amz-checksum-mode"), Some("ENABLED"));
    }
}

async fn redirecting_blindly(world: &World, location: String) -> String {
    let server = world.clone();
    serve(&world.clock, move |parts, body| {
        let _ = server.receive(parts, body);
        redirect(StatusCode::TEMPORARY_REDIRECT, &location)
    })
    .await
}

#[tokio::test]
async fn a_loop_ends_and_gives_the_last_answer() {
    for algorithm in ALGORITHMS {
        let world = World::new(Service::EXECUTE_API);
        let url = redirecting(&world, 307, "/old".to_owned()).await;
        let client = reqwest_client(signer(algorithm, crate::support::credentials(), &world.clock));
        let answer = client.get(format!("{url}/old")).send().await.unwrap();
        assert_eq!((answer.status().as_u16(), world.seen().len()), (307, 11));
    }
}

#[tokio::test]
async fn tower_gives_redirects_back_unless_told_otherwise() {
    for algorithm in ALGORITHMS {
        let world = World::new(Service::EXECUTE_API);
        let url = redirecting(&world, 307, "/new".to_owned()).await;
        let signer = signer(algorithm, crate::support::credentials(), &world.clock);
        for (redirects, status) in [(Redirects::GiveBack, 307), (Redirects::Follow, 200)] {
            let mut client = hyper_client::<Full<Bytes>>(signer.clone().with_redirects(redirects));
            let request = Request::put(format!("{url}/old")).header("content-type", "a/b").body("x".into()).unwrap();
            let answer = client.ready().await.unwrap().call(request).await.unwrap();
            assert_eq!(answer.status(), status, "{algorithm} {redirects:?}");
        }
    }
}

#[tokio::test]
async fn a_body_that_was_sent_piece_by_piece_is_not_redirected() {
    for algorithm in ALGORITHMS {
        let world = World::new(Service::S3);
        let url = redirecting(&world, 307, "/new".to_owned()).await;
        let signer = crate::bodies::s3(algorithm, &world.clock).with_body_signing(BodySigning::Chunked);
        let mut client = hyper_client::<Full<Bytes>>(signer.with_redirects(Redirects::Follow));
        let request = Request::put(format!("{url}/old")).header("content-type", "a/b").body("hello".into()).unwrap();
        let answer = client.ready().await.unwrap().call(request).await.unwrap();
        assert_eq!(answer.status(), 307, "{algorithm}");
    }
}

#[tokio::test]
async fn a_client_that_follows_by_itself_is_found_out() {
    for algorithm in ALGORITHMS {
        let world = World::new(Service::EXECUTE_API);
        let url = redirecting(&world, 307, "/new".to_owned()).await;
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        let signer = signer(algorithm, crate::support::credentials(), &world.clock);
        let client = reqwest_middleware::ClientBuilder::new(client).with(SignMiddleware::new(signer)).build();
        let error = client.get(format!("{url}/old")).send().await.unwrap_err();
        let text = report(&error);
        assert!(text.contains("build it with `redirect(Policy::none())`"), "{text}");
    }
}
