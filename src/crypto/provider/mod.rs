//! The cryptographic back end, as a value.

#[cfg(feature = "aws-lc-rs")]
mod aws_lc_rs;
#[cfg(feature = "ring")]
mod ring;
mod rust_crypto;

use std::{fmt, sync::Arc};

use zeroize::Zeroizing;

use crate::{crypto::Digest, error::SignError, types::Signature};

/// Who computes SHA-256, HMAC and ECDSA.
///
/// A Cargo feature only adds a constructor. The default is [`ring`](Self::ring) where its feature is on, which it is by
/// default, else [`rust_crypto`](Self::rust_crypto).
#[derive(Clone, Copy)]
pub struct Provider(&'static dyn Backend);

impl Provider {
    /// Pure Rust: `sha2`, `hmac` and `p256`. Its ECDSA signatures are deterministic ([RFC
    /// 6979](https://www.rfc-editor.org/rfc/rfc6979)): the same request at the same time has the same signature.
    #[must_use]
    pub const fn rust_crypto() -> Self {
        Self(&rust_crypto::RustCrypto)
    }

    /// ECDSA through *ring*, hashing and HMAC as in [`rust_crypto`](Self::rust_crypto): *ring* is much faster at the
    /// first, no faster at the second, and could not wipe the HMAC keys.
    #[cfg(feature = "ring")]
    #[must_use]
    pub const fn ring() -> Self {
        Self(&ring::Ring)
    }

    /// Everything through AWS-LC, but for the checksums in trailers (SHA-1 and SHA-256 among them), which protect against
    /// mistakes and not against anybody.
    #[cfg(feature = "aws-lc-rs")]
    #[must_use]
    pub const fn aws_lc_rs() -> Self {
        Self(&aws_lc_rs::AwsLc)
    }

    /// Every back end of this build.
    #[must_use]
    pub fn all() -> Vec<Self> {
        vec![
            Self::rust_crypto(),
            #[cfg(feature = "ring")]
            Self::ring(),
            #[cfg(feature = "aws-lc-rs")]
            Self::aws_lc_rs(),
        ]
    }

    /// The name of the back end: `rust_crypto`, `ring` or `aws_lc_rs`.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.0.name()
    }

    pub(crate) fn sha256(self, data: &[u8]) -> [u8; 32] {
        self.0.sha256(data)
    }

    /// The same for what comes in pieces.
    pub(crate) fn digest(self) -> Digest {
        self.0.digest()
    }

    pub(crate) fn mac(self, key: &[u8]) -> Box<dyn Mac> {
        self.0.mac(key)
    }

    pub(super) fn ecdsa_signer(self, pair: &KeyPairBytes) -> Result<Box<dyn EcdsaSign>, SignError> {
        self.0.ecdsa_signer(pair)
    }

    pub(super) fn ecdsa_verifier(self, public: &[u8; 65]) -> Option<Arc<dyn EcdsaVerify>> {
        self.0.ecdsa_verifier(public)
    }
}

impl Default for Provider {
    fn default() -> Self {
        #[cfg(feature = "ring")]
        return Self::ring();
        #[cfg(not(feature = "ring"))]
        return Self::rust_crypto();
    }
}

impl fmt::Debug for Provider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Provider").field(&self.name()).finish()
    }
}

impl PartialEq for Provider {
    fn eq(&self, other: &Self) -> bool {
        self.name() == other.name()
    }
}

impl Eq for Provider {}

/// What a back end supplies.
trait Backend: Send + Sync {
    fn name(&self) -> &'static str;
    fn sha256(&self, data: &[u8]) -> [u8; 32];
    fn digest(&self) -> Digest {
        Digest::new()
    }
    fn mac(&self, key: &[u8]) -> Box<dyn Mac>;
    fn ecdsa_signer(&self, pair: &KeyPairBytes) -> Result<Box<dyn EcdsaSign>, SignError>;
    /// `public` is an uncompressed SEC1 point; `None` if it is refused.
    fn ecdsa_verifier(&self, public: &[u8; 65]) -> Option<Arc<dyn EcdsaVerify>>;
}

/// A P-256 key pair: the scalar and the uncompressed SEC1 point, both big-endian.
pub(super) struct KeyPairBytes {
    pub(super) scalar: Zeroizing<[u8; 32]>,
    pub(super) public: [u8; 65],
}

/// HMAC-SHA256 with one key.
pub(crate) trait Mac: Send + Sync {
    fn sign(&self, message: &[u8]) -> [u8; 32];
}

/// ECDSA with one key over the SHA-256 of a message.
pub(crate) trait EcdsaSign: Send + Sync {
    fn sign(&self, message: &[u8]) -> Result<Signature, SignError>;
}

/// Checks ECDSA signatures of one key over the SHA-256 of a message. A high S is accepted, anything but strict DER is not.
pub(crate) trait EcdsaVerify: Send + Sync {
    fn verifies(&self, message: &[u8], der: &[u8]) -> bool;
}
