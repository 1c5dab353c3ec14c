//! `serve`: a local endpoint that authenticates as AWS does.

mod answer;
mod api_gateway;
mod condition;
mod digest;
mod folder;
mod list;
mod log;
mod query;
mod range;
mod s3;
mod store;

use std::{
    convert::Infallible,
    io,
    net::SocketAddr,
    pin::Pin,
    process::ExitCode,
    sync::Arc,
    task::{Context, Poll},
};

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper_util::{
    rt::{TokioExecutor, TokioIo},
    server::conn::auto::Builder,
    service::TowerToHyperService,
};
use sigv4a::{
    ContentType, Region, Service, StaticKeys, Verified, Verifier,
    tower::{Echo, VerifiedBody, VerifyLayer, VerifyService},
};
use tokio::net::TcpListener;
use tower_layer::Layer as _;

use crate::{
    ambient,
    args::{ServeArgs, Style},
    error::{self, CliError},
    keys, write_stdout,
};
use store::Store;

pub(crate) fn run(args: &ServeArgs) -> Result<ExitCode, CliError> {
    let ambient = ambient(args.profile.as_deref())?;
    let keys = keys::load(args.keys.as_deref(), &ambient)?;
    let region = match args.region.as_ref().or_else(|| ambient.config().region()) {
        Some(region) => region.clone(),
        None => Region::new("us-east-1")?,
    };
    let service = match (&args.service, args.style) {
        (Some(service), _) => service.clone(),
        (None, Style::S3) => Service::S3,
        (None, Style::ApiGateway) => Service::EXECUTE_API,
    };
    let application = match (args.style, &args.folder) {
        (Style::S3, None) => Application::S3(Store::in_memory()),
        (Style::S3, Some(folder)) => Application::S3(Store::in_folder(folder)?),
        (Style::ApiGateway, None) => Application::ApiGateway,
        (Style::ApiGateway, Some(_)) => {
            return Err(CliError::usage("expected --folder with --style s3 only", "leave --folder away"));
        }
    };
    let layer = layer(args, service, region, keys);
    let service = Handler { application: Arc::new(application) };
    let runtime = tokio::runtime::Runtime::new().map_err(|error| CliError::listen(args.listen, error))?;
    runtime.block_on(serve(args.listen, layer.layer(service), args.quiet))
}

/// As careful as AWS, which does not insist on a signed content-type; `strict` is as careful as the library.
fn layer(args: &ServeArgs, service: Service, region: Region, keys: StaticKeys) -> VerifyLayer<StaticKeys> {
    let content_type = if args.strict { ContentType::MustBeSigned } else { ContentType::MayBeUnsigned };
    let mut verifier = Verifier::new(service, region).with_content_type(content_type);
    if args.style == Style::S3 {
        verifier = verifier.with_profile(sigv4a::ServiceProfile::S3);
    }
    VerifyLayer::new(verifier, keys).with_body_limit(args.max_body).with_echo(if args.no_echo {
        Echo::Off
    } else {
        Echo::On
    })
}

async fn serve(
    address: SocketAddr,
    service: VerifyService<Handler, StaticKeys>,
    is_quiet: bool,
) -> Result<ExitCode, CliError> {
    let listen = |error: io::Error| CliError::listen(address, error);
    let listener = TcpListener::bind(address).await.map_err(listen)?;
    let bound = listener.local_addr().map_err(listen)?;
    write_stdout(format!("listening on http://{bound}\n").as_bytes())?;
    if !bound.ip().is_loopback() {
        error::note("warning: other machines can reach this address, and there is no TLS");
    }
    let service = TowerToHyperService::new(log::Log::new(service, is_quiet));
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = tokio::signal::ctrl_c() => return Ok(ExitCode::SUCCESS),
        };
        // A client that goes away before it is accepted is no reason to stop.
        let Ok((stream, _)) = accepted else { continue };
        let service = service.clone();
        tokio::spawn(async move {
            let connection = Builder::new(TokioExecutor::new());
            // Broken connections are the client's affair.
            let _ = connection.serve_connection(TokioIo::new(stream), service).await;
        });
    }
}

/// What is behind the layer.
enum Application {
    S3(Store),
    ApiGateway,
}

#[derive(Clone)]
struct Handler {
    application: Arc<Application>,
}

/// A response of ours is always whole.
type Answer = Response<Full<Bytes>>;

impl tower_service::Service<Request<VerifiedBody<Incoming>>> for Handler {
    type Response = Answer;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Answer, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<VerifiedBody<Incoming>>) -> Self::Future {
        let application = Arc::clone(&self.application);
        Box::pin(async move {
            let (parts, body) = request.into_parts();
            let Ok(body) = body.collect().await else { return Ok(answer::broken_off()) };
            let body = body.to_bytes();
            Ok(match (&*application, parts.extensions.get::<Verified>()) {
                (Application::S3(store), Some(_)) => s3::answer(store, &parts, body),
                (Application::ApiGateway, Some(verified)) => api_gateway::answer(&parts, &body, verified),
                // The layer lets nobody else pass.
                (_, None) => answer::broken_off(),
            })
        })
    }
}
