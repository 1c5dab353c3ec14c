//! From a description to its answer.

use std::borrow::Cow;

use http::{HeaderValue, header::CONTENT_ENCODING};

use super::{
    answer::{Answer, Failure, SignedAnswer},
    description::{Description, Token, Uri, profile},
    line::{body, host_header, read},
    streaming,
};
use crate::{
    canonical::UriPolicy,
    chunked::{ChunkedUpload, content_encoding},
    crypto::Provider,
    error::{ParseError, ParseErrorKind, SignError, SignErrorKind},
    integrations::config::Ambient,
    sign::{Resolved, Signer, SignerConfig, SignerExt as _, SigningOptions, SigningRequest},
    types::{Algorithm, ContentSha256Header, Credentials, ExpiresIn, PayloadHash, SessionTokenMode, Timestamp},
};

/// Answers one line of JSON. Whatever is wrong with it is in the answer: the next line can be read.
///
/// `now` is asked only when the description has no `time`, `ambient` only for what else it leaves out.
#[must_use]
pub fn sign_line(line: &str, ambient: &Ambient, now: impl FnOnce() -> Result<Timestamp, ParseError>) -> Answer {
    sign_line_with(line, ambient, now, |resolved, credentials| Ok(resolved.into_signer(credentials)))
}

/// The same with a signer of your own, made from what was decided for the line: a key in an HSM, other cryptography.
#[must_use]
pub fn sign_line_with(
    line: &str,
    ambient: &Ambient,
    now: impl FnOnce() -> Result<Timestamp, ParseError>,
    signer: impl FnOnce(Resolved, Credentials) -> Result<Box<dyn Signer>, SignError>,
) -> Answer {
    let (id, outcome) = match read(line, |description: &mut Description| description.id.take()) {
        (id, Ok(description)) => (id, sign(&description, ambient, now, signer).map_err(Failure::from)),
        (id, Err(failure)) => (id, Err(failure)),
    };
    Answer::new(id, outcome)
}

fn sign(
    description: &Description,
    ambient: &Ambient,
    now: impl FnOnce() -> Result<Timestamp, ParseError>,
    signer: impl FnOnce(Resolved, Credentials) -> Result<Box<dyn Signer>, SignError>,
) -> Result<SignedAnswer, SignError> {
    let body = body(description.body.as_deref(), description.body_base64.as_deref())?;
    // First of all, so that what is wrong with the request itself is said before what is missing around it.
    // Every client sends it so, and botocore signs it so.
    let method = description.method.to_ascii_uppercase();
    let bare = SigningRequest::new(&method, &description.url)?.with_body(&body);
    description.headers.iter().try_fold(bare, |request, (name, value)| request.with_header(name, value))?;
    let (config, ambient_config) = (config(description), ambient.config());
    let resolved = match host_header(&description.headers) {
        Some(host) => config.resolve_as(&description.url, host, ambient_config)?,
        None => config.resolve(&description.url, ambient_config)?,
    };
    let options = options(description, resolved.options());
    let algorithm = resolved.algorithm();
    let signer = signer(resolved.with_options(options), credentials(description, ambient)?)?;
    let at = description.time.map_or_else(now, Ok)?;
    let payload = payload(description, algorithm, &body, signer.provider())?;
    let upload = streaming::upload(description, payload, &body)?;
    let headers = headers(description, upload.as_ref(), algorithm);
    let mut request = SigningRequest::new(&method, &description.url)?.with_body(&body);
    for (name, value) in &headers {
        request = request.with_header(name, value)?;
    }
    if let Some(payload) = payload {
        request = request.with_payload(payload);
    }
    let (url, headers, trace) = match description.presign {
        None => {
            let signed = signer.sign(&request, at)?;
            (signed.url(), signed.wire_headers(&request), signed.trace().clone())
        }
        Some(presign) => {
            let presigned = signer.presign(&request, ExpiresIn::from_secs(presign.expires)?, at)?;
            (presigned.url(), presigned.wire_headers(&request), presigned.trace().clone())
        }
    };
    let answer = SignedAnswer::new(&method, url, headers, &trace);
    Ok(match upload {
        Some(upload) => answer.with_body(&streaming::frame(upload, signer, at, &trace, &body)?),
        None => answer,
    })
}

