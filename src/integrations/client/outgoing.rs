//! A body on its way into a request: what is known about it, and what will be signed.

use std::error::Error;

use bytes::Bytes;
use http::{
    HeaderValue, Method,
    header::{CONTENT_LENGTH, TRANSFER_ENCODING},
    request::Parts,
};
use http_body::Body;
use http_body_util::{BodyExt as _, Full, LengthLimitError, Limited};

use super::{Attempt, BodySigning, Reopen, SignedBody, settings::Settings};
use crate::{
    chunked::ChunkedUpload,
    error::{SignError, SignErrorKind},
    integrations::http_body::ChunkedBody,
    types::{CanonicalRules, PayloadHash, PayloadSigning, ServiceProfile},
};

/// A body as the client gives it.
#[non_exhaustive]
#[derive(Debug)]
pub enum Given<B> {
    /// All of it; it can be hashed, and sent again.
    InMemory(Bytes),
    /// It comes from elsewhere.
    Streamed(B),
    /// It comes from where it can be had again, and goes out as aws-chunked in this manner, whatever
    /// [`BodySigning`] says: a file for S3, however long.
    Reopened(Reopen<B>, ChunkedUpload),
}

/// A body as it will be signed.
pub(super) enum Outgoing<B> {
    Whole(Bytes),
    ChunkedWhole(Bytes, ChunkedUpload),
    Chunked(B, ChunkedUpload),
    Reopened(Reopen<B>, ChunkedUpload),
    Unsigned(B),
}

impl<B> Given<B>
where
    B: Body<Data = Bytes>,
    B::Error: Into<Box<dyn Error + Send + Sync>>,
{
    /// Decides how a body is signed, and reads what must be read for it.
    pub(super) async fn prepare(
        self,
        settings: &Settings,
        profile: &ServiceProfile,
        parts: &Parts,
    ) -> Result<Outgoing<B>, SignError> {
        // aws-chunked is a form of uploads: nothing to send is no upload, unless the method says so.
        let is_upload = matches!(parts.method, Method::PUT | Method::POST);
        let body = match (self, settings.body_signing) {
            (Self::InMemory(bytes), BodySigning::Chunked) if is_upload || !bytes.is_empty() => {
                let upload = upload(as_u64(bytes.len()), settings);
                return Ok(Outgoing::ChunkedWhole(bytes, upload));
            }
            (Self::InMemory(bytes), _) => return Ok(Outgoing::Whole(bytes)),
            (Self::Reopened(reopen, upload), _) => return Ok(Outgoing::Reopened(reopen, upload)),
            (Self::Streamed(body), _) => body,
        };
        let length = length(&body, parts);
        let is_s3 = profile.rules == CanonicalRules::S3;
        match (settings.body_signing, length) {
            (BodySigning::Chunked, Some(0)) if !is_upload => Ok(Outgoing::Whole(Bytes::new())),
            (BodySigning::Chunked, Some(length)) => Ok(Outgoing::Chunked(body, upload(length, settings))),
            (BodySigning::Chunked, None) => Err(unknown_length()),
            (BodySigning::Unsigned, _) => Ok(Outgoing::Unsigned(body)),
            (BodySigning::OfService, _) if profile.payload == PayloadSigning::AlwaysUnsigned => {
                Ok(Outgoing::Unsigned(body))
            }
            (BodySigning::OfService, Some(length)) if is_s3 && length > settings.body_limit => {
                Ok(Outgoing::Chunked(body, upload(length, settings)))
            }
            (BodySigning::OfService | BodySigning::Hash, _) => read(body, settings.body_limit).await,
        }
    }
}

