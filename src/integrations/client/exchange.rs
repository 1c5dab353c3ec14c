//! From a request to its answer: sign, send, learn, and again if that helps.

use std::error::Error;

use bytes::Bytes;
use http::{HeaderMap, Request, StatusCode, request::Parts};
use http_body::Body;

use super::{
    Attempt, Given, Hint, Reason, Redirects, RequestSigner, SignedBody, Verdict, answer,
    outgoing::Outgoing,
    redirect::{self, NextBody, Receiver},
};
use crate::{error::SignError, integrations::credentials::is_same};

/// What [`RequestSigner::exchange`] wants of an HTTP client: to send a request that is signed, and to show its answer.
pub trait Transport<B>: Send {
    /// The answer of this client.
    type Answer: Send;
    /// Its error; a request that could not be signed becomes one.
    type Error: From<SignError>;

    /// Sends a request, without following redirects.
    fn send(
        &mut self,
        request: Request<SignedBody<B>>,
    ) -> impl Future<Output = Result<Self::Answer, Self::Error>> + Send;

    /// The status of an answer.
    fn status(answer: &Self::Answer) -> StatusCode;

    /// The headers of an answer.
    fn headers(answer: &Self::Answer) -> &HeaderMap;

    /// The beginning of an answer's body, which stays in the answer; asked for refusals only.
    fn peek(answer: Self::Answer) -> impl Future<Output = (Self::Answer, Bytes)> + Send;

    /// Puts a hint where the user of the answer finds it.
    fn add_hint(answer: &mut Self::Answer, hint: Hint);
}

impl RequestSigner {
    /// Sends a request signed: once more if its time or its token was the trouble, and to where it is redirected, if that
    /// is asked for. A body that is not in memory is sent once.
    ///
    /// # Errors
    /// As [`attempt`](Self::attempt) and [`SignerExt::sign`](crate::SignerExt::sign);
    /// [`BodyLength`](crate::SignErrorKind::BodyLength) and [`Body`](crate::SignErrorKind::Body) for a body that cannot be
    /// read or framed; and those of the transport.
    pub async fn exchange<B, T>(
        &self,
        mut parts: Parts,
        body: Given<B>,
        transport: &mut T,
    ) -> Result<T::Answer, T::Error>
    where
        B: Body<Data = Bytes> + Send,
        B::Error: Into<Box<dyn Error + Send + Sync>>,
        T: Transport<B>,
    {
        let settings = self.settings();
        let mut first = self.attempt(&parts.uri, &parts.headers).await?;
        let is_streamed = matches!(body, Given::Streamed(_));
        let mut body = body.prepare(settings, first.signer.options().profile(), &parts).await?;
        // Reading it may have taken longer than a signature is good.
        if is_streamed && body.is_replayable() {
            first = self.attempt(&parts.uri, &parts.headers).await?;
        }
        // Nobody signs for a stranger.
        let mut attempt = Some(first);
        let (mut reasons, mut hops) = (Vec::new(), 0);
        loop {
            let kept = body.is_replayable().then(|| parts.clone());
            let (outgoing, again) = match &attempt {
                Some(attempt) => body.sign(attempt, settings, &mut parts)?,
                None => Outgoing::unsigned(),
            };
            let mut answer = transport.send(Request::from_parts(parts, outgoing)).await?;
            let mut verdict = Verdict::Final;
            if let Some(attempt) = &attempt {
                (answer, verdict) = learn::<B, T>(self, attempt, answer).await;
            }
            // What cannot be sent twice was sent once.
            let (Some(kept), Some(again)) = (kept, again) else { return Ok(answer) };
            (parts, body) = (kept, again);
            match verdict {
                Verdict::SignAgain(reason) if !reasons.contains(&reason) => reasons.push(reason),
                _ => {
                    if settings.redirects == Redirects::GiveBack || hops == redirect::MOST {
                        return Ok(answer);
                    }
                    hops += 1;
                    let redirected = redirect::follow(&mut parts, T::status(&answer), T::headers(&answer));
                    let Some((receiver, next_body)) = redirected else { return Ok(answer) };
                    if next_body == NextBody::None {
                        body = Outgoing::Whole(Bytes::new());
                    }
                    if receiver == Receiver::Stranger {
                        if !body.is_empty() {
                            T::add_hint(&mut answer, Hint::BodyForAnotherOrigin);
                            return Ok(answer);
                        }
                        (body, attempt) = (Outgoing::Whole(Bytes::new()), None);
                    }
                }
            }
            if let Some(attempt) = &mut attempt {
                let next = self.attempt(&parts.uri, &parts.headers).await?;
                // The provider knows no others, and they were refused.
                let is_vain = verdict == Verdict::SignAgain(Reason::CredentialsExpired);
                if is_vain && is_same(&attempt.credentials, &next.credentials) {
                    return Ok(answer);
                }
                *attempt = next;
            }
        }
    }
}

/// Learns from an answer, and puts a hint to it if it needs one.
async fn learn<B, T: Transport<B>>(
    signer: &RequestSigner,
    attempt: &Attempt,
    mut answer: T::Answer,
) -> (T::Answer, Verdict) {
    let mut text = Bytes::new();
    if answer::is_worth_reading(attempt, T::status(&answer)) {
        (answer, text) = T::peek(answer).await;
    }
    let verdict = signer.learn(attempt, T::status(&answer), T::headers(&answer), &text);
    if verdict == Verdict::Final
        && let Some(hint) = signer.hint(attempt, T::status(&answer), T::headers(&answer), &text)
    {
        T::add_hint(&mut answer, hint);
    }
    (answer, verdict)
}
