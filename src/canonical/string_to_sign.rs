//! The string to sign.

use crate::types::{Algorithm, CredentialScope, Timestamp};

/// What the key signs, [step 3 of
/// signing](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html#create-string-to-sign):
/// algorithm, time, credential scope and the hash of the canonical request, one below the other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StringToSign {
    text: String,
    scope: CredentialScope,
}

impl StringToSign {
    /// For a request, from the SHA-256 of its canonical request.
    pub(crate) fn for_request(
        algorithm: Algorithm,
        at: Timestamp,
        scope: CredentialScope,
        canonical_request_sha256: &[u8; 32],
    ) -> Self {
        let parts = [algorithm.as_str(), at.amz_date(), scope.as_str()];
        let mut text = String::with_capacity(parts.iter().map(|part| part.len() + 1).sum::<usize>() + 64);
        for part in parts {
            text.push_str(part);
            text.push('\n');
        }
        let mut hex = [0; 64];
        if let Ok(hex) = base16ct::lower::encode_str(canonical_request_sha256, &mut hex) {
            text.push_str(hex);
        }
        Self { text, scope }
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The bytes to sign.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        self.text.as_bytes()
    }

    /// The scope the signature is bound to: the SigV4 key is made from it.
    #[must_use]
    pub const fn scope(&self) -> &CredentialScope {
        &self.scope
    }
}
