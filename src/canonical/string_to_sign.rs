//! The string to sign.

use crate::types::{Algorithm, CredentialScope, Signature, Timestamp};

/// What the key signs, [step 3 of
/// signing](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html#create-string-to-sign):
/// algorithm, time, credential scope and the hash of the canonical request, one below the other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StringToSign {
    pub(super) text: String,
    pub(super) scope: CredentialScope,
}

impl StringToSign {
    /// For a request, from the SHA-256 of its canonical request.
    pub(crate) fn for_request(
        algorithm: Algorithm,
        at: Timestamp,
        scope: CredentialScope,
        canonical_request_sha256: &[u8; 32],
    ) -> Self {
        Self::write([algorithm.as_str(), ""], at, scope, None, &[canonical_request_sha256])
    }

    pub(super) fn write(
        algorithm: [&str; 2],
        at: Timestamp,
        scope: CredentialScope,
        previous: Option<&Signature>,
        hashes: &[&[u8; 32]],
    ) -> Self {
        let previous_len = previous.map_or(0, |previous| 1 + 2 * previous.as_bytes().len());
        let names: usize = algorithm.iter().map(|part| part.len()).sum();
        let room = names + 18 + scope.as_str().len() + previous_len + 65 * hashes.len();
        let mut text = String::with_capacity(room);
        algorithm.iter().for_each(|part| text.push_str(part));
        for line in [at.amz_date(), scope.as_str()] {
            text.push('\n');
            text.push_str(line);
        }
        if let Some(previous) = previous {
            text.push('\n');
            text.push_str(previous.hex(&mut Signature::HEX_ROOM.clone()));
        }
        for hash in hashes {
            text.push('\n');
            let mut hex = [0; 64];
            if let Ok(hex) = base16ct::lower::encode_str(*hash, &mut hex) {
                text.push_str(hex);
            }
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
