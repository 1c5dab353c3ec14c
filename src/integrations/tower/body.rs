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
    }
}

impl<B> VerifiedBody<B> {
    pub(super) fn checked(bytes: Bytes) -> Self {
        Self { state: State::Checked { body: Full::new(bytes) } }
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
    type Error = VerifiedBodyError;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, VerifiedBodyError>>> {
        match self.project().state.project() {
            StateProjection::Checked { body } => {
                // `Full` has no error to give.
                Poll::Ready(ready!(body.poll_frame(context)).and_then(|frame| frame.ok().map(Ok)))
            }
            StateProjection::Checking { body, check, left } => {
                let Some(mut current) = check.take() else { return Poll::Ready(None) };
                let Poll::Ready(next) = body.poll_frame(context) else {
                    *check = Some(current);
                    return Poll::Pending;
                };
                match next {
                    Some(Ok(frame)) => {
                        if let Some(bytes) = frame.data_ref() {
                            let length = u64::try_from(bytes.remaining()).unwrap_or(u64::MAX);
                            let Some(rest) = left.checked_sub(length) else {
                                return Poll::Ready(Some(Err(too_large().into())));
                            };
                            *left = rest;
                            current.update(bytes);
                        }
                        *check = Some(current);
                        Poll::Ready(Some(Ok(frame)))
                    }
                    Some(Err(error)) => Poll::Ready(Some(Err(VerifiedBodyError(Cause::Body(error.into()))))),
                    None => Poll::Ready(current.finish().err().map(|error| Err(error.into()))),
                }
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        match &self.state {
            State::Checked { body } => body.is_end_stream(),
            // Whoever stops reading here must have seen the outcome of the check.
            State::Checking { check, .. } => check.is_none(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match &self.state {
            State::Checked { body } => body.size_hint(),
            State::Checking { body, .. } => body.size_hint(),
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

/// Why a body ended early.
#[derive(Debug)]
pub struct VerifiedBodyError(Cause);

#[derive(Debug)]
enum Cause {
    Verify(VerifyError),
    Body(Box<dyn Error + Send + Sync>),
}

impl VerifiedBodyError {
    /// The refusal; `None` if the connection broke.
    #[must_use]
    pub const fn verify_error(&self) -> Option<&VerifyError> {
        match &self.0 {
            Cause::Verify(error) => Some(error),
            Cause::Body(_) => None,
        }
    }
}

impl From<VerifyError> for VerifiedBodyError {
    fn from(error: VerifyError) -> Self {
        Self(Cause::Verify(error))
    }
}

impl fmt::Display for VerifiedBodyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Cause::Verify(error) => error.fmt(f),
            Cause::Body(_) => f.write_str("the body broke off"),
        }
    }
}

impl Error for VerifiedBodyError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match &self.0 {
            Cause::Verify(_) => None,
            Cause::Body(error) => Some(&**error),
        }
    }
}
