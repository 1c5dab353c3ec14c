//! The parameters of a presigned URL.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;

use crate::{
    error::{VerifyError, VerifyErrorKind},
    types::Timestamp,
    verify::{
        Authorization, Placement, ReceivedRequest, SignedHeaders,
        authorization::{algorithm, credential, region_set, session_token, signature},
    },
};

const ALGORITHM: &str = "X-Amz-Algorithm";
const CREDENTIAL: &str = "X-Amz-Credential";
const DATE: &str = "X-Amz-Date";
const EXPIRES: &str = "X-Amz-Expires";
const REGION_SET: &str = "X-Amz-Region-Set";
const SIGNED_HEADERS: &str = "X-Amz-SignedHeaders";
pub(super) const SIGNATURE: &str = "X-Amz-Signature";
/// The second is that of S3 Express sessions.
pub(super) const TOKENS: [&str; 2] = ["X-Amz-Security-Token", "X-Amz-S3session-Token"];

/// What is spelled in one way only.
const PARAMETERS: [&str; 9] =
    [ALGORITHM, CREDENTIAL, DATE, EXPIRES, REGION_SET, SIGNED_HEADERS, SIGNATURE, TOKENS[0], TOKENS[1]];

/// JavaScript's SDK moves this header into the query as it is.
const CONTENT_SHA256: &str = "X-Amz-Content-Sha256";

/// Whether a query holds any part of a signature, however it is spelled.
pub(super) fn is_presigned(request: &ReceivedRequest<'_>) -> bool {
    let parts = [ALGORITHM, CREDENTIAL, SIGNED_HEADERS, SIGNATURE];
    pairs(request).any(|(name, _)| parts.iter().any(|part| eq(&name, part)))
}

/// Whether a query is presigned with SigV2.
pub(super) fn is_sigv2(request: &ReceivedRequest<'_>) -> bool {
    ["AWSAccessKeyId", "Signature"].iter().all(|part| pairs(request).any(|(name, _)| *name == *part.as_bytes()))
}

/// Reads the parameters.
pub(super) fn parse(request: &ReceivedRequest<'_>) -> Result<Authorization, VerifyError> {
    const KIND: VerifyErrorKind = VerifyErrorKind::MalformedPresign;
    let found = Parameters::read(request)?;
    let algorithm = algorithm(&found.required(ALGORITHM)?)?;
    let credential_text = found.required(CREDENTIAL)?;
    let date_text = found.required(DATE)?;
    let signed_headers = found.required(SIGNED_HEADERS)?;
    let signature_text = found.required(SIGNATURE)?;
    let (access_key_id, scope) = credential(&credential_text, algorithm)?;
    let at = Timestamp::parse_amz_date(&date_text).map_err(|_| {
        let message = "expected ISO 8601 basic form in UTC such as `20150830T123600Z` in `X-Amz-Date`";
        VerifyError::new(VerifyErrorKind::MalformedDate, message).found(&*date_text)
    })?;
    let expires_in = found.optional(EXPIRES)?.map(|text| expires(&text)).transpose()?;
    let region_set = region_set(found.optional(REGION_SET)?.as_deref(), algorithm)?;
    let mut token = None;
    for name in TOKENS {
        token = token.or(found.optional(name)?);
    }
    Ok(Authorization {
        algorithm,
        access_key_id,
        scope,
        signed_headers: SignedHeaders::parse(&signed_headers, KIND)?,
        signature: signature(&signature_text, algorithm)?,
        placement: Placement::Query,
        at,
        date_header: None,
        expires_in,
        region_set,
        session_token: token.as_deref().map(session_token).transpose()?,
    })
}

/// The value of `X-Amz-Content-Sha256` in the query, in any letter case.
pub(super) fn content_sha256(request: &ReceivedRequest<'_>) -> Result<Option<String>, VerifyError> {
    let mut values = pairs(request).filter(|(name, _)| eq(name, CONTENT_SHA256));
    let Some((_, value)) = values.next() else { return Ok(None) };
    match values.next() {
        None => Ok(Some(text(CONTENT_SHA256, &value)?.into_owned())),
        Some(_) => Err(ambiguous(CONTENT_SHA256)),
    }
}

/// The parameters that belong to the signature.
struct Parameters<'a>(Vec<(&'static str, Cow<'a, [u8]>)>);

impl<'a> Parameters<'a> {
    /// One that stands there twice or in another letter case is refused: what the server and an application behind it
    /// make of it may differ.
    fn read(request: &ReceivedRequest<'a>) -> Result<Self, VerifyError> {
        let mut found: Vec<(&'static str, Cow<'a, [u8]>)> = Vec::with_capacity(PARAMETERS.len());
        for (name, value) in pairs(request) {
            let Some(parameter) = PARAMETERS.into_iter().find(|parameter| eq(&name, parameter)) else { continue };
            if *name != *parameter.as_bytes() || found.iter().any(|(known, _)| *known == parameter) {
                return Err(ambiguous(parameter));
            }
            found.push((parameter, value));
        }
        Ok(Self(found))
    }

    fn optional(&self, name: &'static str) -> Result<Option<Cow<'_, str>>, VerifyError> {
        let value = self.0.iter().find(|(found, _)| *found == name);
        value.map(|(_, value)| text(name, value)).transpose()
    }

    fn required(&self, name: &'static str) -> Result<Cow<'_, str>, VerifyError> {
        let missing = || {
            let message = format!("a presigned URL needs the parameter `{name}`, found none");
            VerifyError::new(VerifyErrorKind::MalformedPresign, message)
        };
        self.optional(name)?.ok_or_else(missing)
    }
}

/// The pairs of the query, decoded once. A broken escape stays as it is here; it is refused where the query becomes
/// canonical.
fn pairs<'a>(request: &ReceivedRequest<'a>) -> impl Iterator<Item = (Cow<'a, [u8]>, Cow<'a, [u8]>)> {
    let pairs = request.target.query.into_iter().flat_map(|query| query.split('&'));
    pairs.map(|pair| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        (percent_decode_str(name).into(), percent_decode_str(value).into())
    })
}

/// What is not text is not shown: it may be a token.
fn text<'a>(name: &str, value: &'a [u8]) -> Result<Cow<'a, str>, VerifyError> {
    let error = || VerifyError::new(VerifyErrorKind::MalformedPresign, format!("expected text in `{name}`"));
    str::from_utf8(value).map(Cow::Borrowed).map_err(|_| error())
}

/// Seconds; whether they are few enough is the verifier's business.
fn expires(text: &str) -> Result<u64, VerifyError> {
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| is_number).ok_or_else(|| {
        let message = "expected a whole number of seconds from 1 to 604800 in `X-Amz-Expires`";
        VerifyError::new(VerifyErrorKind::ExpiresOutOfRange, message).found(text)
    })
}

fn ambiguous(name: &str) -> VerifyError {
    let message = format!("expected `{name}` once and in this letter case");
    VerifyError::new(VerifyErrorKind::AmbiguousParameter, message)
}

fn eq(name: &[u8], parameter: &str) -> bool {
    name.eq_ignore_ascii_case(parameter.as_bytes())
}
