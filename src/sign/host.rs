//! The host a request is signed for.

use std::borrow::Cow;

use crate::{
    canonical::check_host,
    error::{SignError, SignErrorKind},
    sign::{SigningRequest, owned},
};

/// The signed host: the one chosen, else the `Host` header as it is sent, else the URI's without a default port.
pub(super) fn host<'a>(request: &'a SigningRequest<'_>, chosen: Option<&'a str>) -> Result<Cow<'a, str>, SignError> {
    if let Some(chosen) = chosen {
        return Ok(Cow::Borrowed(chosen));
    }
    let mut given = request.headers().map(|header| header.field).filter(|field| field.name == owned::HOST);
    if let Some(first) = given.next() {
        let text = str::from_utf8(first.value).unwrap_or_default().trim();
        if let Some(other) = given.find(|other| other.value.trim_ascii() != text.as_bytes()) {
            return Err(SignError::new(
                SignErrorKind::AmbiguousHost,
                format!("expected one `Host`, found `{text}` and `{}`", other.value.escape_ascii()),
            ));
        }
        check_host(text)?;
        return Ok(Cow::Borrowed(text));
    }
    let authority = request.target.authority.ok_or_else(|| {
        SignError::new(SignErrorKind::MissingHost, "expected a `Host` header or a URI with a host, found neither")
    })?;
    let default_port = match request.target.scheme {
        Some(scheme) if is_one_of(scheme, ["https", "wss"]) => ":443",
        Some(scheme) if is_one_of(scheme, ["http", "ws"]) => ":80",
        _ => return Ok(Cow::Borrowed(authority)),
    };
    Ok(Cow::Borrowed(authority.strip_suffix(default_port).unwrap_or(authority)))
}

fn is_one_of(scheme: &str, names: [&str; 2]) -> bool {
    names.iter().any(|name| scheme.eq_ignore_ascii_case(name))
}
