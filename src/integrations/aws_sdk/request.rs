//! The SDK's request, read and written.

use aws_smithy_runtime_api::{client::orchestrator::HttpRequest, http::Headers};
use http::{HeaderName, HeaderValue, header};

use crate::{
    chunked::ChunkedUpload,
    error::{ParseError, ParseErrorKind, SignError},
    sign::{OWNED_HEADERS, PresignedRequest, SignedRequest, SigningRequest},
    types::Algorithm,
};

/// Without its body.
pub(super) fn read(request: &HttpRequest) -> Result<SigningRequest<'_>, SignError> {
    let mut given = SigningRequest::new(request.method(), request.uri())?;
    for (name, value) in request.headers() {
        given = given.with_header(name, value)?;
    }
    match content_sha256(request.headers()) {
        Some(value) => given.with_content_sha256(value),
        None => Ok(given),
    }
}

/// The value that the SDK has set itself, as it does for Glacier.
pub(super) fn content_sha256(headers: &Headers) -> Option<&str> {
    headers.get("x-amz-content-sha256")
}

/// Sets the headers that go with a body in chunks.
pub(super) fn announce(
    upload: &ChunkedUpload,
    algorithm: Algorithm,
    request: &mut HttpRequest,
) -> Result<(), SignError> {
    let encodings: Vec<&str> = request.headers().get_all(header::CONTENT_ENCODING.as_str()).collect();
    let encoding = HeaderValue::try_from(encodings.join(",")).ok();
    let headers = request.headers_mut();
    headers.remove(header::TRANSFER_ENCODING.as_str());
    headers.remove("x-amz-trailer");
    insert(headers, &upload.headers(algorithm, encoding.as_ref()))
}

pub(super) fn write(signed: &SignedRequest, request: &mut HttpRequest) -> Result<(), SignError> {
    rewrite(request, signed.url())?;
    insert(request.headers_mut(), signed.added_headers())
}

/// The headers that a presigned URL binds are those of the request already, but for the signer's own.
pub(super) fn write_presigned(presigned: &PresignedRequest, request: &mut HttpRequest) -> Result<(), SignError> {
    rewrite(request, presigned.url())?;
    let to_send = presigned.headers_to_send().iter();
    let own: Vec<_> = to_send.filter(|(name, _)| OWNED_HEADERS.contains(name)).cloned().collect();
    insert(request.headers_mut(), &own)
}

/// Sets the URL, and takes off what an earlier signing left.
fn rewrite(request: &mut HttpRequest, url: String) -> Result<(), SignError> {
    if request.uri() != url {
        let refused = |_| ParseError::new(ParseErrorKind::Url, "one that the SDK takes for a URI");
        request.set_uri(url).map_err(refused)?;
    }
    for name in &OWNED_HEADERS {
        request.headers_mut().remove(name.as_str());
    }
    Ok(())
}

fn insert(headers: &mut Headers, added: &[(HeaderName, HeaderValue)]) -> Result<(), SignError> {
    for (name, value) in added {
        headers.try_insert(name.clone(), value.clone()).map_err(|_| {
            ParseError::new(ParseErrorKind::HeaderValue, format!("one that the SDK takes for `{name}`"))
        })?;
    }
    Ok(())
}
