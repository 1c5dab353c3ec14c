//! How a body is going to be sent in chunks.

use http::{HeaderMap, HeaderName, HeaderValue, header, request::Parts};

use super::{
    encode::ChunkEncoder,
    framer::Framer,
    lines::{CHUNK_SIGNATURE, LINE_END, TRAILER_SIGNATURE, signature_len},
};
use crate::{
    canonical::{check_name, check_value},
    error::{ParseError, ParseErrorKind, SignError, SignErrorKind},
    sign::{Signer, SignerExt as _, SigningRequest},
    types::{Algorithm, Checksum, PayloadHash, Signature, Timestamp},
};

/// A body of known length that is sent as
/// [aws-chunked](https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html): every chunk with its own signature
/// over the one before, the last one followed by signed trailers, so that it need not be in memory to be signed.
///
/// `Content-Length` is exact before the first byte is read.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use sigv4a::{Checksum, ChunkedUpload, Credentials, RegionSet, Service, SigV4a, Timestamp};
/// let credentials = Credentials::new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")?;
/// let signer = SigV4a::new(credentials, RegionSet::all(), Service::S3);
/// let url = "https://mfzwi23gnjvgw.mrap.accesspoint.s3-global.amazonaws.com/key";
/// let (mut parts, ()) = http::Request::put(url).body(())?.into_parts();
///
/// let upload = ChunkedUpload::new(5).with_checksum(Checksum::Crc64Nvme);
/// let mut encoder = upload.sign(signer, &mut parts, Timestamp::parse_amz_date("20150830T123600Z")?)?;
/// let mut body = Vec::new();
/// encoder.push(b"hello", &mut body)?;
/// encoder.finish(&mut body)?;
/// assert_eq!(parts.headers["content-length"], body.len().to_string().as_str());
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct ChunkedUpload {
    pub(super) decoded_len: u64,
    pub(super) chunk_size: usize,
    pub(super) is_signed: bool,
    pub(super) trailers: Vec<(HeaderName, TrailerValue)>,
}

/// Where the value of a trailer comes from.
#[derive(Debug, Clone)]
pub(super) enum TrailerValue {
    Given(String),
    Computed(Checksum),
}

impl TrailerValue {
    const fn len(&self) -> usize {
        match self {
            Self::Given(value) => value.len(),
            Self::Computed(checksum) => checksum.encoded_len(),
        }
    }
}

/// S3 accepts no smaller chunk but the last.
pub(super) const MIN_CHUNK_SIZE: usize = 8192;

const DEFAULT_CHUNK_SIZE: usize = 64 * 1024;

const DECODED_LENGTH: HeaderName = HeaderName::from_static("x-amz-decoded-content-length");
const TRAILER: HeaderName = HeaderName::from_static("x-amz-trailer");

impl ChunkedUpload {
    /// A body of `decoded_len` bytes, every chunk of which is signed.
    #[must_use]
    pub const fn new(decoded_len: u64) -> Self {
        Self { decoded_len, chunk_size: DEFAULT_CHUNK_SIZE, is_signed: true, trailers: Vec::new() }
    }

    /// A body of `decoded_len` bytes, which only TLS and the checksums in its trailers protect
    /// (`STREAMING-UNSIGNED-PAYLOAD-TRAILER`): what AWS's SDKs send today.
    #[must_use]
    pub const fn unsigned(decoded_len: u64) -> Self {
        Self { decoded_len, chunk_size: DEFAULT_CHUNK_SIZE, is_signed: false, trailers: Vec::new() }
    }

    /// Bytes of data in every chunk but the last: at least 8192, 65536 unless told otherwise.
    ///
    /// # Errors
    /// [`ChunkSize`](ParseErrorKind::ChunkSize).
    pub fn with_chunk_size(mut self, bytes: usize) -> Result<Self, ParseError> {
        if !(MIN_CHUNK_SIZE..=MAX_CHUNK_SIZE).contains(&bytes) {
            let expected = "8192 to 1073741824 bytes";
            return Err(ParseError::new(ParseErrorKind::ChunkSize, expected).found(bytes.to_string()));
        }
        self.chunk_size = bytes;
        Ok(self)
    }

