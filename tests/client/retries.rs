//! Retries: each attempt is signed anew, after the wait.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use http::Response;
use reqwest_retry::{RetryTransientMiddleware, policies::ExponentialBackoff};
use sigv4a::{Service, reqwest::SignMiddleware};

use crate::support::{ALGORITHMS, World, credentials, serve, signer};

#[tokio::test]
async fn each_attempt_has_a_signature_of_its_own() {
    for algorithm in ALGORITHMS {
        let world = World::new(Service::EXECUTE_API);
        let (server, calls) = (world.clone(), Arc::new(AtomicUsize::new(0)));
        // Time passes between the attempts, more than a signature lives.
        let url = serve(&world.clock, move |parts, body| {
            let answer = server.receive(parts, body);
            server.clock.advance(400);
            match calls.fetch_add(1, Ordering::SeqCst) {
                0 | 1 => Response::builder().status(503).body(Default::default()).unwrap(),
                _ => answer,
            }
        })
        .await;
        let backoff = ExponentialBackoff::builder()
            .retry_bounds(Duration::from_millis(1), Duration::from_millis(2))
            .build_with_max_retries(5);
        let client = reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        let client = reqwest_middleware::ClientBuilder::new(client)
            .with(RetryTransientMiddleware::new_with_policy(backoff))
            .with(SignMiddleware::new(signer(algorithm, credentials(), &world.clock)))
            .build();
        let answer = client.put(&url).header("content-type", "text/plain").body("hello").send().await.unwrap();
        assert_eq!(answer.status(), 200, "{algorithm}");
        let seen = world.seen();
        assert_eq!(seen.len(), 3);
        assert!(seen.iter().all(|seen| seen.is_accepted() && seen.body == "hello"));
        let times: Vec<_> = seen.iter().map(|seen| seen.header("x-amz-date").unwrap().to_owned()).collect();
        assert_eq!(times, ["20150830T120000Z", "20150830T120640Z", "20150830T121320Z"]);
    }
}
