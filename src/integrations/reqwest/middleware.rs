//! The middleware.

use ::reqwest::{Body, Client, ClientBuilder, Request, Response, ResponseBuilderExt as _, Url, redirect::Policy};
use async_trait::async_trait;
use bytes::Bytes;
use http::{Extensions, HeaderMap, StatusCode};
use http_body_util::BodyExt as _;
use reqwest_middleware::{ClientWithMiddleware, Error, Middleware, Next};

use super::request::to_url;
use crate::{
    error::{SignError, SignErrorKind},
    integrations::client::{Given, Hint, PeekedBody, Redirects, RequestSigner, SignedBody, Transport},
};

/// Signs every request that passes, each attempt anew.
///
/// - The host is signed, also when it is a `Host` header; a `Date` header is the time of the signature, else `X-Amz-Date` is
///   the clock's, corrected by what the host said before.
/// - A body in memory is hashed; one that streams goes as [`BodySigning`](crate::client::BodySigning) says.
/// - A request that was refused for its time or for an expired token is signed and sent once more.
/// - An answer that a token of the global STS endpoint may have caused has a [`Hint`] in its extensions, and so has a
///   redirect to another origin that asks for the body: it is not followed.
///
/// An error before sending is a [`SignError`] inside of [`Error::Middleware`].
#[derive(Debug, Clone)]
pub struct SignMiddleware {
    signer: RequestSigner,
}

impl SignMiddleware {
    /// A middleware that signs with this.
    #[must_use]
    pub const fn new(signer: RequestSigner) -> Self {
        Self { signer }
    }

    /// A client whose requests are signed. It follows redirects here, not in reqwest: signed to the same origin, with
    /// nothing of ours to another.
    ///
    /// # Errors
    /// As [`ClientBuilder::build`].
    pub fn into_client(self, builder: ClientBuilder) -> Result<ClientWithMiddleware, ::reqwest::Error> {
        let client: Client = builder.redirect(Policy::none()).build()?;
        let signer = self.signer.with_redirects(Redirects::Follow);
        Ok(reqwest_middleware::ClientBuilder::new(client).with(Self { signer }).build())
    }
}

#[async_trait]
impl Middleware for SignMiddleware {
    async fn handle(
        &self,
        mut request: Request,
        extensions: &mut Extensions,
        next: Next<'_>,
    ) -> Result<Response, Error> {
        let body = match request.body_mut().take() {
            None => Given::InMemory(Bytes::new()),
            // What is in memory comes out as it is, without a copy.
            Some(body) if body.as_bytes().is_some() => Given::InMemory(body.collect().await?.to_bytes()),
            Some(body) => Given::Streamed(body),
        };
        request.url_mut().set_fragment(None);
        let (parts, _) = http::Request::<Body>::try_from(request).map_err(Error::Reqwest)?.into_parts();
        let mut transport = Stack { next, extensions };
        self.signer.exchange(parts, body, &mut transport).await.map_err(|Failure(error)| error)
    }
}

/// The rest of the stack.
struct Stack<'a> {
    next: Next<'a>,
    extensions: &'a mut Extensions,
}

/// An error that ours can become.
struct Failure(Error);

impl From<SignError> for Failure {
    fn from(error: SignError) -> Self {
        Self(Error::Middleware(anyhow::Error::new(error)))
    }
}

impl Transport<Body> for Stack<'_> {
    type Answer = Response;
    type Error = Failure;

    async fn send(&mut self, request: http::Request<SignedBody<Body>>) -> Result<Response, Failure> {
        let url = to_url(request.uri())?;
        let (parts, mut body) = request.into_parts();
        let body = match body.take_whole() {
            // A body of nothing would be a length of 0 on a GET.
            Some(bytes) => (!bytes.is_empty()).then(|| bytes.into()),
            None => Some(Body::wrap(body)),
        };
        let request = http::Request::from_parts(parts, Body::default());
        let mut request = Request::try_from(request).map_err(|error| Failure(error.into()))?;
        *request.body_mut() = body;
        let answer = self.next.clone().run(request, self.extensions).await.map_err(Failure)?;
        match is_elsewhere(&url, answer.url()) {
            false => Ok(answer),
            true => Err(SignError::new(
                SignErrorKind::Unsupported,
                "expected a client that does not follow redirects by itself, found one that took what was signed to another \
                 URL: build it with `redirect(Policy::none())`, or with `SignMiddleware::into_client`",
            )
            .into()),
        }
    }

    fn status(answer: &Response) -> StatusCode {
        answer.status()
    }

    fn headers(answer: &Response) -> &HeaderMap {
        answer.headers()
    }

    async fn peek(answer: Response) -> (Response, Bytes) {
        let url = answer.url().clone();
        let (mut head, body) = http::Response::<Body>::from(answer).into_parts();
        let (body, seen) = PeekedBody::unseen(body).peek().await;
        // A response that is put together anew forgets where it came from.
        if let Ok(carrier) = http::Response::builder().url(url).body(()) {
            head.extensions.extend(carrier.into_parts().0.extensions);
        }
        (Response::from(http::Response::from_parts(head, Body::wrap(body))), seen)
    }

    fn add_hint(answer: &mut Response, hint: Hint) {
        answer.extensions_mut().insert(hint);
    }
}

/// Whether an answer comes from another URL than the one that was asked. Middlewares that answer by themselves, caches and
/// mocks, often say none.
fn is_elsewhere(asked: &Url, answered: &Url) -> bool {
    answered.host_str() != Some("no.url.provided.local") && asked != answered
}
