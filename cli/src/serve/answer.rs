//! Responses.

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Response, StatusCode, header::CONTENT_TYPE};
use http_body_util::Full;
use quick_xml::escape::escape;

use super::Answer;

pub(super) fn empty(status: StatusCode) -> Answer {
    with_body(status, Bytes::new())
}

pub(super) fn with_body(status: StatusCode, body: impl Into<Bytes>) -> Answer {
    let mut response = Response::new(Full::new(body.into()));
    *response.status_mut() = status;
    response
}

pub(super) fn typed(status: StatusCode, content_type: &'static str, body: impl Into<Bytes>) -> Answer {
    let response = with_body(status, body);
    with_header(response, CONTENT_TYPE, content_type)
}

/// Adds a header; a value that HTTP cannot carry is left away.
pub(super) fn with_header(mut response: Answer, name: HeaderName, value: impl AsRef<[u8]>) -> Answer {
    if let Ok(value) = HeaderValue::from_bytes(value.as_ref()) {
        response.headers_mut().insert(name, value);
    }
    response
}

/// An error as S3 words it.
pub(super) struct S3Error {
    status: StatusCode,
    code: &'static str,
    message: String,
    /// What some errors tell beside that.
    elements: Vec<(&'static str, String)>,
    headers: Vec<(HeaderName, String)>,
}

impl S3Error {
    pub(super) fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self { status, code, message: message.into(), elements: Vec::new(), headers: Vec::new() }
    }

    pub(super) fn with(mut self, name: &'static str, text: impl Into<String>) -> Self {
        self.elements.push((name, text.into()));
        self
    }

    pub(super) fn with_header(mut self, name: HeaderName, value: String) -> Self {
        self.headers.push((name, value));
        self
    }

    pub(super) fn answer(self, resource: &str) -> Answer {
        let mut xml = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error>");
        let mut element = |name: &str, text: &str| xml.push_str(&format!("<{name}>{}</{name}>", escape(text)));
        element("Code", self.code);
        element("Message", &self.message);
        for (name, text) in &self.elements {
            element(name, text);
        }
        element("Resource", resource);
        xml.push_str("</Error>");
        let answer = typed(self.status, "application/xml", xml);
        self.headers.into_iter().fold(answer, |answer, (name, value)| with_header(answer, name, value))
    }
}

/// The body ended early: nobody is left to read this.
pub(super) fn broken_off() -> Answer {
    empty(StatusCode::BAD_REQUEST)
}
