//! The headers that signing adds.

use http::{HeaderName, HeaderValue};

use crate::{
    canonical::HeaderField,
    error::{ParseError, ParseErrorKind, SignError},
    sign::owned,
};

/// The headers that signing adds, in their order: the signed ones, then those it only sends.
pub(super) struct Added {
    headers: Vec<(HeaderName, HeaderValue)>,
    signed: usize,
}

/// Whether an added header is part of what is signed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Visibility {
    Signed,
    Unsigned,
}

impl Added {
    pub(super) fn with_room() -> Self {
        // Date, region set, payload hash, token, authorization, and perhaps the host.
        Self { headers: Vec::with_capacity(6), signed: 0 }
    }

    /// Adds a header; the unsigned ones come last.
    pub(super) fn push(&mut self, name: HeaderName, mut value: HeaderValue, visibility: Visibility) {
        // What whoever has it can use: HTTP/2 must not index it, and `Debug` must not print it.
        value.set_sensitive(name == owned::AUTHORIZATION || name.as_str().ends_with("-token"));
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

    /// The headers to set, the host's before them if signing chose it.
    pub(super) fn into_headers(mut self, host: Option<&str>) -> Result<Vec<(HeaderName, HeaderValue)>, SignError> {
        if let Some(host) = host {
            self.headers.insert(0, (http::header::HOST, header_value(owned::HOST, host.as_bytes())?));
        }
        Ok(self.headers)
    }
}

pub(super) fn header_name(name: &str) -> Result<HeaderName, SignError> {
    HeaderName::from_bytes(name.as_bytes())
        .map_err(|_| ParseError::new(ParseErrorKind::HeaderName, "an HTTP token").found(name).into())
}

pub(super) fn header_value(name: &str, value: &[u8]) -> Result<HeaderValue, SignError> {
    HeaderValue::from_bytes(value).map_err(|_| refused(name))
}

/// The value of a text made here, which needs no copy.
pub(super) fn text_value(name: &HeaderName, text: String) -> Result<HeaderValue, SignError> {
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

fn refused(name: &str) -> SignError {
    ParseError::new(ParseErrorKind::HeaderValue, format!("no control characters in `{name}`")).into()
}
