//! The headers that signing adds.

use http::{HeaderMap, HeaderName, HeaderValue};
use smallvec::SmallVec;

use crate::{
    canonical::HeaderField,
    error::{ParseError, ParseErrorKind, SignError},
    sign::owned,
};

/// The headers that signing adds, in their order: the signed ones, then those it only sends.
#[derive(Default)]
pub(super) struct Added {
    /// Date, region set, payload hash, token, authorization, and perhaps the host.
    headers: SmallVec<[(HeaderName, HeaderValue); 6]>,
    signed: usize,
}

/// Whether an added header is part of what is signed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Visibility {
    Signed,
    Unsigned,
}

/// A header with which whoever has it can use the credentials: HTTP/2 must not index it, and `Debug` must not print it.
pub(super) fn sensitive(mut value: HeaderValue) -> HeaderValue {
    value.set_sensitive(true);
    value
}

impl Added {
    /// Adds a header; the unsigned ones come last.
    pub(super) fn push(&mut self, name: HeaderName, value: HeaderValue, visibility: Visibility) {
        self.headers.push((name, value));
        if visibility == Visibility::Signed {
            self.signed = self.headers.len();
        }
    }

    pub(super) fn signed(&self) -> impl Iterator<Item = HeaderField<'_>> {
        let signed = self.headers.get(..self.signed).unwrap_or_default();
        signed.iter().map(|(name, value)| HeaderField { name: name.as_str(), value: value.as_bytes() })
    }

    pub(super) fn as_slice(&self) -> &[(HeaderName, HeaderValue)] {
        &self.headers
    }

    /// Puts the host before the others, if signing chose it.
    pub(super) fn set_host(&mut self, host: Option<&str>) -> Result<(), SignError> {
        if let Some(host) = host {
            self.headers.insert(0, (http::header::HOST, header_value(owned::HOST, host.as_bytes())?));
        }
        Ok(())
    }

    pub(super) fn into_headers(self) -> Vec<(HeaderName, HeaderValue)> {
        self.headers.into_vec()
    }

    pub(super) fn move_into(&mut self, headers: &mut HeaderMap) {
        set_headers(self.headers.drain(..), headers);
    }
}

/// Sets headers, in place of those of the same name.
pub(super) fn set_headers(added: impl ExactSizeIterator<Item = (HeaderName, HeaderValue)>, headers: &mut HeaderMap) {
    headers.reserve(added.len());
    for (name, value) in added {
        headers.insert(name, value);
    }
}

/// Removes whatever an earlier signing left.
pub(super) fn remove_owned(headers: &mut HeaderMap) {
    // A first signing finds none: looking is cheaper than removing.
    if headers.keys().any(|name| owned::is_owned_header(name.as_str())) {
        for name in &owned::HEADERS {
            headers.remove(name);
        }
    }
}

pub(super) fn header_name(name: &str) -> Result<HeaderName, SignError> {
    if name == owned::SECURITY_TOKEN.as_str() {
        return Ok(owned::SECURITY_TOKEN);
    }
    HeaderName::from_bytes(name.as_bytes())
        .map_err(|_| ParseError::new(ParseErrorKind::HeaderName, "an HTTP token").found(name).into())
}

pub(super) fn header_value(name: &str, value: &[u8]) -> Result<HeaderValue, SignError> {
    HeaderValue::from_bytes(value).map_err(|_| refused(name))
}

/// The value of a text made here, which needs no copy.
pub(super) fn text_value(name: &HeaderName, text: Vec<u8>) -> Result<HeaderValue, SignError> {
    HeaderValue::try_from(text).map_err(|_| refused(name.as_str()))
}

/// The value of `x-amz-content-sha256`. The two most frequent were made when this was compiled.
pub(super) fn payload_value(payload: &str) -> Result<HeaderValue, SignError> {
    static UNSIGNED: HeaderValue = HeaderValue::from_static("UNSIGNED-PAYLOAD");
    static EMPTY: HeaderValue =
        HeaderValue::from_static("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    match payload {
        known if UNSIGNED == known => Ok(UNSIGNED.clone()),
        known if EMPTY == known => Ok(EMPTY.clone()),
        other => header_value(owned::CONTENT_SHA256.as_str(), other.as_bytes()),
    }
}

/// The value of `x-amz-region-set`; the usual one was made when this was compiled.
pub(super) fn region_set_value(region_set: &str) -> Result<HeaderValue, SignError> {
    match region_set {
        "*" => Ok(HeaderValue::from_static("*")),
        other => header_value(owned::REGION_SET.as_str(), other.as_bytes()),
    }
}

fn refused(name: &str) -> SignError {
    ParseError::new(ParseErrorKind::HeaderValue, format!("no control characters in `{name}`")).into()
}
