//! What stands in for a password.

use std::fmt;

use zeroize::Zeroizing;

use crate::{sign::PresignedRequest, types::Timestamp};

/// A token: whoever has it is let in, until it expires.
///
/// Wiped from memory on drop and never printed: `Debug` shows when it expires.
#[derive(Clone)]
pub struct Token {
    text: Zeroizing<String>,
    expires_at: Timestamp,
}

impl Token {
    pub(super) const fn new(text: Zeroizing<String>, expires_at: Timestamp) -> Self {
        Self { text, expires_at }
    }

    /// A presigned URL without its scheme, as the databases want it.
    pub(super) fn without_scheme(presigned: &PresignedRequest) -> Self {
        let url = Zeroizing::new(presigned.url());
        let text = url.strip_prefix("https://").unwrap_or(&url);
        Self::new(Zeroizing::new(text.to_owned()), presigned.expires_at())
    }

    /// The token as it is given to the service. Mind where it goes.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// When the token stops working: at the end of its own lifetime or of the credentials', whichever is earlier.
    #[must_use]
    pub const fn expires_at(&self) -> Timestamp {
        self.expires_at
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Token").field("expires_at", &self.expires_at).finish_non_exhaustive()
    }
}
