//! What can sign.

use std::{fmt::Debug, sync::Arc};

use crate::{
    canonical::StringToSign,
    crypto::Provider,
    error::SignError,
    sign::SigningOptions,
    types::{AccessKeyId, Algorithm, CredentialScope, RegionSet, SessionToken, Signature, Timestamp},
};

/// Turns a string to sign into a signature, for one access key.
///
/// [`SigV4`](crate::SigV4) and [`SigV4a`](crate::SigV4a) implement it; so can a key in an HSM or another process. What
/// is done with it, signing and presigning requests, is in [`SignerExt`](crate::SignerExt), for every signer the same.
///
/// The trait is object-safe: `Box<dyn Signer>` is what a configuration value gives.
pub trait Signer: Debug + Send + Sync {
    /// The algorithm this signer uses.
    fn algorithm(&self) -> Algorithm;

    /// The access key ID that goes into `Credential=`.
    fn access_key_id(&self) -> &AccessKeyId;

    /// The session token, for temporary credentials.
    fn session_token(&self) -> Option<&SessionToken>;

    /// The scope of signatures made at `at`.
    fn scope(&self, at: Timestamp) -> CredentialScope;

    /// The regions in which a SigV4a signature is valid; `None` for SigV4.
    fn region_set(&self) -> Option<&RegionSet>;

    /// Signs. The key for SigV4 is the one of [`StringToSign::scope`].
    ///
    /// # Errors
    /// Whatever keeps the signer from signing; [`SignError::from_signer`] wraps an error of your own.
    fn sign_string(&self, string_to_sign: &StringToSign) -> Result<Signature, SignError>;

    /// When the credentials end, if known.
    fn expires_at(&self) -> Option<Timestamp> {
        None
    }

    /// How requests are to be signed.
    fn options(&self) -> &SigningOptions {
        SigningOptions::standard()
    }

    /// The back end that hashes payloads and canonical requests.
    fn provider(&self) -> Provider {
        Provider::default()
    }
}

macro_rules! forward {
    ($($pointer:ty),*) => {$(
        impl<S: Signer + ?Sized> Signer for $pointer {
            fn algorithm(&self) -> Algorithm {
                (**self).algorithm()
            }
            fn access_key_id(&self) -> &AccessKeyId {
                (**self).access_key_id()
            }
            fn session_token(&self) -> Option<&SessionToken> {
                (**self).session_token()
            }
            fn scope(&self, at: Timestamp) -> CredentialScope {
                (**self).scope(at)
            }
            fn region_set(&self) -> Option<&RegionSet> {
                (**self).region_set()
            }
            fn sign_string(&self, string_to_sign: &StringToSign) -> Result<Signature, SignError> {
                (**self).sign_string(string_to_sign)
            }
            fn expires_at(&self) -> Option<Timestamp> {
                (**self).expires_at()
            }
            fn options(&self) -> &SigningOptions {
                (**self).options()
            }
            fn provider(&self) -> Provider {
                (**self).provider()
            }
        }
    )*};
}

forward!(&S, Box<S>, Arc<S>);
