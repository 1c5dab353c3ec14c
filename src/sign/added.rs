//! The headers that signing adds.

use std::borrow::Cow;

use http::{HeaderName, HeaderValue};

use crate::{
    error::{ParseError, ParseErrorKind, SignError},
    sign::owned,
};

/// The headers that signing adds, in their order.
pub(super) struct Added<'a>(pub(super) Vec<AddedHeader<'a>>);

pub(super) struct AddedHeader<'a> {
    pub(super) name: HeaderName,
    pub(super) value: Text<'a>,
    pub(super) visibility: Visibility,
}

/// A value, in the cheapest form for an [`HeaderValue`]: one that is static or owned needs no copy.
pub(super) enum Text<'a> {
    Static(&'static str),
    Borrowed(&'a str),
    Owned(String),
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

    pub(super) fn push(&mut self, name: HeaderName, value: Text<'a>, visibility: Visibility) {
        self.0.push(AddedHeader { name, value, visibility });
    }

    pub(super) fn into_headers(self, host: Option<&str>) -> Result<Vec<(HeaderName, HeaderValue)>, SignError> {
        let mut headers = Vec::with_capacity(self.0.len() + 1);
        if let Some(host) = host {
            headers.push((http::header::HOST, header_value(owned::HOST, host.as_bytes())?));
        }
        for AddedHeader { name, value, .. } in self.0 {
            let mut value = match value {
                Text::Static(text) => HeaderValue::from_static(text),
                Text::Borrowed(text) => header_value(name.as_str(), text.as_bytes())?,
                Text::Owned(text) => HeaderValue::try_from(text).map_err(|_| refused(name.as_str()))?,
            };
            // What whoever has it can use: HTTP/2 must not index it, and `Debug` must not print it.
            value.set_sensitive(name == owned::AUTHORIZATION || name.as_str().ends_with("-token"));
            headers.push((name, value));
        }
        Ok(headers)
    }
}

impl Text<'_> {
    pub(super) fn as_str(&self) -> &str {
        match self {
            Self::Static(text) => text,
            Self::Borrowed(text) => text,
            Self::Owned(text) => text,
        }
    }
}

impl<'a> From<&'a str> for Text<'a> {
    fn from(text: &'a str) -> Self {
        Self::Borrowed(text)
    }
}

impl<'a> From<&'a Cow<'static, str>> for Text<'a> {
    fn from(text: &'a Cow<'static, str>) -> Self {
        match text {
            Cow::Borrowed(text) => Self::Static(text),
            Cow::Owned(text) => Self::Borrowed(text),
        }
    }
}

pub(super) fn header_name(name: &str) -> Result<HeaderName, SignError> {
    HeaderName::from_bytes(name.as_bytes())
        .map_err(|_| ParseError::new(ParseErrorKind::HeaderName, "an HTTP token").found(name).into())
}

pub(super) fn header_value(name: &str, value: &[u8]) -> Result<HeaderValue, SignError> {
    HeaderValue::from_bytes(value).map_err(|_| refused(name))
}

fn refused(name: &str) -> SignError {
    ParseError::new(ParseErrorKind::HeaderValue, format!("no control characters in `{name}`")).into()
}
