//! The service, and the future of its answer.

use std::{
    error::Error,
    fmt,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use bytes::Bytes;
use http::{
    HeaderMap, HeaderName, HeaderValue, Request, Response,
    header::{CONTENT_ENCODING, CONTENT_LENGTH, TRANSFER_ENCODING},
    request::Parts,
};
use http_body::Body;
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use tower_service::Service;

use super::{
    AnswerBody, BodyCheck, Echo, VerifiedBody,
    answer::{Echoed, answer},
    body::too_large,
    keys::VerificationKeys,
    layer::Settings,
    replay::Seen,
};
use crate::{
    chunked::ChunkDecoder,
    error::{VerifyError, VerifyErrorKind},
    integrations::http_body::DecodedBody,
    types::{SECRET_FIELDS, Timestamp},
    verify::{Authorization, ReceivedRequest, Verified, unknown_key},
};

/// What [`VerifyLayer`](super::VerifyLayer) makes of a service.
pub struct VerifyService<S, K> {
    inner: S,
    settings: Arc<Settings<K>>,
}

impl<S, K> VerifyService<S, K> {
    pub(super) const fn new(inner: S, settings: Arc<Settings<K>>) -> Self {
        Self { inner, settings }
    }
}

impl<S, K, B, R> Service<Request<B>> for VerifyService<S, K>
where
    S: Service<Request<VerifiedBody<B>>, Response = Response<R>> + Clone + Send + 'static,
    S::Future: Send,
    K: VerificationKeys,
    B: Body<Data = Bytes> + Send + 'static,
    B::Error: Into<Box<dyn Error + Send + Sync>>,
{
    type Response = Response<AnswerBody<R>>;
    type Error = S::Error;
    type Future = VerifyFuture<R, S::Error>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        // The one that was polled ready is the one to call.
        let clone = self.inner.clone();
        let mut inner = std::mem::replace(&mut self.inner, clone);
        let settings = Arc::clone(&self.settings);
        VerifyFuture(Box::pin(async move {
            let (mut parts, body) = request.into_parts();
            match admit(&settings, &parts, body).await {
                Ok((verified, body)) => {
                    if verified.payload().is_chunked() {
                        describe_decoded(&mut parts.headers);
                    }
                    hide_secrets(&mut parts.headers);
                    parts.extensions.insert(verified);
                    let response = inner.call(Request::from_parts(parts, body)).await?;
                    Ok(response.map(AnswerBody::inner))
                }
                Err(Refusal { error, echo, now }) => {
                    let clock = (now, settings.verifier.max_skew());
                    Ok(answer(error, settings.style, echo.as_ref(), clock))
                }
            }
        }))
    }
}

/// Why a request goes no further, and what to say about it.
struct Refusal {
    error: VerifyError,
    echo: Option<Echoed>,
    now: Option<Timestamp>,
}

impl From<VerifyError> for Refusal {
    fn from(error: VerifyError) -> Self {
        Self { error, echo: None, now: None }
    }
}

/// The checks in the order of what they cost: what needs no key, the key, the signature, the body. A body is read before
/// the signature is checked only if the signature cannot be checked without it.
async fn admit<K: VerificationKeys, B>(
    settings: &Settings<K>,
    parts: &Parts,
    body: B,
) -> Result<(Verified, VerifiedBody<B>), Refusal>
where
    B: Body<Data = Bytes> + Send + 'static,
    B::Error: Into<Box<dyn Error + Send + Sync>>,
{
    let verifier = &settings.verifier;
    let hosts: Vec<&str> = settings.hosts.iter().map(|host| &**host).collect();
    let mut request = ReceivedRequest::from_parts(parts)?.with_hosts(&hosts);
    let now = (settings.clock)().map_err(|error| internal("the clock cannot be read", error.into()))?;
    let refuse = |error: VerifyError| Refusal { error, echo: None, now: Some(now) };
    let authorization = Authorization::from_request(&request).map_err(refuse)?;
    verifier.check(&authorization, &request, now).map_err(refuse)?;
    let needs_body = verifier.needs_body(&authorization, &request).map_err(refuse)?;
    let found = settings.keys.find(&authorization).await.map_err(|error| internal("the lookup failed", error))?;
    let key = found.ok_or_else(|| refuse(unknown_key(&authorization)))?;
    let (mut body, mut received) = (Some(body), None);
    if needs_body && let Some(body) = body.take() {
        let bytes = read(body, settings.body_limit).await.map_err(refuse)?;
        request = request.with_body_sha256(verifier.provider().sha256(&bytes));
        received = Some(bytes);
    }
    let verified = verifier.verify(&authorization, &request, &key, now).map_err(|error| {
        let is_shown = error.kind() == VerifyErrorKind::SignatureMismatch && settings.echo == Echo::On;
        let trace = is_shown.then(|| verifier.trace(&authorization, &request).ok()).flatten();
        let echo = trace.map(|trace| Echoed { trace, authorization: authorization.clone() });
        Refusal { error, echo, now: Some(now) }
    })?;
    let is_empty = body.as_ref().is_some_and(|body| body.is_end_stream() || body.size_hint().exact() == Some(0));
    let body = match (body, received, settings.body_check) {
        (Some(body), _, when) if verified.payload().is_chunked() => {
            let decoder = ChunkDecoder::new(&verified, &parts.headers).map_err(refuse)?;
            if decoder.undelivered() > settings.body_limit {
                return Err(refuse(too_large()));
            }
            // Nobody reads a body of no bytes to its end, where the check would be.
            let is_read_on = when == BodyCheck::AtItsEnd && decoder.undelivered() > 0;
            let body = DecodedBody::with_decoder(decoder, body);
            match is_read_on {
                true => VerifiedBody::decoding(body),
                false => read_decoded(body).await.map_err(refuse)?,
            }
        }
        (Some(body), _, BodyCheck::AtItsEnd) if !is_empty => {
            check_length(&body, settings.body_limit).map_err(refuse)?;
            VerifiedBody::checking(body, verified.payload_check(), settings.body_limit)
        }
        (Some(body), _, _) => {
            let bytes = read(body, settings.body_limit).await.map_err(refuse)?;
            check(&verified, &bytes).map_err(refuse)?;
            VerifiedBody::checked(bytes)
        }
        (None, bytes, _) => VerifiedBody::checked(bytes.unwrap_or_default()),
    };
    if let Some(replay) = &settings.replay
        && replay.ask(verified.clone()).await == Seen::Before
    {
        let error = VerifyError::new(VerifyErrorKind::Replayed, "the same signature came before");
        return Err(refuse(error));
    }
    Ok((verified, body))
}

