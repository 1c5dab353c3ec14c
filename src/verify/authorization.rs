//! What a request says about its own signature.

use std::fmt;

use http::HeaderName;

use crate::{
    crypto::is_ecdsa_der,
    error::{VerifyError, VerifyErrorKind},
    types::{AccessKeyId, Algorithm, CredentialScope, Region, RegionSet, Service, SessionToken, Signature, Timestamp},
    verify::{ReceivedRequest, SignedHeaders, header, presigned},
};

/// Who says they signed a request, when, for what, and the signature: read from the `Authorization` header or from the
/// query, and **not checked yet**. It names the key to look up.
///
/// See [Elements of an AWS API request
/// signature](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-signing-elements.html).
#[derive(Clone)]
pub struct Authorization {
    pub(super) algorithm: Algorithm,
    pub(super) access_key_id: AccessKeyId,
    pub(super) scope: CredentialScope,
    pub(super) signed_headers: SignedHeaders,
    pub(super) signature: Signature,
    pub(super) placement: Placement,
    pub(super) at: Timestamp,
    /// The header the date comes from; `None` for a presigned URL, whose date is signed with its query.
    pub(super) date_header: Option<HeaderName>,
    /// Seconds.
    pub(super) expires_in: Option<u64>,
    pub(super) region_set: Option<RegionSet>,
    pub(super) session_token: Option<SessionToken>,
}

/// Where a signature is.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Placement {
    /// In the `Authorization` header.
    Header,
    /// In the query: a [presigned URL](https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html).
    Query,
}

impl Authorization {
    /// Reads what a request says.
    ///
    /// # Errors
    /// [`MissingAuthentication`](VerifyErrorKind::MissingAuthentication) if it says nothing,
    /// [`BothMechanisms`](VerifyErrorKind::BothMechanisms) if it says it twice,
    /// [`AlgorithmNotEnabled`](VerifyErrorKind::AlgorithmNotEnabled) if it says it in SigV2, and one of the `Malformed…`
    /// kinds or [`AmbiguousParameter`](VerifyErrorKind::AmbiguousParameter) if it cannot be understood.
    pub fn from_request(request: &ReceivedRequest<'_>) -> Result<Self, VerifyError> {
        let has_header = request.headers.contains_key(http::header::AUTHORIZATION);
        match (has_header, presigned::is_presigned(request)) {
            (true, true) => Err(VerifyError::new(
                VerifyErrorKind::BothMechanisms,
                "expected an `Authorization` header or `X-Amz-…` parameters, found both",
            )),
            (true, false) => header::parse(request),
            (false, true) => presigned::parse(request).map_err(|error| error.in_query(true)),
            (false, false) if presigned::is_sigv2(request) => Err(sigv2().in_query(true)),
            (false, false) => Err(VerifyError::new(
                VerifyErrorKind::MissingAuthentication,
                "expected an `Authorization` header or a presigned URL, found neither",
            )),
        }
    }

    /// The algorithm.
    #[must_use]
    pub const fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// The access key ID, by which the key is looked up.
    #[must_use]
    pub const fn access_key_id(&self) -> &AccessKeyId {
        &self.access_key_id
    }

    /// The credential scope.
    #[must_use]
    pub const fn scope(&self) -> &CredentialScope {
        &self.scope
    }

    /// What the client signed.
    #[must_use]
    pub const fn signed_headers(&self) -> &SignedHeaders {
        &self.signed_headers
    }

    /// Where the signature is.
    #[must_use]
    pub const fn placement(&self) -> Placement {
        self.placement
    }

    /// When the request was signed.
    #[must_use]
    pub const fn signed_at(&self) -> Timestamp {
        self.at
    }

    /// The lifetime of a presigned URL, in seconds, as the request has it: a verifier refuses what is not from 1 to 604800.
    #[must_use]
    pub const fn expires_in(&self) -> Option<u64> {
        self.expires_in
    }

    /// The region set of a SigV4a signature.
    #[must_use]
    pub const fn region_set(&self) -> Option<&RegionSet> {
        self.region_set.as_ref()
    }

    /// The session token of temporary credentials. Who looks up the key checks that it belongs to it, or says which one
    /// does: [`VerificationKey::with_session_token`](crate::VerificationKey::with_session_token).
    #[must_use]
    pub const fn session_token(&self) -> Option<&SessionToken> {
        self.session_token.as_ref()
    }
}

#[cfg(feature = "tower")]
impl Authorization {
    /// What the client sent as its signature.
    pub(crate) fn signature_hex(&self) -> String {
        self.signature.to_hex()
    }
}

