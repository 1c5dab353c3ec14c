//! The host of a target.

use std::fmt;

use crate::{
    error::{ParseError, ParseErrorKind},
    types::{Endpoint, Region},
};

/// A host name without scheme and port, in lower case: services compare it with their own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Host(Box<str>);

impl Host {
    pub(super) fn new(text: &str) -> Result<Self, ParseError> {
        let is_host_byte = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        let is_label = |label: &str| !label.is_empty() && label.bytes().all(is_host_byte);
        if !text.split('.').all(is_label) {
            return Err(ParseError::new(ParseErrorKind::Host, "a host name without scheme and port").found(text));
        }
        Ok(Self(text.to_ascii_lowercase().into()))
    }

    /// Refuses another region than the one in the name. What would be signed is good nowhere, and the services say no more
    /// than that access is denied. A name that tells no region, such as a custom domain, passes.
    pub(super) fn check_region(&self, region: &Region) -> Result<(), ParseError> {
        let endpoint = Endpoint::from_host(&self.0).ok();
        match endpoint.as_ref().and_then(Endpoint::region) {
            Some(told) if told != region => {
                let expected = format!("`{told}`, which the host `{self}` names");
                Err(ParseError::new(ParseErrorKind::Region, expected).found(region.as_str()))
            }
            _ => Ok(()),
        }
    }
}

impl fmt::Display for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