/// Refuses a body that is announced as too long before any of it is read, or asked for with `100 Continue`.
fn check_length<B: Body>(body: &B, limit: u64) -> Result<(), VerifyError> {
    if body.size_hint().lower() > limit { Err(too_large()) } else { Ok(()) }
}

async fn read<B>(body: B, limit: u64) -> Result<Bytes, VerifyError>
where
    B: Body<Data = Bytes>,
    B::Error: Into<Box<dyn Error + Send + Sync>>,
{
    check_length(&body, limit)?;
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    match Limited::new(body, limit).collect().await {
        Ok(collected) => Ok(collected.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => Err(too_large()),
        Err(_) => Err(VerifyError::new(VerifyErrorKind::BodyIncomplete, "the body broke off")),
    }
}

/// No longer than was announced, which is checked before.
async fn read_decoded<B>(body: DecodedBody<B>) -> Result<VerifiedBody<B>, VerifyError>
where
    B: Body<Data = Bytes>,
    B::Error: Into<Box<dyn Error + Send + Sync>>,
{
    let broken_off = || VerifyError::new(VerifyErrorKind::BodyIncomplete, "the body broke off");
    match body.collect().await {
        Ok(collected) => {
            let trailers = collected.trailers().cloned();
            Ok(VerifiedBody::checked_with_trailers(collected.to_bytes(), trailers))
        }
        Err(error) => Err(error.verify_error().cloned().unwrap_or_else(broken_off)),
    }
}

/// Keeps what must not be seen out of the logs of the service: `Debug` does not show a sensitive value.
fn hide_secrets(headers: &mut HeaderMap) {
    for name in SECRET_FIELDS {
        if let http::header::Entry::Occupied(mut values) = headers.entry(name) {
            values.iter_mut().for_each(|value| value.set_sensitive(true));
        }
    }
}

/// Makes the headers those of the data: what frames it on the wire is gone.
fn describe_decoded(headers: &mut HeaderMap) {
    let mut codings: Vec<String> = Vec::new();
    for value in headers.get_all(CONTENT_ENCODING) {
        let Ok(text) = value.to_str() else { continue };
        let kept = text.split(',').map(str::trim).filter(|coding| !coding.eq_ignore_ascii_case("aws-chunked"));
        codings.extend(kept.filter(|coding| !coding.is_empty()).map(str::to_owned));
    }
    headers.remove(CONTENT_ENCODING);
    if let (false, Ok(value)) = (codings.is_empty(), HeaderValue::try_from(codings.join(", "))) {
        headers.insert(CONTENT_ENCODING, value);
    }
    if let Some(length) = headers.get(DECODED_LENGTH).cloned() {
        headers.insert(CONTENT_LENGTH, length);
        headers.remove(TRANSFER_ENCODING);
    }
}

const DECODED_LENGTH: HeaderName = HeaderName::from_static("x-amz-decoded-content-length");

fn check(verified: &Verified, bytes: &[u8]) -> Result<(), VerifyError> {
    let mut check = verified.payload_check();
    check.update(bytes);
    check.finish()
}

fn internal(message: &'static str, cause: Box<dyn Error + Send + Sync>) -> Refusal {
    VerifyError::new(VerifyErrorKind::KeyLookup, message).caused_by(cause).into()
}

/// The answer to come.
pub struct VerifyFuture<R, E>(Pin<Box<dyn Future<Output = Outcome<R, E>> + Send>>);

type Outcome<R, E> = Result<Response<AnswerBody<R>>, E>;

impl<R, E> Future for VerifyFuture<R, E> {
    type Output = Outcome<R, E>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        self.0.as_mut().poll(context)
    }
}

impl<R, E> fmt::Debug for VerifyFuture<R, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VerifyFuture").finish_non_exhaustive()
    }
}

impl<S: Clone, K> Clone for VerifyService<S, K> {
    fn clone(&self) -> Self {
        Self { inner: self.inner.clone(), settings: Arc::clone(&self.settings) }
    }
}

impl<S: fmt::Debug, K> fmt::Debug for VerifyService<S, K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VerifyService").field("inner", &self.inner).finish_non_exhaustive()
    }
}
