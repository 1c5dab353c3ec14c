//! No answer: why, and what to check.

use std::{error::Error, io};

use sigv4a::{SignError, http_body::BodyError};

use super::{file_body::FileError, proxy::Proxy};
use crate::error::CliError;

/// Why an attempt has no answer.
#[derive(Debug)]
pub(super) struct Failure {
    pub(super) error: CliError,
    pub(super) at: Stage,
}

/// How far an attempt got.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stage {
    /// It will not get any further the next time.
    Never,
    /// Nothing was sent.
    Connecting,
    /// Something may have been done there.
    Sent,
}

/// What is known of a request that got no answer.
#[derive(Debug, Clone, Copy)]
pub(super) struct Way<'a> {
    pub(super) proxy: Option<&'a Proxy>,
    pub(super) sent: SentBody,
}

/// How much of the body went out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SentBody {
    Whole,
    Part,
}

impl Way<'_> {
    /// There, and answered.
    pub(super) const SENT: Self = Self { proxy: None, sent: SentBody::Whole };
}

impl Failure {
    /// What reqwest says, in words that help.
    pub(super) fn of(error: &reqwest::Error, host: &str, Way { proxy, sent }: Way<'_>) -> Self {
        let error: &(dyn Error + 'static) = error;
        if let Some(ours) = find::<FileError>(error) {
            return Self { error: ours.to_cli(), at: Stage::Never };
        }
        if let Some(ours) = find::<BodyError>(error) {
            let source = io::Error::other(chain(ours));
            return Self {
                error: CliError::Io { what: "expected to send the body".to_owned(), source },
                at: Stage::Never,
            };
        }
        let (found, hint, at) = match proxy.and_then(|_| explained_by_proxy(error)) {
            Some((found, hint)) => (Some(found), hint, Stage::Connecting),
            None => explained(error, sent),
        };
        let way = proxy.map(|proxy| format!(" through {proxy}")).unwrap_or_default();
        let message = match found {
            Some(found) => format!("expected an answer of {host}{way}, found {found}: {}", cause(error)),
            None => format!("expected an answer of {host}{way}: {}", cause(error)),
        };
        Self { error: CliError::NoAnswer { message, hint }, at }
    }
}

impl From<SignError> for Failure {
    fn from(error: SignError) -> Self {
        CliError::from(error).into()
    }
}

impl From<CliError> for Failure {
    fn from(error: CliError) -> Self {
        Self { error, at: Stage::Never }
    }
}

/// The same where there is no connection, and it is the proxy that there is none to. Over TLS it is the host that speaks.
fn explained_by_proxy(error: &(dyn Error + 'static)) -> Option<(&'static str, &'static str)> {
    const CHECK: &str = "check the variable that names the proxy; NO_PROXY names hosts that are reached without one";
    let reqwest = find::<reqwest::Error>(error).filter(|error| error.is_connect())?;
    if find::<rustls::Error>(error).is_some() {
        return None;
    }
    let chain = chain(error);
    let found = match find::<io::Error>(error).map(io::Error::kind) {
        _ if chain.contains("dns error") => "no address for the proxy's name",
        _ if chain.contains("tunnel error: unsuccessful") => "a proxy that refuses to connect to it",
        _ if chain.contains("proxy authorization required") => "a proxy that wants other credentials",
        _ if reqwest.is_timeout() => "no connection in time",
        Some(io::ErrorKind::ConnectionRefused) => "no proxy listening there",
        _ => "no connection",
    };
    Some((found, CHECK))
}

/// What was found, what to check, and how far the attempt got.
fn explained(error: &(dyn Error + 'static), sent: SentBody) -> (Option<&'static str>, &'static str, Stage) {
    let reqwest = find::<reqwest::Error>(error);
    let is_connect = reqwest.is_some_and(reqwest::Error::is_connect);
    let at = if is_connect { Stage::Connecting } else { Stage::Sent };
    if let Some(tls) = find::<rustls::Error>(error) {
        return match tls {
            rustls::Error::InvalidCertificate(_) => (
                Some("a certificate that is not trusted"),
                "check the host; an authority of your own is named with --cacert FILE",
                Stage::Never,
            ),
            _ => (
                Some("no TLS that both sides speak"),
                "check that the port speaks TLS: `http://` is for those that do not",
                Stage::Never,
            ),
        };
    }
    if is_connect && chain(error).contains("dns error") {
        return (
            Some("no address for its name"),
            "check its spelling; private names need their VPC's or VPN's DNS, or --resolve HOST:PORT:ADDRESS",
            at,
        );
    }
    if reqwest.is_some_and(reqwest::Error::is_timeout) {
        return (
            Some("no connection in time"),
            "check that the host is reached from this network: a private endpoint is reached from its VPC only",
            at,
        );
    }
    match find::<io::Error>(error).map(io::Error::kind) {
        Some(io::ErrorKind::ConnectionRefused) => {
            (Some("nobody listening there"), "check host and port; --connect-to goes elsewhere", at)
        }
        _ if sent == SentBody::Part && is_closed(error) => (
            Some("a connection that was closed before the whole request was sent"),
            "this is mostly a refusal whose answer was lost: see it with `sigv4a request -I`, or with a small body in the \
             place of this one; --retry 3 helps only if it is none",
            at,
        ),
        Some(io::ErrorKind::ConnectionReset | io::ErrorKind::BrokenPipe | io::ErrorKind::UnexpectedEof) => {
            (Some("a connection that broke"), "try again, for example with --retry 3", at)
        }
        _ if is_connect => (Some("no connection"), "check host, port, proxy and network", at),
        _ => (None, "see with --verbose how far it got; --retry 3 tries again", at),
    }
}

/// Whether the other side ended the connection.
fn is_closed(error: &(dyn Error + 'static)) -> bool {
    const KINDS: [io::ErrorKind; 3] =
        [io::ErrorKind::ConnectionReset, io::ErrorKind::BrokenPipe, io::ErrorKind::UnexpectedEof];
    find::<io::Error>(error).is_some_and(|error| KINDS.contains(&error.kind()))
        || find::<hyper::Error>(error).is_some_and(hyper::Error::is_incomplete_message)
}

/// The first cause of this type, also one that an I/O error carries.
fn find<'a, E: Error + 'static>(error: &'a (dyn Error + 'static)) -> Option<&'a E> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(found) = error.downcast_ref::<E>() {
            return Some(found);
        }
        // The source of an I/O error is the source of what it carries.
        let carried = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        let carried = carried.map(|carried| {
            let carried: &(dyn Error + 'static) = carried;
            carried
        });
        next = carried.or_else(|| error.source());
    }
    None
}

/// What is at the bottom of an error.
fn cause(error: &(dyn Error + 'static)) -> String {
    let mut cause = error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    cause.to_string()
}

fn chain(error: &(dyn Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text.push_str(&format!(": {cause}"));
        source = cause.source();
    }
    text
}
