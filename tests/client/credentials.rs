//! The cache of credentials: how often it asks, and what it does when the one it asks is in trouble.

use std::{
    future::pending,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use futures_util::future::join_all;
use sigv4a::{
    Credentials, SignError, SignErrorKind,
    credentials::{
        CachedCredentials, CredentialsError, CredentialsErrorKind, CredentialsFuture, CredentialsProvider, from_fn,
    },
};

use crate::support::{Clock, NOON, report, time};

/// A provider that does what it is told, and counts.
#[derive(Clone, Debug)]
pub(crate) struct Source {
    pub(crate) asked: Arc<AtomicUsize>,
    behaviour: Arc<Mutex<Behaviour>>,
}

#[derive(Clone, Debug)]
pub(crate) enum Behaviour {
    /// Numbered credentials, that end then.
    Ends(i64),
    Fails,
    Hangs,
    Panics,
}

impl Source {
    pub(crate) fn new(behaviour: Behaviour) -> Self {
        Self { asked: Arc::default(), behaviour: Arc::new(Mutex::new(behaviour)) }
    }

    pub(crate) fn now(&self, behaviour: Behaviour) {
        *self.behaviour.lock().unwrap() = behaviour;
    }

    pub(crate) fn count(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }
}

pub(crate) fn numbered(number: usize, ends: i64) -> Credentials {
    let credentials = Credentials::new(&format!("ASIA{number}"), &format!("secret of {number}")).unwrap();
    credentials.with_session_token(&format!("token{number}")).unwrap().with_expiry(time(ends))
}

impl CredentialsProvider for Source {
    fn provide(&self) -> CredentialsFuture<'_> {
        let number = self.asked.fetch_add(1, Ordering::SeqCst) + 1;
        let behaviour = self.behaviour.lock().unwrap().clone();
        Box::pin(async move {
            tokio::time::sleep(Duration::from_millis(20)).await;
            match behaviour {
                Behaviour::Ends(ends) => Ok(numbered(number, ends)),
                Behaviour::Fails => Err(CredentialsError::failed("the vault is sealed")),
                Behaviour::Hangs => pending().await,
                Behaviour::Panics => panic!("the vault is on fire"),
            }
        })
    }
}

fn cache(source: &Source, clock: &Clock) -> CachedCredentials<Source> {
    CachedCredentials::new(source.clone()).with_clock(clock.source()).with_timeout(Duration::from_millis(200))
}

async fn id(cache: &impl CredentialsProvider) -> Result<String, CredentialsErrorKind> {
    cache.provide().await.map(|credentials| credentials.access_key_id().to_string()).map_err(|error| error.kind())
}

#[tokio::test]
async fn a_provider_is_asked_once_until_its_credentials_near_their_end() {
    let (clock, source) = (Clock::at(NOON), Source::new(Behaviour::Ends(NOON + 3600)));
    let cache = cache(&source, &clock);
    let ids = join_all((0..50).map(|_| id(&cache))).await;
    assert!(ids.iter().all(|id| id.as_deref() == Ok("ASIA1")), "{ids:?}");
    clock.set(NOON + 3600 - 301);
    assert_eq!(id(&cache).await.unwrap(), "ASIA1");
    assert_eq!(source.count(), 1);

    source.now(Behaviour::Ends(NOON + 7200));
    clock.set(NOON + 3600 - 300);
    // One waits for the new ones; the others go on with those there are.
    let ids = join_all((0..50).map(|_| id(&cache))).await;
    assert_eq!(ids.iter().filter(|id| id.as_deref() == Ok("ASIA2")).count(), 1, "{ids:?}");
    assert_eq!(ids.iter().filter(|id| id.as_deref() == Ok("ASIA1")).count(), 49);
    assert_eq!(id(&cache).await.unwrap(), "ASIA2");
    assert_eq!(source.count(), 2);
}

#[tokio::test]
async fn credentials_that_are_good_bridge_a_failure() {
    let (clock, source) = (Clock::at(NOON), Source::new(Behaviour::Ends(NOON + 600)));
    let cache = cache(&source, &clock);
    assert_eq!(id(&cache).await.unwrap(), "ASIA1");
    for behaviour in [Behaviour::Fails, Behaviour::Hangs, Behaviour::Ends(NOON), Behaviour::Panics] {
        source.now(behaviour);
        clock.advance(90);
        let before = source.count();
        assert_eq!(id(&cache).await.unwrap(), "ASIA1", "at {:?}", clock.now());
        // It is not asked by every request.
        assert_eq!(id(&cache).await.unwrap(), "ASIA1");
        let expected = usize::from(clock.now().as_unix() >= NOON + 300);
        assert_eq!(source.count() - before, expected, "at {:?}", clock.now());
        clock.advance(10);
        assert_eq!(id(&cache).await.unwrap(), "ASIA1");
    }
    source.now(Behaviour::Ends(NOON + 3600));
    clock.advance(10);
    assert!(id(&cache).await.unwrap() != "ASIA1");
}

