//! Credentials that are asked for as seldom as possible.

use std::{
    fmt,
    panic::AssertUnwindSafe,
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak},
    time::Duration,
};

use futures_timer::Delay;
use futures_util::{
    FutureExt as _,
    future::{BoxFuture, Either, Shared, select},
};
use subtle::ConstantTimeEq as _;

use super::{CredentialsError, CredentialsFuture, CredentialsProvider};
use crate::{
    error::ParseError,
    integrations::clock,
    types::{Credentials, SessionToken, Timestamp},
};

/// Keeps the credentials of a provider, and asks for new ones ahead of their end.
///
/// - **One refresh at a time**, however many requests wait for it; it goes on while at least one of them waits.
/// - **Ahead of the end**: from five minutes before it, one request fetches new ones while the others go on with those
///   there are.
/// - **A failing provider** is asked again after ten seconds; until they end, the credentials there are remain good. Then
///   every request gets the provider's error.
/// - **A provider that hangs** is given up after ten seconds, with an error of its own kind. A request that is cancelled
///   sooner gives it up too; the next ones go on with what is still good.
/// - **A provider that panics** has failed; nobody else does.
/// - **Expired ones are never given**: a provider that gives some is an error.
/// - **Those without an end** are kept for ever, unless [`with_max_age`](Self::with_max_age) says for how long.
///
/// Cloning is cheap; clones share what they know. It runs on any executor.
pub struct CachedCredentials<P> {
    provider: Arc<P>,
    state: Arc<Mutex<State>>,
    settings: Settings,
}

#[derive(Clone)]
struct Settings {
    refresh_ahead: Duration,
    max_age: Option<Duration>,
    timeout: Duration,
    clock: Clock,
}

impl Settings {
    /// From when credentials that came now are replaced.
    fn renew_from(&self, credentials: &Credentials, now: Timestamp) -> Option<i64> {
        match credentials.expires_at() {
            Some(end) => Some(end.as_unix().saturating_sub(seconds(self.refresh_ahead))),
            None => self.max_age.map(|age| now.as_unix().saturating_add(seconds(age))),
        }
    }
}

type Clock = Arc<dyn Fn() -> Result<Timestamp, ParseError> + Send + Sync>;

#[derive(Default)]
struct State {
    current: Option<Credentials>,
    /// From when others than the current ones are asked for, in seconds since 1970; never without it.
    renew_from: Option<i64>,
    /// What a service refused last, and until when nobody is asked about it again.
    refused: Option<(Credentials, Timestamp)>,
    refresh: Option<Refresh>,
    /// While the current ones are good, nobody is asked before this.
    not_before: Option<Timestamp>,
    /// Which refresh an outcome belongs to.
    generation: u64,
}

/// A refresh under way.
struct Refresh {
    outcome: Outcome,
    /// Lives as long as somebody waits for the outcome, and so drives it.
    driver: Weak<()>,
}

type Outcome = Shared<BoxFuture<'static, Result<Credentials, CredentialsError>>>;

/// What a request does about its credentials.
enum Step {
    Use(Credentials),
    Wait { outcome: Outcome, generation: u64, driver: Arc<()> },
}

/// Somebody who waits for a refresh.
struct Waiting<'a, P: CredentialsProvider + 'static> {
    cache: &'a CachedCredentials<P>,
    driver: Option<Arc<()>>,
    generation: u64,
}

/// When the last one gives up, the refresh stands still. Its caller has less time than the provider needs, and so may the
/// next one: as after a failure, what is still good is used for a while.
impl<P: CredentialsProvider + 'static> Drop for Waiting<'_, P> {
    fn drop(&mut self) {
        let now = self.cache.now();
        let mut state = self.cache.lock();
        drop(self.driver.take());
        let is_mine = state.generation == self.generation;
        let is_left = state.refresh.as_ref().is_some_and(|refresh| refresh.driver.strong_count() == 0);
        if let (true, true, Ok(now)) = (is_mine, is_left, now) {
            state.not_before = Some(now.saturating_add(PAUSE));
        }
    }
}

/// What AWS's SDKs do.
const REFRESH_AHEAD: Duration = Duration::from_secs(5 * 60);

/// The slowest source of the default chain, a process that asks a person, takes longer; it sets its own.
const TIMEOUT: Duration = Duration::from_secs(10);

/// In seconds: a provider in trouble is not asked by every request.
const PAUSE: u32 = 10;

