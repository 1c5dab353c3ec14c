//! The body of a request that was signed.

use std::{
    error::Error,
    fmt,
    pin::Pin,
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use http_body_util::Full;
use pin_project_lite::pin_project;

use crate::integrations::http_body::{BodyError, ChunkedBody};

pin_project! {
    /// The body of a signed request as it goes out: in memory, piece by piece with signatures between (aws-chunked), or as
    /// it came.
    pub struct SignedBody<B> {
        #[pin]
        state: State<B>,
    }
}

pin_project! {
    #[project = StateProjection]
    enum State<B> {
        // Empty when it was sent.
        Whole {
            bytes: Bytes,
        },
        ChunkedWhole {
            #[pin]
            body: ChunkedBody<Full<Bytes>>,
        },
        Chunked {
            #[pin]
            body: ChunkedBody<B>,
        },
        AsGiven {
            #[pin]
            body: B,
        },
    }
}

impl<B> SignedBody<B> {
    pub(super) const fn whole(bytes: Bytes) -> Self {
        Self { state: State::Whole { bytes } }
    }

    /// Takes the body out, if it is in memory: clients can do more with that than with a stream.
    #[must_use]
    pub fn take_whole(&mut self) -> Option<Bytes> {
        match &mut self.state {
            State::Whole { bytes } => Some(std::mem::take(bytes)),
            State::ChunkedWhole { .. } | State::Chunked { .. } | State::AsGiven { .. } => None,
        }
    }

    pub(super) const fn chunked_whole(body: ChunkedBody<Full<Bytes>>) -> Self {
        Self { state: State::ChunkedWhole { body } }
    }

    pub(super) const fn chunked(body: ChunkedBody<B>) -> Self {
        Self { state: State::Chunked { body } }
    }

    pub(super) const fn as_given(body: B) -> Self {
        Self { state: State::AsGiven { body } }
    }
}

impl<B> Body for SignedBody<B>
where
    B: Body<Data = Bytes>,
    B::Error: Into<Box<dyn Error + Send + Sync>>,
{
    type Data = Bytes;
    type Error = BodyError;

    fn poll_frame(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        match self.project().state.project() {
            StateProjection::Whole { bytes } if bytes.is_empty() => Poll::Ready(None),
            StateProjection::Whole { bytes } => Poll::Ready(Some(Ok(Frame::data(std::mem::take(bytes))))),
            StateProjection::ChunkedWhole { body } => body.poll_frame(context),
            StateProjection::Chunked { body } => body.poll_frame(context),
            StateProjection::AsGiven { body } => {
                Poll::Ready(ready!(body.poll_frame(context)).map(|frame| frame.map_err(BodyError::from_body)))
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        match &self.state {
            State::Whole { bytes } => bytes.is_empty(),
            State::ChunkedWhole { body } => body.is_end_stream(),
            State::Chunked { body } => body.is_end_stream(),
            State::AsGiven { body } => body.is_end_stream(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match &self.state {
            State::Whole { bytes } => SizeHint::with_exact(u64::try_from(bytes.len()).unwrap_or(u64::MAX)),
            State::ChunkedWhole { body } => body.size_hint(),
            State::Chunked { body } => body.size_hint(),
            State::AsGiven { body } => body.size_hint(),
        }
    }
}

impl<B> fmt::Debug for SignedBody<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = match &self.state {
            State::Whole { .. } => "whole",
            State::ChunkedWhole { .. } | State::Chunked { .. } => "chunked",
            State::AsGiven { .. } => "as given",
        };
        f.debug_tuple("SignedBody").field(&state).finish()
    }
}
