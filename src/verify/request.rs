//! A received request.

use std::{borrow::Cow, fmt};

use http::{HeaderMap, HeaderName, HeaderValue};

use crate::{
    canonical::{Target, check_host},
    error::{ParseError, ParseErrorKind, VerifyError, VerifyErrorKind},
};

/// The parts of a request that a signature covers, **as they were received**: before a router, a filter or a proxy of
/// yours changed path, query or headers.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use sigv4a::ReceivedRequest;
/// let request = ReceivedRequest::new("GET", "/private?a=1")?
///     .with_header("host", "api.example.com")?
///     .with_header("x-amz-date", "20150830T123600Z")?;
/// # Ok(())
/// # }
/// ```
pub struct ReceivedRequest<'a> {
    pub(super) method: &'a str,
    pub(super) target: Target<'a>,
    pub(super) headers: Cow<'a, HeaderMap>,
    pub(super) body: ReceivedBody<'a>,
    hosts: &'a [&'a str],
}

/// What is known about the body.
#[derive(Clone, Copy)]
pub(super) enum ReceivedBody<'a> {
    InMemory(&'a [u8]),
    Sha256([u8; 32]),
    /// It is still to come.
    Unread,
}

impl<'a> ReceivedRequest<'a> {
    /// A request from its first line: the method and the target, `/path?query` or a whole URL.
    ///
    /// # Errors
    /// [`InvalidRequest`](VerifyErrorKind::InvalidRequest).
    pub fn new(method: &'a str, target: &'a str) -> Result<Self, VerifyError> {
        if http::Method::from_bytes(method.as_bytes()).is_err() {
            return Err(ParseError::new(ParseErrorKind::Method, "an HTTP method such as `GET`").found(method).into());
        }
        if target.contains('#') {
            // No client sends one. It would be cut off here, and seen by an application that reads the target itself.
            return Err(ParseError::new(ParseErrorKind::Url, "no fragment in the target of a request").into());
        }
        let target = match target.starts_with('/') {
            true => Target::relative(target)?,
            false => Target::parse(target)?,
        };
        Ok(Self::from_target(method, target, Cow::Owned(HeaderMap::new())))
    }

    /// The request whose parts these are, its body still to be read.
    ///
    /// # Errors
    /// [`InvalidRequest`](VerifyErrorKind::InvalidRequest) if the URI holds a user name.
    pub fn from_parts(parts: &'a http::request::Parts) -> Result<Self, VerifyError> {
        let target = Target::from_uri(&parts.uri)?;
        Ok(Self::from_target(parts.method.as_str(), target, Cow::Borrowed(&parts.headers)))
    }

    /// A request with its body.
    ///
    /// # Errors
    /// As [`from_parts`](Self::from_parts).
    pub fn from_request<B: AsRef<[u8]>>(request: &'a http::Request<B>) -> Result<Self, VerifyError> {
        let target = Target::from_uri(request.uri())?;
        let received = Self::from_target(request.method().as_str(), target, Cow::Borrowed(request.headers()));
        Ok(received.with_body(request.body().as_ref()))
    }

    const fn from_target(method: &'a str, target: Target<'a>, headers: Cow<'a, HeaderMap>) -> Self {
        Self { method, target, headers, body: ReceivedBody::Unread, hosts: &[] }
    }

    /// Adds a header line after those there are. Its name may be in any letter case.
    ///
    /// # Errors
    /// [`InvalidRequest`](VerifyErrorKind::InvalidRequest).
    pub fn with_header(mut self, name: &str, value: impl AsRef<[u8]>) -> Result<Self, VerifyError> {
        let refused =
            || VerifyError::new(VerifyErrorKind::InvalidRequest, "a header that HTTP cannot carry").found(name);
        let name = HeaderName::from_bytes(name.as_bytes()).map_err(|_| refused())?;
        let value = HeaderValue::from_bytes(value.as_ref()).map_err(|_| refused())?;
        self.headers.to_mut().try_append(name, value).map_err(|_| refused())?;
        Ok(self)
    }

