//! The rules that need no key.

use crate::{
    error::{VerifyError, VerifyErrorKind},
    types::{Algorithm, CanonicalRules, CredentialScope, PayloadHash, SessionTokenMode, Timestamp},
    verify::{
        Authorization, ContentType, Placement, ReceivedRequest, Streaming, UnsignedPayload, Verifier,
        freshness::{check_freshness, untimely},
    },
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
    let lifetime = lifetime(verifier, authorization)?;
    let error = |kind, rule, allowed| Err(untimely(kind, rule, [at, now], allowed));
    match lifetime {
        None => check_freshness(at, now, verifier.max_skew)?,
        Some(_) if age < -skew => error(VerifyErrorKind::PresignNotYetValid, "it begins too far in the future", skew)?,
        Some(lifetime) if age > lifetime => error(VerifyErrorKind::PresignExpired, "its lifetime is over", lifetime)?,
        Some(_) => {}
    }
    scope_date(&authorization.scope, at)
}

/// The day of a scope.
pub(super) fn scope_date(scope: &CredentialScope, at: Timestamp) -> Result<(), VerifyError> {
    match scope.date_stamp() == at.date_stamp() {
        true => Ok(()),
        false => Err(VerifyError::new(VerifyErrorKind::ScopeDate, "the scope is of another day than the request")
            .wanted(at.date_stamp())
            .found(scope.date_stamp())),
    }
}

/// How long a presigned URL lives, in seconds; `None` for what is as fresh as any other request must be.
fn lifetime(verifier: &Verifier, authorization: &Authorization) -> Result<Option<i64>, VerifyError> {
    let error = |message: &'static str| VerifyError::new(VerifyErrorKind::ExpiresOutOfRange, message);
    match (authorization.placement, authorization.expires_in) {
        (Placement::Query, Some(seconds @ 1..=MAX_EXPIRES)) => Ok(i64::try_from(seconds).ok()),
        (Placement::Query, Some(seconds)) => {
            Err(error("expected 1 to 604800 seconds in `X-Amz-Expires`").found(seconds.to_string()))
        }
        (Placement::Query, None) if verifier.profile.rules == CanonicalRules::S3 => {
            Err(error("a presigned URL needs the parameter `X-Amz-Expires`, found none"))
        }
        _ => Ok(None),
    }
}

/// A week, as S3 has it.
const MAX_EXPIRES: u64 = 604_800;

/// Region or region set, and service.
pub(super) fn scope(verifier: &Verifier, authorization: &Authorization) -> Result<(), VerifyError> {
    let scope = &authorization.scope;
    match (authorization.algorithm, &authorization.region_set) {
        (Algorithm::SigV4, _) => region(verifier, scope)?,
        (Algorithm::SigV4a, Some(set)) if verifier.regions.iter().any(|region| set.covers(region)) => {}
        (Algorithm::SigV4a, set) => {
            let found = set.as_ref().map_or("", |set| set.as_str());
            let own = verifier.regions.first().map_or("", |region| region.as_str());
            let message = "the signature is not valid in this server's region";
            return Err(VerifyError::new(VerifyErrorKind::RegionSetMismatch, message).wanted(own).found(found));
        }
    }
    service(verifier, scope)
}

/// The region of a SigV4 scope.
pub(super) fn region(verifier: &Verifier, scope: &CredentialScope) -> Result<(), VerifyError> {
    let region = scope.region().unwrap_or_default();
    if verifier.regions.iter().any(|known| known.as_str() == region) {
        return Ok(());
    }
    let own = verifier.regions.first().map_or("", |region| region.as_str());
    let message = "the scope is of another region than this server's";
    Err(VerifyError::new(VerifyErrorKind::ScopeRegion, message).wanted(own).found(region))
}

/// The service of a scope.
pub(super) fn service(verifier: &Verifier, scope: &CredentialScope) -> Result<(), VerifyError> {
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
    let is_in_header = authorization.placement == Placement::Header;
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
    if authorization.algorithm == Algorithm::SigV4a && is_in_header && !signed.contains(REGION_SET) {
        // Neither the scope nor the string to sign holds it: unsigned, anyone could choose where a request is valid.
        let message = "expected the header with the region set in `SignedHeaders`";
        return Err(VerifyError::new(VerifyErrorKind::HeaderNotSigned, message).found(REGION_SET));
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

const REGION_SET: &str = "x-amz-region-set";

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
        chunked if chunked.is_chunked() && verifier.streaming == Streaming::WillBeDecoded => Ok(()),
        PayloadHash::StreamingEvents if verifier.streaming == Streaming::EventsWillBeChecked => Ok(()),
        _ => Err(VerifyError::new(
            VerifyErrorKind::StreamingPayload,
            "the body is signed piece by piece, which is not decoded here",
        )),
    }
}