#[tokio::test]
async fn without_good_credentials_every_trouble_is_a_clear_error() {
    let cases = [
        (
            Behaviour::Fails,
            CredentialsErrorKind::Failed,
            SignErrorKind::CredentialsProvider,
            "credentials provider: the provider of the credentials failed: the vault is sealed",
        ),
        (
            Behaviour::Hangs,
            CredentialsErrorKind::TimedOut,
            SignErrorKind::CredentialsProvider,
            "credentials provider: expected the provider to give credentials within 200ms, found it still busy",
        ),
        (
            Behaviour::Panics,
            CredentialsErrorKind::Failed,
            SignErrorKind::CredentialsProvider,
            "credentials provider: the provider of the credentials failed: it panicked",
        ),
        (
            Behaviour::Ends(NOON - 1),
            CredentialsErrorKind::Expired,
            SignErrorKind::CredentialsExpired,
            "credentials expired: expected credentials that are valid at 2015-08-30T12:00:00Z, found the provider giving \
             some that expired at 2015-08-30T11:59:59Z",
        ),
    ];
    for (behaviour, kind, of_signing, message) in cases {
        let clock = Clock::at(NOON);
        let source = Source::new(behaviour);
        let cache = cache(&source, &clock);
        let began = Instant::now();
        let outcomes = join_all((0..20).map(|_| cache.provide())).await;
        assert!(began.elapsed() < Duration::from_secs(5), "{kind:?} took {:?}", began.elapsed());
        assert_eq!(source.count(), 1, "{kind:?}");
        for outcome in outcomes {
            let error = outcome.unwrap_err();
            assert_eq!(error.kind(), kind);
            let error = SignError::from(error);
            assert_eq!((error.kind(), report(&error)), (of_signing, message.to_owned()));
        }
        // And it heals.
        source.now(Behaviour::Ends(NOON + 3600));
        assert_eq!(id(&cache).await.unwrap(), "ASIA2");
    }
}

#[tokio::test]
async fn who_gives_up_does_not_stop_the_others_and_leaves_nothing_behind() {
    let (clock, source) = (Clock::at(NOON), Source::new(Behaviour::Ends(NOON + 3600)));
    let cache = cache(&source, &clock);
    // The first one drives the refresh, and is gone before it ends.
    let first = tokio::time::timeout(Duration::from_millis(5), cache.provide());
    let (first, second) = futures_util::join!(first, id(&cache));
    assert!(first.is_err());
    assert_eq!(second.unwrap(), "ASIA1");
    assert_eq!(source.count(), 1);

    // One that everybody gave up is asked for anew, and not waited for until its old time-out.
    clock.set(NOON + 3600);
    source.now(Behaviour::Hangs);
    assert!(tokio::time::timeout(Duration::from_millis(5), cache.provide()).await.is_err());
    source.now(Behaviour::Ends(NOON + 7200));
    assert_eq!(id(&cache).await.unwrap(), "ASIA3");
}

/// A caller with less time than a hanging provider takes: the next ones must not lose theirs too.
#[tokio::test]
async fn who_gives_up_while_there_are_good_ones_leaves_those_to_the_next() {
    let (clock, source) = (Clock::at(NOON), Source::new(Behaviour::Ends(NOON + 600)));
    let cache = cache(&source, &clock);
    assert_eq!(id(&cache).await.unwrap(), "ASIA1");
    source.now(Behaviour::Hangs);
    for off in [400, 410] {
        clock.set(NOON + off);
        let before = source.count();
        assert!(tokio::time::timeout(Duration::from_millis(5), cache.provide()).await.is_err());
        for _ in 0..10 {
            let outcome = tokio::time::timeout(Duration::from_millis(5), id(&cache)).await;
            assert_eq!(outcome.expect("nobody waits for it").unwrap(), "ASIA1");
        }
        assert_eq!(source.count() - before, 1);
    }
    source.now(Behaviour::Ends(NOON + 7200));
    clock.set(NOON + 420);
    assert_eq!(id(&cache).await.unwrap(), "ASIA4");
}