/// The headers to sign: the description's, and those of the framing in place of what there was.
fn headers(description: &Description, upload: Option<&ChunkedUpload>, algorithm: Algorithm) -> Vec<(String, Vec<u8>)> {
    let given = |(name, value): &(String, String)| (name.clone(), value.clone().into_bytes());
    let Some(upload) = upload else { return description.headers.iter().map(given).collect() };
    let (replaced, kept): (Vec<_>, Vec<_>) =
        description.headers.iter().partition(|(name, _)| streaming::is_replaced(name));
    let encodings = replaced.iter().filter(|(name, _)| name.eq_ignore_ascii_case("content-encoding"));
    let encodings = encodings.filter_map(|(_, value)| Some((CONTENT_ENCODING, HeaderValue::from_str(value).ok()?)));
    let framing = upload.headers(algorithm, content_encoding(&encodings.collect()).as_ref());
    let framing = framing.iter().map(|(name, value)| (name.as_str().to_owned(), value.as_bytes().to_vec()));
    kept.into_iter().map(given).chain(framing).collect()
}

fn config(description: &Description) -> SignerConfig {
    let mut config = SignerConfig::default();
    if let Some(algorithm) = description.algorithm {
        config = config.with_algorithm(algorithm);
    }
    if let Some(service) = &description.service {
        config = config.with_service(service.clone());
    }
    if let Some(region) = &description.region {
        config = config.with_region(region.clone());
    }
    if let Some(region_set) = &description.region_set {
        config = config.with_region_set(region_set.clone());
    }
    config
}

fn options(description: &Description, of_service: &SigningOptions) -> SigningOptions {
    let mut profile = profile(*of_service.profile(), description.rules, description.normalize_path);
    if let Some(send) = description.content_sha256_header {
        profile.content_sha256 = match send {
            true => ContentSha256Header::Send,
            false => ContentSha256Header::Omit,
        };
    }
    if let Some(mode) = description.session_token_mode {
        profile.session_token = match mode {
            Token::Sign => SessionTokenMode::Sign,
            Token::Append => SessionTokenMode::Append,
        };
    }
    of_service.clone().with_profile(profile).with_uri_policy(match description.uri_policy {
        None | Some(Uri::Rewrite) => UriPolicy::Rewrite,
        Some(Uri::Reject) => UriPolicy::Reject,
        Some(Uri::AsGiven) => UriPolicy::AsGiven,
    })
}

fn credentials(description: &Description, ambient: &Ambient) -> Result<Credentials, SignError> {
    let credentials = match (&description.access_key_id, &description.secret_access_key) {
        (Some(id), Some(secret)) => Credentials::new(id, secret)?,
        (None, None) if description.session_token.is_none() => return ambient.credentials(),
        _ => {
            return Err(SignError::new(
                SignErrorKind::MissingCredentials,
                "expected `access_key_id` and `secret_access_key` together, or neither and no `session_token`",
            ));
        }
    };
    Ok(match &description.session_token {
        Some(token) => credentials.with_session_token(token)?,
        None => credentials,
    })
}

/// What is signed in place of the service's usual; `None` for that.
fn payload(
    description: &Description,
    algorithm: Algorithm,
    body: &[u8],
    provider: Provider,
) -> Result<Option<PayloadHash>, SignError> {
    let payload = match description.payload.as_deref() {
        None => None,
        Some("hash") => Some(PayloadHash::Sha256(provider.sha256(body))),
        Some("unsigned") => Some(PayloadHash::Unsigned),
        Some(text) => Some(PayloadHash::parse(&in_lower_case(text), algorithm).map_err(|error| {
            let expected = format!("`hash`, `unsigned`, 64 hex digits or a sentinel ({error})");
            ParseError::new(ParseErrorKind::PayloadHash, expected)
        })?),
    };
    Ok(payload)
}

/// Hex digits are digits in either case; a sentinel is a name.
fn in_lower_case(text: &str) -> Cow<'_, str> {
    match text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        true => Cow::Owned(text.to_ascii_lowercase()),
        false => Cow::Borrowed(text),
    }
}
