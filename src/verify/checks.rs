//! The rules that need no key.

use crate::{
    error::{VerifyError, VerifyErrorKind},
    types::{Algorithm, PayloadHash, SessionTokenMode, Timestamp},
    verify::{Authorization, ContentType, Placement, ReceivedRequest, Streaming, UnsignedPayload, Verifier},
};

/// The algorithm is one of those enabled: a server that has one never takes the other for it.
pub(super) fn algorithm(verifier: &Verifier, authorization: &Authorization) -> Result<(), VerifyError> {
    match verifier.algorithms.contains(&authorization.algorithm) {
        true => Ok(()),
        false => Err(VerifyError::new(VerifyErrorKind::AlgorithmNotEnabled, "this server does not accept it")
            .found(authorization.algorithm.as_str())),
    }
}

/// Freshness, or the window of a presigned URL, and the day in the scope.
pub(super) fn time(verifier: &Verifier, authorization: &Authorization, now: Timestamp) -> Result<(), VerifyError> {
    let at = authorization.at;
    let skew = i64::from(verifier.max_skew);
    // Both are within the years 0000 to 9999: no overflow.
    let age = now.as_unix() - at.as_unix();
    let error = |kind, rule: String| Err(VerifyError::new(kind, format!("{rule}; signed at {at}, now it is {now}")));
    let is_presigned = authorization.placement == Placement::Query;
    let lifetime = match (is_presigned, authorization.expires_in) {
        (true, Some(seconds @ 1..=MAX_EXPIRES)) => Some(i64::try_from(seconds).unwrap_or(i64::MAX)),
        (true, Some(seconds)) => {
            let message = "expected 1 to 604800 seconds in `X-Amz-Expires`";
            return Err(VerifyError::new(VerifyErrorKind::ExpiresOutOfRange, message).found(seconds.to_string()));
        }
        (true, None) if verifier.profile.rules == crate::CanonicalRules::S3 => {
            let message = "a presigned URL needs the parameter `X-Amz-Expires`, found none";
            return Err(VerifyError::new(VerifyErrorKind::ExpiresOutOfRange, message));
        }
        _ => None,
    };
    match lifetime {
        Some(_) if age < -skew => {
            error(VerifyErrorKind::PresignNotYetValid, format!("it begins more than {skew} seconds from now"))?
        }
        Some(lifetime) if age > lifetime => {
            error(VerifyErrorKind::PresignExpired, format!("it lives {lifetime} seconds"))?;
        }
        None if age > skew => {
            error(VerifyErrorKind::RequestExpired, format!("expected an age of {skew} seconds at most"))?
        }
        None if age < -skew => {
            error(VerifyErrorKind::RequestNotYetValid, format!("expected a date {skew} seconds from now at most"))?
        }
        _ => {}
    }
    match authorization.scope.date_stamp() == at.date_stamp() {
        true => Ok(()),
        false => Err(VerifyError::new(VerifyErrorKind::ScopeDate, "the scope is of another day than the request")
            .wanted(at.date_stamp())
            .found(authorization.scope.date_stamp())),
    }
}

/// A week, as S3 has it.
const MAX_EXPIRES: u64 = 604_800;

/// Region or region set, and service.
pub(super) fn scope(verifier: &Verifier, authorization: &Authorization) -> Result<(), VerifyError> {
    let scope = &authorization.scope;
    let own = verifier.regions.first().map_or("", |region| region.as_str());
    match (authorization.algorithm, &authorization.region_set) {
        (Algorithm::SigV4, _) => {
            let region = scope.region().unwrap_or_default();
            if !verifier.regions.iter().any(|known| known.as_str() == region) {
                let message = "the scope is of another region than this server's";
                return Err(VerifyError::new(VerifyErrorKind::ScopeRegion, message).wanted(own).found(region));
            }
        }
        (Algorithm::SigV4a, Some(set)) if verifier.regions.iter().any(|region| set.covers(region)) => {}
        (Algorithm::SigV4a, set) => {
            let found = set.as_ref().map_or("", |set| set.as_str());
            let message = "the signature is not valid in this server's region";
            return Err(VerifyError::new(VerifyErrorKind::RegionSetMismatch, message).wanted(own).found(found));
        }
    }
    let service = verifier.service.as_str();
    match scope.service() == service {
        true => Ok(()),
        false => Err(VerifyError::new(VerifyErrorKind::ScopeService, "the scope is of another service")
            .wanted(service)
            .found(scope.service())),
    }
}

/// What must be signed is. Every `x-amz-*` header has a meaning to the service: one that is not signed was perhaps added
/// by someone else.
pub(super) fn signed_headers(
    verifier: &Verifier,
    authorization: &Authorization,
    request: &ReceivedRequest<'_>,
) -> Result<(), VerifyError> {
    let signed = &authorization.signed_headers;
    let error = |kind, message: &'static str| Err(VerifyError::new(kind, message));
    if !signed.has_host() {
        return error(VerifyErrorKind::HostNotSigned, "expected `host` or `:authority` in `SignedHeaders`");
    }
    if let Some(date) = &authorization.date_header
        && !signed.contains(date.as_str())
    {
        let message = "expected the header with the date in `SignedHeaders`";
        return Err(VerifyError::new(VerifyErrorKind::DateNotSigned, message).wanted(date.as_str()));
    }
    for name in request.headers.keys() {
        let name = name.as_str();
        let must_be_signed = name.starts_with("x-amz-")
            || (name == "content-type" && verifier.content_type == ContentType::MustBeSigned);
        if must_be_signed && !signed.contains(name) && !may_be_unsigned(verifier, authorization, name) {
            let message = "a header that matters is in the request and not in `SignedHeaders`";
            return Err(VerifyError::new(VerifyErrorKind::HeaderNotSigned, message).found(name));
        }
    }
    Ok(())
}

fn may_be_unsigned(verifier: &Verifier, authorization: &Authorization, name: &str) -> bool {
    // Its value is the last line of the canonical request of a presigned URL: signed all the same.
    let is_payload = authorization.placement == Placement::Query && name == "x-amz-content-sha256";
    let is_appended_token =
        verifier.profile.session_token == SessionTokenMode::Append && name == verifier.profile.session_token_header;
    is_payload || is_appended_token || verifier.unsigned_headers.iter().any(|allowed| allowed == name)
}

/// Whether the service takes such a body at all.
pub(super) fn payload(verifier: &Verifier, payload: PayloadHash) -> Result<(), VerifyError> {
    match payload {
        PayloadHash::Sha256(_) => Ok(()),
        PayloadHash::Unsigned if verifier.unsigned_payload == UnsignedPayload::Accept => Ok(()),
        PayloadHash::Unsigned => Err(VerifyError::new(
            VerifyErrorKind::UnsignedPayload,
            "this service wants the hash of the body, found `UNSIGNED-PAYLOAD`",
        )),
        PayloadHash::StreamingUnsignedTrailer if verifier.unsigned_payload == UnsignedPayload::Refuse => {
            Err(VerifyError::new(
                VerifyErrorKind::UnsignedPayload,
                "this service wants a signed body, found `STREAMING-UNSIGNED-PAYLOAD-TRAILER`",
            ))
        }
        _ if verifier.streaming == Streaming::WillBeDecoded => Ok(()),
        _ => Err(VerifyError::new(
            VerifyErrorKind::StreamingPayload,
            "the body is signed piece by piece, which is not decoded here",
        )),
    }
}
