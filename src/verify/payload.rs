//! What a signature says about the body, and whether the body is that one.

use std::fmt;

use http::HeaderName;

use crate::{
    crypto::{Digest, Provider},
    error::{VerifyError, VerifyErrorKind},
    types::{ContentSha256Header, PayloadHash, PayloadSigning, ServiceProfile},
    verify::{Authorization, Placement, ReceivedRequest, presigned, request::ReceivedBody},
};

pub(super) const CONTENT_SHA256: HeaderName = HeaderName::from_static("x-amz-content-sha256");

/// The last line of the canonical request, and what it means.
pub(super) struct SignedPayload {
    pub(super) line: String,
    pub(super) payload: PayloadHash,
    /// The request says its hash; else it was computed from the body, and need not be compared with it.
    is_declared: bool,
}

/// Whether the hash of the body must be known before the signature can be checked: the request does not say it, so the
/// canonical request holds the hash of what was received.
pub(super) fn needs_body(
    authorization: &Authorization,
    request: &ReceivedRequest<'_>,
    profile: &ServiceProfile,
) -> Result<bool, VerifyError> {
    Ok(matches!(declared(authorization, request, profile)?, Declared::Body))
}

/// What the request says.
enum Declared {
    Payload(PayloadHash),
    /// Nothing: the hash of the body is signed.
    Body,
}

fn declared(
    authorization: &Authorization,
    request: &ReceivedRequest<'_>,
    profile: &ServiceProfile,
) -> Result<Declared, VerifyError> {
    const KIND: VerifyErrorKind = VerifyErrorKind::MalformedPayloadHash;
    let is_presigned = authorization.placement == Placement::Query;
    let given = match request.single(&CONTENT_SHA256, KIND)? {
        Some(text) => Some(text.to_owned()),
        None if is_presigned => presigned::content_sha256(request)?,
        None => None,
    };
    let usual = if is_presigned { profile.presigned_payload } else { profile.payload };
    let Some(text) = given else {
        return match (is_presigned, usual, profile.content_sha256) {
            (false, _, ContentSha256Header::Send) => Err(VerifyError::new(
                VerifyErrorKind::MissingPayloadHash,
                "this service wants the header `x-amz-content-sha256`, found none",
            )),
            (_, PayloadSigning::Unsigned | PayloadSigning::AlwaysUnsigned, _) => {
                Ok(Declared::Payload(PayloadHash::Unsigned))
            }
            (_, PayloadSigning::Hash, _) => Ok(Declared::Body),
        };
    };
    match PayloadHash::parse(&text, authorization.algorithm) {
        Ok(payload) => Ok(Declared::Payload(payload)),
        // Iceberg REST catalogs want base64 there, and the hash of the body in the canonical request; the header is signed.
        Err(_)
            if profile.content_sha256 == ContentSha256Header::Omit
                && authorization.signed_headers.contains(CONTENT_SHA256.as_str())
                && is_base64_digest(&text) =>
        {
            Ok(Declared::Body)
        }
        Err(error) => Err(VerifyError::new(KIND, error.to_string())),
    }
}

/// The payload that is signed, the body hashed if need be.
pub(super) fn signed(
    authorization: &Authorization,
    request: &ReceivedRequest<'_>,
    profile: &ServiceProfile,
    provider: Provider,
) -> Result<SignedPayload, VerifyError> {
    let declared = declared(authorization, request, profile)?;
    let is_declared = matches!(declared, Declared::Payload(_));
    let payload = match (declared, request.body) {
        (Declared::Payload(payload), _) => payload,
        (Declared::Body, ReceivedBody::InMemory(body)) => PayloadHash::Sha256(provider.sha256(body)),
        (Declared::Body, ReceivedBody::Sha256(digest)) => PayloadHash::Sha256(digest),
        (Declared::Body, ReceivedBody::Unread) => {
            let message = "the signature covers the hash of the body, which was not given";
            return Err(VerifyError::new(VerifyErrorKind::BodyNeeded, message));
        }
    };
    Ok(SignedPayload { line: payload.header_value(authorization.algorithm)?.into_owned(), payload, is_declared })
}

