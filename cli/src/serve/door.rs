//! What stands before the layer. An answer may come before its request was read; the client must get it all the same.
//!
//! A connection that is closed while bytes of the client are on their way is reset, and the client loses the answer:
//! whoever closes says so and reads on for a while. See [RFC 9112, section
//! 9.6](https://www.rfc-editor.org/rfc/rfc9112#section-9.6).

use std::{
    convert::Infallible,
    future::poll_fn,
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll},
    time::Duration,
};

use bytes::Bytes;
use http::{HeaderValue, Request, Response, Version, header::CONNECTION};
use http_body_util::{Either, Full};
use hyper::body::{Body, Frame, Incoming, SizeHint};
use tokio::{runtime::Handle, time::timeout};
use tower_service::Service;

use super::s3;
use crate::args::Style;

/// As long as nginx lingers, with a pause of this length in between at most.
const LONGEST: Duration = Duration::from_secs(30);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

#[derive(Clone)]
pub(super) struct Door<S> {
    inner: S,
    style: Style,
}

impl<S> Door<S> {
    pub(super) const fn new(inner: S, style: Style) -> Self {
        Self { inner, style }
    }
}

impl<S, R> Service<Request<Incoming>> for Door<S>
where
    S: Service<Request<ReceivedBody>, Response = Response<R>, Error = Infallible>,
    S::Future: Send + 'static,
{
    type Response = Response<AnswerBody<R>>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request<Incoming>) -> Self::Future {
        let (parts, body) = request.into_parts();
        let received = ReceivedBody(Arc::new(Mutex::new(Reading { body, progress: Progress::UnderWay })));
        let (rest, version) = (received.clone(), parts.version);
        let refused = (self.style == Style::S3).then(|| s3::refuse_form(&parts)).flatten();
        let answer = match refused {
            Some(refused) => Err(refused),
            None => Ok(self.inner.call(Request::from_parts(parts, received))),
        };
        Box::pin(async move {
            let response = match answer {
                Ok(answer) => answer.await?.map(Either::Right),
                Err(refused) => refused.map(Either::Left),
            };
            // HTTP/2 ends the stream alone, in an orderly way.
            let is_unread = version <= Version::HTTP_11 && !rest.has_ended();
            let mut response = response.map(|inner| AnswerBody { inner, _rest: is_unread.then_some(Rest(rest)) });
            if is_unread {
                response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
            }
            Ok(response)
        })
    }
}

/// The body of a request, of which something is left when nobody inside wants more.
#[derive(Clone)]
pub(super) struct ReceivedBody(Arc<Mutex<Reading>>);

struct Reading {
    body: Incoming,
    progress: Progress,
}

#[derive(PartialEq, Eq)]
enum Progress {
    UnderWay,
    /// Ended or broken off.
    Over,
}

impl ReceivedBody {
    fn lock(&self) -> MutexGuard<'_, Reading> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn has_ended(&self) -> bool {
        let reading = self.lock();
        reading.progress == Progress::Over || reading.body.is_end_stream()
    }
}

impl Body for ReceivedBody {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        let mut reading = self.lock();
        let polled = Pin::new(&mut reading.body).poll_frame(context);
        if matches!(polled, Poll::Ready(None | Some(Err(_)))) {
            reading.progress = Progress::Over;
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.lock().body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.lock().body.size_hint()
    }
}

/// The body of an answer. When it is gone, the answer is on its way, and the rest of the request is read: not before, for
/// who waits to be told to send a body is told so by reading.
pub(super) struct AnswerBody<R> {
    inner: Either<Full<Bytes>, R>,
    _rest: Option<Rest>,
}

impl<R: Body<Data = Bytes> + Unpin> Body for AnswerBody<R>
where
    R::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    type Data = Bytes;
    type Error = Box<dyn std::error::Error + Send + Sync>;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        Pin::new(&mut self.inner).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}

/// What is left of a request.
struct Rest(ReceivedBody);

impl Drop for Rest {
    fn drop(&mut self) {
        let mut body = self.0.clone();
        // Without a runtime there is no connection either.
        if let Ok(runtime) = Handle::try_current() {
            runtime.spawn(timeout(LONGEST, async move {
                let mut next =
                    async || timeout(LONGEST_PAUSE, poll_fn(|context| Pin::new(&mut body).poll_frame(context))).await;
                while let Ok(Some(Ok(_))) = next().await {}
            }));
        }
    }
}
