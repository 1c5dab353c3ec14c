//! The canonical request.

use std::{fmt, ops::Range};

use crate::{
    canonical::{
        HeaderField, Query,
        headers::{write_canonical, write_signed_headers},
    },
    error::ParseError,
};

/// The text whose hash is signed, [step 1 of
/// signing](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html#create-canonical-request):
/// method, URI, query string, headers, signed headers and payload hash, one below the other.
///
/// Compare it line by line with the one in a `SignatureDoesNotMatch` answer. It holds the session token, if one is
/// signed; therefore `Debug` shows its length only.
#[derive(Clone, PartialEq, Eq)]
pub struct CanonicalRequest {
    text: Vec<u8>,
    signed_headers: Range<usize>,
}

impl CanonicalRequest {
    /// The whole text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        // Only text is ever written: header values are ASCII by then. To sign, nobody has to look at it again.
        str::from_utf8(&self.text).unwrap_or_default()
    }

    /// The bytes to hash.
    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.text
    }

    /// The canonical value of `host`, which is always signed.
    pub(crate) fn host(&self) -> &str {
        self.as_str().split_once("\nhost:").and_then(|(_, rest)| rest.split_once('\n')).map_or("", |(host, _)| host)
    }

    /// The names of the signed headers: lower case, sorted, separated by `;`.
    #[must_use]
    pub fn signed_headers(&self) -> &str {
        str::from_utf8(self.signed_headers_bytes()).unwrap_or_default()
    }

    pub(crate) fn signed_headers_bytes(&self) -> &[u8] {
        self.text.get(self.signed_headers.clone()).unwrap_or_default()
    }
}

impl fmt::Debug for CanonicalRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CanonicalRequest").field("len", &self.text.len()).finish_non_exhaustive()
    }
}

/// What a canonical request is made of; each part is canonical already but the query and the headers.
#[derive(Debug)]
pub(crate) struct CanonicalParts<'a> {
    pub(crate) method: &'a str,
    pub(crate) path: &'a str,
    pub(crate) query: &'a Query<'a>,
    /// Sorted by name.
    pub(crate) headers: &'a [HeaderField<'a>],
    pub(crate) payload: &'a str,
}

impl CanonicalParts<'_> {
    pub(crate) fn write(&self) -> Result<CanonicalRequest, ParseError> {
        // Room for the usual query; a longer one grows the text once.
        const QUERY_ROOM: usize = 64;
        let headers: usize = self.headers.iter().map(|field| 2 * field.name.len() + field.value.len() + 3).sum();
        let room = self.method.len() + self.path.len() + headers + self.payload.len() + QUERY_ROOM;
        let mut text = Vec::with_capacity(room);
        let line = |text: &mut Vec<u8>, line: &str| {
            text.extend_from_slice(line.as_bytes());
            text.push(b'\n');
        };
        line(&mut text, self.method);
        line(&mut text, self.path);
        self.query.write_canonical(&mut text);
        text.push(b'\n');
        write_canonical(&mut text, self.headers)?;
        text.push(b'\n');
        let start = text.len();
        write_signed_headers(&mut text, self.headers);
        let signed_headers = start..text.len();
        text.push(b'\n');
        text.extend_from_slice(self.payload.as_bytes());
        Ok(CanonicalRequest { text, signed_headers })
    }
}
