//! The request as the flags describe it.

use sigv4a::{BodyHash, MultiRegionAccessPoint, ParseError, PayloadHash, SigningRequest};

use crate::{
    args::{CommonArgs, DataArgs, PieceKind},
    body::Body,
    error::CliError,
    signature_headers::SignatureHeaders,
};

/// A request to sign, owned.
#[derive(Debug)]
pub(crate) struct Request {
    pub(crate) method: String,
    pub(crate) url: String,
    /// Whether the user does not know the URL: an ARN was typed.
    pub(crate) is_of_arn: bool,
    /// As on the wire, in order; those that the flags for data imply are the last.
    pub(crate) headers: Vec<(String, String)>,
    /// What was written as a header and is signing's to set.
    pub(crate) told: SignatureHeaders,
    /// How many of the last headers nobody wrote: the user does not know of them yet.
    implied: usize,
    pub(crate) body: Body,
    pub(crate) payload: PayloadChoice,
}

/// What is signed about the body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PayloadChoice {
    /// As the service wants it.
    OfService,
    /// Nothing.
    Unsigned,
    /// The hash that was given in a header.
    Given(PayloadHash),
}

impl Request {
    pub(crate) fn new(url: &str, args: &CommonArgs) -> Result<Self, CliError> {
        let flags = &args.request;
        let is_of_arn = ["arn:", "s3://arn:"].iter().any(|start| url.starts_with(start));
        let url = if is_of_arn { url_of_arn(url)? } else { url.to_owned() };
        let data = Body::read(&args.data)?;
        if flags.head && !flags.get && data.is_some() {
            return Err(CliError::usage(
                "expected one method, found --head (HEAD) and data (POST)",
                "name the method with -X, or put the data into the query with -G",
            ));
        }
        let method = match (&flags.method, &data) {
            (Some(method), _) => method,
            (None, _) if flags.head => "HEAD",
            (None, Some(_)) if !flags.get => "POST",
            (None, _) => "GET",
        };
        let (url, body) = match data {
            Some(data) if flags.get => (with_query(&url, data)?, None),
            data => (url, data),
        };
        let mut headers = Vec::new();
        let mut named = Vec::new();
        for text in &flags.headers {
            let (name, value) = header(text)?;
            named.push(name.to_ascii_lowercase());
            headers.extend(value.map(|value| (name.to_owned(), value.to_owned())));
        }
        let told = SignatureHeaders::take(&mut headers)?;
        let implied = match body {
            Some(_) => implied_by(&args.data),
            None => &[],
        };
        let given = headers.len();
        let missing = implied.iter().filter(|(name, _)| !named.iter().any(|named| named == name));
        headers.extend(missing.map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        let payload = match (args.signing.unsigned_payload, told.payload) {
            (true, Some(PayloadHash::Sha256(_))) => {
                return Err(CliError::usage(
                    "expected --unsigned-payload or a hash in the header `x-amz-content-sha256`, found both",
                    "leave one of them out",
                ));
            }
            (true, _) | (_, Some(PayloadHash::Unsigned)) => PayloadChoice::Unsigned,
            (false, Some(hash)) => PayloadChoice::Given(hash),
            (false, None) => PayloadChoice::OfService,
        };
        let implied = headers.len() - given;
        let (method, body) = (method.to_owned(), body.unwrap_or_default());
        Ok(Self { method, url, is_of_arn, headers, told, implied, body, payload })
    }

    /// Refuses a hash in a header that is not that of the body.
    pub(crate) fn check_hash(&self) -> Result<(), CliError> {
        let PayloadChoice::Given(given) = self.payload else { return Ok(()) };
        let mut hash = BodyHash::new();
        hash.update(&self.body.bytes);
        match given == PayloadHash::Sha256(hash.finish()) {
            true => Ok(()),
            false => Err(CliError::usage(
                format!(
                    "x-amz-content-sha256: expected the SHA-256 of the body, which has {} bytes, found another",
                    self.body.bytes.len()
                ),
                "leave the header out: it is set by itself; --unsigned-payload leaves the body out of the signature",
            )),
        }
    }

    /// The request as the library wants it.
    pub(crate) fn to_signing(&self) -> Result<SigningRequest<'_>, CliError> {
        let mut request = SigningRequest::new(&self.method, &self.url)?.with_body(&self.body.bytes);
        for (name, value) in &self.headers {
            request = request.with_header(name, value)?;
        }
        Ok(match self.payload {
            PayloadChoice::OfService => request,
            PayloadChoice::Unsigned => request.with_payload(PayloadHash::Unsigned),
            PayloadChoice::Given(hash) => request.with_payload(hash),
        })
    }

    /// The headers that the flags for data imply.
    pub(crate) fn implied_headers(&self) -> &[(String, String)] {
        self.headers.get(self.headers.len() - self.implied..).unwrap_or_default()
    }

    /// The value of the `Host` header, if there is one.
    pub(crate) fn host_header(&self) -> Option<&str> {
        self.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("host")).map(|(_, value)| value.as_str())
    }
}

/// The URL of an object behind a Multi-Region Access Point, for those who have an ARN and no URL: every other tool for S3
/// takes one.
fn url_of_arn(typed: &str) -> Result<String, ParseError> {
    let (point, key) = MultiRegionAccessPoint::parse_object(typed)?;
    Ok(point.url(key.unwrap_or_default()))
}

/// A name and its value; `None` for a header that must not be sent.
fn header(text: &str) -> Result<(&str, Option<&str>), CliError> {
    let malformed = || {
        CliError::usage(
            format!("-H: expected `Name: value`, or `Name;` for an empty value, found `{text}`"),
            "quote the header as one argument: -H 'content-type: text/plain'",
        )
    };
    let (name, value) = match text.split_once(':') {
        Some((name, value)) => (name, Some(value.trim()).filter(|value| !value.is_empty())),
        None => (text.strip_suffix(';').ok_or_else(malformed)?, Some("")),
    };
    match name.is_empty() || name.contains(char::is_whitespace) {
        true => Err(malformed()),
        false => Ok((name, value)),
    }
}

fn implied_by(data: &DataArgs) -> &'static [(&'static str, &'static str)] {
    match data.pieces.iter().any(|piece| piece.kind == PieceKind::Json) {
        true => &[("content-type", "application/json"), ("accept", "application/json")],
        false => &[("content-type", "application/x-www-form-urlencoded")],
    }
}

/// The URL with the data at the end of its query.
fn with_query(url: &str, data: Body) -> Result<String, CliError> {
    let data = String::from_utf8(data.bytes).map_err(|error| {
        CliError::usage(
            format!("-G: expected text, found a byte that is not UTF-8 at {}", error.utf8_error().valid_up_to()),
            "percent-encode the data",
        )
    })?;
    let (url, fragment) = url.find('#').map_or((url, ""), |at| url.split_at(at));
    let separator = match url.split_once('?') {
        None => "?",
        Some((_, query)) if query.is_empty() || query.ends_with('&') => "",
        Some(_) => "&",
    };
    // A `#` in the data would end the query.
    Ok(format!("{url}{separator}{}{fragment}", data.replace('#', "%23")))
}
