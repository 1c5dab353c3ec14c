//! What will be sent, decided before anything is.

use std::path::PathBuf;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Uri, header::HOST, request::Parts};
use indicatif::ProgressBar;
use reqwest::Url;
use sigv4a::{
    ChunkedUpload, UriPolicy,
    client::{BodySigning, Given, Redirects, Reopen, RequestSigner},
    config::{Ambient, AmbientCredentials},
    credentials::CredentialsProvider,
};

use super::{answer::Clock, client::Versions, file_body::FileBody};
use crate::{
    args::{SendArgs, SigningArgs},
    decision::Decision,
    error::CliError,
    manner::Manner,
    progress,
    request::{PayloadChoice, Request},
    signed::{self, Form, Signed},
    upload,
};

/// A request that is known to be signable, and who signs it each time that it is sent.
pub(super) struct Plan {
    pub(super) signer: RequestSigner,
    pub(super) parts: Parts,
    pub(super) url: Url,
    pub(super) versions: Versions,
    pub(super) clock: Clock,
    pub(super) decision: Decision,
    pub(super) payload: PayloadChoice,
    body: PlannedBody,
    pub(super) progress: ProgressBar,
}

enum PlannedBody {
    Whole(Bytes),
    /// Signed chunk by chunk.
    Chunked(PathBuf, u64, ChunkedUpload),
    /// `--unsigned-payload`: as it is, for services that know no chunks.
    Unsigned(PathBuf, u64),
}

impl Plan {
    pub(super) fn new(args: &SendArgs, ambient: &Ambient) -> Result<Self, CliError> {
        let mut request = Request::new(&args.url, &args.common)?;
        if UriPolicy::from(args.common.signing.uri_policy) == UriPolicy::Rewrite {
            request.url = without_marks(&request.url);
        }
        // A client that sends a `Date` signs at that time: two times in one request are refused by some servers.
        if args.common.signing.time.is_some() && request.told.date.is_some() {
            let message = "expected one time, found --time and a header `Date`";
            return Err(CliError::usage(message, "leave one of them out"));
        }
        let (body, progress) = body(args, &mut request)?;
        // Whatever is wrong is told as by `sign`; and what is signed later is the URL in wire form, which `http` can hold.
        let signed = Signed::of(request, &args.common, ambient, Form::Headers)?;
        let decision = Decision::new(&signed, &args.common, ambient);
        let (parts, url) = parts(&signed)?;
        let signing = &args.common.signing;
        let signer = signer(args, ambient, &signed)?;
        let is_timed = signing.time.is_some() || signed.request.told.amz_date.is_some();
        let body = match body {
            Some(body) => body,
            None => PlannedBody::Whole(signed.request.body.bytes.into()),
        };
        let is_own_host = parts.headers.contains_key(HOST);
        Ok(Self {
            signer,
            parts,
            url,
            versions: if is_own_host { Versions::Http1 } else { Versions::Any },
            clock: if is_timed { Clock::Given } else { Clock::Ours },
            decision,
            payload: signed.request.payload,
            body,
            progress,
        })
    }

    /// The body, for one more time. A file that is gone by now fails here: nothing would be sent in its place.
    pub(super) fn body(&self) -> Result<Given<FileBody>, CliError> {
        let progress = self.progress.clone();
        Ok(match &self.body {
            PlannedBody::Whole(bytes) => Given::InMemory(bytes.clone()),
            PlannedBody::Unsigned(path, length) => {
                let file = FileBody::open(path, *length, &progress).checked();
                Given::Streamed(file.map_err(|error| error.to_cli())?)
            }
            PlannedBody::Chunked(path, length, upload) => {
                let (path, length) = (path.clone(), *length);
                Given::Reopened(Reopen::new(move || FileBody::open(&path, length, &progress)), upload.clone())
            }
        })
    }
}

