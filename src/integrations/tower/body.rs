//! The body that the service inside reads.

use std::{
    error::Error,
    fmt,
    pin::Pin,
    task::{Context, Poll, ready},
};

use bytes::{Buf as _, Bytes};
use http_body::{Body, Frame, SizeHint};
use http_body_util::Full;
use pin_project_lite::pin_project;

use crate::{
    error::{VerifyError, VerifyErrorKind},
    integrations::http_body::{BodyError, DecodedBody},
    verify::PayloadCheck,
};

pin_project! {
    /// The body of a verified request: in memory and checked, or checked while it is read.
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
        },
        Checking {
            #[pin]
            body: B,
            // `None` when it has ended.
            check: Option<PayloadCheck>,
            left: u64,
        },
        Decoding {
            #[pin]
            body: DecodedBody<B>,
        },
    }
}

impl<B> VerifiedBody<B> {
    pub(super) fn checked(bytes: Bytes) -> Self {
        Self { state: State::Checked { body: Full::new(bytes) } }
    }

    pub(super) const fn decoding(body: DecodedBody<B>) -> Self {
        Self { state: State::Decoding { body } }
    }

    pub(super) const fn checking(body: B, check: PayloadCheck, limit: u64) -> Self {
        Self { state: State::Checking { body, check: Some(check), left: limit } }
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
            StateProjection::Checked { body } => {
                // `Full` has no error to give.
                Poll::Ready(ready!(body.poll_frame(context)).and_then(|frame| frame.ok().map(Ok)))
            }
            StateProjection::Decoding { body } => body.poll_frame(context),
            StateProjection::Checking { mut body, check, left } => loop {
                let Some(mut current) = check.take() else { return Poll::Ready(None) };
                let Poll::Ready(next) = body.as_mut().poll_frame(context) else {
                    *check = Some(current);
                    return Poll::Pending;
                };
                match next {
                    Some(Ok(frame)) => {
                        // Trailers of HTTP are not signed: they end here, as they do where the body is read first.
                        let Some(bytes) = frame.data_ref() else {
                            *check = Some(current);
                            continue;
                        };
                        let length = u64::try_from(bytes.remaining()).unwrap_or(u64::MAX);
                        let Some(rest) = left.checked_sub(length) else {
                            return Poll::Ready(Some(Err(too_large().into())));
                        };
                        *left = rest;
                        current.update(bytes);
                        *check = Some(current);
                        return Poll::Ready(Some(Ok(frame)));
                    }
                    Some(Err(error)) => return Poll::Ready(Some(Err(BodyError::from_body(error)))),
                    None => return Poll::Ready(current.finish().err().map(|error| Err(error.into()))),
                }
            },
        }
    }

    fn is_end_stream(&self) -> bool {
        match &self.state {
            State::Checked { body } => body.is_end_stream(),
            // Whoever stops reading here must have seen the outcome of the check.
            State::Checking { check, .. } => check.is_none(),
            State::Decoding { body } => body.is_end_stream(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match &self.state {
            State::Checked { body } => body.size_hint(),
            State::Checking { body, .. } => body.size_hint(),
            State::Decoding { body } => body.size_hint(),
        }
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
