//! What signing with headers gives.

use http::{HeaderName, HeaderValue, request::Parts};

use crate::{
    error::{ParseError, ParseErrorKind, SignError},
    sign::{
        SigningRequest, SigningTrace,
        added::{remove_owned, set_headers},
        owned,
    },
};

/// The outcome of signing with headers: the URI to send, the headers to add, and every value on the way.
///
/// Nothing is changed until [`apply_to`](Self::apply_to), which does all or nothing.
#[derive(Debug, Clone)]
pub struct SignedRequest {
    wire: Wire,
    headers: Vec<(HeaderName, HeaderValue)>,
    trace: SigningTrace,
}

/// Where the request goes.
#[derive(Clone)]
pub(super) struct Wire {
    pub(super) url: String,
    /// Bytes of `https://host:port` at the start of the URL; 0 for a relative one.
    pub(super) origin_len: usize,
}

impl SignedRequest {
    pub(super) const fn new(wire: Wire, headers: Vec<(HeaderName, HeaderValue)>, trace: SigningTrace) -> Self {
        Self { wire, headers, trace }
    }

    /// The intermediate values: canonical request, string to sign, signature.
    #[must_use]
    pub const fn trace(&self) -> &SigningTrace {
        &self.trace
    }

    /// The URL to send: what was given, with path and query in wire form. A relative URI stays relative.
    #[must_use]
    pub fn url(&self) -> String {
        self.wire.url.clone()
    }

    /// The signed host.
    #[must_use]
    pub fn host(&self) -> &str {
        self.trace.canonical_request.host()
    }

    /// The headers that signing adds or replaces; `authorization` is the last.
    #[must_use]
    pub fn added_headers(&self) -> &[(HeaderName, HeaderValue)] {
        &self.headers
    }

    /// The value of the `Authorization` header.
    #[must_use]
    pub fn authorization(&self) -> &str {
        let value = self.headers.iter().rev().find(|(name, _)| *name == http::header::AUTHORIZATION);
        value.and_then(|(_, value)| value.to_str().ok()).unwrap_or_default()
    }

    /// All headers to send, for a request that was given as a list: the caller's in their order and bytes without what an
    /// earlier signing left, then `host` if the caller gave none, then the added ones.
    #[must_use]
    pub fn wire_headers(&self, request: &SigningRequest<'_>) -> Vec<(String, Vec<u8>)> {
        wire_headers(request, self.host(), &self.headers)
    }

    /// Writes URI and headers into the parts of the request that was signed, replacing what an earlier signing left.
    ///
    /// # Errors
    /// [`Url`](ParseErrorKind::Url) if the wire form does not fit an [`http::Uri`]; then nothing is changed.
    pub fn apply_to(self, parts: &mut Parts) -> Result<(), SignError> {
        self.apply(&mut parts.uri, &mut parts.headers)
    }

    /// The same for a whole request.
    ///
    /// # Errors
    /// As [`apply_to`](Self::apply_to).
    pub fn apply_to_request<B>(self, request: &mut http::Request<B>) -> Result<(), SignError> {
        let mut uri = std::mem::take(request.uri_mut());
        let outcome = self.apply(&mut uri, request.headers_mut());
        *request.uri_mut() = uri;
        outcome
    }

    fn apply(self, uri: &mut http::Uri, headers: &mut http::HeaderMap) -> Result<(), SignError> {
        apply_path_and_query(self.wire.path_and_query(), uri)?;
        remove_owned(headers);
        set_headers(self.headers.into_iter(), headers);
        Ok(())
    }
}

/// The request's own headers as they go out, then what is added.
pub(super) fn wire_headers(
    request: &SigningRequest<'_>,
    host: &str,
    added: &[(HeaderName, HeaderValue)],
) -> Vec<(String, Vec<u8>)> {
    let is_replaced = |name: &str| owned::is_owned_header(name) || added.iter().any(|(added, _)| added == name);
    let mut headers: Vec<(String, Vec<u8>)> = Vec::new();
    request.for_each_header(|header| {
        if !is_replaced(header.field.name) {
            headers.push((header.name.to_owned(), header.field.value.to_vec()));
        }
    });
    let has_host = headers.iter().any(|(name, _)| name.eq_ignore_ascii_case(owned::HOST));
    if !has_host && !added.iter().any(|(name, _)| *name == http::header::HOST) {
        headers.push((owned::HOST.to_owned(), host.as_bytes().to_vec()));
    }
    headers.extend(added.iter().map(|(name, value)| (name.as_str().to_owned(), value.as_bytes().to_vec())));
    headers
}

impl Wire {
    fn path_and_query(&self) -> &str {
        self.url.get(self.origin_len..).unwrap_or_default()
    }
}

/// Replaces path and query; scheme and authority stay.
pub(super) fn apply_path_and_query(path_and_query: &str, uri: &mut http::Uri) -> Result<(), SignError> {
    if uri.path_and_query().is_some_and(|given| given.as_str() == path_and_query) {
        return Ok(());
    }
    let refused = || ParseError::new(ParseErrorKind::Url, "a path and query that `http::Uri` can hold");
    let mut parts = uri.clone().into_parts();
    parts.path_and_query = Some(path_and_query.parse().map_err(|_| refused())?);
    *uri = http::Uri::from_parts(parts).map_err(|_| refused())?;
    Ok(())
}

impl std::fmt::Debug for Wire {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // A presigned query is a credential: only the path is shown.
        let shown = self.url.split_once('?').map_or(&*self.url, |(shown, _)| shown);
        f.debug_struct("Wire").field("url", &shown).finish_non_exhaustive()
    }
}
