//! The intermediate values of one signature.

use crate::{
    canonical::{CanonicalRequest, StringToSign},
    types::{Algorithm, CredentialScope, Signature},
};

/// Every value on the way from a request to its signature, because people debug with them.
#[derive(Debug, Clone)]
pub struct SigningTrace {
    pub(super) algorithm: Algorithm,
    pub(super) canonical_request: CanonicalRequest,
    pub(super) string_to_sign: StringToSign,
    pub(super) signature: Signature,
}

impl SigningTrace {
    /// The algorithm.
    #[must_use]
    pub const fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// The canonical request.
    #[must_use]
    pub const fn canonical_request(&self) -> &CanonicalRequest {
        &self.canonical_request
    }

    /// The names of the signed headers: lower case, sorted, separated by `;`.
    #[must_use]
    pub fn signed_headers(&self) -> &str {
        self.canonical_request.signed_headers()
    }

    /// The credential scope.
    #[must_use]
    pub const fn scope(&self) -> &CredentialScope {
        self.string_to_sign.scope()
    }

    /// The string to sign.
    #[must_use]
    pub const fn string_to_sign(&self) -> &StringToSign {
        &self.string_to_sign
    }

    /// The signature.
    #[must_use]
    pub const fn signature(&self) -> &Signature {
        &self.signature
    }
}
