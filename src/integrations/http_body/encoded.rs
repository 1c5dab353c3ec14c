//! A body that is signed while it is sent.

use std::{
    collections::VecDeque,
    error::Error,
    fmt,
    pin::Pin,
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use http::request::Parts;
use http_body::{Body, Frame, SizeHint};
use pin_project_lite::pin_project;

use super::BodyError;
use crate::{
    chunked::{ChunkedUpload, Framer},
    error::SignError,
    sign::Signer,
    types::Timestamp,
};

pin_project! {
    /// A body that goes out as aws-chunked. Nothing is copied: a chunk is sent as the pieces it came in, once all of them
    /// are there and its signature can go before them. Holds one chunk; asks for more only when that is gone.
    ///
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use http_body::Body;
    /// use http_body_util::Full;
    /// use sigv4a::{Checksum, ChunkedUpload, Credentials, Region, Service, SigV4, Timestamp, http_body::ChunkedBody};
    /// let credentials = Credentials::new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")?;
    /// let signer = SigV4::new(credentials, Region::new("us-east-1")?, Service::S3);
    /// let (mut parts, ()) = http::Request::put("https://bucket.s3.us-east-1.amazonaws.com/key").body(())?.into_parts();
    /// let upload = ChunkedUpload::new(5).with_checksum(Checksum::Crc32c);
    /// let at = Timestamp::parse_amz_date("20150830T123600Z")?;
    /// let body = ChunkedBody::sign(upload, Full::new(bytes::Bytes::from("hello")), signer, &mut parts, at)?;
    /// let length = parts.headers["content-length"].to_str()?.parse().ok();
    /// assert_eq!(body.size_hint().exact(), length);
    /// let request = http::Request::from_parts(parts, body);
    /// # Ok(())
    /// # }
    /// ```
    pub struct ChunkedBody<B> {
        #[pin]
        inner: B,
        framer: Framer,
        // What came and is in no chunk yet.
        rest: Bytes,
        // Pieces of the chunk under way.
        pending: Vec<Bytes>,
        ready: VecDeque<Bytes>,
        // Bytes still to be sent.
        left: u64,
        state: State,
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Open,
    Ended,
    Failed,
}

impl<B> ChunkedBody<B> {
    /// Sets the headers of an aws-chunked upload, signs the request, and wraps its body.
    ///
    /// # Errors
    /// As [`ChunkedUpload::sign`].
    pub fn sign(
        upload: ChunkedUpload,
        body: B,
        signer: impl Signer + 'static,
        parts: &mut Parts,
        at: Timestamp,
    ) -> Result<Self, SignError> {
        Ok(Self::from_framer(body, upload.sign_framer(signer, parts, at)?))
    }

    /// The body of a request that was signed before.
    pub(crate) fn from_framer(body: B, framer: Framer) -> Self {
        let left = framer.encoded_len();
        Self {
            inner: body,
            framer,
            rest: Bytes::new(),
            pending: Vec::new(),
            ready: VecDeque::new(),
            left,
            state: State::Open,
        }
    }
}

impl<B> Body for ChunkedBody<B>
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
                *this.left = this.left.saturating_sub(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
                return Poll::Ready(Some(Ok(Frame::data(bytes))));
            }
            if *this.state != State::Open {
                return Poll::Ready(None);
            }
            // One chunk at a time: a body that comes in one piece is not signed in one go.
            let outcome = match this.rest.is_empty() {
                false => fill(this.framer, this.pending, this.ready, this.rest),
                true => match ready!(this.inner.as_mut().poll_frame(context)) {
                    // Trailers of the body itself have no place in aws-chunked.
                    Some(Ok(frame)) => {
                        *this.rest = frame.into_data().unwrap_or_default();
                        Ok(())
                    }
                    Some(Err(error)) => Err(BodyError::from_body(error)),
                    None => this.framer.end().map_err(BodyError::from).map(|end| {
                        this.ready.push_back(end.into());
                        *this.state = State::Ended;
                    }),
                },
            };
            if let Err(error) = outcome {
                *this.state = State::Failed;
                this.ready.clear();
                return Poll::Ready(Some(Err(error)));
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.state != State::Open && self.ready.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left)
    }
}

/// Adds what there is room for to the chunk under way, and makes that ready if it completes it.
fn fill(
    framer: &mut Framer,
    pending: &mut Vec<Bytes>,
    ready: &mut VecDeque<Bytes>,
    rest: &mut Bytes,
) -> Result<(), BodyError> {
    let piece = rest.split_to(framer.room().min(rest.len()));
    framer.absorb(&piece)?;
    pending.push(piece);
    if framer.is_complete() {
        ready.push_back(framer.header()?.into());
        ready.extend(pending.drain(..));
        ready.push_back(Bytes::from_static(b"\r\n"));
    }
    Ok(())
}

impl<B> fmt::Debug for ChunkedBody<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ChunkedBody").field("framer", &self.framer).field("state", &self.state).finish_non_exhaustive()
    }
}
