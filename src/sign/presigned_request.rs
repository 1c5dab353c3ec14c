//! What presigning gives.

use http::{HeaderName, HeaderValue};

use crate::{
    error::SignError,
    sign::{
        SigningRequest, SigningTrace,
        signed_request::{Wire, wire_headers},
    },
    types::Timestamp,
};

/// The outcome of presigning: a URL that anyone can use until it expires, the headers that must be sent with it, and
/// every value on the way.
///
/// The URL is a credential. `Debug` shows its path only.
#[derive(Debug, Clone)]
pub struct PresignedRequest {
    wire: Wire,
    added: Vec<(HeaderName, HeaderValue)>,
    to_send: Vec<(HeaderName, HeaderValue)>,
    expires_at: Timestamp,
    trace: SigningTrace,
}

impl PresignedRequest {
    pub(super) const fn new(
        wire: Wire,
        added: Vec<(HeaderName, HeaderValue)>,
        to_send: Vec<(HeaderName, HeaderValue)>,
        expires_at: Timestamp,
        trace: SigningTrace,
    ) -> Self {
        Self { wire, added, to_send, expires_at, trace }
    }

    /// The intermediate values: canonical request, string to sign, signature.
    #[must_use]
    pub const fn trace(&self) -> &SigningTrace {
        &self.trace
    }

    /// The presigned URL.
    #[must_use]
    pub fn url(&self) -> String {
        self.wire.url.clone()
    }

    /// The signed host.
    #[must_use]
    pub fn host(&self) -> &str {
        self.trace.canonical_request.host()
    }

    /// The headers, besides `host`, that whoever uses the URL must send exactly as they are here.
    #[must_use]
    pub fn headers_to_send(&self) -> &[(HeaderName, HeaderValue)] {
        &self.to_send
    }

    /// When the URL stops working: at the end of its own lifetime or of the credentials', whichever is earlier.
    #[must_use]
    pub const fn expires_at(&self) -> Timestamp {
        self.expires_at
    }

    /// All headers to send, for a request that was given as a list: the caller's in their order and bytes without what an
    /// earlier signing left, then `host` if the caller gave none, then the added ones.
    #[must_use]
    pub fn wire_headers(&self, request: &SigningRequest<'_>) -> Vec<(String, Vec<u8>)> {
        wire_headers(request, self.host(), &self.added)
    }

    /// The presigned URL as an [`http::Uri`].
    ///
    /// # Errors
    /// [`Url`](crate::ParseErrorKind::Url) if it does not fit.
    pub fn to_uri(&self) -> Result<http::Uri, SignError> {
        let refused = || crate::ParseError::new(crate::ParseErrorKind::Url, "a URL that `http::Uri` can hold");
        let uri = self.wire.url.parse().map_err(|_| refused())?;
        Ok(uri)
    }
}
