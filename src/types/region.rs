//! The region.

use std::{fmt, str::FromStr};

use crate::error::{ParseError, ParseErrorKind};

/// One [AWS region](https://docs.aws.amazon.com/general/latest/gr/rande.html), such as `us-east-1`: part of the SigV4
/// credential scope.
///
/// A region *set* is another type, [`RegionSet`](crate::RegionSet): `*` or a list is refused here, so that neither can
/// end up in a host name or a SigV4 scope.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Region(Box<str>);

impl Region {
    /// ASCII letters, digits, `-`, `_` and `.`. Any such name is accepted: S3-like servers have their own.
    ///
    /// # Errors
    /// [`Region`](ParseErrorKind::Region) for anything else.
    pub fn new(text: &str) -> Result<Self, ParseError> {
        let refused = text.bytes().position(|byte| !is_region_byte(byte));
        if text.is_empty() || refused.is_some() {
            return Err(ParseError::new(
                ParseErrorKind::Region,
                "one region such as `us-east-1` (letters, digits, `-`, `_`, `.`; a list or `*` is a region set)",
            )
            .found(text)
            .at(refused.unwrap_or(0)));
        }
        Ok(Self(text.into()))
    }

    /// The region as text.
    #[must_use]
    pub const fn as_str(&self) -> &str {
        &self.0
    }
}

pub(super) const fn is_region_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.')
}

impl fmt::Display for Region {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for Region {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        Self::new(text)
    }
}
