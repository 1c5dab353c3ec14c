//! A request as HTTP/1.1 bytes.

use sigv4a::{ReceivedRequest, VerifyError};

use crate::error::CliError;

/// A request taken apart, nothing decoded.
pub(crate) struct RawRequest<'a> {
    method: String,
    target: String,
    headers: Vec<(String, Vec<u8>)>,
    body: &'a [u8],
}

/// More than any server accepts.
const MAX_HEADERS: usize = 256;

impl<'a> RawRequest<'a> {
    /// Reads a whole request. Lines may end without a carriage return, as editors leave them.
    pub(crate) fn parse(bytes: &'a [u8]) -> Result<Self, CliError> {
        let refused = |found: String| {
            CliError::usage(
                format!("expected an HTTP/1.1 request, found {found}"),
                "give it as it is sent: `METHOD TARGET HTTP/1.1`, header lines, an empty line, the body",
            )
        };
        let mut headers = [httparse::EMPTY_HEADER; MAX_HEADERS];
        let mut request = httparse::Request::new(&mut headers);
        let start = match request.parse(bytes) {
            Ok(httparse::Status::Complete(start)) => start,
            Ok(httparse::Status::Partial) => return Err(refused("no empty line after the headers".to_owned())),
            Err(error) => return Err(refused(error.to_string())),
        };
        let owned = |header: &httparse::Header<'_>| (header.name.to_owned(), header.value.to_vec());
        let headers: Vec<(String, Vec<u8>)> = request.headers.iter().map(owned).collect();
        let body = bytes.get(start..).unwrap_or_default();
        let value = |wanted: &str| headers.iter().find(|(name, _)| name.eq_ignore_ascii_case(wanted));
        if value("transfer-encoding").is_some() {
            return Err(refused(
                "a body with a transfer encoding: give the body itself and its content-length".to_owned(),
            ));
        }
        // An editor may have added a line break to the body: its length says where it ends.
        let length = value("content-length").and_then(|(_, text)| str::from_utf8(text).ok()?.trim().parse().ok());
        let length = length.unwrap_or(body.len());
        let found = body.len();
        let body = body.get(..length).ok_or_else(|| refused(format!("{found} of {length} bytes of the body")))?;
        Ok(Self {
            method: request.method.unwrap_or_default().to_owned(),
            target: request.path.unwrap_or_default().to_owned(),
            headers,
            body,
        })
    }

    pub(crate) fn host(&self) -> Option<&str> {
        self.headers
            .iter()
            .find(|(name, _)| name.eq_ignore_ascii_case("host"))
            .and_then(|(_, value)| str::from_utf8(value).ok())
    }

    pub(crate) const fn body(&self) -> &'a [u8] {
        self.body
    }

    pub(crate) fn received(&self) -> Result<ReceivedRequest<'_>, VerifyError> {
        let request = ReceivedRequest::new(&self.method, &self.target)?.with_body(self.body);
        self.headers.iter().try_fold(request, |request, (name, value)| request.with_header(name, value))
    }
}