impl<P: CredentialsProvider + 'static> CachedCredentials<P> {
    /// A cache that is empty until somebody asks.
    #[must_use]
    pub fn new(provider: P) -> Self {
        let settings =
            Settings { refresh_ahead: REFRESH_AHEAD, max_age: None, timeout: TIMEOUT, clock: Arc::new(clock::now) };
        Self { provider: Arc::new(provider), state: Arc::default(), settings }
    }

    /// How long before their end credentials are replaced; five minutes unless told otherwise.
    #[must_use]
    pub const fn with_refresh_ahead(mut self, ahead: Duration) -> Self {
        self.settings.refresh_ahead = ahead;
        self
    }

    /// After how long credentials that name no end are asked for again, for a file that is rewritten from time to time. While
    /// that fails, those there are remain good.
    #[must_use]
    pub const fn with_max_age(mut self, age: Duration) -> Self {
        self.settings.max_age = Some(age);
        self
    }

    /// How long the provider may take; ten seconds unless told otherwise. Give callers at least as long.
    #[must_use]
    pub const fn with_timeout(mut self, timeout: Duration) -> Self {
        self.settings.timeout = timeout;
        self
    }

    /// Reads the time elsewhere than from the system's clock.
    #[must_use]
    pub fn with_clock(mut self, clock: impl Fn() -> Result<Timestamp, ParseError> + Send + Sync + 'static) -> Self {
        self.settings.clock = Arc::new(clock);
        self
    }

    async fn current(&self) -> Result<Credentials, CredentialsError> {
        match self.step(self.now()?) {
            Step::Use(credentials) => Ok(credentials),
            Step::Wait { outcome, generation, driver } => {
                let _waiting = Waiting { cache: self, driver: Some(driver), generation };
                let outcome = outcome.await;
                self.settle(outcome, generation, self.now()?)
            }
        }
    }

    fn step(&self, now: Timestamp) -> Step {
        let mut state = self.lock();
        let usable = state.current.clone().filter(|credentials| is_valid(credentials, now));
        if let Some(credentials) = usable {
            let is_early = state.renew_from.is_none_or(|at| now.as_unix() < at);
            let is_paused = state.not_before.is_some_and(|at| now < at);
            let is_driven = state.refresh.as_ref().is_some_and(|refresh| refresh.driver.strong_count() > 0);
            if is_early || is_driven || is_paused {
                return Step::Use(credentials);
            }
        }
        let under_way = state.refresh.as_ref().and_then(|refresh| Some((&refresh.outcome, refresh.driver.upgrade()?)));
        let (outcome, driver) = match under_way {
            Some((outcome, driver)) => (outcome.clone(), driver),
            // One that everybody gave up is not taken up again: nobody knows how old its answer would be.
            None => {
                let (outcome, driver) = (self.ask(), Arc::new(()));
                state.generation = state.generation.wrapping_add(1);
                state.refresh = Some(Refresh { outcome: outcome.clone(), driver: Arc::downgrade(&driver) });
                (outcome, driver)
            }
        };
        Step::Wait { outcome, generation: state.generation, driver }
    }

    /// Asks the provider, once for all who wait.
    fn ask(&self) -> Outcome {
        let (provider, timeout) = (Arc::clone(&self.provider), self.settings.timeout);
        let asked = async move {
            match select(provider.provide(), Delay::new(timeout)).await {
                Either::Left((outcome, _)) => outcome,
                Either::Right(_) => Err(CredentialsError::timed_out(timeout)),
            }
        };
        // A panic would be that of whoever waits, and would leave those hanging who wait with it. Nothing of the provider is
        // used again but the provider, which anybody could have called who saw it panic.
        let asked = AssertUnwindSafe(asked).catch_unwind();
        asked.map(|outcome| outcome.unwrap_or_else(|_| Err(CredentialsError::failed("it panicked")))).boxed().shared()
    }

    /// Keeps an outcome, unless another who waited did so already.
    fn settle(
        &self,
        outcome: Result<Credentials, CredentialsError>,
        generation: u64,
        now: Timestamp,
    ) -> Result<Credentials, CredentialsError> {
        let outcome = outcome.and_then(|credentials| match credentials.expires_at() {
            Some(end) if end <= now => Err(CredentialsError::expired(end, now)),
            _ => Ok(credentials),
        });
        let mut state = self.lock();
        if state.generation == generation && state.refresh.take().is_some() {
            if let Ok(credentials) = &outcome {
                state.current = Some(credentials.clone());
                state.renew_from = self.settings.renew_from(credentials, now);
            }
            // Also after success: a provider may give credentials that end soon.
            state.not_before = Some(now.saturating_add(PAUSE));
        }
        let fallback = state.current.clone().filter(|credentials| is_valid(credentials, now));
        outcome.or_else(|error| fallback.ok_or(error))
    }

    fn now(&self) -> Result<Timestamp, CredentialsError> {
        (self.settings.clock)().map_err(CredentialsError::failed)
    }

    /// Nothing is done under the lock that could leave the state half changed.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<P: CredentialsProvider + 'static> CredentialsProvider for CachedCredentials<P> {
    fn provide(&self) -> CredentialsFuture<'_> {
        Box::pin(self.current())
    }

    fn forget(&self, refused: &Credentials) {
        let Ok(now) = self.now() else { return };
        let mut state = self.lock();
        // A provider that knows no others is not asked by every request.
        let is_new = state.refused.as_ref().is_none_or(|(last, until)| *until <= now || !is_same(last, refused));
        if is_new && state.current.as_ref().is_some_and(|current| is_same(current, refused)) {
            state.current = None;
            state.refused = Some((refused.clone(), now.saturating_add(PAUSE)));
            drop(state);
            self.provider.forget(refused);
        }
    }
}

impl<P> Clone for CachedCredentials<P> {
    fn clone(&self) -> Self {
        let (provider, state) = (Arc::clone(&self.provider), Arc::clone(&self.state));
        Self { provider, state, settings: self.settings.clone() }
    }
}

impl<P: fmt::Debug> fmt::Debug for CachedCredentials<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CachedCredentials").field("provider", &self.provider).finish_non_exhaustive()
    }
}

fn is_valid(credentials: &Credentials, now: Timestamp) -> bool {
    credentials.expires_at().is_none_or(|end| now < end)
}

fn seconds(duration: Duration) -> i64 {
    i64::try_from(duration.as_secs()).unwrap_or(i64::MAX)
}

/// Whether these are the same credentials, and not only the same access key: some sources renew under one ID.
pub(in crate::integrations) fn is_same(one: &Credentials, other: &Credentials) -> bool {
    let secret = one.secret_access_key().expose().ct_eq(other.secret_access_key().expose());
    one.access_key_id() == other.access_key_id()
        && one.expires_at() == other.expires_at()
        && one.session_token().map(SessionToken::expose) == other.session_token().map(SessionToken::expose)
        && bool::from(secret)
}
