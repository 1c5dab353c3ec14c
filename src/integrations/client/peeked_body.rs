//! The body of an answer whose beginning was looked at.

use std::{
    collections::VecDeque,
    fmt,
    pin::Pin,
    task::{Context, Poll},
};

use bytes::{Bytes, BytesMut};
use http_body::{Body, Frame, SizeHint};
use http_body_util::BodyExt as _;
use pin_project_lite::pin_project;

pin_project! {
    /// The body of an answer, whole: what was looked at comes first, then the rest. Nothing of most answers is looked at; of
    /// refusals it is the beginning, for the error code in it.
    pub struct PeekedBody<B: Body> {
        #[pin]
        state: State<B>,
    }
}

pin_project! {
    #[project = StateProjection]
    enum State<B: Body> {
        Unseen {
            #[pin]
            body: B,
        },
        Seen {
            frames: VecDeque<Result<Frame<B::Data>, B::Error>>,
            // Bytes in these.
            length: u64,
            rest: Option<Pin<Box<B>>>,
        },
    }
}

/// Errors of AWS have some hundred bytes; S3's, with a canonical request in them, a few thousand.
const ENOUGH: usize = 16 * 1024;

impl<B: Body> PeekedBody<B> {
    /// A body that nobody looked at yet.
    pub const fn unseen(body: B) -> Self {
        Self { state: State::Unseen { body } }
    }
}

impl<B: Body<Data = Bytes>> PeekedBody<B> {
    /// Reads the beginning, some 16 KiB; of a body that was looked at before, nothing more.
    pub async fn peek(self) -> (Self, Bytes) {
        let State::Unseen { body } = self.state else { return (self, Bytes::new()) };
        let mut body = Box::pin(body);
        let (mut frames, mut text) = (VecDeque::new(), BytesMut::new());
        let mut rest = None;
        loop {
            if text.len() >= ENOUGH {
                rest = Some(body);
                break;
            }
            let Some(next) = body.frame().await else { break };
            let has_failed = next.is_err();
            if let Some(data) = next.as_ref().ok().and_then(Frame::data_ref) {
                text.extend_from_slice(data);
            }
            frames.push_back(next);
            if has_failed {
                break;
            }
        }
        let length = u64::try_from(text.len()).unwrap_or(u64::MAX);
        (Self { state: State::Seen { frames, length, rest } }, text.freeze())
    }
}

impl<B: Body<Data = Bytes>> Body for PeekedBody<B> {
    type Data = Bytes;
    type Error = B::Error;

    fn poll_frame(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, B::Error>>> {
        match self.project().state.project() {
            StateProjection::Unseen { body } => body.poll_frame(context),
            StateProjection::Seen { frames, length, rest } => match (frames.pop_front(), rest) {
                (Some(next), _) => {
                    let seen = next.as_ref().ok().and_then(Frame::data_ref).map_or(0, Bytes::len);
                    *length = length.saturating_sub(u64::try_from(seen).unwrap_or(u64::MAX));
                    Poll::Ready(Some(next))
                }
                (None, Some(rest)) => rest.as_mut().poll_frame(context),
                (None, None) => Poll::Ready(None),
            },
        }
    }

    fn is_end_stream(&self) -> bool {
        match &self.state {
            State::Unseen { body } => body.is_end_stream(),
            State::Seen { frames, rest, .. } => {
                frames.is_empty() && rest.as_ref().is_none_or(|rest| rest.is_end_stream())
            }
        }
    }

    fn size_hint(&self) -> SizeHint {
        match &self.state {
            State::Unseen { body } => body.size_hint(),
            State::Seen { length, rest, .. } => {
                let rest = rest.as_ref().map_or_else(|| SizeHint::with_exact(0), |rest| rest.size_hint());
                let mut hint = SizeHint::new();
                hint.set_lower(length.saturating_add(rest.lower()));
                if let Some(upper) = rest.upper().and_then(|upper| upper.checked_add(*length)) {
                    hint.set_upper(upper);
                }
                hint
            }
        }
    }
}

impl<B: Body> fmt::Debug for PeekedBody<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PeekedBody").finish_non_exhaustive()
    }
}