impl fmt::Debug for Authorization {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Authorization")
            .field("algorithm", &self.algorithm)
            .field("access_key_id", &self.access_key_id)
            .field("scope", &self.scope)
            .field("signed_headers", &self.signed_headers)
            .finish_non_exhaustive()
    }
}

/// Reads an algorithm's name.
pub(super) fn algorithm(name: &str) -> Result<Algorithm, VerifyError> {
    [Algorithm::SigV4, Algorithm::SigV4a].into_iter().find(|algorithm| algorithm.as_str() == name).ok_or_else(|| {
        let message = "expected `AWS4-HMAC-SHA256` or `AWS4-ECDSA-P256-SHA256`";
        VerifyError::new(VerifyErrorKind::UnknownAlgorithm, message).found(name)
    })
}

/// The refusal of S3's signatures of old: `Authorization: AWS ID:SIGNATURE`, or `AWSAccessKeyId` in the query.
pub(super) fn sigv2() -> VerifyError {
    VerifyError::new(VerifyErrorKind::AlgorithmNotEnabled, "SigV2 is accepted nowhere").found(SIGV2)
}

/// What an `Authorization` header with SigV2 begins with.
pub(super) const SIGV2: &str = "AWS";

/// Reads `ACCESS_KEY_ID/DATE[/REGION]/SERVICE/aws4_request`.
pub(super) fn credential(text: &str, algorithm: Algorithm) -> Result<(AccessKeyId, CredentialScope), VerifyError> {
    let form = match algorithm {
        Algorithm::SigV4 => "expected `ACCESS_KEY_ID/YYYYMMDD/REGION/SERVICE/aws4_request`",
        Algorithm::SigV4a => "expected `ACCESS_KEY_ID/YYYYMMDD/SERVICE/aws4_request`, without a region",
    };
    let error = || VerifyError::new(VerifyErrorKind::MalformedCredential, form).found(text);
    let parts: Vec<&str> = text.split('/').collect();
    let (id, date, region, service, terminator) = match (parts.as_slice(), algorithm) {
        (&[id, date, region, service, terminator], Algorithm::SigV4) => (id, date, Some(region), service, terminator),
        (&[id, date, service, terminator], Algorithm::SigV4a) => (id, date, None, service, terminator),
        _ => return Err(error()),
    };
    if terminator != "aws4_request" {
        let kind = VerifyErrorKind::ScopeTerminator;
        return Err(VerifyError::new(kind, "the scope ends otherwise").wanted("aws4_request").found(terminator));
    }
    if region.is_some_and(|region| Region::new(region).is_err()) || Service::new(service).is_err() {
        return Err(error());
    }
    let (_, scope) = text.split_once('/').ok_or_else(error)?;
    if date.len() != 8 || !date.bytes().all(|byte| byte.is_ascii_digit()) {
        let kind = VerifyErrorKind::MalformedCredential;
        return Err(VerifyError::new(kind, "the date in the credential must be `YYYYMMDD`").found(date));
    }
    Ok((AccessKeyId::new(id).map_err(|_| error())?, CredentialScope::parse(scope).map_err(|_| error())?))
}

/// Reads a signature, which must have the form of its algorithm: one that has not is never compared with anything.
pub(super) fn signature(text: &str, algorithm: Algorithm) -> Result<Signature, VerifyError> {
    let form = match algorithm {
        Algorithm::SigV4 => "expected 64 lower-case hex digits",
        Algorithm::SigV4a => "expected an ECDSA signature in DER, in lower-case hex",
    };
    let is_well_formed = |signature: &Signature| match algorithm {
        Algorithm::SigV4 => signature.as_bytes().len() == 32,
        Algorithm::SigV4a => is_ecdsa_der(signature),
    };
    Signature::parse(text)
        .ok()
        .filter(is_well_formed)
        .ok_or_else(|| VerifyError::new(VerifyErrorKind::MalformedSignature, form))
}

pub(super) fn session_token(text: &str) -> Result<SessionToken, VerifyError> {
    let message = "expected visible ASCII characters";
    SessionToken::new(text).map_err(|_| VerifyError::new(VerifyErrorKind::InvalidSessionToken, message))
}

/// The region set that SigV4a must have.
pub(super) fn region_set(text: Option<&str>, algorithm: Algorithm) -> Result<Option<RegionSet>, VerifyError> {
    let error = |message: &'static str| VerifyError::new(VerifyErrorKind::MalformedRegionSet, message);
    match (text, algorithm) {
        (_, Algorithm::SigV4) => Ok(None),
        (None, Algorithm::SigV4a) => Err(error("expected `X-Amz-Region-Set`, found none")),
        (Some(text), Algorithm::SigV4a) => {
            let read = RegionSet::new(text).map_err(|_| error("expected `*` or a list of regions").found(text))?;
            Ok(Some(read))
        }
    }
}
