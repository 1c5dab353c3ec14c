//! The host a request is signed for.

use crate::{
    canonical::check_host,
    error::{SignError, SignErrorKind},
    sign::{EndpointCheck, SigningRequest},
    types::{Algorithm, endpoint::is_mrap_host},
};

/// The `Host` headers of a request, as they pass by.
#[derive(Default)]
pub(super) struct GivenHost<'a>(Option<&'a [u8]>, Option<&'a [u8]>);

impl<'a> GivenHost<'a> {
    /// Takes note of a `Host` header.
    pub(super) fn see(&mut self, value: &'a [u8]) {
        let value = value.trim_ascii();
        match self.0 {
            None => self.0 = Some(value),
            // Also twice the same: servers must refuse it (RFC 9112, 3.2).
            Some(_) => self.1 = Some(value),
        }
    }
}

/// Refuses SigV4 at a Multi-Region Access Point, where S3 would answer with an error about a region nobody chose.
pub(super) fn check_algorithm(algorithm: Algorithm, host: &str, check: EndpointCheck) -> Result<(), SignError> {
    if algorithm == Algorithm::SigV4 && check == EndpointCheck::Enforce && is_mrap_host(host) {
        return Err(SignError::new(
            SignErrorKind::AlgorithmRefused,
            format!("`{host}` is a Multi-Region Access Point, which accepts sigv4a only, found sigv4"),
        ));
    }
    Ok(())
}

/// The signed host: the one chosen, else the `Host` header as it is sent, else the URI's without a default port.
pub(super) fn host<'a>(
    request: &'a SigningRequest<'_>,
    given: &GivenHost<'a>,
    chosen: Option<&'a str>,
) -> Result<&'a str, SignError> {
    if let Some(chosen) = chosen {
        return Ok(chosen);
    }
    match given {
        GivenHost(Some(first), Some(other)) => {
            return Err(SignError::new(
                SignErrorKind::AmbiguousHost,
                format!("expected one `Host`, found `{}` and `{}`", first.escape_ascii(), other.escape_ascii()),
            ));
        }
        GivenHost(Some(given), None) => {
            let text = str::from_utf8(given).unwrap_or_default();
            check_host(text)?;
            return Ok(text);
        }
        GivenHost(None, _) => {}
    }
    let authority = request.target.authority.ok_or_else(|| {
        SignError::new(SignErrorKind::MissingHost, "expected a `Host` header or a URI with a host, found neither")
    })?;
    let scheme = request.target.scheme.unwrap_or_default();
    for (default_port, schemes) in [(":443", ["https", "wss"]), (":80", ["http", "ws"])] {
        match authority.strip_suffix(default_port) {
            Some(host) if is_one_of(scheme, schemes) => return Ok(host),
            _ => {}
        }
    }
    Ok(authority)
}

fn is_one_of(scheme: &str, names: [&str; 2]) -> bool {
    names.iter().any(|name| scheme.eq_ignore_ascii_case(name))
}
