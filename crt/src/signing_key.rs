//! The SigV4 signing key, and the one of today.

use std::{
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

use sigv4a::{CredentialScope, SecretAccessKey};
use zeroize::Zeroizing;

use crate::{CrtError, ffi::hmac_sha256};

/// kSigning: four HMACs below the secret, bound to one day, one region and one service.
///
/// See [step 4 of
/// signing](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html#derive-signing-key).
#[derive(Clone)]
pub(crate) struct SigningKey(Zeroizing<[u8; 32]>);

impl SigningKey {
    pub(crate) fn derive(secret: &SecretAccessKey, scope: &CredentialScope) -> Result<Self, CrtError> {
        let mut key = Zeroizing::new(Vec::with_capacity(4 + secret.expose().len()));
        key.extend_from_slice(b"AWS4");
        key.extend_from_slice(secret.expose());
        let mut derived = Zeroizing::new([0; 32]);
        hmac_sha256(&key, scope.date_stamp().as_bytes(), &mut derived)?;
        for part in [scope.region().unwrap_or_default(), scope.service(), "aws4_request"] {
            let above = derived.clone();
            hmac_sha256(&*above, part.as_bytes(), &mut derived)?;
        }
        Ok(Self(derived))
    }

    pub(crate) fn sign(&self, message: &[u8]) -> Result<[u8; 32], CrtError> {
        let mut signature = [0; 32];
        hmac_sha256(&*self.0, message, &mut signature)?;
        Ok(signature)
    }
}

/// The key of the day last asked for: a signer signs for one day nearly always.
#[derive(Clone, Default)]
pub(crate) struct KeyOfTheDay(Arc<Mutex<Option<Kept>>>);

/// `YYYYMMDD` and its key.
type Kept = (Box<str>, SigningKey);

impl KeyOfTheDay {
    /// The key of the scope's day, derived if it is another than last time.
    pub(crate) fn get(
        &self,
        scope: &CredentialScope,
        derive: impl FnOnce() -> Result<SigningKey, CrtError>,
    ) -> Result<SigningKey, CrtError> {
        // Whatever a panicking thread did, the pair was stored whole.
        let last = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, key)) = last().as_ref().filter(|(day, _)| **day == *scope.date_stamp()) {
            return Ok(key.clone());
        }
        // Derived outside the lock: two threads may do it twice, none waits for it.
        let key = derive()?;
        *last() = Some((scope.date_stamp().into(), key.clone()));
        Ok(key)
    }
}

impl fmt::Debug for KeyOfTheDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeyOfTheDay").finish_non_exhaustive()
    }
}
