//! A request to sign.

use std::{borrow::Cow, fmt};

use crate::{
    canonical::{HeaderField, Target, check_name, check_value},
    error::{ParseError, ParseErrorKind, SignError},
    types::PayloadHash,
};

/// The parts of a request that a signature covers, borrowed from wherever they are: an [`http::Request`], its parts, or
/// a method, a URL and a list of headers.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # use sigv4a::{Credentials, Region, Service, SigV4};
/// use sigv4a::{SignerExt, SigningRequest, Timestamp};
/// # let signer = SigV4::new(Credentials::new("AKIDEXAMPLE", "secret")?, Region::new("us-east-1")?, Service::EXECUTE_API);
/// let request = SigningRequest::new("POST", "https://api.example.com/orders")?
///     .with_header("content-type", "application/json")?
///     .with_body(br#"{"id": 1}"#);
/// let signed = signer.sign(&request, Timestamp::parse_amz_date("20150830T123600Z")?)?;
/// for (name, value) in signed.added_headers() {
///     println!("{name}: {}", value.to_str()?);
/// }
/// # Ok(())
/// # }
/// ```
pub struct SigningRequest<'a> {
    pub(super) method: &'a str,
    pub(super) target: Target<'a>,
    map: Option<&'a http::HeaderMap>,
    list: Vec<ListedHeader<'a>>,
    pub(super) payload: Payload<'a>,
    pub(super) content_sha256: Option<&'a str>,
}

/// A header that was given by itself.
struct ListedHeader<'a> {
    name: &'a str,
    lower_name: Cow<'a, str>,
    value: &'a [u8],
}

/// A header as the caller gives it.
pub(super) struct GivenHeader<'a> {
    /// As on the wire.
    pub(super) name: &'a str,
    /// The same, its name in lower case.
    pub(super) field: HeaderField<'a>,
}

/// What is known about the body.
#[derive(Clone, Copy)]
pub(crate) enum Payload<'a> {
    Body(&'a [u8]),
    Given(PayloadHash),
}

impl<'a> SigningRequest<'a> {
    /// A request without headers and body, from its method and its URL as a person types it.
    ///
    /// # Errors
    /// [`Method`](ParseErrorKind::Method), [`Url`](ParseErrorKind::Url), [`Host`](ParseErrorKind::Host).
    pub fn new(method: &'a str, url: &'a str) -> Result<Self, SignError> {
        if http::Method::from_bytes(method.as_bytes()).is_err() {
            return Err(ParseError::new(ParseErrorKind::Method, "an HTTP method such as `GET`").found(method).into());
        }
        Ok(Self::from_target(method, Target::parse(url)?))
    }

    /// The request whose parts these are; say what is known about its body with [`with_body`](Self::with_body) or
    /// [`with_payload`](Self::with_payload), else it has none.
    ///
    /// # Errors
    /// [`Url`](ParseErrorKind::Url) if the URI holds a user name.
    pub fn from_parts(parts: &'a http::request::Parts) -> Result<Self, SignError> {
        Self::from_http(&parts.method, &parts.uri, &parts.headers)
    }

    /// A request with its body.
    ///
    /// # Errors
    /// As [`from_parts`](Self::from_parts).
    pub fn from_request<B: AsRef<[u8]>>(request: &'a http::Request<B>) -> Result<Self, SignError> {
        Ok(Self::from_http(request.method(), request.uri(), request.headers())?.with_body(request.body().as_ref()))
    }

    fn from_http(
        method: &'a http::Method,
        uri: &'a http::Uri,
        headers: &'a http::HeaderMap,
    ) -> Result<Self, SignError> {
        Ok(Self { map: Some(headers), ..Self::from_target(method.as_str(), Target::from_uri(uri)?) })
    }

    const fn from_target(method: &'a str, target: Target<'a>) -> Self {
        Self { method, target, map: None, list: Vec::new(), payload: Payload::Body(&[]), content_sha256: None }
    }

    /// Adds a header after those there are. Its name may be in any letter case.
    ///
    /// # Errors
    /// [`HeaderName`](ParseErrorKind::HeaderName), [`HeaderValue`](ParseErrorKind::HeaderValue).
    pub fn with_header<V: AsRef<[u8]> + ?Sized>(mut self, name: &'a str, value: &'a V) -> Result<Self, SignError> {
        let value = value.as_ref();
        check_name(name)?;
        check_value(name, value)?;
        let lower_name = match name.bytes().any(|byte| byte.is_ascii_uppercase()) {
            true => Cow::Owned(name.to_ascii_lowercase()),
            false => Cow::Borrowed(name),
        };
        self.list.push(ListedHeader { name, lower_name, value });
        Ok(self)
    }

    /// Shows every header in its order.
    pub(super) fn for_each_header<'b>(&'b self, mut show: impl FnMut(GivenHeader<'b>))
    where
        'a: 'b,
    {
        for (name, value) in self.map.into_iter().flatten() {
            let field = HeaderField { name: name.as_str(), value: value.as_bytes() };
            show(GivenHeader { name: name.as_str(), field });
        }
        for listed in &self.list {
            let field = HeaderField { name: &listed.lower_name, value: listed.value };
            show(GivenHeader { name: listed.name, field });
        }
    }

    /// The body, whose hash is signed.
    #[must_use]
    pub const fn with_body(mut self, body: &'a [u8]) -> Self {
        self.payload = Payload::Body(body);
        self
    }

    /// What is signed in place of the body's hash: a hash computed elsewhere, or a sentinel.
    ///
    /// Where the service wants `x-amz-content-sha256`, the user of a presigned URL must send it too: it is among
    /// [`headers_to_send`](crate::PresignedRequest::headers_to_send).
    #[must_use]
    pub const fn with_payload(mut self, payload: PayloadHash) -> Self {
        self.payload = Payload::Given(payload);
        self
    }

    /// Sends another value as `x-amz-content-sha256` than the one in the last line of the canonical request.
    ///
    /// Iceberg REST catalogs want the digest in base64 there.
    ///
    /// # Errors
    /// [`HeaderValue`](ParseErrorKind::HeaderValue).
    pub fn with_content_sha256(mut self, value: &'a str) -> Result<Self, SignError> {
        check_value("x-amz-content-sha256", value.as_bytes())?;
        self.content_sha256 = Some(value);
        Ok(self)
    }
}

impl fmt::Debug for SigningRequest<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A query may be an old signature, a header a key of the caller's (SSE-C), a body anything.
        f.debug_struct("SigningRequest")
            .field("method", &self.method)
            .field("authority", &self.target.authority)
            .field("path", &self.target.path)
            .finish_non_exhaustive()
    }
}
