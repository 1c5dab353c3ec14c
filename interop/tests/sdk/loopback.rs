//! A client of HTTP that connects to one address whatever the URL: the host that was signed is sent, and TLS is not
//! spoken, as if a proxy had ended it.

use std::net::SocketAddr;

use aws_smithy_runtime_api::client::{
    http::{
        HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient, SharedHttpConnector,
    },
    orchestrator::HttpRequest,
    runtime_components::RuntimeComponents,
};

#[derive(Debug)]
pub(crate) struct Loopback {
    address: SocketAddr,
    inner: SharedHttpClient,
}

impl Loopback {
    pub(crate) fn new(address: SocketAddr) -> Self {
        Self { address, inner: aws_smithy_http_client::Builder::new().build_http() }
    }
}

impl HttpClient for Loopback {
    fn http_connector(&self, settings: &HttpConnectorSettings, components: &RuntimeComponents) -> SharedHttpConnector {
        let inner = self.inner.http_connector(settings, components);
        SharedHttpConnector::new(Connector { address: self.address, inner })
    }
}

#[derive(Debug)]
struct Connector {
    address: SocketAddr,
    inner: SharedHttpConnector,
}

impl HttpConnector for Connector {
    fn call(&self, mut request: HttpRequest) -> HttpConnectorFuture {
        let (host, target) = split(request.uri());
        let url = format!("http://{}{target}", self.address);
        let host = host.to_owned();
        request.headers_mut().insert("host", host);
        request.set_uri(url).unwrap();
        self.inner.call(request)
    }
}

/// The host of a URL, and its path and query.
pub(crate) fn split(url: &str) -> (&str, &str) {
    let (_, rest) = url.split_once("://").unwrap();
    rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()))
}