impl<B> Outgoing<B>
where
    B: Body<Data = Bytes>,
    B::Error: Into<Box<dyn Error + Send + Sync>>,
{
    /// Signs a request with this body, which is still there afterwards if it can be sent again.
    pub(super) fn sign(
        self,
        attempt: &Attempt,
        settings: &Settings,
        parts: &mut Parts,
    ) -> Result<(SignedBody<B>, Option<Self>), SignError> {
        let signer = attempt.signer.clone();
        Ok(match self {
            Self::Whole(bytes) => {
                set_length(parts, &bytes);
                match settings.body_signing {
                    BodySigning::Unsigned => attempt.sign_payload(parts, PayloadHash::Unsigned)?,
                    _ => attempt.sign(parts, &bytes)?,
                }
                (SignedBody::whole(bytes.clone()), Some(Self::Whole(bytes)))
            }
            Self::ChunkedWhole(bytes, upload) => {
                let body = Full::new(bytes.clone());
                let body = ChunkedBody::sign(upload.clone(), body, signer, parts, attempt.at)?;
                (SignedBody::chunked_whole(body), Some(Self::ChunkedWhole(bytes, upload)))
            }
            Self::Chunked(body, upload) => {
                let body = ChunkedBody::sign(upload, body, signer, parts, attempt.at)?;
                (SignedBody::chunked(body), None)
            }
            Self::Reopened(reopen, upload) => {
                let body = ChunkedBody::sign(upload.clone(), reopen.open(), signer, parts, attempt.at)?;
                (SignedBody::chunked(body), Some(Self::Reopened(reopen, upload)))
            }
            Self::Unsigned(body) => {
                attempt.sign_payload(parts, PayloadHash::Unsigned)?;
                (SignedBody::as_given(body), None)
            }
        })
    }

    /// For a host that gets no signature: it gets no body either.
    pub(super) fn unsigned() -> (SignedBody<B>, Option<Self>) {
        (SignedBody::whole(Bytes::new()), Some(Self::Whole(Bytes::new())))
    }

    /// Whether there is nothing to send. What comes from elsewhere is taken for something.
    pub(super) const fn is_empty(&self) -> bool {
        match self {
            Self::Whole(bytes) | Self::ChunkedWhole(bytes, _) => bytes.is_empty(),
            Self::Chunked(..) | Self::Reopened(..) | Self::Unsigned(_) => false,
        }
    }

    pub(super) const fn is_replayable(&self) -> bool {
        matches!(self, Self::Whole(_) | Self::ChunkedWhole(..) | Self::Reopened(..))
    }
}

/// A client that knows the length writes it anyway; written before, it is signed.
fn set_length(parts: &mut Parts, bytes: &Bytes) {
    if !bytes.is_empty() {
        parts.headers.remove(TRANSFER_ENCODING);
        parts.headers.insert(CONTENT_LENGTH, HeaderValue::from(bytes.len()));
    }
}

fn upload(length: u64, settings: &Settings) -> ChunkedUpload {
    let upload = ChunkedUpload::new(length);
    match settings.checksum {
        Some(checksum) => upload.with_checksum(checksum),
        None => upload,
    }
}

/// The length of a body, if it or its request tells.
fn length(body: &impl Body, parts: &Parts) -> Option<u64> {
    let told = || parts.headers.get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok();
    body.size_hint().exact().or_else(told)
}

async fn read<B>(body: B, limit: u64) -> Result<Outgoing<B>, SignError>
where
    B: Body<Data = Bytes>,
    B::Error: Into<Box<dyn Error + Send + Sync>>,
{
    if body.size_hint().lower() > limit {
        return Err(too_long(limit));
    }
    let limited = Limited::new(body, usize::try_from(limit).unwrap_or(usize::MAX));
    match limited.collect().await {
        Ok(collected) => Ok(Outgoing::Whole(collected.to_bytes())),
        Err(error) if error.is::<LengthLimitError>() => Err(too_long(limit)),
        Err(error) => Err(SignError::new(SignErrorKind::Body, "it broke off while it was read").with_source(error)),
    }
}

fn too_long(limit: u64) -> SignError {
    let message = format!(
        "expected at most {limit} bytes to read and hash, found more: raise the limit, or say that the body is signed in \
         chunks (S3) or not at all"
    );
    SignError::new(SignErrorKind::BodyLength, message)
}

fn unknown_length() -> SignError {
    let message = "expected a body of known length or a `Content-Length`, found neither: aws-chunked needs it";
    SignError::new(SignErrorKind::BodyLength, message)
}

fn as_u64(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}
