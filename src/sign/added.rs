//! The headers that signing adds.

use http::{HeaderName, HeaderValue};

use crate::{
    error::{ParseError, ParseErrorKind, SignError},
    sign::owned,
};

/// The headers that signing adds, in their order.
pub(super) struct Added<'a>(pub(super) Vec<AddedHeader<'a>>);

pub(super) struct AddedHeader<'a> {
    pub(super) name: &'static str,
    pub(super) value: &'a str,
    pub(super) visibility: Visibility,
}

/// Whether an added header is part of what is signed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Visibility {
    Signed,
    Unsigned,
}

impl<'a> Added<'a> {
    pub(super) fn with_room() -> Self {
        // Date, region set, payload hash, token and authorization.
        Self(Vec::with_capacity(5))
    }

    pub(super) fn push(&mut self, name: &'static str, value: &'a str, visibility: Visibility) {
        self.0.push(AddedHeader { name, value, visibility });
    }

    pub(super) fn into_headers(self, host: Option<&str>) -> Result<Vec<(HeaderName, HeaderValue)>, SignError> {
        let mut headers = Vec::with_capacity(self.0.len() + 1);
        if let Some(host) = host {
            headers.push((http::header::HOST, header_value(owned::HOST, host.as_bytes())?));
        }
        for header in self.0 {
            let mut value = header_value(header.name, header.value.as_bytes())?;
            // What whoever has it can use: HTTP/2 must not index it, and `Debug` must not print it.
            value.set_sensitive(header.name == owned::AUTHORIZATION || header.name.ends_with("-token"));
            headers.push((HeaderName::from_static(header.name), value));
        }
        Ok(headers)
    }
}

pub(super) fn header_name(name: &str) -> Result<HeaderName, SignError> {
    HeaderName::from_bytes(name.as_bytes())
        .map_err(|_| ParseError::new(ParseErrorKind::HeaderName, "an HTTP token").found(name).into())
}

pub(super) fn header_value(name: &str, value: &[u8]) -> Result<HeaderValue, SignError> {
    HeaderValue::from_bytes(value)
        .map_err(|_| ParseError::new(ParseErrorKind::HeaderValue, format!("no control characters in `{name}`")).into())
}
