//! The flow, written once: request → canonical request → string to sign → signature → headers or query.

use std::borrow::Cow;

use http::{HeaderName, HeaderValue};
use smallvec::SmallVec;

use crate::{
    canonical::{CanonicalParts, HeaderField, Path, Query, StringToSign},
    error::{SignError, SignErrorKind},
    sign::{
        PresignedRequest, Signer, SigningRequest, SigningTrace,
        added::{Added, Visibility, header_name, header_value, payload_value, region_set_value, sensitive, text_value},
        change::Change,
        expiry::check_expiry,
        host::{GivenHost, check_algorithm, host},
        owned::{self, is_owned_header, is_owned_parameter},
        request::Payload,
        signed_request::Wire,
    },
    types::{
        Algorithm, ContentSha256Header, CredentialScope, ExpiresIn, PayloadHash, PayloadSigning, ServiceProfile,
        SessionToken, SessionTokenMode, Signature, Timestamp,
    },
};

/// What is to be signed, by whom, and for when.
#[derive(Clone, Copy)]
pub(super) struct Task<'a> {
    pub(super) signer: &'a dyn Signer,
    pub(super) request: &'a SigningRequest<'a>,
    pub(super) at: Timestamp,
}

/// Signs with headers, which `added` receives; `finish` takes what else it needs from the outcome.
///
/// So nothing has to be copied out of the request to sign in place, and nothing large goes from hand to hand, which would
/// cost a share of the whole.
pub(super) fn sign<T>(task: Task<'_>, added: &mut Added, finish: impl FnOnce(Signed<'_>) -> T) -> Result<T, SignError> {
    let Task { signer, at, .. } = task;
    let mut fields = Fields::new();
    let draft = Draft::new(task, &mut fields)?;
    // Presigning changes the URL anyway.
    draft.query.check_dropped()?;
    let profile = signer.options().profile();
    let payload = draft.payload(profile.payload)?;
    added.push(owned::DATE, header_value(owned::DATE.as_str(), at.amz_date_bytes())?, Visibility::Signed);
    if let Some(region_set) = signer.region_set() {
        added.push(owned::REGION_SET, region_set_value(region_set.as_str())?, Visibility::Signed);
    }
    if draft.sends_content_sha256() {
        added.push(owned::CONTENT_SHA256, draft.content_sha256(&payload)?, Visibility::Signed);
    }
    if let Some(token) = signer.session_token() {
        let visibility = match profile.session_token {
            SessionTokenMode::Sign => Visibility::Signed,
            SessionTokenMode::Append => Visibility::Unsigned,
        };
        added.push(header_name(profile.session_token_header)?, token.header_value(), visibility);
    }
    draft.complete(&mut fields, added);
    let trace = draft.finish(&draft.query, &fields, &payload, signer.scope(at))?;
    // It borrows from what is added, which has to grow.
    drop(fields);
    let authorization = sensitive(text_value(&owned::AUTHORIZATION, authorization(signer, &trace))?);
    added.push(owned::AUTHORIZATION, authorization, Visibility::Unsigned);
    added.set_host(draft.host_to_set())?;
    Ok(finish(Signed { draft: &draft, trace }))
}

/// A signature by headers, before anything is copied out of the request.
pub(super) struct Signed<'a> {
    draft: &'a Draft<'a>,
    trace: SigningTrace,
}

impl Signed<'_> {
    /// The outcome as a value of its own.
    pub(super) fn into_value(self) -> (SigningTrace, Wire) {
        (self.trace, self.draft.wire(&self.draft.query))
    }

    /// What changes in the request, without the values on the way.
    pub(super) fn change(&self) -> Change {
        Change { path_and_query: self.draft.rewritten(), has_owned: self.draft.has_owned }
    }
}

/// Signs with the query.
pub(super) fn presign(task: Task<'_>, expires_in: ExpiresIn) -> Result<PresignedRequest, SignError> {
    let Task { signer, at, .. } = task;
    let mut bound = Added::default();
    let mut fields = Fields::new();
    let mut draft = Draft::new(task, &mut fields)?;
    let profile = *signer.options().profile();
    let payload = draft.payload(profile.presigned_payload)?;
    if let Some(visibility) = draft.presigned_content_sha256() {
        bound.push(owned::CONTENT_SHA256, draft.content_sha256(&payload)?, visibility);
    }
    let scope = signer.scope(at);
    let credential = [signer.access_key_id().as_str(), "/", scope.as_str()].concat();
    let expires = expires_in.as_secs().to_string();
    let token = signer.session_token().map(SessionToken::expose);
    let mut query = draft.take_query();
    query.reserve(PRESIGNED_PARAMETERS);
    let to_send = headers_to_send(&fields, &bound)?;
    draft.complete(&mut fields, &bound);
    let signed_headers = signed_header_names(&fields);
    query.push("X-Amz-Algorithm", signer.algorithm().as_str());
    query.push("X-Amz-Credential", &credential);
    query.push("X-Amz-Date", at.amz_date());
    query.push("X-Amz-Expires", &expires);
    if let Some(region_set) = signer.region_set() {
        query.push("X-Amz-Region-Set", region_set.as_str());
    }
    if let (Some(token), SessionTokenMode::Sign) = (token, profile.session_token) {
        query.push(profile.session_token_parameter, token);
    }
    query.push("X-Amz-SignedHeaders", &signed_headers);
    let trace = draft.finish(&query, &fields, &payload, scope)?;
    drop(fields);
    if let (Some(token), SessionTokenMode::Append) = (token, profile.session_token) {
        query.push(profile.session_token_parameter, token);
    }
    let signature = trace.signature().to_hex();
    query.push("X-Amz-Signature", &signature);
    let wire = draft.wire(&query);
    let url_ends = at.saturating_add(expires_in.as_secs());
    let expires_at = signer.expires_at().map_or(url_ends, |credentials_end| credentials_end.min(url_ends));
    bound.set_host(draft.host_to_set())?;
    Ok(PresignedRequest::new(wire, bound.into_headers(), to_send, expires_at, trace))
}

