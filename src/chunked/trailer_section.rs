//! What comes after the last chunk.

use http::{HeaderMap, HeaderName};

use super::{
    lines::{LINE_END, TRAILER_SIGNATURE},
    trailers,
};
use crate::{
    error::{VerifyError, VerifyErrorKind},
    types::{Checksum, PayloadHash},
};

/// The lines after the last chunk, up to an empty one.
#[derive(Debug)]
pub(super) struct TrailerSection {
    /// Names in lower case, as `x-amz-trailer` has them.
    announced: Vec<String>,
    text: Vec<u8>,
    values: Vec<(String, String)>,
}

const TRAILER: HeaderName = HeaderName::from_static("x-amz-trailer");

/// What servers accept as headers altogether.
const MAX_LEN: usize = 16 * 1024;

impl TrailerSection {
    /// The trailers that the request announces, which its seed signature covers.
    pub(super) fn announced(headers: &HeaderMap, payload: PayloadHash) -> Result<Self, VerifyError> {
        let error = |message: &'static str| Err(VerifyError::new(VerifyErrorKind::TrailerMismatch, message));
        let mut announced: Vec<String> = Vec::new();
        for value in headers.get_all(TRAILER) {
            let Ok(text) = value.to_str() else { return error("expected names in `x-amz-trailer`") };
            announced.extend(text.split(',').map(|name| name.trim().to_ascii_lowercase()));
        }
        if announced.iter().any(|name| HeaderName::from_bytes(name.as_bytes()).is_err()) {
            return error("expected names of headers, separated by commas, in `x-amz-trailer`");
        }
        // Each known one is computed: a thousand times if it stood there a thousand times.
        if let Some(twice) =
            announced.iter().enumerate().find_map(|(at, name)| announced.get(..at)?.contains(name).then_some(name))
        {
            let message = "expected each name once in `x-amz-trailer`";
            return Err(VerifyError::new(VerifyErrorKind::TrailerMismatch, message).found(twice));
        }
        let is_unknown =
            |name: &String| name.starts_with("x-amz-checksum-") && Checksum::from_header_name(name).is_none();
        if payload == PayloadHash::StreamingUnsignedTrailer && announced.iter().any(is_unknown) {
            // It is all that protects the body, and it cannot be computed here: whatever came would be accepted.
            return error("expected a checksum that is known here: crc32, crc32c, crc64nvme, sha1 or sha256");
        }
        match (payload, announced.is_empty()) {
            (PayloadHash::StreamingSignedTrailer, true) => {
                error("expected `x-amz-trailer` with a payload that has trailers, found none")
            }
            (PayloadHash::StreamingSigned, false) => {
                error("expected no `x-amz-trailer` with a payload that has no trailers")
            }
            _ => Ok(Self { announced, text: Vec::new(), values: Vec::new() }),
        }
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.announced.iter().map(String::as_str)
    }

    /// Takes bytes up to the empty line; how many they were.
    pub(super) fn push(&mut self, wire: &[u8]) -> Result<usize, VerifyError> {
        for (index, byte) in wire.iter().enumerate() {
            self.text.push(*byte);
            if self.is_whole() {
                return Ok(index + 1);
            }
            if self.text.len() > MAX_LEN {
                let message = format!("expected {MAX_LEN} bytes of trailers at most");
                return Err(VerifyError::new(VerifyErrorKind::MalformedTrailer, message));
            }
        }
        Ok(wire.len())
    }

    /// Whether the empty line was seen, which ends the body.
    pub(super) fn is_whole(&self) -> bool {
        self.text == LINE_END.as_bytes() || self.text.ends_with(b"\r\n\r\n")
    }

    /// Reads the lines; the signature, if there is one, which must be the last.
    pub(super) fn parse(&mut self) -> Result<Option<String>, VerifyError> {
        let error = |message: &'static str| VerifyError::new(VerifyErrorKind::MalformedTrailer, message);
        let text = String::from_utf8(std::mem::take(&mut self.text)).map_err(|_| error("expected ASCII"))?;
        let mut signature = None;
        for line in text.split(LINE_END).filter(|line| !line.is_empty()) {
            if signature.is_some() {
                return Err(error("expected nothing after `x-amz-trailer-signature`"));
            }
            if let Some(found) = line.strip_prefix(TRAILER_SIGNATURE) {
                signature = Some(found.to_owned());
                continue;
            }
            let (name, value) = line.split_once(':').ok_or_else(|| error("expected lines of `name:value`"))?;
            let is_clean = value.trim() == value && value.bytes().all(|byte| (b' '..=b'~').contains(&byte));
            if !is_clean {
                return Err(error("expected visible ASCII without white space at its ends as a value").found(name));
            }
            self.values.push((name.to_owned(), value.to_owned()));
        }
        let mut names: Vec<&str> = self.values.iter().map(|(name, _)| name.as_str()).collect();
        let mut announced: Vec<&str> = self.names().collect();
        names.sort_unstable();
        announced.sort_unstable();
        if names != announced {
            let message = "expected the trailers that `x-amz-trailer` announces, each once and in lower case";
            let error = VerifyError::new(VerifyErrorKind::TrailerMismatch, message);
            return Err(error.wanted(&announced.join(",")).found(names.join(",")));
        }
        Ok(signature)
    }

    pub(super) fn values(&self) -> &[(String, String)] {
        &self.values
    }

    /// What is signed of them.
    pub(super) fn canonical(&self) -> Vec<u8> {
        trailers::canonical(self.values.iter().map(|(name, value)| (name.as_str(), value.as_str())))
    }
}
