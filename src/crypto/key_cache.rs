//! The cache of derived keys.

use std::{
    fmt,
    num::NonZeroUsize,
    sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError},
};

use lru::LruCache;

use crate::{
    crypto::{EcdsaSigningKey, Provider, SigningKey},
    error::SignError,
    types::{Credentials, Day},
};

/// Keys that were derived once, so that a signer made anew for every request costs no more than one that is kept.
///
/// A key is found by everything its value depends on: back end, access key ID, secret and, for SigV4, region, service
/// and day. A rotated secret under the same ID is another entry. The entry unused for longest is dropped first.
#[derive(Clone)]
pub struct KeyCache(Arc<Inner>);

struct Inner {
    sigv4: Mutex<LruCache<SigV4KeyId, Arc<SigningKey>>>,
    sigv4a: Mutex<LruCache<KeyId, Arc<EcdsaSigningKey>>>,
}

type SigV4KeyId = (KeyId, Day);

impl KeyCache {
    /// A cache of its own, for at most `capacity` keys of each algorithm.
    #[must_use]
    pub fn new(capacity: NonZeroUsize) -> Self {
        Self(Arc::new(Inner {
            sigv4: Mutex::new(LruCache::new(capacity)),
            sigv4a: Mutex::new(LruCache::new(capacity)),
        }))
    }

    /// The cache of the process, which signers use unless told otherwise: 64 keys of each algorithm.
    #[must_use]
    pub fn shared() -> Self {
        static SHARED: LazyLock<KeyCache> = LazyLock::new(|| KeyCache::new(SHARED_CAPACITY));
        SHARED.clone()
    }

    /// How many keys are held, of both algorithms.
    #[must_use]
    pub fn len(&self) -> usize {
        lock(&self.0.sigv4).len() + lock(&self.0.sigv4a).len()
    }

    /// Whether no key is held.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Drops every key.
    pub fn clear(&self) {
        lock(&self.0.sigv4).clear();
        lock(&self.0.sigv4a).clear();
    }

    pub(crate) fn sigv4(&self, id: KeyId, day: Day, derive: impl FnOnce() -> SigningKey) -> Arc<SigningKey> {
        let key = (id, day);
        if let Some(found) = lock(&self.0.sigv4).get(&key) {
            return Arc::clone(found);
        }
        // Derived outside the lock: two threads may do it twice, none waits for it.
        let derived = Arc::new(derive());
        lock(&self.0.sigv4).put(key, Arc::clone(&derived));
        derived
    }

    pub(crate) fn sigv4a(
        &self,
        id: KeyId,
        derive: impl FnOnce() -> Result<EcdsaSigningKey, SignError>,
    ) -> Result<Arc<EcdsaSigningKey>, SignError> {
        if let Some(found) = lock(&self.0.sigv4a).get(&id) {
            return Ok(Arc::clone(found));
        }
        let derived = Arc::new(derive()?);
        lock(&self.0.sigv4a).put(id, Arc::clone(&derived));
        Ok(derived)
    }
}

impl fmt::Debug for KeyCache {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeyCache").field("len", &self.len()).finish_non_exhaustive()
    }
}

/// A process rarely signs with more credentials, regions and services than this at a time; a gateway that does makes a
/// cache of its own.
const SHARED_CAPACITY: NonZeroUsize = NonZeroUsize::new(64).unwrap();

/// A fingerprint of everything a key depends on but the day: no secret is kept to find a key.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct KeyId([u8; 32]);

impl KeyId {
    /// `more` is what else enters: region and service for SigV4, nothing for SigV4a.
    pub(crate) fn new(provider: Provider, credentials: &Credentials, more: &[&str]) -> Self {
        let mut input = zeroize::Zeroizing::new(Vec::new());
        let parts = [
            provider.name().as_bytes(),
            credentials.access_key_id().as_str().as_bytes(),
            credentials.secret_access_key().expose(),
        ];
        for part in parts.into_iter().chain(more.iter().map(|part| part.as_bytes())) {
            // With its length in front, no two lists of parts look the same.
            input.extend_from_slice(&part.len().to_be_bytes());
            input.extend_from_slice(part);
        }
        Self(provider.sha256(&input))
    }
}

impl fmt::Debug for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeyId").finish_non_exhaustive()
    }
}

/// The maps stay valid whatever a panicking thread did with them.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
