//! How far the clocks of servers are from ours.

use std::{
    fmt,
    num::NonZeroUsize,
    sync::{Mutex, MutexGuard, PoisonError},
};

use lru::LruCache;

use crate::types::Timestamp;

/// What the `Date` of answers tells about this machine's clock, for every host by itself.
///
/// A signature is refused when its time is off by five minutes (API Gateway) or fifteen (S3). The offset is taken from the
/// middle between sending and receiving, it follows every answer, and it goes back to nothing as the clock does.
pub(super) struct ClockSkew(Mutex<LruCache<Box<str>, i64>>);

/// More hosts than this are not talked to at once; the one that was not used for longest is forgotten.
const HOSTS: NonZeroUsize = NonZeroUsize::new(256).unwrap();

/// In seconds. `Date` has whole seconds, and half a minute harms no signature: below it nothing is corrected, so that a
/// slow answer does not move the time about.
const NEGLIGIBLE: i64 = 30;

impl ClockSkew {
    pub(super) fn new() -> Self {
        Self(Mutex::new(LruCache::new(HOSTS)))
    }

    /// What to add to our time, in seconds.
    pub(super) fn offset(&self, host: &str) -> i64 {
        self.lock().get(host).copied().unwrap_or(0)
    }

    /// Takes note of an answer: `date` is the server's time, somewhere between our `sent` and `received`. Gives the offset
    /// from now on.
    pub(super) fn record(&self, host: &str, date: Timestamp, sent: Timestamp, received: Timestamp) -> i64 {
        let (date, sent, received) = (date.as_unix(), sent.as_unix(), received.as_unix().max(sent.as_unix()));
        // The answer to an upload of an hour says little about the time in its middle: what agrees with some moment of
        // the exchange is no evidence against it.
        let agrees_with = |offset: i64| (sent + offset - NEGLIGIBLE..=received + offset + NEGLIGIBLE).contains(&date);
        let mut offsets = self.lock();
        let known = offsets.get(host).copied().unwrap_or(0);
        if agrees_with(0) {
            offsets.pop(host);
            return 0;
        }
        if known != 0 && agrees_with(known) {
            return known;
        }
        let offset = date - (sent + (received - sent) / 2);
        offsets.put(host.into(), offset);
        offset
    }

    /// Takes back what a host said.
    pub(super) fn forget(&self, host: &str) {
        self.lock().pop(host);
    }

    fn lock(&self) -> MutexGuard<'_, LruCache<Box<str>, i64>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for ClockSkew {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClockSkew").field("hosts", &self.lock().len()).finish()
    }
}
