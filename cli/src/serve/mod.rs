//! `serve`: a local endpoint that authenticates as AWS does.

mod answer;
mod api_gateway;
mod condition;
mod digest;
mod door;
mod folder;
mod list;
mod log;
mod query;
mod range;
mod s3;
mod store;

use std::{
    convert::Infallible,
    io::{
        self,
        ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset},
    },
    pin::{Pin, pin},
    process::ExitCode,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::{BodyExt as _, Full};
use hyper_util::{
    rt::{TokioExecutor, TokioIo},
    server::conn::auto::Builder,
    service::TowerToHyperService,
};
use sigv4a::{
    ContentType, Region, Service, StaticKeys, Verified, Verifier,
    tower::{Echo, VerifiedBody, VerifyLayer, VerifyService},
};
use tokio::net::{TcpListener, TcpStream};
use tower_layer::Layer as _;

use crate::{
    ambient,
    args::{ServeArgs, Style},
    error::{self, CliError},
    keys, write_stdout,
};
use door::{Door, ReceivedBody};
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
    runtime.block_on(serve(args, layer.layer(service)))
}

/// As careful as AWS, which does not insist on a signed content-type; `strict` is as careful as the library.
fn layer(args: &ServeArgs, service: Service, region: Region, keys: StaticKeys) -> VerifyLayer<StaticKeys> {
    let content_type = if args.strict { ContentType::MustBeSigned } else { ContentType::MayBeUnsigned };
    let verifier = Verifier::new(service, region).with_content_type(content_type);
    let verifier = match args.style {
        Style::S3 => verifier.with_profile(sigv4a::ServiceProfile::S3),
        Style::ApiGateway => verifier.with_max_skew(API_GATEWAY_SKEW),
    };
    VerifyLayer::new(verifier, keys).with_body_limit(args.max_body).with_echo(if args.no_echo {
        Echo::Off
    } else {
        Echo::On
    })
}

/// In seconds: `Signature expired: … is now earlier than … (… - 5 min.)`. S3 has the verifier's fifteen minutes.
const API_GATEWAY_SKEW: u32 = 5 * 60;

async fn serve(args: &ServeArgs, service: VerifyService<Handler, StaticKeys>) -> Result<ExitCode, CliError> {
    let listen = |error: io::Error| CliError::listen(args.listen, error);
    let listener = TcpListener::bind(args.listen).await.map_err(listen)?;
    let bound = listener.local_addr().map_err(listen)?;
    write_stdout(format!("listening on http://{bound}\n").as_bytes())?;
    if !bound.ip().is_loopback() {
        error::note("warning: other machines can reach this address, and there is no TLS");
    }
    let service = TowerToHyperService::new(log::Log::new(Door::new(service, args.style), args.quiet));
    // One for all: a signal that comes while a connection is accepted counts too.
    let mut interrupted = pin!(tokio::signal::ctrl_c());
    loop {
        let stream = tokio::select! {
            stream = accept(&listener) => stream,
            result = &mut interrupted => return result.map(|()| ExitCode::SUCCESS).map_err(listen),
        };
        let service = service.clone();
        tokio::spawn(async move {
            let connection = Builder::new(TokioExecutor::new());
            // Broken connections are the client's affair.
            let _ = connection.serve_connection(TokioIo::new(stream), service).await;
        });
    }
}

/// The next connection. What cannot be accepted now, for want of file descriptors say, can be when others have ended.
async fn accept(listener: &TcpListener) -> TcpStream {
    let mut is_told = false;
    loop {
        match listener.accept().await {
            Ok((stream, _)) => return stream,
            // A client that goes away before it is accepted is no reason to wait.
            Err(error) if matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset) => {}
            Err(error) => {
                if !is_told {
                    error::note(&format!("warning: no connection can be accepted: {error}"));
                    is_told = true;
                }
                tokio::time::sleep(PAUSE).await;
            }
        }
    }
}

/// Ten times a second costs nothing, and nobody notices the wait.
const PAUSE: Duration = Duration::from_millis(100);

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

impl tower_service::Service<Request<VerifiedBody<ReceivedBody>>> for Handler {
    type Response = Answer;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Answer, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<VerifiedBody<ReceivedBody>>) -> Self::Future {
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
