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
    /// A redirect asks for the body at another origin, which gets nothing of ours: it was not followed.
    BodyForAnotherOrigin,
}

impl fmt::Display for Hint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::RegionalSessionToken => {
                "SigV4a takes session tokens of regional STS endpoints only: expected one from sts.REGION.amazonaws.com, \
                 found an answer as for one from the global sts.amazonaws.com (set AWS_STS_REGIONAL_ENDPOINTS=regional, \
                 or ask for tokens that are valid in all regions)"
            }
            Self::BodyForAnotherOrigin => {
                "the redirect asks for the body at another origin, which gets nothing of yours: to send it there, send the \
                 request, signed, to the URL in `Location`"
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

/// Whether the body has it for its error code: in the element `Code`, or in a field for it, there after a namespace and `#`.
/// Elsewhere it may be about a token of the application's own. The body may have been cut off: it cannot be parsed.
fn is_code(body: &[u8]) -> bool {
    const BEFORE: [&[u8]; 4] = [b"<Code>", b"\"__type\":\"", b"\"code\":\"", b"\"Code\":\""];
    // There is none in an error code, and any amount around it.
    let text: Vec<u8> = body.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).collect();
    (0..text.len()).filter_map(|at| text.get(at..)).any(|rest| {
        let value = BEFORE.iter().find_map(|before| rest.strip_prefix(*before));
        let value = value.and_then(|value| value.split(|byte| matches!(byte, b'"' | b'<')).next());
        let code = value.and_then(|value| value.rsplit(|byte| *byte == b'#').next());
        code.is_some_and(|code| code.starts_with(EXPIRED_TOKEN))
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
