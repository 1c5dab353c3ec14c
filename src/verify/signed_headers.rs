//! The list of signed headers.

use std::fmt;

use crate::error::{VerifyError, VerifyErrorKind};

/// The names of the headers that a client signed: lower case, sorted, each once.
///
/// The client decides what it signs; a [`Verifier`](crate::Verifier) decides what it must. A list in another order or
/// letter case means the same, as at S3.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedHeaders {
    /// Separated by `;`.
    text: Box<str>,
}

impl SignedHeaders {
    pub(super) fn parse(text: &str, kind: VerifyErrorKind) -> Result<Self, VerifyError> {
        let lower = text.to_ascii_lowercase();
        let mut names: Vec<&str> = lower.split(';').collect();
        // `:authority` is no header name, and the only pseudo-header that is signed.
        let is_name = |name: &&str| *name == AUTHORITY || http::HeaderName::from_bytes(name.as_bytes()).is_ok();
        if !names.iter().all(is_name) {
            let message = "`SignedHeaders` wants the names of headers, separated by `;`";
            return Err(VerifyError::new(kind, message).found(text));
        }
        names.sort_unstable();
        names.dedup();
        Ok(Self { text: names.join(";").into() })
    }

    /// The list, separated by `;`.
    #[must_use]
    pub const fn as_str(&self) -> &str {
        &self.text
    }

    /// The names in their order.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.text.split(';')
    }

    /// Whether a header, its name in lower case, is signed.
    #[must_use]
    pub fn contains(&self, name: &str) -> bool {
        self.iter().any(|signed| signed == name)
    }

    /// Whether the host is signed, by its header or as HTTP/2 has it.
    pub(super) fn has_host(&self) -> bool {
        self.contains("host") || self.contains(AUTHORITY)
    }
}

/// The host of a request in HTTP/2.
pub(super) const AUTHORITY: &str = ":authority";

impl fmt::Display for SignedHeaders {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}
