//! The hosts that may be signed for.

use crate::{canonical::check_host, error::ParseError};

/// A host, or `*.` and the end of many.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct HostPattern(Box<str>);

impl HostPattern {
    pub(super) fn new(text: &str) -> Result<Self, ParseError> {
        check_host(text.strip_prefix("*.").unwrap_or(text))?;
        Ok(Self(text.to_ascii_lowercase().into()))
    }

    /// `host` is without a port unless the pattern has one.
    pub(super) fn matches(&self, host: &str) -> bool {
        let host = host.to_ascii_lowercase();
        let bare = host.rsplit_once(':').filter(|(_, port)| port.bytes().all(|byte| byte.is_ascii_digit()));
        let bare = bare.map_or(&*host, |(bare, _)| bare);
        match self.0.strip_prefix('*') {
            Some(end) => [&*host, bare].iter().any(|host| host.len() > end.len() && host.ends_with(end)),
            None => *self.0 == *host || *self.0 == *bare,
        }
    }
}