/// The URL without the marks in its path that the HTTP client would percent-encode after they were signed as they are.
/// They have no place in a URL.
fn without_marks(url: &str) -> String {
    const MARKS: [(char, &str); 4] = [('"', "%22"), ('\\', "%5C"), ('{', "%7B"), ('}', "%7D")];
    let (before, rest) = url.split_at(url.find("://").map_or(0, |at| at + "://".len()));
    let (host, rest) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let (path, query) = rest.split_at(rest.find(['?', '#']).unwrap_or(rest.len()));
    let path = MARKS.iter().fold(path.to_owned(), |path, (mark, escape)| path.replace(*mark, escape));
    format!("{before}{host}{path}{query}")
}

/// The body that is streamed, if one is.
fn body(args: &SendArgs, request: &mut Request) -> Result<(Option<PlannedBody>, ProgressBar), CliError> {
    let Some(path) = &args.upload.upload_file else { return Ok((None, ProgressBar::hidden())) };
    let (_, length) = upload::open(path)?;
    if args.common.request.method.is_none() {
        "PUT".clone_into(&mut request.method);
    }
    let body = match upload::chunks(request, &args.upload, length)? {
        Some(upload) => PlannedBody::Chunked(path.clone(), length, upload),
        None => PlannedBody::Unsigned(path.clone(), length),
    };
    Ok((Some(body), progress::bar(Some(length), args.upload.no_progress)))
}

/// The request before it is signed.
fn parts(signed: &Signed) -> Result<(Parts, Url), CliError> {
    let refused = |_| {
        CliError::usage(
            format!("expected a URL that HTTP can send, found {}", signed.request.url),
            "percent-encode it, or leave --uri-policy as it is",
        )
    };
    let request = http::Request::builder().method(signed.request.method.as_str()).uri(signed.url());
    let (mut parts, ()) = request.body(()).map_err(refused)?.into_parts();
    let mut headers = HeaderMap::new();
    for (name, value) in &signed.request.headers {
        // The library has accepted both.
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            headers.append(name, value);
        }
    }
    let url = Url::parse(&signed.url()).map_err(|error| {
        CliError::usage(format!("expected a URL that can be sent, found {}: {error}", signed.url()), "check its host")
    })?;
    let is_signed = |host: &str| host.eq_ignore_ascii_case(signed.host());
    let own = parts.uri.authority().is_some_and(|authority| is_signed(authority.as_str()));
    let is_default_port = url.port().is_none() && url.host_str().is_some_and(is_signed);
    headers.remove(HOST);
    if own || is_default_port {
        // The URL's host goes out in lower case, whatever was typed: that is what must be signed.
        parts.uri = in_lower_case(parts.uri);
    } else if let Ok(host) = HeaderValue::from_str(signed.host()) {
        headers.insert(HOST, host);
    }
    parts.headers = headers;
    Ok((parts, url))
}

fn in_lower_case(uri: Uri) -> Uri {
    let mut of = uri.clone().into_parts();
    let authority = of.authority.take().and_then(|authority| authority.as_str().to_ascii_lowercase().parse().ok());
    of.authority = authority;
    Uri::from_parts(of).unwrap_or(uri)
}

/// Signs every attempt as `sign` does.
fn signer(args: &SendArgs, ambient: &Ambient, signed: &Signed) -> Result<RequestSigner, CliError> {
    let signing: &SigningArgs = &args.common.signing;
    let told = &signed.request.told;
    let manner = Manner::new(signing, told)?;
    // Whoever writes the token of the session has no other to come.
    let credentials: Box<dyn CredentialsProvider> = match told.session_token {
        Some(_) => Box::new(signed.credentials.clone()),
        None => Box::new(AmbientCredentials::new(args.profile.as_deref())),
    };
    let is_unsigned = signed.request.payload == PayloadChoice::Unsigned;
    let signer = RequestSigner::new(signed::config(signing, told)?, credentials)
        .with_ambient(ambient.config().clone())
        .with_options(move |of_service| manner.apply(of_service))
        .with_provider(signing.provider.into())
        .with_redirects(if args.connection.location { Redirects::Follow } else { Redirects::GiveBack })
        .with_body_signing(if is_unsigned { BodySigning::Unsigned } else { BodySigning::OfService });
    Ok(match signing.time.or(told.amz_date) {
        Some(time) => signer.with_clock(move || Ok(time)),
        None => signer,
    })
}