/// Compares the body with what was signed, if it is known already.
pub(super) fn check_body(
    signed: &SignedPayload,
    request: &ReceivedRequest<'_>,
    provider: Provider,
) -> Result<(), VerifyError> {
    if !signed.is_declared {
        return Ok(());
    }
    let digest = match (signed.payload, request.body) {
        (PayloadHash::Sha256(_), ReceivedBody::InMemory(body)) => provider.sha256(body),
        (PayloadHash::Sha256(_), ReceivedBody::Sha256(digest)) => digest,
        _ => return Ok(()),
    };
    match signed.payload == PayloadHash::Sha256(digest) {
        true => Ok(()),
        false => Err(mismatch()),
    }
}

/// 32 bytes in base64 with padding.
fn is_base64_digest(text: &str) -> bool {
    let is_base64 = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/');
    text.strip_suffix('=').is_some_and(|digits| digits.len() == 43 && digits.bytes().all(is_base64))
}

fn mismatch() -> VerifyError {
    VerifyError::new(VerifyErrorKind::PayloadMismatch, "the hash of the body is another than the one that was signed")
}

/// What [`Verified`](crate::Verified) leaves to be done with a body that comes later: hash it while it is read, and do
/// not act on it before [`finish`](Self::finish) says that it is the one that was signed.
#[must_use = "a body is checked only by `finish`"]
pub struct PayloadCheck {
    digest: Digest,
    payload: PayloadHash,
}

impl PayloadCheck {
    pub(super) fn new(payload: PayloadHash, provider: Provider) -> Self {
        Self { digest: provider.digest(), payload }
    }

    /// Takes the next bytes of the body.
    pub fn update(&mut self, bytes: &[u8]) {
        if matches!(self.payload, PayloadHash::Sha256(_)) {
            self.digest.update(bytes);
        }
    }

    /// Whether there is nothing to check: the body is not signed.
    #[cfg(feature = "tower")]
    pub(crate) const fn is_void(&self) -> bool {
        matches!(self.payload, PayloadHash::Unsigned)
    }

    /// Whether the body was the one that was signed. An unsigned one always is.
    ///
    /// # Errors
    /// [`PayloadMismatch`](VerifyErrorKind::PayloadMismatch); [`StreamingPayload`](VerifyErrorKind::StreamingPayload) for a
    /// body that is signed piece by piece, which this cannot check.
    pub fn finish(self) -> Result<(), VerifyError> {
        match self.payload {
            PayloadHash::Unsigned => Ok(()),
            PayloadHash::Sha256(expected) if self.digest.finish() == expected => Ok(()),
            PayloadHash::Sha256(_) => Err(mismatch()),
            _ => Err(VerifyError::new(
                VerifyErrorKind::StreamingPayload,
                "the body is signed piece by piece: no hash of the whole can be compared",
            )),
        }
    }
}

impl fmt::Debug for PayloadCheck {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PayloadCheck").finish_non_exhaustive()
    }
}

/// The SHA-256 of a body that is read in pieces, for [`ReceivedRequest::with_body_sha256`].
pub struct BodyHash(Digest);

impl BodyHash {
    /// The hash of nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self::with_provider(Provider::default())
    }

    /// The hash of nothing yet, to be computed by another back end than the default.
    #[must_use]
    pub fn with_provider(provider: Provider) -> Self {
        Self(provider.digest())
    }

    /// Takes the next bytes of the body.
    pub fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// The SHA-256.
    #[must_use]
    pub fn finish(self) -> [u8; 32] {
        self.0.finish()
    }
}

impl Default for BodyHash {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for BodyHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BodyHash").finish_non_exhaustive()
    }
}
