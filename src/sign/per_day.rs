//! What stays the same for a day.

use std::{
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

use crate::types::Day;

/// The value of the day last asked for. A signer signs for one day nearly always: this is cheaper than to make its scope
/// anew, or to look into a cache that many signers share.
#[derive(Clone)]
pub(super) struct PerDay<T>(Arc<Mutex<Option<(Day, T)>>>);

impl<T: Clone> PerDay<T> {
    /// The value of a day, made if it is another than last time.
    pub(super) fn get(&self, day: Day, make: impl FnOnce() -> T) -> T {
        // Whatever a panicking thread did, the pair was stored whole.
        let last = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, value)) = last().as_ref().filter(|(of, _)| *of == day) {
            return value.clone();
        }
        // Made outside the lock: two threads may do it twice, none waits for it.
        let value = make();
        *last() = Some((day, value.clone()));
        value
    }
}

impl<T> PerDay<T> {
    pub(super) fn new() -> Self {
        Self(Arc::new(Mutex::new(None)))
    }
}

impl<T> fmt::Debug for PerDay<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PerDay").finish_non_exhaustive()
    }
}
