//! The service that signs, and the future of its answer.

use std::{
    error::Error,
    fmt,
    future::poll_fn,
    marker::PhantomData,
    pin::Pin,
    task::{Context, Poll},
};

use bytes::Bytes;
use http::{HeaderMap, Request, Response, StatusCode};
use http_body::Body;
use tower_service::Service;

use crate::integrations::client::{Given, Hint, PeekedBody, RequestSigner, SignedBody, Transport};

/// What [`SignLayer`](super::SignLayer) makes of a client.
#[derive(Debug, Clone)]
pub struct SignService<S> {
    inner: S,
    signer: RequestSigner,
}

impl<S> SignService<S> {
    pub(super) const fn new(inner: S, signer: RequestSigner) -> Self {
        Self { inner, signer }
    }
}

type BoxError = Box<dyn Error + Send + Sync>;

/// The error is a [`SignError`](crate::SignError), or the client's own.
impl<S, B, R> Service<Request<B>> for SignService<S>
where
    S: Service<Request<SignedBody<B>>, Response = Response<R>> + Clone + Send + 'static,
    S::Future: Send,
    S::Error: Into<BoxError>,
    B: Body<Data = Bytes> + Send + 'static,
    B::Error: Into<BoxError>,
    R: Body<Data = Bytes> + Send + 'static,
    R::Error: Send,
{
    type Response = Response<PeekedBody<R>>;
    type Error = BoxError;
    type Future = SignFuture<R>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.inner.poll_ready(context).map_err(Into::into)
    }

    fn call(&mut self, request: Request<B>) -> SignFuture<R> {
        // The one that was polled ready is the one to call.
        let clone = self.inner.clone();
        let client = std::mem::replace(&mut self.inner, clone);
        let signer = self.signer.clone();
        SignFuture(Box::pin(async move {
            let (parts, body) = request.into_parts();
            let body = match body.size_hint().exact() {
                Some(0) => Given::InMemory(Bytes::new()),
                _ => Given::Streamed(body),
            };
            let mut transport = Client { client, readiness: Readiness::Ready, body: PhantomData };
            signer.exchange(parts, body, &mut transport).await
        }))
    }
}

/// The client, as the exchange wants it.
struct Client<S, R> {
    client: S,
    readiness: Readiness,
    body: PhantomData<fn() -> R>,
}

/// Whether the client may be called without asking it.
#[derive(PartialEq, Eq)]
enum Readiness {
    Ready,
    Unknown,
}

impl<S, B, R> Transport<B> for Client<S, R>
where
    S: Service<Request<SignedBody<B>>, Response = Response<R>> + Send,
    S::Future: Send,
    S::Error: Into<BoxError>,
    B: Send,
    R: Body<Data = Bytes> + Send,
    R::Error: Send,
{
    type Answer = Response<PeekedBody<R>>;
    type Error = BoxError;

    async fn send(&mut self, request: Request<SignedBody<B>>) -> Result<Self::Answer, BoxError> {
        if std::mem::replace(&mut self.readiness, Readiness::Unknown) == Readiness::Unknown {
            poll_fn(|context| self.client.poll_ready(context)).await.map_err(Into::into)?;
        }
        let answer = self.client.call(request).await.map_err(Into::into)?;
        Ok(answer.map(PeekedBody::unseen))
    }

    fn status(answer: &Self::Answer) -> StatusCode {
        answer.status()
    }

    fn headers(answer: &Self::Answer) -> &HeaderMap {
        answer.headers()
    }

    async fn peek(answer: Self::Answer) -> (Self::Answer, Bytes) {
        let (head, body) = answer.into_parts();
        let (body, seen) = body.peek().await;
        (Response::from_parts(head, body), seen)
    }

    fn add_hint(answer: &mut Self::Answer, hint: Hint) {
        answer.extensions_mut().insert(hint);
    }
}

/// The future of [`SignService`].
pub struct SignFuture<R: Body>(Pin<Box<dyn Future<Output = Answer<R>> + Send>>);

type Answer<R> = Result<Response<PeekedBody<R>>, BoxError>;

impl<R: Body> Future for SignFuture<R> {
    type Output = Answer<R>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Answer<R>> {
        self.0.as_mut().poll(context)
    }
}

impl<R: Body> fmt::Debug for SignFuture<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignFuture").finish_non_exhaustive()
    }
}