    /// The whole body.
    #[must_use]
    pub const fn with_body(mut self, body: &'a [u8]) -> Self {
        self.body = ReceivedBody::InMemory(body);
        self
    }

    /// The SHA-256 of the body, for one that was hashed while it was read.
    #[must_use]
    pub const fn with_body_sha256(mut self, digest: [u8; 32]) -> Self {
        self.body = ReceivedBody::Sha256(digest);
        self
    }

    /// The hosts for which the client may have signed, tried in their order, in place of the request's own: for a server
    /// behind a proxy that rewrites `Host`. Take them from your configuration, never from a header of the request, whose
    /// own `Host` is not looked at any more: [`Verified::host`](crate::Verified::host) is what was signed.
    #[must_use]
    pub const fn with_hosts(mut self, hosts: &'a [&'a str]) -> Self {
        self.hosts = hosts;
        self
    }

    /// Whether the target is whole, and its host another than that of the `Host` header.
    #[cfg(feature = "json")]
    pub(crate) fn is_sent_elsewhere(&self) -> bool {
        let host = self.headers.get(http::header::HOST).and_then(|host| host.to_str().ok());
        host.zip(self.target.authority).is_some_and(|(host, authority)| is_other(host.trim(), authority))
    }

    /// The headers.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The one value of a header; `None` if it is not there.
    ///
    /// # Errors
    /// `kind` if it is there twice, or is not visible ASCII.
    pub(super) fn single(&self, name: &HeaderName, kind: VerifyErrorKind) -> Result<Option<&str>, VerifyError> {
        let mut values = self.headers.get_all(name).iter();
        let Some(value) = values.next() else { return Ok(None) };
        if values.next().is_some() {
            return Err(VerifyError::new(kind, format!("expected one header `{name}`, found several")));
        }
        match value.to_str() {
            Ok(text) => Ok(Some(text.trim_matches([' ', '\t']))),
            Err(_) => Err(VerifyError::new(kind, format!("expected ASCII in the header `{name}`"))),
        }
    }

    /// The hosts that the signature may be for, the likeliest first.
    pub(super) fn hosts(&self) -> Result<Vec<&str>, VerifyError> {
        if !self.hosts.is_empty() {
            return Ok(self.hosts.to_vec());
        }
        let error = |message: &'static str| VerifyError::new(VerifyErrorKind::InvalidHost, message);
        let given = self.single(&http::header::HOST, VerifyErrorKind::InvalidHost)?;
        if let Some(host) = given {
            check_host(host).map_err(|_| error("`HOST` or `HOST:PORT` is wanted").found(host))?;
        }
        match (given, self.target.authority) {
            (None, None) => Err(error("expected a `Host` header or `:authority`, found neither")),
            (None, Some(host)) | (Some(host), None) => Ok(vec![host]),
            (Some(host), Some(authority)) if host.eq_ignore_ascii_case(authority) => Ok(vec![host]),
            // An attacker who may change one of two must not choose which of them the application believes.
            (Some(host), Some(authority)) if is_other(host, authority) => {
                Err(error("`Host` and the host of the request's target differ").wanted(authority).found(host))
            }
            (Some(host), Some(authority)) => Ok(vec![host, authority]),
        }
    }
}

/// Whether two hosts differ in more than letter case and a default port.
fn is_other(host: &str, authority: &str) -> bool {
    fn name(host: &str) -> &str {
        host.strip_suffix(":443").or_else(|| host.strip_suffix(":80")).unwrap_or(host)
    }
    !name(host).eq_ignore_ascii_case(name(authority))
}

impl fmt::Debug for ReceivedRequest<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A query may be a signature, a header a token or a customer's key, a body anything.
        f.debug_struct("ReceivedRequest")
            .field("method", &self.method)
            .field("path", &self.target.path)
            .finish_non_exhaustive()
    }
}
