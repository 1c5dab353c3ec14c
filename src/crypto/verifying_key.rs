//! The public half of a SigV4a key.

use std::fmt;

use crate::{
    crypto::Provider,
    error::{ParseError, ParseErrorKind},
    types::Signature,
};

/// A P-256 public key: all that is needed to check SigV4a signatures of an access key.
///
/// Get it from credentials with [`SigV4a::verifying_key`](crate::SigV4a::verifying_key).
#[derive(Clone, PartialEq, Eq)]
pub struct VerifyingKey {
    sec1: [u8; 65],
    provider: Provider,
}

impl VerifyingKey {
    /// From an uncompressed SEC1 point: `04 ‖ x ‖ y`, 65 bytes.
    ///
    /// # Errors
    /// [`Signature`](ParseErrorKind::Signature) if it is no point of the curve.
    pub fn from_sec1(bytes: &[u8], provider: Provider) -> Result<Self, ParseError> {
        let error = || ParseError::new(ParseErrorKind::Signature, "an uncompressed point of P-256, 65 bytes");
        let sec1 = <[u8; 65]>::try_from(bytes).map_err(|_| error())?;
        p256::ecdsa::VerifyingKey::from_sec1_bytes(&sec1).map_err(|_| error())?;
        Ok(Self { sec1, provider })
    }

    pub(super) const fn from_valid(sec1: [u8; 65], provider: Provider) -> Self {
        Self { sec1, provider }
    }

    /// The uncompressed SEC1 point: `04 ‖ x ‖ y`, 65 bytes.
    #[must_use]
    pub const fn to_sec1(&self) -> [u8; 65] {
        self.sec1
    }

    /// Whether `signature` is this key's over `message`, a string to sign. Strict DER; a high S is accepted, as AWS's
    /// signers make them.
    ///
    /// This is the bare primitive. It says nothing about a request.
    #[must_use]
    pub fn verifies(&self, message: &[u8], signature: &Signature) -> bool {
        self.provider.ecdsa_verify(&self.sec1, message, signature.as_bytes())
    }
}

impl fmt::Debug for VerifyingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("VerifyingKey").field(&base16ct::lower::encode_string(&self.sec1)).finish()
    }
}