/// As many as presigning ever adds to a query.
const PRESIGNED_PARAMETERS: usize = 8;

/// The last line of the canonical request: a sentinel or a hash.
type PayloadLine = Cow<'static, str>;

/// What both forms have in common before anything is added.
struct Draft<'a> {
    task: Task<'a>,
    path: Path<'a>,
    query: Query<'a>,
    host: &'a str,
    /// Whether an earlier signing left headers.
    has_owned: bool,
}

/// Signed headers. With what signing adds, the usual request has fewer than this.
type Fields<'a> = SmallVec<[HeaderField<'a>; 16]>;

impl<'a> Draft<'a> {
    /// `fields` receives the caller's headers that are signed, in their order, `host` left out.
    fn new<'b>(task: Task<'a>, fields: &mut Fields<'b>) -> Result<Self, SignError>
    where
        'a: 'b,
    {
        let Task { signer, request, at } = task;
        let options = signer.options();
        check_expiry(signer, at)?;
        let (profile, policy) = (options.profile(), options.signed_headers());
        let (mut given_host, mut has_owned) = (GivenHost::default(), false);
        request.for_each_header(|header| {
            let name = header.field.name;
            if name == owned::HOST {
                given_host.see(header.field.value);
            } else if is_owned_header(name) {
                has_owned = true;
            } else if !name.eq_ignore_ascii_case(profile.session_token_header)
                && !profile.unsigned_headers.contains(&name)
                && policy.signs(name)
            {
                fields.push(header.field);
            }
        });
        let host = host(request, &given_host, options.host())?;
        check_algorithm(signer.algorithm(), host, options.endpoint_check())?;
        Ok(Self {
            task,
            path: Path::new(request.target.path, profile.rules, options.uri_policy())?,
            query: Query::new(request.target.query, options.uri_policy(), is_owned_parameter)?,
            host,
            has_owned,
        })
    }

