//! What `--verbose` says: requests and answers, without what others could use.

use std::borrow::Cow;

use http::{HeaderName, HeaderValue, Version, header, response};

use crate::{
    error,
    query_secrets::{self, HIDDEN},
};

/// What is said on standard error beside errors and notes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Conversation {
    Quiet,
    Verbose,
}

impl Conversation {
    pub(super) fn line(self, text: &str) {
        if self == Self::Verbose {
            error::note(&format!("* {text}"));
        }
    }

    /// The request line and the headers. Over TLS the version is agreed on later.
    pub(super) fn request(self, request: &reqwest::Request) {
        if self == Self::Quiet {
            return;
        }
        let url = request.url();
        let query = url.query().map(|query| format!("?{}", query_secrets::hide(query))).unwrap_or_default();
        let version = if url.scheme() == "https" { "" } else { " HTTP/1.1" };
        error::note(&format!("> {} {}{query}{version}", request.method(), url.path()));
        if !request.headers().contains_key(header::HOST) {
            let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
            error::note(&format!("> host: {}{port}", url.host_str().unwrap_or_default()));
        }
        request.headers().iter().for_each(|(name, value)| error::note(&format!("> {}", shown(name, value))));
        let length = request.body().and_then(|body| http_body::Body::size_hint(body).exact());
        if let (Some(length), false) = (length, request.headers().contains_key(header::CONTENT_LENGTH)) {
            error::note(&format!("> content-length: {length}"));
        }
        error::note(">");
    }

    pub(super) fn answer(self, head: &response::Parts) {
        if self == Self::Quiet {
            return;
        }
        error::note(&format!("< {}", status_line(head)));
        head.headers.iter().for_each(|(name, value)| error::note(&format!("< {}", shown(name, value))));
        error::note("<");
    }
}

/// `HTTP/1.1 200 OK`; HTTP/2 has no reason phrase.
pub(super) fn status_line(head: &response::Parts) -> String {
    let version = match head.version {
        Version::HTTP_10 => "HTTP/1.0",
        Version::HTTP_2 => "HTTP/2",
        _ => "HTTP/1.1",
    };
    let reason = head.status.canonical_reason().filter(|_| head.version != Version::HTTP_2).unwrap_or_default();
    format!("{version} {} {reason}", head.status.as_str()).trim_end().to_owned()
}

/// A header without its secret. The access key ID and the scope are none, and what one looks for.
fn shown(name: &HeaderName, value: &HeaderValue) -> String {
    let text =
        str::from_utf8(value.as_bytes()).map_or_else(|_| value.as_bytes().escape_ascii().to_string(), str::to_owned);
    let is_secret = [header::PROXY_AUTHORIZATION, header::COOKIE, header::SET_COOKIE].contains(name)
        || ["token", "customer-key"].iter().any(|word| name.as_str().contains(word));
    let shown = match text.split_once("Signature=") {
        _ if is_secret => Cow::Borrowed(HIDDEN),
        Some((before, _)) if *name == header::AUTHORIZATION => format!("{before}Signature={HIDDEN}").into(),
        _ if *name == header::AUTHORIZATION => HIDDEN.into(),
        // A redirect may lead to a presigned URL.
        _ => match text.split_once('?') {
            Some((before, query)) if *name == header::LOCATION => {
                format!("{before}?{}", query_secrets::hide(query)).into()
            }
            _ => text.into(),
        },
    };
    format!("{name}: {shown}")
}
