//! A body that leaves the connection time to read.

use std::{
    fmt,
    pin::{Pin, pin},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll, Wake, Waker, ready},
};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};

/// As much as a TLS record holds (RFC 8446, section 5.1), and mostly one write: after a part of it the rest would follow unread.
const PIECE: usize = 16 * 1024;

/// Gives a body piece by piece, and before each the connection looks for an answer. A server that refuses early answers and
/// closes; hyper reads nothing any more once it has failed to write.
pub(super) struct PacedBody<B> {
    inner: B,
    /// Of the inner body, not given yet.
    data: Bytes,
    step: Step,
    pause: Option<Arc<Pause>>,
    is_given: Arc<AtomicBool>,
}

/// What comes next. Between two polls hyper writes what it was given, and then reads; so nothing that takes time, as to sign
/// a chunk does, may lie between that and the next piece.
#[derive(Clone, Copy)]
enum Step {
    LetWrite,
    Fetch,
    LetRead,
    Give,
}

impl<B: Body> PacedBody<B> {
    /// What is given is told by `is_given`, where the body no longer is.
    pub(super) fn new(inner: B, is_given: Arc<AtomicBool>) -> Self {
        let body = Self { inner, data: Bytes::new(), step: Step::Fetch, pause: None, is_given };
        body.note_end();
        body
    }

    /// Of a body whose length is known nobody asks for the end.
    fn note_end(&self) {
        if self.data.is_empty() && self.inner.size_hint().exact() == Some(0) {
            self.is_given.store(true, Ordering::Release);
        }
    }
}

impl<B> PacedBody<B> {
    /// Tokio looks for what has arrived before it goes on here.
    fn poll_pause(&mut self, context: &mut Context<'_>) -> Poll<()> {
        match &self.pause {
            Some(pause) if pause.is_over.load(Ordering::Acquire) => {
                self.pause = None;
                return Poll::Ready(());
            }
            Some(pause) if pause.waker.will_wake(context.waker()) => return Poll::Pending,
            _ => {}
        }
        let pause = Arc::new(Pause { waker: context.waker().clone(), is_over: AtomicBool::new(false) });
        let waker = Waker::from(Arc::clone(&pause));
        self.pause = Some(pause);
        // It is asked once, to have it wake: hyper asks a body twice in a row, and the second time it would be over.
        pin!(tokio::task::yield_now()).poll(&mut Context::from_waker(&waker))
    }
}

/// Until tokio has looked around.
struct Pause {
    waker: Waker,
    is_over: AtomicBool,
}

impl Wake for Pause {
    fn wake(self: Arc<Self>) {
        self.is_over.store(true, Ordering::Release);
        self.waker.wake_by_ref();
    }
}

impl<B: Body<Data = Bytes> + Unpin> Body for PacedBody<B> {
    type Data = Bytes;
    type Error = B::Error;

    fn poll_frame(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, B::Error>>> {
        let this = self.get_mut();
        loop {
            this.step = match this.step {
                Step::LetWrite => {
                    ready!(this.poll_pause(context));
                    if this.data.is_empty() { Step::Fetch } else { Step::Give }
                }
                Step::Fetch => match ready!(Pin::new(&mut this.inner).poll_frame(context)) {
                    Some(Ok(frame)) => match frame.into_data() {
                        Ok(data) => {
                            this.data = data;
                            if this.data.is_empty() { Step::Fetch } else { Step::LetRead }
                        }
                        Err(other) => return Poll::Ready(Some(Ok(other))),
                    },
                    None => {
                        this.is_given.store(true, Ordering::Release);
                        return Poll::Ready(None);
                    }
                    failed => return Poll::Ready(failed),
                },
                Step::LetRead => {
                    ready!(this.poll_pause(context));
                    Step::Give
                }
                Step::Give => {
                    this.step = Step::LetWrite;
                    let piece = this.data.split_to(PIECE.min(this.data.len()));
                    this.note_end();
                    return Poll::Ready(Some(Ok(Frame::data(piece))));
                }
            };
        }
    }

    fn is_end_stream(&self) -> bool {
        self.data.is_empty() && self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        let held = u64::try_from(self.data.len()).unwrap_or(u64::MAX);
        let inner = self.inner.size_hint();
        let mut hint = SizeHint::new();
        hint.set_lower(inner.lower().saturating_add(held));
        if let Some(upper) = inner.upper() {
            hint.set_upper(upper.saturating_add(held));
        }
        hint
    }
}

impl<B> fmt::Debug for PacedBody<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PacedBody").field("held", &self.data.len()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::{convert::Infallible, future::poll_fn};

    use http_body_util::{BodyExt as _, Full};

    use super::*;

    #[tokio::test]
    async fn before_each_piece_others_have_their_turn() -> Result<(), Infallible> {
        let is_given = Arc::new(AtomicBool::new(false));
        let mut body = PacedBody::new(Full::new(Bytes::from(vec![7; 40_000])), Arc::clone(&is_given));
        for (length, left) in [(PIECE, 40_000 - PIECE), (PIECE, 40_000 - 2 * PIECE), (40_000 - 2 * PIECE, 0)] {
            assert!(!is_given.load(Ordering::Acquire));
            poll_fn(|context| {
                // However often it is asked in one turn.
                (0..3).for_each(|_| assert!(Pin::new(&mut body).poll_frame(context).is_pending()));
                Poll::Ready(())
            })
            .await;
            let piece = body.frame().await.unwrap()?.into_data().unwrap();
            assert_eq!((piece.len(), body.size_hint().exact()), (length, u64::try_from(left).ok()));
        }
        assert!(is_given.load(Ordering::Acquire));
        assert!(body.frame().await.is_none());
        let empty = PacedBody::new(Full::new(Bytes::new()), Arc::new(AtomicBool::new(false)));
        assert!(empty.is_given.load(Ordering::Acquire) && empty.is_end_stream());
        Ok(())
    }
}
