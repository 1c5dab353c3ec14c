//! A body that is framed as aws-chunked.

use http::header;

use super::description::Description;
use crate::{
    chunked::ChunkedUpload,
    error::{ParseError, ParseErrorKind, SignError, SignErrorKind},
    sign::{Signer, SigningTrace},
    types::{Checksum, PayloadHash, Timestamp},
};

/// The upload that a description asks for; `None` if its payload is not aws-chunked.
pub(super) fn upload(
    description: &Description,
    payload: Option<PayloadHash>,
    body: &[u8],
) -> Result<Option<ChunkedUpload>, SignError> {
    let error = |expected: &'static str| ParseError::new(ParseErrorKind::PayloadHash, expected);
    if payload == Some(PayloadHash::StreamingEvents) && !body.is_empty() {
        let expected =
            "no body with an event stream: its events are signed one by one, by `EventSigner` of the library";
        return Err(error(expected).found(format!("{} bytes", body.len())).into());
    }
    let Some(payload) = payload.filter(PayloadHash::is_chunked) else {
        return match (description.chunk_size, &description.trailers) {
            (None, None) => Ok(None),
            _ => Err(error("a streaming sentinel beside `chunk_size` or `trailers`").into()),
        };
    };
    if description.presign.is_some() {
        let message =
            "expected no `presign` with a streaming payload: a presigned URL cannot say how its body is signed";
        return Err(SignError::new(SignErrorKind::Unsupported, message));
    }
    let length = u64::try_from(body.len()).unwrap_or(u64::MAX);
    let mut upload = match payload {
        PayloadHash::StreamingUnsignedTrailer => ChunkedUpload::unsigned(length),
        _ => ChunkedUpload::new(length),
    };
    if let Some(size) = description.chunk_size {
        upload = upload.with_chunk_size(usize::try_from(size).unwrap_or(usize::MAX))?;
    }
    let mut names: Vec<String> = Vec::new();
    for (name, value) in description.trailers.iter().flatten() {
        if names.iter().any(|known| known.eq_ignore_ascii_case(name)) {
            return Err(ParseError::new(ParseErrorKind::HeaderName, "each trailer once").found(name).into());
        }
        names.push(name.clone());
        upload = match (value, Checksum::from_header_name(&name.to_ascii_lowercase())) {
            (Some(value), _) => upload.with_trailer(name, value)?,
            (None, Some(checksum)) => upload.with_checksum(checksum),
            (None, None) => {
                let expected =
                    "a value, or the name of a checksum that can be computed such as `x-amz-checksum-crc32c`";
                return Err(ParseError::new(ParseErrorKind::HeaderName, expected).found(name).into());
            }
        };
    }
    match upload.payload() == payload {
        true => Ok(Some(upload)),
        false if payload == PayloadHash::StreamingSigned => {
            Err(error("the sentinel that ends with `-TRAILER` for a body with `trailers`").into())
        }
        false => Err(error("`trailers` with a sentinel that ends with `-TRAILER`").into()),
    }
}

/// Whether a header of the description is replaced by one of the framing.
pub(super) fn is_replaced(name: &str) -> bool {
    let replaced = [header::CONTENT_ENCODING, header::CONTENT_LENGTH, header::TRANSFER_ENCODING];
    let framing = ["x-amz-decoded-content-length", "x-amz-trailer"];
    replaced.iter().any(|known| name.eq_ignore_ascii_case(known.as_str()))
        || framing.iter().any(|known| name.eq_ignore_ascii_case(known))
}

/// The body as it is sent.
pub(super) fn frame(
    upload: ChunkedUpload,
    signer: Box<dyn Signer>,
    at: Timestamp,
    trace: &SigningTrace,
    body: &[u8],
) -> Result<Vec<u8>, SignError> {
    let mut encoder = upload.encoder(signer, at, trace.signature().clone());
    let mut wire = Vec::new();
    encoder.push(body, &mut wire)?;
    encoder.finish(&mut wire)?;
    Ok(wire)
}
