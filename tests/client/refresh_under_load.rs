//! A thousand requests at once through credentials that end.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use futures_util::future::join_all;
use sigv4a::{Algorithm, Service, credentials::CachedCredentials};

use crate::{
    credentials::{Behaviour, Source, numbered},
    support::{ALGORITHMS, NOON, World, reqwest_client, signer},
};

const REQUESTS: usize = 1000;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_refresh_no_failed_request_no_stale_signature() {
    for algorithm in ALGORITHMS {
        under_load(algorithm).await;
    }
}

async fn under_load(algorithm: Algorithm) {
    let world = World::new(Service::EXECUTE_API);
    let url = world.serve().await;
    let clock = world.clock.clone();
    let source = Source::new(Behaviour::Ends(NOON + 3600));
    let cache = CachedCredentials::new(source.clone()).with_clock(clock.source());
    let client = reqwest_client(signer(algorithm, cache, &clock));

    // None there yet; nearly at their end, when either is good; and after it, when the old ones are refused.
    let phases = [(NOON, 1, 1), (NOON + 3500, 1, 2), (NOON + 7200, 3, 3)];
    for (now, oldest, newest) in phases {
        clock.set(now);
        source.now(Behaviour::Ends(NOON + 3600 * i64::try_from(newest).unwrap()));
        (1..=3).for_each(|number| world.reject(&numbered(number, 0)));
        (oldest..=newest)
            .for_each(|number| world.accept(&numbered(number, NOON + 3600 * i64::try_from(number).unwrap())));
        let before = source.count();
        let by_newest = Arc::new(AtomicUsize::new(0));
        let send = |number: usize| {
            let (client, url, by_newest) = (client.clone(), url.clone(), Arc::clone(&by_newest));
            async move {
                let answer = client.get(format!("{url}/private?n={number}")).send().await.unwrap();
                let (status, text) = (answer.status(), answer.text().await.unwrap());
                assert_eq!(status, 200, "{algorithm} at {now}: {text}");
                by_newest.fetch_add(usize::from(text == format!("ASIA{newest}")), Ordering::SeqCst);
            }
        };
        join_all((0..REQUESTS).map(send)).await;
        assert_eq!(source.count() - before, 1, "{algorithm} at {now}: one refresh");
        assert!(by_newest.load(Ordering::SeqCst) > 0, "{algorithm} at {now}: nobody had the new ones");
    }
    let seen = world.seen();
    assert_eq!(seen.len(), 3 * REQUESTS, "no request was sent twice");
    assert!(seen.iter().all(crate::support::Seen::is_accepted));
}