    /// Computes a checksum while the body passes, and sends it as a trailer, in place of one of that name.
    #[must_use]
    pub fn with_checksum(mut self, checksum: Checksum) -> Self {
        let name = HeaderName::from_static(checksum.header_name());
        self.trailers.retain(|(known, _)| *known != name);
        self.trailers.push((name, TrailerValue::Computed(checksum)));
        self
    }

    /// Sends a trailer whose value is known.
    ///
    /// # Errors
    /// [`HeaderName`](ParseErrorKind::HeaderName), also for a name that the signature itself uses,
    /// [`HeaderValue`](ParseErrorKind::HeaderValue).
    pub fn with_trailer(mut self, name: &str, value: &str) -> Result<Self, ParseError> {
        check_name(name)?;
        check_value(name, value.as_bytes())?;
        let lower = name.to_ascii_lowercase();
        if lower == "x-amz-trailer-signature" || self.trailers.iter().any(|(known, _)| *known == *lower) {
            let expected = "each trailer once, and none called `x-amz-trailer-signature`";
            return Err(ParseError::new(ParseErrorKind::HeaderName, expected).found(name));
        }
        if !value.bytes().all(|byte| matches!(byte, b' '..=b'~')) || value.trim() != value {
            let expected = format!("visible ASCII without white space at its ends in the trailer `{name}`");
            return Err(ParseError::new(ParseErrorKind::HeaderValue, expected));
        }
        let name = HeaderName::from_bytes(lower.as_bytes())
            .map_err(|_| ParseError::new(ParseErrorKind::HeaderName, "an HTTP token").found(&lower))?;
        self.trailers.push((name, TrailerValue::Given(value.to_owned())));
        Ok(self)
    }

    /// The same for a body of another length.
    #[must_use]
    pub const fn with_decoded_len(mut self, decoded_len: u64) -> Self {
        self.decoded_len = decoded_len;
        self
    }

    /// How many bytes the body has before it is encoded.
    #[must_use]
    pub const fn decoded_len(&self) -> u64 {
        self.decoded_len
    }

    /// How many bytes it has on the wire: the value of `Content-Length`; [`u64::MAX`] if that has no room for them, which
    /// [`sign`](Self::sign) refuses.
    #[must_use]
    pub fn encoded_len(&self, algorithm: Algorithm) -> u64 {
        let line_end = LINE_END.len();
        let frame = |data: u64| data + as_u64(self.line_len(data, algorithm) + line_end);
        let chunk_size = as_u64(self.chunk_size);
        let (whole, rest) = (self.decoded_len / chunk_size, self.decoded_len % chunk_size);
        let trailers: usize =
            self.trailers.iter().map(|(name, value)| name.as_str().len() + 1 + value.len() + line_end).sum();
        let trailer_signature = match self.is_signed && !self.trailers.is_empty() {
            true => TRAILER_SIGNATURE.len() + signature_len(algorithm) + line_end,
            false => 0,
        };
        let end = self.line_len(0, algorithm) + trailers + trailer_signature + line_end;
        let last = if rest > 0 { frame(rest) } else { 0 };
        whole.saturating_mul(frame(chunk_size)).saturating_add(last).saturating_add(as_u64(end))
    }

    /// How many bytes the line before a chunk of `data` bytes has.
    pub(super) fn line_len(&self, data: u64, algorithm: Algorithm) -> usize {
        let signature = if self.is_signed { CHUNK_SIGNATURE.len() + signature_len(algorithm) } else { 0 };
        hex_len(data) + signature + LINE_END.len()
    }

    /// What the seed signature says about the body.
    #[must_use]
    pub fn payload(&self) -> PayloadHash {
        match (self.is_signed, self.trailers.is_empty()) {
            (true, true) => PayloadHash::StreamingSigned,
            (true, false) => PayloadHash::StreamingSignedTrailer,
            (false, _) => PayloadHash::StreamingUnsignedTrailer,
        }
    }

