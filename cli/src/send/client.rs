//! The HTTP client: TLS, time limits, and where it connects to.

use std::{fs, net::IpAddr};

use http::Uri;
use reqwest::{Certificate, Client, ClientBuilder, Url, redirect::Policy};

use super::proxy::Proxies;
use crate::{
    args::{ConnectionArgs, Route},
    error::CliError,
};

/// Which versions of HTTP are spoken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Versions {
    /// HTTP/2 where TLS agrees on it.
    Any,
    /// A `Host` that is not the URL's has no place in HTTP/2: its `:authority` is the URL's.
    Http1,
}

/// A client that follows no redirects, which is the signer's affair, and the proxies that it takes.
pub(super) async fn client(
    args: &ConnectionArgs,
    (url, uri): (&Url, &Uri),
    versions: Versions,
) -> Result<(Client, Proxies), CliError> {
    // Whoever installed one before has the same: nothing else of this process does.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let mut builder = Client::builder().redirect(Policy::none());
    if versions == Versions::Http1 {
        builder = builder.http1_only();
    }
    if let Some(limit) = args.connect_timeout {
        builder = builder.connect_timeout(limit);
    }
    if let Some(path) = &args.cacert {
        let name = format!("the certificates from `{}`", path.display());
        let pem = fs::read(path).map_err(|error| CliError::input(&name, error))?;
        let certificates = Certificate::from_pem_bundle(&pem).map_err(|error| not_pem(&name, &error))?;
        if certificates.is_empty() {
            return Err(not_pem(&name, "no certificate"));
        }
        builder = builder.tls_certs_only(certificates);
    }
    let (builder, proxies) = routed(builder, args, url).await?;
    proxies.check(uri)?;
    let client = builder.build().map_err(|error| CliError::NoAnswer {
        message: format!("expected to prepare TLS: {}", std::error::Error::source(&error).unwrap_or(&error)),
        hint: "check the certificates of this system, or name some with --cacert FILE",
    })?;
    Ok((client, proxies))
}

fn not_pem(name: &str, found: impl std::fmt::Display) -> CliError {
    CliError::usage(format!("expected {name} in PEM, found {found}"), "a block begins with -----BEGIN CERTIFICATE-----")
}

/// Sets the addresses of hosts. As with curl, the first route that fits is taken.
async fn routed(
    mut builder: ClientBuilder,
    args: &ConnectionArgs,
    url: &Url,
) -> Result<(ClientBuilder, Proxies), CliError> {
    let mut done: Vec<String> = Vec::new();
    for route in args.connect_to.iter().chain(&args.resolve) {
        let of_url = url.host_str().unwrap_or_default();
        let host = route.host.as_deref().unwrap_or(of_url);
        let is_of_url = host == of_url;
        let fits = !is_of_url || route.port.is_none() || route.port == url.port_or_known_default();
        if done.iter().any(|done| done == host) || !fits {
            continue;
        }
        if host.trim_matches(['[', ']']).parse::<IpAddr>().is_ok() {
            return Err(CliError::usage(
                format!("expected the name of a host to connect elsewhere for, found the address {host}"),
                "put the name into the URL, or sign for it with --host",
            ));
        }
        // reqwest dials a port that is written in the URL, whatever else it is told.
        if let (true, Some(written), Some(to)) = (is_of_url, url.port(), route.to_port)
            && written != to
        {
            return Err(CliError::usage(
                format!("expected the port of the URL, {written}, to connect to as well, found {to}"),
                "leave the port out of the URL, or write the URL as it is dialled and sign with --host HOST:PORT",
            ));
        }
        builder = builder.no_proxy().resolve_to_addrs(host, &addresses(route, host).await?);
        done.push(host.to_owned());
    }
    let proxies = if done.is_empty() { Proxies::of_process() } else { Proxies::NONE };
    Ok((builder, proxies))
}

/// Port 0 stands for that of the URL.
async fn addresses(route: &Route, host: &str) -> Result<Vec<std::net::SocketAddr>, CliError> {
    let to = route.to_host.as_deref().unwrap_or(host);
    let found = tokio::net::lookup_host((to, route.to_port.unwrap_or(0))).await;
    found.map(Iterator::collect).map_err(|error| CliError::NoAnswer {
        message: format!("expected to connect to {to}, found no address for its name: {error}"),
        hint: "check its spelling, or give an address",
    })
}
