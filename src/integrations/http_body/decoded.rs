//! A body that is checked while it is received.

use std::{
    collections::VecDeque,
    error::Error,
    fmt,
    pin::Pin,
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue};
use http_body::{Body, Frame, SizeHint};
use pin_project_lite::pin_project;

use super::BodyError;
use crate::{chunked::ChunkDecoder, error::VerifyError, verify::Verified};

pin_project! {
    /// The data of an aws-chunked body: a chunk comes out once its signature was checked, and the body ends without an
    /// error only if length, trailers and checksums are right too. What comes after the first thing that is wrong is not
    /// read.
    ///
    /// The last piece comes out with the end only: whoever counts bytes and stops at the length that was announced, as a
    /// proxy does, never has the whole of a wrong body.
    ///
    /// After the data come the trailers that the request announces, checksums among them, as trailers of the body: they
    /// are checked as well.
    ///
    /// **Do not act on a body before it has ended.** What came out before an error was sent by the owner of the key, but
    /// not all of what they sent.
    pub struct DecodedBody<B> {
        #[pin]
        inner: B,
        decoder: ChunkDecoder,
        ready: VecDeque<Bytes>,
        // The last piece so far, which is kept back until the end of the body is known to be right.
        held: Option<Bytes>,
        trailers: Option<HeaderMap>,
        is_done: bool,
    }
}

impl<B> DecodedBody<B> {
    /// The body of a verified request, whose headers these are.
    ///
    /// # Errors
    /// As [`ChunkDecoder::new`].
    pub fn new(verified: &Verified, headers: &HeaderMap, body: B) -> Result<Self, VerifyError> {
        Ok(Self::with_decoder(ChunkDecoder::new(verified, headers)?, body))
    }

    /// With a decoder made before.
    #[must_use]
    pub const fn with_decoder(decoder: ChunkDecoder, body: B) -> Self {
        Self { inner: body, decoder, ready: VecDeque::new(), held: None, trailers: None, is_done: false }
    }
}

impl<B> Body for DecodedBody<B>
where
    B: Body<Data = Bytes>,
    B::Error: Into<Box<dyn Error + Send + Sync>>,
{
    type Data = Bytes;
    type Error = BodyError;

    fn poll_frame(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        let mut this = self.project();
        loop {
            if let Some(bytes) = this.ready.pop_front() {
                match this.held.replace(bytes) {
                    Some(before) => return Poll::Ready(Some(Ok(Frame::data(before)))),
                    None => continue,
                }
            }
            if *this.is_done {
                let last = this.held.take().map(Frame::data);
                return Poll::Ready(last.or_else(|| this.trailers.take().map(Frame::trailers)).map(Ok));
            }
            let outcome: Result<(), BodyError> = match ready!(this.inner.as_mut().poll_frame(context)) {
                Some(Ok(frame)) => match frame.into_data() {
                    Ok(wire) => {
                        let ready = &mut *this.ready;
                        let mut deliver = |piece: &[u8]| ready.push_back(Bytes::copy_from_slice(piece));
                        this.decoder.push_to(&wire, &mut deliver).map_err(Into::into)
                    }
                    // HTTP's own trailers are no part of the body.
                    Err(_) => Ok(()),
                },
                Some(Err(error)) => Err(BodyError::from_body(error)),
                None => {
                    *this.is_done = true;
                    this.decoder.finish().map_err(Into::into).map(|()| *this.trailers = trailers(this.decoder))
                }
            };
            if let Err(error) = outcome {
                // What was proved by the same bytes is not given away any more: nothing of it will be used.
                this.ready.clear();
                *this.held = None;
                *this.is_done = true;
                return Poll::Ready(Some(Err(error)));
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.is_done && self.ready.is_empty() && self.held.is_none() && self.trailers.is_none()
    }

    fn size_hint(&self) -> SizeHint {
        let ready = self.ready.iter().chain(&self.held).map(Bytes::len).sum::<usize>();
        let ready = u64::try_from(ready).unwrap_or(u64::MAX);
        SizeHint::with_exact(self.decoder.undelivered().saturating_add(ready))
    }
}

/// Those of a body that has ended, if it has any.
fn trailers(decoder: &ChunkDecoder) -> Option<HeaderMap> {
    let pairs = decoder.trailers().iter();
    // The decoder lets no others through.
    let trailers: HeaderMap = pairs
        .filter_map(|(name, value)| Some((name.parse::<HeaderName>().ok()?, value.parse::<HeaderValue>().ok()?)))
        .collect();
    (!trailers.is_empty()).then_some(trailers)
}

impl<B> fmt::Debug for DecodedBody<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DecodedBody").field("decoder", &self.decoder).finish_non_exhaustive()
    }
}
