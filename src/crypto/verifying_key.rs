//! The public half of a SigV4a key.

use std::{fmt, sync::Arc};

use crate::{
    crypto::{Provider, provider::EcdsaVerify},
    error::{ParseError, ParseErrorKind, SignError, SignErrorKind},
    types::Signature,
};

/// A P-256 public key: all that is needed to check SigV4a signatures of an access key.
///
/// Get it from credentials with [`SigV4a::verifying_key`](crate::SigV4a::verifying_key).
#[derive(Clone)]
pub struct VerifyingKey {
    sec1: [u8; 65],
    /// Read once: that costs a share of every verification.
    parsed: Arc<dyn EcdsaVerify>,
}

impl VerifyingKey {
    /// From an uncompressed SEC1 point: `04 ‖ x ‖ y`, 65 bytes.
    ///
    /// # Errors
    /// [`Key`](ParseErrorKind::Key) if it is no point of the curve.
    pub fn from_sec1(bytes: &[u8], provider: Provider) -> Result<Self, ParseError> {
        let error = || ParseError::new(ParseErrorKind::Key, "an uncompressed point of P-256, 65 bytes");
        let sec1 = <[u8; 65]>::try_from(bytes).map_err(|_| error())?;
        // The same check for every back end: the point is on the curve, and is no compressed or hybrid form.
        p256::ecdsa::VerifyingKey::from_sec1_bytes(&sec1).map_err(|_| error())?;
        Self::from_valid(sec1, provider).map_err(|_| error())
    }

    /// From a PEM file, `-----BEGIN PUBLIC KEY-----`, as `openssl` and [`to_pem`](Self::to_pem) write it.
    ///
    /// # Errors
    /// [`Key`](ParseErrorKind::Key) if it is not one, or not of P-256.
    #[cfg(feature = "pem")]
    pub fn from_pem(text: &str, provider: Provider) -> Result<Self, ParseError> {
        use p256::pkcs8::DecodePublicKey as _;
        let key = p256::ecdsa::VerifyingKey::from_public_key_pem(text).map_err(|_| {
            ParseError::new(ParseErrorKind::Key, "a P-256 key in PEM, from `-----BEGIN PUBLIC KEY-----`")
        })?;
        Self::from_sec1(key.to_sec1_point(false).as_bytes(), provider)
    }

    /// A PEM file that everyone may read.
    #[cfg(feature = "pem")]
    #[must_use]
    pub fn to_pem(&self) -> String {
        use p256::pkcs8::{EncodePublicKey as _, LineEnding};
        // The point was checked when the key was made, and a public key always fits its encoding.
        let key = p256::ecdsa::VerifyingKey::from_sec1_bytes(&self.sec1).ok();
        key.and_then(|key| key.to_public_key_pem(LineEnding::LF).ok()).unwrap_or_default()
    }

    pub(super) fn from_valid(sec1: [u8; 65], provider: Provider) -> Result<Self, SignError> {
        let parsed = provider
            .ecdsa_verifier(&sec1)
            .ok_or_else(|| SignError::new(SignErrorKind::Key, "the back end refused the public key"))?;
        Ok(Self { sec1, parsed })
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
        self.parsed.verifies(message, signature.as_bytes())
    }
}

impl PartialEq for VerifyingKey {
    fn eq(&self, other: &Self) -> bool {
        self.sec1 == other.sec1
    }
}

impl Eq for VerifyingKey {}

/// Whether a signature is two integers from 1 to N − 1 in strict DER. What is not is malformed, whoever checks it.
pub(crate) fn is_ecdsa_der(signature: &Signature) -> bool {
    p256::ecdsa::Signature::from_der(signature.as_bytes()).is_ok()
}

/// r and s of a signature, s the lower of the two that fit: the same for both signatures that anyone can make of one.
pub(crate) fn normalized_ecdsa(signature: &Signature) -> Option<[u8; 64]> {
    let signature = p256::ecdsa::Signature::from_der(signature.as_bytes()).ok()?;
    Some(signature.normalize_s().to_bytes().into())
}

impl fmt::Debug for VerifyingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("VerifyingKey").field(&base16ct::lower::encode_string(&self.sec1)).finish()
    }
}