    /// The query, for presigning to add to.
    fn take_query(&mut self) -> Query<'a> {
        std::mem::take(&mut self.query)
    }

    fn profile(&self) -> &ServiceProfile {
        self.task.signer.options().profile()
    }

    /// The last line of the canonical request.
    fn payload(&self, signing: PayloadSigning) -> Result<PayloadLine, SignError> {
        let payload = match (signing, self.task.request.payload) {
            (PayloadSigning::AlwaysUnsigned, Payload::Given(payload)) if payload.is_streaming() => {
                return Err(SignError::new(
                    SignErrorKind::Unsupported,
                    "expected an unsigned payload, found one that is signed piece by piece: this service takes no other",
                ));
            }
            (PayloadSigning::AlwaysUnsigned, _) | (PayloadSigning::Unsigned, Payload::Body(_)) => PayloadHash::Unsigned,
            (PayloadSigning::Hash | PayloadSigning::Unsigned, Payload::Given(payload)) => payload,
            (PayloadSigning::Hash, Payload::Body([])) => PayloadHash::EMPTY,
            (PayloadSigning::Hash, Payload::Body(body)) => {
                PayloadHash::Sha256(self.task.signer.provider().sha256(body))
            }
        };
        let algorithm = self.task.signer.algorithm();
        if payload == PayloadHash::StreamingEvents && algorithm == Algorithm::SigV4a {
            return Err(SignError::new(
                SignErrorKind::Unsupported,
                "expected sigv4, found sigv4a: event streams have no SigV4a form",
            ));
        }
        Ok(payload.header_value(algorithm)?)
    }

    /// The value of `x-amz-content-sha256`: the caller's own, or the payload.
    fn content_sha256(&self, payload: &PayloadLine) -> Result<HeaderValue, SignError> {
        match self.task.request.content_sha256 {
            Some(value) => header_value(owned::CONTENT_SHA256.as_str(), value.as_bytes()),
            None => payload_value(payload),
        }
    }

    /// Whether `x-amz-content-sha256` goes with a header-signed request. That a body comes in pieces only it can say.
    fn sends_content_sha256(&self) -> bool {
        let is_streaming = matches!(self.task.request.payload, Payload::Given(payload) if payload.is_streaming());
        let is_usual = self.profile().content_sha256 == ContentSha256Header::Send;
        self.task.request.content_sha256.is_some() || is_usual || is_streaming
    }

    /// Whether it goes with a presigned one, and how. The server can know a payload other than the service's usual only
    /// from this header: without it S3 takes the body of a presigned request for unsigned, other services hash it. It
    /// stays out of `SignedHeaders`, as in AWS's own implementation: the canonical request ends with its value anyway.
    fn presigned_content_sha256(&self) -> Option<Visibility> {
        match (self.profile().presigned_payload, self.task.request.payload) {
            (PayloadSigning::AlwaysUnsigned, _) => Some(Visibility::Signed),
            (PayloadSigning::Unsigned, Payload::Given(PayloadHash::Unsigned)) | (_, Payload::Body(_)) => None,
            (_, Payload::Given(_)) => {
                (self.profile().content_sha256 == ContentSha256Header::Send).then_some(Visibility::Unsigned)
            }
        }
    }

    /// Adds the host and what signing adds to the signed headers, and sorts them by name; repeated ones stay in their
    /// order.
    fn complete<'b>(&self, fields: &mut Fields<'b>, added: &'b Added)
    where
        'a: 'b,
    {
        fields.push(HeaderField { name: owned::HOST, value: self.host.as_bytes() });
        fields.extend(added.signed());
        fields.sort_by(HeaderField::by_name);
    }

    /// Canonical request, string to sign, signature.
    fn finish(
        &self,
        query: &Query<'_>,
        headers: &[HeaderField<'_>],
        payload: &str,
        scope: CredentialScope,
    ) -> Result<SigningTrace, SignError> {
        let (method, path) = (self.task.request.method, self.path.canonical());
        let canonical_request = CanonicalParts { method, path, query, headers, payload }.write()?;
        let digest = self.task.signer.provider().sha256(canonical_request.as_bytes());
        let algorithm = self.task.signer.algorithm();
        let string_to_sign = StringToSign::for_request(algorithm, self.task.at, scope, &digest);
        let signature = self.task.signer.sign_string(&string_to_sign)?;
        Ok(SigningTrace { algorithm, canonical_request, string_to_sign, signature })
    }

    /// The `Host` header to set, if signing chose the host.
    fn host_to_set(&self) -> Option<&str> {
        self.task.signer.options().host().is_some().then_some(self.host)
    }

    /// The path and query to send, unless they surely are as the request has them.
    fn rewritten(&self) -> Option<String> {
        let is_unchanged = matches!(self.path.wire, Cow::Borrowed(_)) && self.task.request.target.query.is_none();
        (!is_unchanged).then(|| {
            let mut text = String::with_capacity(self.path.wire.len() + self.query.wire_len());
            self.write_path_and_query(&self.query, &mut text);
            text
        })
    }

    fn write_path_and_query(&self, query: &Query<'_>, text: &mut String) {
        text.push_str(&self.path.wire);
        if !query.is_empty() {
            text.push('?');
            query.write_wire(text);
        }
    }

    fn wire(&self, query: &Query<'_>) -> Wire {
        let target = &self.task.request.target;
        let origin = target.scheme.zip(target.authority);
        let origin_len = origin.map_or(0, |(scheme, authority)| scheme.len() + 3 + authority.len());
        let mut url = String::with_capacity(origin_len + self.path.wire.len() + query.wire_len());
        if let Some((scheme, authority)) = origin {
            [scheme, "://", authority].iter().for_each(|part| url.push_str(part));
        }
        self.write_path_and_query(query, &mut url);
        Wire { url, origin_len }
    }
}

/// The headers that the user of a presigned URL must send as they are: the signed ones but `host`.
fn headers_to_send(given: &[HeaderField<'_>], bound: &Added) -> Result<Vec<(HeaderName, HeaderValue)>, SignError> {
    let mut headers = Vec::with_capacity(given.len() + bound.as_slice().len());
    for field in given {
        headers.push((header_name(field.name)?, header_value(field.name, field.value)?));
    }
    headers.extend_from_slice(bound.as_slice());
    Ok(headers)
}

/// The names of a sorted list, each once.
fn signed_header_names(sorted: &[HeaderField<'_>]) -> String {
    let mut names: Vec<&str> = sorted.iter().map(|field| field.name).collect();
    names.dedup();
    names.join(";")
}

/// The value of the `Authorization` header.
fn authorization(signer: &dyn Signer, trace: &SigningTrace) -> Vec<u8> {
    let mut room = Signature::HEX_ROOM;
    let parts = [
        trace.algorithm.as_str().as_bytes(),
        b" Credential=",
        signer.access_key_id().as_str().as_bytes(),
        b"/",
        trace.scope().as_str().as_bytes(),
        b", SignedHeaders=",
        trace.canonical_request.signed_headers_bytes(),
        b", Signature=",
        trace.signature.hex(&mut room).as_bytes(),
    ];
    parts.concat()
}
