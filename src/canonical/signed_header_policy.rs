//! Which headers are signed.

use std::borrow::Cow;

use crate::{canonical::check_name, error::ParseError};

/// Which of the caller's headers are signed. A header that is not signed is sent all the same.
///
/// The signer's own headers and `host` are always signed. There is one policy for both algorithms.
///
/// ```
/// # fn main() -> Result<(), sigv4a::ParseError> {
/// use sigv4a::SignedHeaderPolicy;
/// // A proxy in front of us rewrites Cache-Control; S3 wants to see our Via.
/// let policy = SignedHeaderPolicy::standard().without("Cache-Control")?.with("via")?;
/// assert!(!policy.signs("cache-control") && policy.signs("via"));
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedHeaderPolicy {
    base: Base,
    with: Vec<Cow<'static, str>>,
    without: Vec<Cow<'static, str>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Base {
    Standard,
    Minimal,
}

impl SignedHeaderPolicy {
    /// Everything but what clients and intermediaries are known to change: hop-by-hop headers, `accept-encoding`,
    /// `user-agent`, `via`, `forwarded`, `x-forwarded-*`, tracing headers and `sec-websocket-*`.
    #[must_use]
    pub const fn standard() -> Self {
        Self { base: Base::Standard, with: Vec::new(), without: Vec::new() }
    }

    /// Only what AWS requires or what changes the meaning of a request: `content-type`, `content-md5`, `date`, `range`
    /// and `x-amz-*`.
    #[must_use]
    pub const fn minimal() -> Self {
        Self { base: Base::Minimal, with: Vec::new(), without: Vec::new() }
    }

    /// Signs this header too. The name may be in any letter case.
    ///
    /// # Errors
    /// [`HeaderName`](crate::ParseErrorKind::HeaderName).
    pub fn with(mut self, name: &str) -> Result<Self, ParseError> {
        check_name(name)?;
        self.with.push(Cow::Owned(name.to_ascii_lowercase()));
        Ok(self)
    }

    /// Leaves this header unsigned. The name may be in any letter case.
    ///
    /// # Errors
    /// [`HeaderName`](crate::ParseErrorKind::HeaderName).
    pub fn without(mut self, name: &str) -> Result<Self, ParseError> {
        check_name(name)?;
        self.without.push(Cow::Owned(name.to_ascii_lowercase()));
        Ok(self)
    }

    /// Whether a header, its name in lower case, is signed.
    #[must_use]
    pub fn signs(&self, name: &str) -> bool {
        if self.without.iter().any(|left_out| left_out == name) {
            return false;
        }
        let by_base = match self.base {
            Base::Standard => !is_changed_on_the_way(name),
            Base::Minimal => MINIMAL.contains(&name) || name.starts_with("x-amz-"),
        };
        by_base || self.with.iter().any(|added| added == name)
    }
}

impl Default for SignedHeaderPolicy {
    fn default() -> Self {
        Self::standard()
    }
}

fn starts_with_any(name: &str, prefixes: &[&str]) -> bool {
    prefixes.iter().any(|prefix| name.starts_with(prefix))
}

/// The union of what AWS's signers leave out and of what proxies, load balancers and HTTP clients were seen to rewrite.
fn is_changed_on_the_way(name: &str) -> bool {
    matches!(
        name,
        "authorization"
            | "connection"
            | "expect"
            | "keep-alive"
            | "proxy-authenticate"
            | "proxy-authorization"
            | "proxy-connection"
            | "te"
            | "trailer"
            | "transfer-encoding"
            | "upgrade"
            | "user-agent"
            | "accept-encoding"
            | "via"
            | "forwarded"
            | "x-amzn-trace-id"
            | "traceparent"
            | "tracestate"
            | "baggage"
    ) || starts_with_any(name, CHANGED_PREFIXES)
}

const CHANGED_PREFIXES: &[&str] = &["x-forwarded-", "sec-websocket-"];

const MINIMAL: &[&str] = &["content-type", "content-md5", "date", "range"];
