//! The body that the service inside reads.

use std::{
    error::Error,
    fmt,
    pin::Pin,
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use http::HeaderMap;
use http_body::{Body, Frame, SizeHint};
use http_body_util::Full;
use pin_project_lite::pin_project;

use crate::{
    error::{VerifyError, VerifyErrorKind},
    integrations::http_body::{BodyError, DecodedBody},
    verify::PayloadCheck,
};

pin_project! {
    /// The body of a verified request: in memory and checked, or checked while it is read. The trailers of an aws-chunked
    /// body come after its data; those of HTTP, which nobody signs, do not.
    ///
    /// While it is checked, the last piece is held back until the check is done: whoever counts bytes and stops at the
    /// length that was announced, as a proxy does, never has the whole of a wrong body.
    pub struct VerifiedBody<B> {
        #[pin]
        state: State<B>,
    }
}

pin_project! {
    #[project = StateProjection]
    enum State<B> {
        Checked {
            #[pin]
            body: Full<Bytes>,
            trailers: Option<HeaderMap>,
        },
        Checking {
            #[pin]
            body: B,
            progress: Progress,
        },
        Decoding {
            #[pin]
            body: DecodedBody<B>,
        },
    }
}

impl<B> VerifiedBody<B> {
    pub(super) fn checked(bytes: Bytes) -> Self {
        Self::checked_with_trailers(bytes, None)
    }

    /// The trailers of an aws-chunked body, which are signed too.
    pub(super) fn checked_with_trailers(bytes: Bytes, trailers: Option<HeaderMap>) -> Self {
        Self { state: State::Checked { body: Full::new(bytes), trailers } }
    }

    pub(super) const fn decoding(body: DecodedBody<B>) -> Self {
        Self { state: State::Decoding { body } }
    }

    pub(super) const fn checking(body: B, check: PayloadCheck, limit: u64) -> Self {
        let progress = Progress { check: Some(check), left: limit, held: None };
        Self { state: State::Checking { body, progress } }
    }
}

impl<B> Body for VerifiedBody<B>
where
    B: Body<Data = Bytes>,
    B::Error: Into<Box<dyn Error + Send + Sync>>,
{
    type Data = Bytes;
    type Error = BodyError;

    fn poll_frame(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        match self.project().state.project() {
            StateProjection::Checked { body, trailers } => {
                // `Full` has no error to give.
                let data = ready!(body.poll_frame(context)).and_then(Result::ok);
                Poll::Ready(data.or_else(|| trailers.take().map(Frame::trailers)).map(Ok))
            }
            StateProjection::Decoding { body } => body.poll_frame(context),
            StateProjection::Checking { mut body, progress } => {
                while progress.check.is_some() {
                    let next = ready!(body.as_mut().poll_frame(context));
                    match progress.take(next.transpose().map_err(BodyError::from_body)) {
                        Ok(Some(bytes)) => return Poll::Ready(Some(Ok(Frame::data(bytes)))),
                        Ok(None) => {}
                        Err(error) => {
                            progress.stop();
                            return Poll::Ready(Some(Err(error)));
                        }
                    }
                }
                Poll::Ready(None)
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        match &self.state {
            State::Checked { body, trailers } => body.is_end_stream() && trailers.is_none(),
            // Whoever stops reading here must have seen the outcome of the check.
            State::Checking { progress, .. } => progress.check.is_none(),
            State::Decoding { body } => body.is_end_stream(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match &self.state {
            State::Checked { body, .. } => body.size_hint(),
            State::Checking { body, progress } => progress.size_hint(&body.size_hint()),
            State::Decoding { body } => body.size_hint(),
        }
    }
}

/// How far a body is read.
struct Progress {
    /// `None` when the body has ended.
    check: Option<PayloadCheck>,
    left: u64,
    /// The last piece so far.
    held: Option<Bytes>,
}

impl Progress {
    /// Takes what the connection brought; gives what the service may have.
    fn take(&mut self, next: Result<Option<Frame<Bytes>>, BodyError>) -> Result<Option<Bytes>, BodyError> {
        let Some(check) = &mut self.check else { return Ok(None) };
        match next?.map(Frame::into_data) {
            // An empty piece would set the last one free before its time.
            Some(Ok(bytes)) if bytes.is_empty() => Ok(None),
            Some(Ok(bytes)) => {
                let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
                self.left = self.left.checked_sub(length).ok_or_else(too_large)?;
                check.update(&bytes);
                match check.is_void() {
                    // A client may wait for an answer to this piece before it sends the next.
                    true => Ok(Some(bytes)),
                    false => Ok(self.held.replace(bytes)),
                }
            }
            // Trailers of HTTP are not signed: they end here, as they do where the body is read first.
            Some(Err(_)) => Ok(None),
            None => {
                self.check.take().map_or(Ok(()), PayloadCheck::finish)?;
                Ok(self.held.take())
            }
        }
    }

    /// Nothing of a wrong body comes after the error.
    fn stop(&mut self) {
        (self.check, self.held) = (None, None);
    }

    fn size_hint(&self, of_body: &SizeHint) -> SizeHint {
        let held = self.held.as_ref().map_or(0, |bytes| u64::try_from(bytes.len()).unwrap_or(u64::MAX));
        let mut hint = SizeHint::new();
        hint.set_lower(of_body.lower().saturating_add(held));
        if let Some(upper) = of_body.upper() {
            hint.set_upper(upper.saturating_add(held));
        }
        hint
    }
}

impl<B> fmt::Debug for VerifiedBody<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VerifiedBody").finish_non_exhaustive()
    }
}

pub(super) fn too_large() -> VerifyError {
    VerifyError::new(VerifyErrorKind::BodyTooLarge, "the body is longer than this server accepts")
}
