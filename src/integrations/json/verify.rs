//! From a received request to the verdict.

use data_encoding::BASE64;
use serde::Serialize;
use serde_json::value::RawValue;

use super::{
    answer::Failure,
    description::profile,
    line::{body, host_header, read},
    received::{Key, Received},
};
use crate::{
    chunked::ChunkDecoder,
    crypto::{Provider, VerifyingKey},
    error::{ParseError, ParseErrorKind, VerifyError},
    integrations::config::Ambient,
    types::{AccessKeyId, Credentials, Endpoint, Region, Service, ServiceProfile, SessionToken, Timestamp},
    verify::{
        AnswerStyle, Placement, ReceivedRequest, StaticKeys, Streaming, UnsignedPayload, VerificationKey, Verified,
        Verifier,
    },
};

/// One line of output: the `id` of the request, and what was found.
#[derive(Debug, Serialize)]
#[non_exhaustive]
pub struct Verdict {
    /// As in the description, to the letter; `null` if it had none or could not be read.
    pub id: Option<Box<RawValue>>,
    /// Whether the signature is right.
    pub ok: bool,
    /// Who sent the request, and what is signed; or why it is refused.
    #[serde(flatten)]
    pub outcome: VerdictOutcome,
}

/// What was found.
#[derive(Debug, Serialize)]
#[serde(untagged)]
#[non_exhaustive]
pub enum VerdictOutcome {
    /// The request is what the owner of the key sent.
    Accepted {
        /// The owner of the key.
        access_key_id: String,
        /// `sigv4` or `sigv4a`.
        algorithm: &'static str,
        /// The credential scope.
        scope: String,
        /// The signed headers, separated by `;`.
        signed_headers: String,
        /// Whether it came by a presigned URL.
        presigned: bool,
        /// The data of a body that was aws-chunked, in base64.
        #[serde(skip_serializing_if = "Option::is_none")]
        decoded_body_base64: Option<String>,
    },
    /// It is not.
    Refused {
        /// Why.
        error: Refusal,
    },
}

/// Why a request is refused, in our words and in AWS's.
#[derive(Debug, Serialize)]
#[non_exhaustive]
pub struct Refusal {
    /// Our kind.
    pub kind: &'static str,
    /// AWS's error code; absent if the line itself is wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<&'static str>,
    /// The HTTP status that AWS answers with; absent if the line itself is wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// What was expected, and found.
    pub message: String,
}

/// Answers one line of JSON. Whatever is wrong with it is in the answer: the next line can be read.
///
/// `now` is asked only when the line has none, `ambient` only when it has no keys.
#[must_use]
pub fn verify_line(line: &str, ambient: &Ambient, now: impl FnOnce() -> Result<Timestamp, ParseError>) -> Verdict {
    let (id, outcome) = match read(line, |received: &mut Received| received.id.take()) {
        (id, Ok(received)) => (id, verify(&received, ambient, now)),
        (id, Err(failure)) => (id, Err(failure.into())),
    };
    Verdict {
        id,
        ok: outcome.is_ok(),
        outcome: match outcome {
            Ok((verified, decoded)) => accepted(&verified, decoded.as_deref()),
            Err(error) => VerdictOutcome::Refused { error },
        },
    }
}

impl Verdict {
    /// The verdict on a line that could not be read.
    #[must_use]
    pub fn unread(failure: Failure) -> Self {
        Self { id: None, ok: false, outcome: VerdictOutcome::Refused { error: failure.into() } }
    }
}

fn verify(
    received: &Received,
    ambient: &Ambient,
    now: impl FnOnce() -> Result<Timestamp, ParseError>,
) -> Result<(Verified, Option<Vec<u8>>), Refusal> {
    let verifier = verifier(received).map_err(Failure::from)?;
    let style = verifier.answer_style();
    let refuse = |error: VerifyError| Refusal::new(&error, style);
    let body = body(received.body.as_deref(), received.body_base64.as_deref()).map_err(Failure::from)?;
    let keys = keys(received.keys.as_deref(), ambient)?;
    let now = received.now.map_or_else(now, Ok).map_err(Failure::from)?;
    let mut hosts: Vec<&str> = received.hosts.iter().map(String::as_str).collect();
    let mut request = ReceivedRequest::new(&received.method, &received.url).map_err(refuse)?.with_body(&body);
    for (name, value) in &received.headers {
        request = request.with_header(name, value).map_err(refuse)?;
    }
    if hosts.is_empty() && request.is_sent_elsewhere() {
        // A whole URL says where the request went; what it was for is in its `Host`.
        hosts.extend(host_header(&received.headers));
    }
    let request = request.with_hosts(&hosts);
    let verified = verifier.verify_request(&request, |asked| keys.get(asked.access_key_id()), now).map_err(refuse)?;
    if !verified.payload().is_chunked() {
        return Ok((verified, None));
    }
    let mut decoder = ChunkDecoder::new(&verified, request.headers()).map_err(refuse)?;
    let mut decoded = Vec::new();
    decoder.push(&body, &mut decoded).and_then(|()| decoder.finish()).map_err(refuse)?;
    Ok((verified, Some(decoded)))
}

