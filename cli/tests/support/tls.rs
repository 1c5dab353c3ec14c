//! A server over TLS, which tells how it was asked.

use std::{convert::Infallible, net::TcpListener, sync::Arc, thread};

use bytes::Bytes;
use http::{Request, Response, header::HOST};
use http_body_util::Full;
use hyper::{body::Incoming, service::service_fn};
use hyper_util::{
    rt::{TokioExecutor, TokioIo},
    server::conn::auto::Builder,
};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{ServerConfig, crypto::ring, pki_types::PrivateKeyDer},
};

/// For `localhost`, with a certificate that signed itself.
pub(crate) struct TlsServer {
    pub(crate) port: u16,
    pub(crate) pem: String,
}

impl TlsServer {
    pub(crate) fn start() -> Self {
        let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        let key = PrivateKeyDer::Pkcs8(made.signing_key.serialize_der().into());
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()));
        let config = config.with_safe_default_protocol_versions().unwrap().with_no_client_auth();
        let mut config = config.with_single_cert(vec![made.cert.der().clone()], key).unwrap();
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let port = listener.local_addr().unwrap().port();
        thread::spawn(move || tokio::runtime::Runtime::new().unwrap().block_on(serve(listener, config)));
        Self { port, pem: made.cert.pem() }
    }
}

async fn serve(listener: TcpListener, config: ServerConfig) {
    let listener = tokio::net::TcpListener::from_std(listener).unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    loop {
        let (stream, _) = listener.accept().await.unwrap();
        // Who does not trust us says so here.
        let Ok(stream) = acceptor.accept(stream).await else { continue };
        tokio::spawn(async move {
            // A client that goes away has its answer.
            let _ = Builder::new(TokioExecutor::new()).serve_connection(TokioIo::new(stream), service_fn(tell)).await;
        });
    }
}

/// The version, the host of the URI, the header `Host`.
async fn tell(request: Request<Incoming>) -> Result<Response<Full<Bytes>>, Infallible> {
    let authority = request.uri().authority().map_or("-", |authority| authority.as_str());
    let host = request.headers().get(HOST).map_or("-", |host| host.to_str().unwrap());
    Ok(Response::new(Full::new(format!("{:?} {authority} {host}", request.version()).into())))
}
