//! The service.

use std::{borrow::Cow, fmt, str::FromStr};

use crate::error::{ParseError, ParseErrorKind};

/// The *signing name* of a service, part of the credential scope: `s3`, `execute-api`, `IoTSecuredTunneling`.
///
/// It is not always the label in the host name ([`Endpoint`](crate::Endpoint) knows which one it is), and it is
/// case-sensitive.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Service(Cow<'static, str>);

impl Service {
    /// Amazon S3, including Multi-Region Access Points.
    pub const S3: Self = Self(Cow::Borrowed("s3"));
    /// Amazon API Gateway, as its callers sign.
    pub const EXECUTE_API: Self = Self(Cow::Borrowed("execute-api"));

    /// ASCII letters, digits, `-`, `_` and `.`.
    ///
    /// # Errors
    /// [`Service`](ParseErrorKind::Service) for anything else.
    pub fn new(text: &str) -> Result<Self, ParseError> {
        let refused =
            text.bytes().position(|byte| !byte.is_ascii_alphanumeric() && !matches!(byte, b'-' | b'_' | b'.'));
        if text.is_empty() || refused.is_some() {
            return Err(ParseError::new(
                ParseErrorKind::Service,
                "a signing name such as `s3` or `execute-api` (letters, digits, `-`, `_`, `.`)",
            )
            .found(text)
            .at(refused.unwrap_or(0)));
        }
        Ok(Self(Cow::Owned(text.to_owned())))
    }

    pub(crate) const fn from_static(text: &'static str) -> Self {
        Self(Cow::Borrowed(text))
    }

    /// The signing name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Service {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for Service {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        Self::new(text)
    }
}