fn verifier(received: &Received) -> Result<Verifier, ParseError> {
    let (service, region) = place(received)?;
    let profile = profile(ServiceProfile::for_service(&service), received.rules, received.normalize_path);
    let mut verifier = Verifier::new(service, region).with_profile(profile).with_streaming(Streaming::WillBeDecoded);
    if let Some(seconds) = received.max_skew {
        verifier = verifier.with_max_skew(seconds);
    }
    if let Some(accepted) = received.unsigned_payload {
        verifier = verifier.with_unsigned_payload(match accepted {
            true => UnsignedPayload::Accept,
            false => UnsignedPayload::Refuse,
        });
    }
    received.unsigned_headers.iter().try_fold(verifier, |verifier, name| verifier.with_unsigned_header(name))
}

/// The server's own service and region: given, or told by the host.
fn place(received: &Received) -> Result<(Service, Region), ParseError> {
    if let (Some(service), Some(region)) = (&received.service, &received.region) {
        return Ok((service.clone(), region.clone()));
    }
    let endpoint = match host_header(&received.headers) {
        Some(host) => Endpoint::from_host(host),
        None => Endpoint::from_url(&received.url),
    };
    let missing = |what: &'static str| ParseError::new(ParseErrorKind::Config, what);
    let service = received.service.clone().or_else(|| Some(endpoint.as_ref().ok()?.service().clone()));
    let region = received.region.clone().or_else(|| endpoint.as_ref().ok()?.region().cloned());
    Ok((
        service.ok_or_else(|| missing("`service`, the server's own, which the host does not tell"))?,
        region.ok_or_else(|| missing("`region`, the server's own, which the host does not tell"))?,
    ))
}

fn keys(given: Option<&[Key]>, ambient: &Ambient) -> Result<StaticKeys, Failure> {
    match given {
        Some(keys) => Ok(keys.iter().map(key).collect::<Result<StaticKeys, _>>()?),
        None => Ok(StaticKeys::new().with(VerificationKey::from_credentials(&ambient.credentials()?))),
    }
}

/// A key as it stands in JSON.
///
/// # Errors
/// The kind of the value that is refused.
pub fn key(given: &Key) -> Result<VerificationKey, ParseError> {
    let key = match (&given.secret_access_key, &given.public_key) {
        (Some(secret), None) => VerificationKey::from_credentials(&Credentials::new(&given.access_key_id, secret)?),
        (None, Some(text)) => {
            VerificationKey::from_public_key(AccessKeyId::new(&given.access_key_id)?, public_key(text)?)
        }
        _ => {
            let expected = "`secret_access_key` or `public_key` beside `access_key_id`, and not both";
            return Err(ParseError::new(ParseErrorKind::Config, expected));
        }
    };
    Ok(match &given.session_token {
        Some(token) => key.with_session_token(SessionToken::new(token)?),
        None => key,
    })
}

fn public_key(text: &str) -> Result<VerifyingKey, ParseError> {
    let provider = Provider::default();
    if text.trim_start().starts_with("-----BEGIN") {
        return VerifyingKey::from_pem(text, provider);
    }
    let point = base16ct::mixed::decode_vec(text.trim()).map_err(|_| {
        ParseError::new(ParseErrorKind::Key, "PEM, or an uncompressed point of P-256 in hex, 130 digits")
    })?;
    VerifyingKey::from_sec1(&point, provider)
}

fn accepted(verified: &Verified, decoded: Option<&[u8]>) -> VerdictOutcome {
    VerdictOutcome::Accepted {
        access_key_id: verified.access_key_id().to_string(),
        algorithm: verified.algorithm().name(),
        scope: verified.scope().to_string(),
        signed_headers: verified.signed_headers().to_string(),
        presigned: verified.placement() == Placement::Query,
        decoded_body_base64: decoded.map(|decoded| BASE64.encode(decoded)),
    }
}

impl Refusal {
    /// A refusal in a style.
    #[must_use]
    pub fn new(error: &VerifyError, style: AnswerStyle) -> Self {
        Self {
            kind: error.kind().as_str(),
            code: Some(error.code(style)),
            status: Some(error.status(style)),
            message: error.to_string(),
        }
    }
}

impl From<Failure> for Refusal {
    fn from(failure: Failure) -> Self {
        Self { kind: failure.kind, code: None, status: None, message: failure.message }
    }
}
