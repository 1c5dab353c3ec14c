//! The SigV4 signing key.

use std::fmt;

use zeroize::Zeroizing;

use crate::{
    crypto::{Provider, provider::Mac},
    error::SignError,
    types::{CredentialScope, SecretAccessKey, Signature},
};

/// kSigning: four HMACs deep below the secret, bound to one day, one region and one service.
///
/// See [step 4 of
/// signing](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html#derive-signing-key).
pub(crate) struct SigningKey(Box<dyn Mac>);

impl SigningKey {
    pub(crate) fn derive(provider: Provider, secret: &SecretAccessKey, scope: &CredentialScope) -> Self {
        Self(provider.mac(&*Self::derive_bytes(provider, secret, scope)))
    }

    pub(crate) fn derive_bytes(
        provider: Provider,
        secret: &SecretAccessKey,
        scope: &CredentialScope,
    ) -> Zeroizing<[u8; 32]> {
        let mut key = Zeroizing::new(Vec::with_capacity(4 + secret.expose().len()));
        key.extend_from_slice(b"AWS4");
        key.extend_from_slice(secret.expose());
        let mut derived = Zeroizing::new(provider.mac(&key).sign(scope.date_stamp().as_bytes()));
        for part in [scope.region().unwrap_or_default(), scope.service(), "aws4_request"] {
            *derived = provider.mac(&*derived).sign(part.as_bytes());
        }
        derived
    }

    pub(crate) fn sign(&self, message: &[u8]) -> Result<Signature, SignError> {
        Ok(Signature::from_bytes(&self.0.sign(message))?)
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningKey").finish_non_exhaustive()
    }
}