    /// The headers that go with such a body, to set before the request is signed. `content_encoding` is the value that
    /// the header has already.
    #[must_use]
    pub fn headers(
        &self,
        algorithm: Algorithm,
        content_encoding: Option<&HeaderValue>,
    ) -> Vec<(HeaderName, HeaderValue)> {
        let mut headers = vec![
            (header::CONTENT_ENCODING, with_aws_chunked(content_encoding)),
            (header::CONTENT_LENGTH, HeaderValue::from(self.encoded_len(algorithm))),
            (DECODED_LENGTH, HeaderValue::from(self.decoded_len)),
        ];
        let names: Vec<&str> = self.trailers.iter().map(|(name, _)| name.as_str()).collect();
        if let (false, Ok(value)) = (names.is_empty(), HeaderValue::try_from(names.join(","))) {
            headers.push((TRAILER, value));
        }
        headers
    }

    /// Sets the headers, signs the request, and gives the encoder of its body. `Transfer-Encoding` is removed: the length
    /// is known.
    ///
    /// # Errors
    /// As [`SignerExt::sign`](crate::SignerExt::sign), and [`BodyLength`](SignErrorKind::BodyLength) for a body whose length on
    /// the wire is no number of 64 bits; then the parts are unchanged.
    pub fn sign(
        self,
        signer: impl Signer + 'static,
        parts: &mut Parts,
        at: Timestamp,
    ) -> Result<ChunkEncoder, SignError> {
        Ok(ChunkEncoder::new(self.sign_framer(signer, parts, at)?))
    }

    pub(crate) fn sign_framer(
        self,
        signer: impl Signer + 'static,
        parts: &mut Parts,
        at: Timestamp,
    ) -> Result<Framer, SignError> {
        if self.encoded_len(signer.algorithm()) == u64::MAX {
            let message =
                format!("expected a body whose length on the wire fits into 64 bits, found {}", self.decoded_len);
            return Err(SignError::new(SignErrorKind::BodyLength, message));
        }
        let mut headers = parts.headers.clone();
        headers.remove(header::TRANSFER_ENCODING);
        headers.remove(TRAILER);
        for (name, value) in self.headers(signer.algorithm(), content_encoding(&parts.headers).as_ref()) {
            headers.insert(name, value);
        }
        let mut given = parts.clone();
        given.headers = headers;
        let signed = signer.sign(&SigningRequest::from_parts(&given)?.with_payload(self.payload()), at)?;
        let seed = signed.trace().signature().clone();
        signed.apply_to(&mut given)?;
        *parts = given;
        Ok(self.framer(signer, at, seed))
    }

    /// The encoder for a request that was signed otherwise: `seed` is its signature, `at` its time.
    #[must_use]
    pub fn encoder(self, signer: impl Signer + 'static, at: Timestamp, seed: Signature) -> ChunkEncoder {
        ChunkEncoder::new(self.framer(signer, at, seed))
    }

    pub(crate) fn framer(self, signer: impl Signer + 'static, at: Timestamp, seed: Signature) -> Framer {
        Framer::new(self, Box::new(signer), at, seed)
    }
}

/// More would be held in memory than anyone means to.
const MAX_CHUNK_SIZE: usize = 1 << 30;

/// The codings that a body has already, in one value; none if there is no such header.
pub(crate) fn content_encoding(headers: &HeaderMap) -> Option<HeaderValue> {
    let mut values = headers.get_all(header::CONTENT_ENCODING).iter();
    let first = values.next()?.clone();
    values
        .try_fold(first, |all, value| HeaderValue::from_bytes(&[all.as_bytes(), b",", value.as_bytes()].concat()).ok())
}

/// `aws-chunked` before what there is; S3 takes it off again.
fn with_aws_chunked(given: Option<&HeaderValue>) -> HeaderValue {
    const AWS_CHUNKED: HeaderValue = HeaderValue::from_static("aws-chunked");
    let Some(given) = given.filter(|value| !value.is_empty()) else { return AWS_CHUNKED };
    let is_there = given
        .as_bytes()
        .split(|byte| *byte == b',')
        .any(|coding| coding.trim_ascii().eq_ignore_ascii_case(b"aws-chunked"));
    match is_there {
        true => given.clone(),
        false => HeaderValue::from_bytes(&[b"aws-chunked,", given.as_bytes()].concat()).unwrap_or(AWS_CHUNKED),
    }
}

const fn hex_len(value: u64) -> usize {
    let mut len = 1;
    let mut rest = value >> 4;
    while rest > 0 {
        len += 1;
        rest >>= 4;
    }
    len
}

fn as_u64(len: usize) -> u64 {
    u64::try_from(len).unwrap_or(u64::MAX)
}
