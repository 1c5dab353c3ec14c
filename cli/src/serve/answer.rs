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
pub(super) fn s3_error(status: StatusCode, code: &str, message: &str, resource: &str) -> Answer {
    let xml = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>{code}</Code><Message>{}</Message>\
         <Resource>{}</Resource></Error>",
        escape(message),
        escape(resource),
    );
    typed(status, "application/xml", xml)
}

/// The body ended early: nobody is left to read this.
pub(super) fn broken_off() -> Answer {
    empty(StatusCode::BAD_REQUEST)
}
