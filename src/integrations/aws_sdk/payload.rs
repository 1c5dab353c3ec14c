//! What the SDK says about a body.

use aws_runtime::auth::{PayloadSigningOverride, SigV4OperationSigningConfig};
use aws_sigv4::http_request::SignableBody;
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_types::config_bag::ConfigBag;

use super::event;
use crate::{
    error::{SignError, SignErrorKind},
    sign::SigningRequest,
    types::{Algorithm, PayloadHash},
};

/// What is signed of a body.
pub(super) enum SignedPayload<'a> {
    Body(&'a [u8]),
    Given(PayloadHash),
}

impl<'a> SignedPayload<'a> {
    /// An override of the request goes before one of the operation, and that before the body.
    pub(super) fn new(
        request: &'a HttpRequest,
        operation: &'a SigV4OperationSigningConfig,
        bag: &ConfigBag,
        algorithm: Algorithm,
    ) -> Result<Self, SignError> {
        if event::is_awaited(bag) {
            return Ok(Self::Given(PayloadHash::StreamingEvents));
        }
        match (bag.load::<PayloadSigningOverride>(), &operation.signing_options.payload_override) {
            (Some(by_request), _) => of_request(by_request, algorithm).map(Self::Given),
            (None, Some(by_operation)) => Self::of_operation(by_operation, algorithm),
            // Nobody knows the hash of what is not in memory.
            (None, None) => Ok(request.body().bytes().map_or(Self::Given(PayloadHash::Unsigned), Self::Body)),
        }
    }

    pub(super) const fn put_into(self, request: SigningRequest<'a>) -> SigningRequest<'a> {
        match self {
            Self::Body(body) => request.with_body(body),
            Self::Given(payload) => request.with_payload(payload),
        }
    }

    fn of_operation(payload: &'a SignableBody<'static>, algorithm: Algorithm) -> Result<Self, SignError> {
        match payload {
            SignableBody::Bytes(body) => Ok(Self::Body(body)),
            SignableBody::UnsignedPayload => Ok(Self::Given(PayloadHash::Unsigned)),
            SignableBody::Precomputed(sha256) => Ok(Self::Given(PayloadHash::parse(sha256, algorithm)?)),
            SignableBody::StreamingUnsignedPayloadTrailer => Ok(Self::Given(PayloadHash::StreamingUnsignedTrailer)),
            _ => Err(signed_by_the_sdk()),
        }
    }
}

fn of_request(payload: &PayloadSigningOverride, algorithm: Algorithm) -> Result<PayloadHash, SignError> {
    match payload {
        PayloadSigningOverride::UnsignedPayload => Ok(PayloadHash::Unsigned),
        PayloadSigningOverride::Precomputed(sha256) => Ok(PayloadHash::parse(sha256, algorithm)?),
        PayloadSigningOverride::StreamingUnsignedPayloadTrailer => Ok(PayloadHash::StreamingUnsignedTrailer),
        _ => Err(signed_by_the_sdk()),
    }
}

/// The older line knows no name for it; there is no other override.
fn signed_by_the_sdk() -> SignError {
    let message = "the SDK signs the chunks of a stream over plain http itself and lets no other signer do it: \
        add `SignedUploads` as an interceptor";
    SignError::new(SignErrorKind::Unsupported, message)
}