/// Waiters of several threads, of which one is in the provider when it panics.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_panic_hangs_nobody() {
    for _ in 0..50 {
        let healed = Arc::new(AtomicUsize::new(0));
        let state = Arc::clone(&healed);
        let cache = CachedCredentials::new(from_fn(move || {
            let is_healed = state.load(Ordering::SeqCst) == 1;
            async move {
                std::thread::sleep(Duration::from_millis(2));
                assert!(is_healed, "it panics in its first poll");
                Credentials::new("AKID", "secret").map_err(CredentialsError::failed)
            }
        }));
        let waiters: Vec<_> =
            (0..4).map(|_| cache.clone()).map(|one| tokio::spawn(async move { id(&one).await })).collect();
        for waiter in waiters {
            let outcome = tokio::time::timeout(Duration::from_secs(5), waiter).await.expect("it hangs").unwrap();
            assert_eq!(outcome, Err(CredentialsErrorKind::Failed));
        }
        healed.store(1, Ordering::SeqCst);
        assert_eq!(id(&cache).await.unwrap(), "AKID");
    }
}

/// Any number of answers that refuse what the provider gives again and again.
#[tokio::test]
async fn a_provider_that_knows_no_others_is_not_asked_by_every_request() {
    let clock = Clock::at(NOON);
    let asked = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&asked);
    let cache = CachedCredentials::new(from_fn(move || {
        counter.fetch_add(1, Ordering::SeqCst);
        async { Ok(numbered(1, NOON + 3600)) }
    }))
    .with_clock(clock.source());
    for _ in 0..20 {
        let refused = cache.provide().await.unwrap();
        cache.forget(&refused);
    }
    assert_eq!(asked.load(Ordering::SeqCst), 2);
    clock.advance(10);
    let refused = cache.provide().await.unwrap();
    cache.forget(&refused);
    cache.provide().await.unwrap();
    assert_eq!(asked.load(Ordering::SeqCst), 3);
}

#[tokio::test]
async fn those_without_an_end_are_asked_for_again_if_told_so() {
    let clock = Clock::at(NOON);
    let (asked, fails) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let (counter, failing) = (Arc::clone(&asked), Arc::clone(&fails));
    let cache = CachedCredentials::new(from_fn(move || {
        let number = counter.fetch_add(1, Ordering::SeqCst) + 1;
        let fails = failing.load(Ordering::SeqCst) == 1;
        async move {
            match fails {
                true => Err(CredentialsError::failed("the file is being written")),
                false => Credentials::new(&format!("AKID{number}"), "secret").map_err(CredentialsError::failed),
            }
        }
    }))
    .with_clock(clock.source())
    .with_max_age(Duration::from_secs(60));
    assert_eq!(id(&cache).await.unwrap(), "AKID1");
    clock.set(NOON + 59);
    assert_eq!(id(&cache).await.unwrap(), "AKID1");
    clock.set(NOON + 60);
    assert_eq!(id(&cache).await.unwrap(), "AKID2");
    clock.set(NOON + 119);
    assert_eq!(id(&cache).await.unwrap(), "AKID2");
    fails.store(1, Ordering::SeqCst);
    clock.set(NOON + 120);
    assert_eq!(id(&cache).await.unwrap(), "AKID2");
    fails.store(0, Ordering::SeqCst);
    clock.set(NOON + 130);
    assert_eq!(id(&cache).await.unwrap(), "AKID4");
}

#[tokio::test]
async fn forgotten_credentials_are_replaced_once() {
    let (clock, source) = (Clock::at(NOON), Source::new(Behaviour::Ends(NOON + 3600)));
    let cache = cache(&source, &clock);
    let refused = cache.provide().await.unwrap();
    cache.forget(&refused);
    assert_eq!(id(&cache).await.unwrap(), "ASIA2");
    // A late answer to the old ones does not drop the new ones.
    cache.forget(&refused);
    assert_eq!(id(&cache).await.unwrap(), "ASIA2");
    // The same access key with another token is not the same.
    let mut renewed = Credentials::new("ASIA2", "secret of 2").unwrap();
    renewed = renewed.with_session_token("another").unwrap().with_expiry(time(NOON + 3600));
    cache.forget(&renewed);
    assert_eq!(id(&cache).await.unwrap(), "ASIA2");
    assert_eq!(source.count(), 2);
}

#[tokio::test]
async fn long_term_credentials_are_asked_for_once() {
    let clock = Clock::at(NOON);
    let asked = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&asked);
    let cache = CachedCredentials::new(from_fn(move || {
        counter.fetch_add(1, Ordering::SeqCst);
        async { Credentials::new("AKID", "secret").map_err(CredentialsError::failed) }
    }))
    .with_clock(clock.source());
    for _ in 0..3 {
        assert_eq!(id(&cache).await.unwrap(), "AKID");
        clock.advance(1_000_000_000);
    }
    assert_eq!(asked.load(Ordering::SeqCst), 1);
}

#[test]
fn no_secret_is_shown() {
    let clock = Clock::at(NOON);
    let shown = format!("{:?} {:?}", cache(&Source::new(Behaviour::Fails), &clock), numbered(1, NOON));
    assert!(!shown.contains("secret of") && !shown.contains("token1"), "{shown}");
}
