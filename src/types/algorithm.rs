//! The signing algorithm.

use std::{fmt, str::FromStr};

use crate::error::{ParseError, ParseErrorKind};

/// A signing algorithm of AWS, [as the `Authorization` header names
/// it](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-authentication-methods.html).
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Algorithm {
    /// Signature Version 4: HMAC-SHA256 with a key bound to one day, one region and one service.
    SigV4,
    /// Signature Version 4A: ECDSA over P-256 with SHA-256, valid in every region of a
    /// [`RegionSet`](crate::RegionSet).
    SigV4a,
}

impl Algorithm {
    /// The token on the wire: `AWS4-HMAC-SHA256` or `AWS4-ECDSA-P256-SHA256`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SigV4 => "AWS4-HMAC-SHA256",
            Self::SigV4a => "AWS4-ECDSA-P256-SHA256",
        }
    }

    /// The short name, as AWS's `auth_scheme_preference` and our configuration write it: `sigv4` or `sigv4a`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::SigV4 => "sigv4",
            Self::SigV4a => "sigv4a",
        }
    }
}

impl fmt::Display for Algorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Reads the token on the wire or the short name (in any letter case).
impl FromStr for Algorithm {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        [Self::SigV4, Self::SigV4a]
            .into_iter()
            .find(|algorithm| text == algorithm.as_str() || text.eq_ignore_ascii_case(algorithm.name()))
            .ok_or_else(|| ParseError::new(ParseErrorKind::Algorithm, "`sigv4` or `sigv4a`").found(text))
    }
}
