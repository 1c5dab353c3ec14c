//! A line per request on standard error.

use std::{
    future::Future,
    pin::Pin,
    task::{Context, Poll},
};

use http::{Request, Response};
use sigv4a::VerifyError;
use tower_service::Service;

use crate::error;

#[derive(Clone)]
pub(super) struct Log<S> {
    inner: S,
    is_quiet: bool,
}

impl<S> Log<S> {
    pub(super) const fn new(inner: S, is_quiet: bool) -> Self {
        Self { inner, is_quiet }
    }
}

impl<S, B, R> Service<Request<B>> for Log<S>
where
    S: Service<Request<B>, Response = Response<R>>,
    S::Future: Send + 'static,
{
    type Response = Response<R>;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Response<R>, S::Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        // Never the query: it may be a presigned one.
        let asked = format!("{} {}", request.method(), request.uri().path());
        let answer = self.inner.call(request);
        let is_quiet = self.is_quiet;
        Box::pin(async move {
            let response = answer.await?;
            if !is_quiet {
                let reason =
                    response.extensions().get::<VerifyError>().map(|error| format!(" {}: {error}", error.kind()));
                error::note(&format!("{asked} {}{}", response.status().as_u16(), reason.unwrap_or_default()));
            }
            Ok(response)
        })
    }
}
