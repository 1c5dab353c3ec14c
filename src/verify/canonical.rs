//! The canonical request of a received request.

use smallvec::SmallVec;

use crate::{
    canonical::{CanonicalParts, CanonicalRequest, HeaderField, Path, PlusSign, Query, StringToSign},
    crypto::Provider,
    error::{VerifyError, VerifyErrorKind},
    types::{CanonicalRules, ServiceProfile, SessionTokenMode, UriEncoding},
    verify::{Authorization, Placement, ReceivedRequest, presigned, signed_headers::AUTHORITY},
};

/// What a server computes from a request: its canonical request and its string to sign. Neither is secret (the client has
/// computed both), but the first holds the session token, and both help an attacker who guesses: show them to those who
/// debug only.
#[derive(Debug, Clone)]
pub struct VerificationTrace {
    pub(super) canonical_request: CanonicalRequest,
    pub(super) string_to_sign: StringToSign,
}

impl VerificationTrace {
    /// The canonical request.
    #[must_use]
    pub const fn canonical_request(&self) -> &CanonicalRequest {
        &self.canonical_request
    }

    /// The string to sign.
    #[must_use]
    pub const fn string_to_sign(&self) -> &StringToSign {
        &self.string_to_sign
    }
}

/// Everything of a request that is canonical whatever its host is.
pub(super) struct Received<'a> {
    authorization: &'a Authorization,
    request: &'a ReceivedRequest<'a>,
    paths: SmallVec<[Path<'a>; 2]>,
    query: Query<'a>,
    payload: &'a str,
}

impl<'a> Received<'a> {
    pub(super) fn new(
        authorization: &'a Authorization,
        request: &'a ReceivedRequest<'a>,
        profile: &ServiceProfile,
        plus: PlusSign,
        payload: &'a str,
    ) -> Result<Self, VerifyError> {
        let is_presigned = authorization.placement == Placement::Query;
        let is_unsigned_token =
            |name: &str| profile.session_token == SessionTokenMode::Append && presigned::TOKENS.contains(&name);
        // A header-signed request has signed its whole query, whatever is in it.
        let is_left_out = |name: &str| is_presigned && (name == presigned::SIGNATURE || is_unsigned_token(name));
        Ok(Self {
            authorization,
            request,
            paths: paths(request.target.path, profile.rules)?,
            query: Query::received(request.target.query, plus, is_left_out)?,
            payload,
        })
    }

    /// Shows what may have been signed for one host, until `is_right`; the likeliest first.
    pub(super) fn find(
        &self,
        host: &str,
        provider: Provider,
        mut is_right: impl FnMut(&VerificationTrace) -> bool,
    ) -> Result<Option<VerificationTrace>, VerifyError> {
        let headers = self.headers(host)?;
        for path in &self.paths {
            let parts = CanonicalParts {
                method: self.request.method,
                path: path.canonical(),
                query: &self.query,
                headers: &headers,
                payload: self.payload,
            };
            let canonical_request = parts.write()?;
            let digest = provider.sha256(canonical_request.as_bytes());
            let Authorization { algorithm, at, scope, .. } = self.authorization;
            let string_to_sign = StringToSign::for_request(*algorithm, *at, scope.clone(), &digest);
            let trace = VerificationTrace { canonical_request, string_to_sign };
            if is_right(&trace) {
                return Ok(Some(trace));
            }
        }
        Ok(None)
    }

    /// The signed headers in their order, with a host.
    fn headers<'b>(&'b self, host: &'b str) -> Result<SmallVec<[HeaderField<'b>; 16]>, VerifyError> {
        let mut fields = SmallVec::new();
        for name in self.authorization.signed_headers.iter() {
            if name == "host" || name == AUTHORITY {
                fields.push(HeaderField { name, value: host.as_bytes() });
                continue;
            }
            let before = fields.len();
            let values = self.request.headers.get_all(name).iter();
            fields.extend(values.map(|value| HeaderField { name, value: value.as_bytes() }));
            if fields.len() == before {
                let message = "a header in `SignedHeaders` is not in the request";
                return Err(VerifyError::new(VerifyErrorKind::SignedHeaderAbsent, message).found(name));
            }
        }
        Ok(fields)
    }
}

/// The canonical paths that clients sign for a path on the wire. S3 decodes and encodes anew; many a client signs the path
/// as it sends it, which differs for `%2F`. Either binds the request to this path.
fn paths(path: &str, rules: CanonicalRules) -> Result<SmallVec<[Path<'_>; 2]>, VerifyError> {
    let encoded = Path::received(path, rules)?;
    let verbatim = (rules.encoding == UriEncoding::Once && encoded.canonical() != path).then(|| Path::verbatim(path));
    let mut paths: SmallVec<[Path<'_>; 2]> = SmallVec::new();
    paths.push(encoded);
    paths.extend(verbatim);
    Ok(paths)
}
