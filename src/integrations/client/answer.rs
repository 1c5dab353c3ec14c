//! What an answer says about the signature of its request.

use std::fmt;

use http::{
    HeaderMap, HeaderName, StatusCode,
    header::{AGE, DATE},
};

use super::{Attempt, attempt::DatedBy};
use crate::types::{Algorithm, Timestamp};

/// What to do after an answer.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// It is the answer.
    Final,
    /// The request was refused for something that is right now: sign it again and send it, once for each reason.
    SignAgain(Reason),
}

/// Why a request is worth another signature.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reason {
    /// The time of the signature was off by minutes. It is corrected for this host.
    ClockSkew,
    /// The session token has expired. The provider was told so.
    CredentialsExpired,
}

/// What may be behind an answer that does not say it. It is in the extensions of such a response.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Hint {
    /// A session token from the global STS endpoint was used with SigV4a, for which AWS accepts those of regional endpoints
    /// only.
    RegionalSessionToken,
}

impl fmt::Display for Hint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::RegionalSessionToken => {
                "SigV4a takes session tokens of regional STS endpoints only: expected one from sts.REGION.amazonaws.com, \
                 found an answer as for one from the global sts.amazonaws.com (set AWS_STS_REGIONAL_ENDPOINTS=regional, \
                 or ask for tokens that are valid in all regions)"
            }
        })
    }
}

/// In seconds. API Gateway refuses a signature that is off by five minutes; a little less may be a slow way.
const WORTH_SIGNING_AGAIN: u64 = 4 * 60;

/// The server's time, unless the answer comes from a cache: it was right once.
pub(super) fn server_time(headers: &HeaderMap) -> Option<Timestamp> {
    if headers.contains_key(AGE) {
        return None;
    }
    Timestamp::parse_http_date(headers.get(DATE)?.to_str().ok()?).ok()
}

/// Whether a refusal that was measured to be `offset` seconds off is a matter of time.
pub(super) fn is_clock_skew(attempt: &Attempt, status: StatusCode, offset: i64) -> bool {
    is_refusal(status)
        && attempt.dated_by == DatedBy::Clock
        && (offset - attempt.offset).unsigned_abs() > WORTH_SIGNING_AGAIN
}

/// Whether AWS says that the session token has expired: `ExpiredToken` of S3, `ExpiredTokenException` of others.
pub(super) fn is_token_expired(attempt: &Attempt, status: StatusCode, headers: &HeaderMap, body: &[u8]) -> bool {
    is_refusal(status)
        && attempt.credentials.session_token().is_some()
        && (headers.get(ERROR_TYPE).is_some_and(|value| contains(value.as_bytes(), EXPIRED_TOKEN)) || is_code(body))
}

const EXPIRED_TOKEN: &[u8] = b"ExpiredToken";

/// Whether the body has it for its error code: in the element `Code`, or in the field `__type` or `code`, there after a
/// namespace and `#`. Elsewhere it may be about a token of the application's own.
fn is_code(body: &[u8]) -> bool {
    let starts = body.windows(EXPIRED_TOKEN.len()).enumerate().filter(|(_, window)| *window == EXPIRED_TOKEN);
    starts.map(|(at, _)| body.get(..at).unwrap_or_default()).any(|before| {
        let value = before.rsplit(|byte| *byte == b'"').next().unwrap_or_default();
        let field = before.strip_suffix(value).unwrap_or_default().trim_ascii_end();
        let field = field.strip_suffix(b"\"").and_then(|field| field.trim_ascii_end().strip_suffix(b":"));
        let is_field = field.is_some_and(|field| {
            let field = field.trim_ascii_end();
            field.ends_with(b"\"__type\"") || field.ends_with(b"\"code\"") || field.ends_with(b"\"Code\"")
        });
        before.ends_with(b"<Code>") || (is_field && (value.is_empty() || value.ends_with(b"#")))
    })
}

/// The statuses by which AWS refuses a signature, its time or its token.
pub(super) const fn is_refusal(status: StatusCode) -> bool {
    matches!(status, StatusCode::BAD_REQUEST | StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN)
}

const ERROR_TYPE: HeaderName = HeaderName::from_static("x-amzn-errortype");

/// What the user should know beside the answer.
pub(super) fn hint(attempt: &Attempt, status: StatusCode, headers: &HeaderMap, body: &[u8]) -> Option<Hint> {
    if !may_need_hint(attempt, status) {
        return None;
    }
    const OF_ONE: [&[u8]; 6] = [
        b"InvalidToken",
        b"UnsupportedSignature",
        b"InvalidClientTokenId",
        b"UnrecognizedClient",
        b"InternalError",
        b"InternalFailure",
    ];
    let error_type = headers.get(ERROR_TYPE).map_or(&b""[..], |value| value.as_bytes());
    let is_named = OF_ONE.iter().any(|code| contains(error_type, code) || contains(body, code));
    let is_silent = status == StatusCode::INTERNAL_SERVER_ERROR && error_type.is_empty() && body.is_empty();
    (is_named || is_silent).then_some(Hint::RegionalSessionToken)
}

/// Whether the body of an answer is worth a look.
pub(super) fn is_worth_reading(attempt: &Attempt, status: StatusCode) -> bool {
    let has_token = attempt.credentials.session_token().is_some();
    has_token && is_refusal(status) || may_need_hint(attempt, status)
}

fn may_need_hint(attempt: &Attempt, status: StatusCode) -> bool {
    let suspicious =
        matches!(status, StatusCode::BAD_REQUEST | StatusCode::FORBIDDEN | StatusCode::INTERNAL_SERVER_ERROR);
    suspicious && attempt.signer.algorithm() == Algorithm::SigV4a && attempt.credentials.session_token().is_some()
}

fn contains(text: &[u8], word: &[u8]) -> bool {
    text.windows(word.len()).any(|window| window == word)
}
