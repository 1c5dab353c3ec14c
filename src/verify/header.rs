//! The `Authorization` header.

use data_encoding::BASE64;
use http::{HeaderName, header};

use crate::{
    crypto::Digest,
    error::{VerifyError, VerifyErrorKind},
    types::Timestamp,
    verify::{
        Authorization, Placement, ReceivedRequest, SignedHeaders,
        authorization::{SIGV2, algorithm, credential, region_set, session_token, signature, sigv2},
    },
};

const DATE: HeaderName = HeaderName::from_static("x-amz-date");
const REGION_SET: HeaderName = HeaderName::from_static("x-amz-region-set");
/// The second is that of S3 Express sessions.
const TOKENS: [HeaderName; 2] =
    [HeaderName::from_static("x-amz-security-token"), HeaderName::from_static("x-amz-s3session-token")];

/// Reads `ALGORITHM Credential=…, SignedHeaders=…, Signature=…` and the headers that go with it.
pub(super) fn parse(request: &ReceivedRequest<'_>) -> Result<Authorization, VerifyError> {
    const KIND: VerifyErrorKind = VerifyErrorKind::MalformedAuthorization;
    // `None` cannot be: the caller found the header.
    let text = request.single(&header::AUTHORIZATION, KIND)?.unwrap_or_default();
    // One word alone may be somebody's token: it is not shown.
    let (name, attributes) = text.split_once(' ').unwrap_or_default();
    if name == SIGV2 {
        return Err(sigv2());
    }
    let algorithm = algorithm(name).map_err(|error| match attributes.split(',').all(|part| part.contains('=')) {
        true => error,
        false => error.detail(digest(text)),
    })?;
    let [mut credential_text, mut signed_headers, mut signature_text] = [None; 3];
    for attribute in attributes.split(',') {
        let attribute = attribute.trim_matches([' ', '\t']);
        let Some((name, value)) = attribute.split_once('=') else {
            let error = VerifyError::new(KIND, "expected `NAME=VALUE`, separated by commas").found(shown(attribute));
            return Err(error.detail(digest(text)));
        };
        let slot = match name {
            "Credential" => &mut credential_text,
            "SignedHeaders" => &mut signed_headers,
            "Signature" => &mut signature_text,
            other => return Err(VerifyError::new(KIND, "an attribute nobody knows").found(other)),
        };
        if slot.replace(value).is_some() {
            return Err(VerifyError::new(KIND, "an attribute stands there twice").found(name));
        }
    }
    let (Some(credential_text), Some(signed_headers), Some(signature_text)) =
        (credential_text, signed_headers, signature_text)
    else {
        return Err(VerifyError::new(KIND, "expected the attributes `Credential`, `SignedHeaders` and `Signature`"));
    };
    let (access_key_id, scope) = credential(credential_text, algorithm)?;
    let (at, date_header) = date(request)?;
    let region_set = region_set(request.single(&REGION_SET, VerifyErrorKind::MalformedRegionSet)?, algorithm)?;
    let mut token = None;
    for name in &TOKENS {
        token = token.or(request.single(name, VerifyErrorKind::InvalidSessionToken)?);
    }
    Ok(Authorization {
        algorithm,
        access_key_id,
        scope,
        signed_headers: SignedHeaders::parse(signed_headers, KIND)?,
        signature: signature(signature_text, algorithm)?,
        placement: Placement::Header,
        at,
        date_header: Some(date_header),
        expires_in: None,
        region_set,
        session_token: token.map(session_token).transpose()?,
    })
}

/// `X-Amz-Date`, else `Date`, which may have either form.
fn date(request: &ReceivedRequest<'_>) -> Result<(Timestamp, HeaderName), VerifyError> {
    const KIND: VerifyErrorKind = VerifyErrorKind::MalformedDate;
    let error = |text: &str| {
        VerifyError::new(KIND, "expected ISO 8601 basic form in UTC such as `20150830T123600Z`").found(text)
    };
    if let Some(text) = request.single(&DATE, KIND)? {
        return Ok((Timestamp::parse_amz_date(text).map_err(|_| error(text))?, DATE));
    }
    let Some(text) = request.single(&header::DATE, KIND)? else {
        return Err(VerifyError::new(VerifyErrorKind::MissingDate, "expected `X-Amz-Date` or `Date`, found neither"));
    };
    let read = Timestamp::parse_amz_date(text).or_else(|_| Timestamp::parse_http_date(text));
    Ok((read.map_err(|_| error(text))?, header::DATE))
}

/// An attribute without `=` may be a signature that lost its name.
fn shown(attribute: &str) -> &str {
    attribute.get(..16).unwrap_or(attribute)
}

/// The SHA-256 of a header that may be somebody's token, in base64: AWS tells its sender that.
fn digest(header: &str) -> String {
    let mut hash = Digest::new();
    hash.update(header.as_bytes());
    BASE64.encode(&hash.finish())
}

#[cfg(test)]
mod tests {
    use super::digest;

    #[test]
    fn a_digest_is_that_of_openssl() {
        // printf 'Bearer x' | openssl dgst -sha256 -binary | base64
        assert_eq!(digest("Bearer x"), "uTem/WB082UJMN2ajD6lH6UChGpTAddMJSx2iu923No=");
    }
}
