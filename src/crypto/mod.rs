//! Floor 2: the only place that names a crypto crate.

mod digest;
mod ecdsa_signing_key;
mod key_cache;
mod provider;
#[cfg(feature = "chunked")]
mod sha1_digest;
mod signing_key;
mod verifying_key;

#[cfg(feature = "chunked")]
pub(crate) use self::sha1_digest::Sha1Digest;
pub(crate) use self::{
    digest::Digest, ecdsa_signing_key::EcdsaSigningKey, key_cache::KeyId, signing_key::SigningKey,
    verifying_key::is_ecdsa_der, verifying_key::normalized_ecdsa,
};
pub use self::{key_cache::KeyCache, provider::Provider, verifying_key::VerifyingKey};
