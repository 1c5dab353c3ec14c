//! What the tower layer and the reqwest middleware cost an HTTP client per request, without a network: what is below them
//! answers at once. Beside each is the same stack without it, and the bare signature.

use std::{
    convert::Infallible,
    future::{Ready, ready},
};

use async_trait::async_trait;
use bytes::Bytes;
use http::{Extensions, Response};
use http_body_util::{Empty, Full};
use reqwest_middleware::{ClientWithMiddleware, Middleware, Next};
use sigv4a::{
    Provider, RegionSet, SignerConfig, SignerExt as _,
    client::{RequestSigner, SignedBody},
    reqwest::SignMiddleware,
    tower::SignLayer,
};
use tower::{Layer as _, Service, ServiceExt as _, service_fn};

use crate::{
    Outcome, ours,
    request::{self, Request, Scheme},
    rounds::{self, Contender, Effort, Row},
};

/// For each scheme the rows of `sign`, `tower_without`, `tower`, `reqwest_without`, `reqwest`.
pub(crate) fn measure(effort: Effort) -> Outcome<Vec<(Scheme, Vec<Row>)>> {
    let mut all = Vec::new();
    for scheme in [Scheme::SigV4, Scheme::SigV4a] {
        let template = request::unsigned(scheme)?;
        let signer = ours::signer(scheme, Provider::default())?;
        let at = ours::time()?;
        let mut contenders = vec![
            Contender::new("sign", move |request| Ok(signer.sign_request(request, at)?)),
            tower("tower_without", service_fn(|_: http::Request<Full<Bytes>>| answer())),
            tower("tower", SignLayer::new(request_signer(scheme)?).layer(service_fn(signed))),
            reqwest("reqwest_without", None),
            reqwest("reqwest", Some(SignMiddleware::new(request_signer(scheme)?))),
        ];
        all.push((scheme, rounds::measure(&mut contenders, &template, effort)?));
    }
    Ok(all)
}

fn request_signer(scheme: Scheme) -> Outcome<RequestSigner> {
    let config = match scheme {
        Scheme::SigV4 => SignerConfig::default(),
        Scheme::SigV4a => SignerConfig::default().with_region_set(RegionSet::all()),
    };
    let at = ours::time()?;
    Ok(RequestSigner::new(config, ours::credentials()?).with_clock(move || Ok(at)))
}

type Answered = Ready<Result<Response<Empty<Bytes>>, Infallible>>;

fn answer() -> Answered {
    ready(Ok(Response::new(Empty::new())))
}

/// What is not signed would cost nothing.
fn signed(request: http::Request<SignedBody<Full<Bytes>>>) -> Answered {
    assert!(request.headers().contains_key("authorization"), "not signed");
    answer()
}

fn tower<S, R>(name: &'static str, mut service: S) -> Contender
where
    S: Service<http::Request<Full<Bytes>>, Response = Response<R>> + 'static,
    S::Error: std::fmt::Debug,
{
    Contender::new(name, move |request| {
        let mut given = http::Request::new(Full::default());
        given.headers_mut().clone_from(request.headers());
        given.uri_mut().clone_from(request.uri());
        let answer = pollster::block_on(async { service.ready().await?.call(given).await });
        answer.map(drop).map_err(|error| format!("{error:?}").into())
    })
}

/// Answers in place of a network.
struct AtOnce;

#[async_trait]
impl Middleware for AtOnce {
    async fn handle(
        &self,
        _: reqwest::Request,
        _: &mut Extensions,
        _: Next<'_>,
    ) -> Result<reqwest::Response, reqwest_middleware::Error> {
        Ok(Response::new("").into())
    }
}

fn reqwest(name: &'static str, middleware: Option<SignMiddleware>) -> Contender {
    let builder = reqwest_middleware::ClientBuilder::new(reqwest::Client::new());
    let builder = match middleware {
        Some(middleware) => builder.with(middleware),
        None => builder,
    };
    let client: ClientWithMiddleware = builder.with(AtOnce).build();
    Contender::new(name, move |request: &mut Request| {
        let mut given = reqwest::Request::new(request.method().clone(), request.uri().to_string().parse()?);
        given.headers_mut().clone_from(request.headers());
        pollster::block_on(client.execute(given)).map(drop).map_err(Into::into)
    })
}
