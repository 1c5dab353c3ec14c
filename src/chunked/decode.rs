//! The decoder.

use http::{HeaderMap, HeaderName};

use super::{
    checked_chain::CheckedChain,
    checksum::RunningChecksum,
    lines::{CHUNK_SIGNATURE, signature_len},
    trailer_section::TrailerSection,
    upload::MIN_CHUNK_SIZE,
};
use crate::{
    crypto::{Digest, Provider},
    error::{VerifyError, VerifyErrorKind},
    types::{Algorithm, Checksum, PayloadHash, Signature},
    verify::Verified,
};

/// Reads an aws-chunked body, checks the signature of every chunk and of the trailers, the length and the checksums.
///
/// Data comes out only after its signature was checked: a chunk that was changed on the way never reaches the application,
/// and nothing after it does. (`STREAMING-UNSIGNED-PAYLOAD-TRAILER` has no such signatures: whoever reads it must not act
/// before [`finish`](Self::finish).) Holds one chunk at most. An error stays.
#[derive(Debug)]
pub struct ChunkDecoder {
    chain: Option<CheckedChain>,
    checksums: Vec<RunningChecksum>,
    provider: Provider,
    trailers: TrailerSection,
    max_chunk_size: usize,
    /// Bytes of the whole body, as its seed signature covers them.
    decoded_len: u64,
    /// Bytes of the whole body that no line before a chunk has announced yet.
    left: u64,
    /// Bytes of the whole body that were not given away yet.
    undelivered: u64,
    state: State,
    /// The line or the chunk under way.
    pending: Vec<u8>,
}

/// What comes next.
#[derive(Debug)]
enum State {
    Header {
        /// The size of the chunk before, if it was too short to be followed by another.
        after_short: Option<usize>,
    },
    Data {
        left: usize,
        size: usize,
        signature: Option<Signature>,
        digest: Digest,
    },
    /// The line end after data, of which this many bytes were seen.
    DataEnd {
        seen: usize,
        size: usize,
    },
    Trailers,
    End,
    Failed(VerifyError),
}

const DECODED_LENGTH: HeaderName = HeaderName::from_static("x-amz-decoded-content-length");

/// 16 hex digits, the name of the signature, and a signature.
const MAX_HEADER: usize = 16 + CHUNK_SIGNATURE.len() + signature_len(Algorithm::SigV4a);

/// No SDK makes larger signed chunks; a whole one is held in memory before any of it is given away.
const DEFAULT_MAX_CHUNK_SIZE: usize = 16 * 1024 * 1024;

impl ChunkDecoder {
    /// The decoder of the body of a verified request, whose headers these are.
    ///
    /// # Errors
    /// [`StreamingPayload`](VerifyErrorKind::StreamingPayload) if the body is not aws-chunked,
    /// [`MissingDecodedLength`](VerifyErrorKind::MissingDecodedLength) also for a length that not every reader reads alike:
    /// given twice, with a sign or with leading zeros, [`TrailerMismatch`](VerifyErrorKind::TrailerMismatch) if the payload
    /// has trailers and `x-amz-trailer` does not say which, each once.
    pub fn new(verified: &Verified, headers: &HeaderMap) -> Result<Self, VerifyError> {
        let payload = verified.payload();
        let error = |kind, message: &'static str| VerifyError::new(kind, message);
        if !payload.is_chunked() {
            return Err(error(VerifyErrorKind::StreamingPayload, "expected a body that is aws-chunked"));
        }
        let decoded_len = announced_length(headers)?;
        let is_signed = payload != PayloadHash::StreamingUnsignedTrailer;
        let trailers = TrailerSection::announced(headers, payload)?;
        let kinds = trailers.names().filter_map(Checksum::from_header_name);
        Ok(Self {
            checksums: kinds.map(RunningChecksum::new).collect(),
            provider: verified.provider(),
            chain: is_signed.then(|| CheckedChain::new(verified)),
            trailers,
            max_chunk_size: DEFAULT_MAX_CHUNK_SIZE,
            decoded_len,
            left: decoded_len,
            undelivered: decoded_len,
            state: State::Header { after_short: None },
            pending: Vec::new(),
        })
    }

    /// Accepts signed chunks of this many bytes at most; 16 MiB unless told otherwise.
    #[must_use]
    pub const fn with_max_chunk_size(mut self, bytes: usize) -> Self {
        self.max_chunk_size = bytes;
        self
    }

    /// Takes the next bytes from the wire, split anyhow, and appends to `data` what is proved by them.
    ///
    /// # Errors
    /// The first thing that is wrong, for this call and every one after it.
    pub fn push(&mut self, wire: &[u8], data: &mut Vec<u8>) -> Result<(), VerifyError> {
        self.push_to(wire, &mut |piece| data.extend_from_slice(piece))
    }

    /// The same for data that need not lie together.
    pub(crate) fn push_to(&mut self, mut wire: &[u8], deliver: &mut dyn FnMut(&[u8])) -> Result<(), VerifyError> {
        if let State::Failed(error) = &self.state {
            return Err(error.clone());
        }
        while !wire.is_empty() {
            match self.step(wire, deliver) {
                Ok(taken) => wire = wire.get(taken..).unwrap_or_default(),
                Err(error) => return Err(self.fail(error)),
            }
        }
        Ok(())
    }

    /// Whether the body came to its end and everything about it is right. Ask when there are no more bytes.
    ///
    /// # Errors
    /// [`BodyIncomplete`](VerifyErrorKind::BodyIncomplete), or what was wrong before.
    pub fn finish(&mut self) -> Result<(), VerifyError> {
        match &self.state {
            State::End => Ok(()),
            State::Failed(error) => Err(error.clone()),
            _ => {
                let message = "the body ends before its last chunk or its trailers";
                Err(self.fail(VerifyError::new(VerifyErrorKind::BodyIncomplete, message)))
            }
        }
    }

    /// The trailers, once the body has ended: those that `x-amz-trailer` announces, with their values.
    #[must_use]
    pub fn trailers(&self) -> &[(String, String)] {
        match self.state {
            State::End => self.trailers.values(),
            _ => &[],
        }
    }

    /// Bytes of data still to come out.
    #[cfg(feature = "http-body")]
    pub(crate) const fn undelivered(&self) -> u64 {
        self.undelivered
    }

    fn fail(&mut self, error: VerifyError) -> VerifyError {
        self.pending = Vec::new();
        self.state = State::Failed(error.clone());
        error
    }

    /// Does one thing with the first bytes; how many they were.
    fn step(&mut self, wire: &[u8], deliver: &mut dyn FnMut(&[u8])) -> Result<usize, VerifyError> {
        match &mut self.state {
            State::Header { .. } => self.header(wire),
            State::Data { .. } => self.data(wire, deliver),
            State::DataEnd { seen, size } => {
                let expected = b"\r\n".get(*seen).copied();
                if wire.first().copied() != expected {
                    return Err(malformed("expected a line end after the data of a chunk"));
                }
                let (seen, size) = (*seen + 1, *size);
                self.state = match seen {
                    2 => State::Header { after_short: Some(size).filter(|size| *size < MIN_CHUNK_SIZE) },
                    _ => State::DataEnd { seen, size },
                };
                Ok(1)
            }
            State::Trailers => {
                let taken = self.trailers.push(wire)?;
                if self.trailers.is_whole() {
                    self.end()?;
                }
                Ok(taken)
            }
            State::End => {
                Err(VerifyError::new(VerifyErrorKind::BytesAfterEnd, "expected no bytes after the last line"))
            }
            State::Failed(error) => Err(error.clone()),
        }
    }

    /// A line up to its line feed.
    fn header(&mut self, wire: &[u8]) -> Result<usize, VerifyError> {
        let end = wire.iter().position(|byte| *byte == b'\n');
        let taken = end.map_or(wire.len(), |end| end + 1);
        if self.pending.len() + taken > MAX_HEADER + 2 {
            let message = format!("expected {MAX_HEADER} bytes at most in the line before a chunk");
            return Err(VerifyError::new(VerifyErrorKind::ChunkHeaderTooLong, message));
        }
        self.pending.extend_from_slice(wire.get(..taken).unwrap_or_default());
        if end.is_some() {
            let line = std::mem::take(&mut self.pending);
            self.begin(&line)?;
        }
        Ok(taken)
    }

    fn begin(&mut self, line: &[u8]) -> Result<(), VerifyError> {
        let State::Header { after_short } = self.state else { return Ok(()) };
        let text = line.strip_suffix(b"\r\n").and_then(|line| str::from_utf8(line).ok());
        let text = text.ok_or_else(|| malformed("expected ASCII and a line end in the line before a chunk"))?;
        let (size, signature) = match (&self.chain, text.split_once(CHUNK_SIGNATURE)) {
            (Some(chain), Some((size, signature))) => (size, Some(chain.parse(signature)?)),
            (None, None) => (text, None),
            (Some(_), None) => return Err(malformed("expected `SIZE;chunk-signature=SIGNATURE`")),
            (None, Some(_)) => return Err(malformed("expected `SIZE`: the chunks of this body are not signed")),
        };
        let size = chunk_size(size)?;
        if let (1.., Some(short)) = (size, after_short) {
            let message = format!("expected {MIN_CHUNK_SIZE} bytes at least in a chunk that is not the last");
            return Err(VerifyError::new(VerifyErrorKind::ChunkTooSmall, message).found(short.to_string()));
        }
        if self.chain.is_some() && size > u64::try_from(self.max_chunk_size).unwrap_or(u64::MAX) {
            let message = format!("expected {} bytes at most in a signed chunk", self.max_chunk_size);
            return Err(VerifyError::new(VerifyErrorKind::ChunkTooLarge, message).found(size.to_string()));
        }
        let came = self.decoded_len - self.left;
        self.left =
            self.left.checked_sub(size).ok_or_else(|| self.other_length(came.saturating_add(size), " or more"))?;
        let size = usize::try_from(size).map_err(|_| malformed("a chunk larger than this machine's memory"))?;
        if size > 0 {
            self.state = State::Data { left: size, size, signature, digest: self.provider.digest() };
            return Ok(());
        }
        if self.left > 0 {
            return Err(self.other_length(came, ""));
        }
        if let (Some(chain), Some(signature)) = (&mut self.chain, signature) {
            chain.check_chunk(signature, self.provider.digest())?;
        }
        self.state = State::Trailers;
        Ok(())
    }

    fn other_length(&self, found: u64, more: &str) -> VerifyError {
        let message = "another length than `x-amz-decoded-content-length` says";
        let error = VerifyError::new(VerifyErrorKind::DecodedLengthMismatch, message);
        error.wanted(&self.decoded_len.to_string()).found(format!("{found}{more}"))
    }

    fn data(&mut self, wire: &[u8], deliver: &mut dyn FnMut(&[u8])) -> Result<usize, VerifyError> {
        let State::Data { left, size, signature, digest } = &mut self.state else { return Ok(0) };
        let piece = wire.get(..*left).unwrap_or(wire);
        *left -= piece.len();
        let (is_whole, size) = (*left == 0, *size);
        let Some(chain) = &mut self.chain else {
            // Nothing to wait for: the trailers say whether the data was right.
            self.checksums.iter_mut().for_each(|checksum| checksum.update(piece));
            self.undelivered = self.undelivered.saturating_sub(len(piece));
            deliver(piece);
            if is_whole {
                self.state = State::DataEnd { seen: 0, size };
            }
            return Ok(piece.len());
        };
        digest.update(piece);
        if !is_whole {
            self.pending.extend_from_slice(piece);
            return Ok(piece.len());
        }
        if let Some(signature) = signature.take() {
            chain.check_chunk(signature, std::mem::replace(digest, self.provider.digest()))?;
        }
        for part in [self.pending.as_slice(), piece].into_iter().filter(|part| !part.is_empty()) {
            self.checksums.iter_mut().for_each(|checksum| checksum.update(part));
            self.undelivered = self.undelivered.saturating_sub(len(part));
            deliver(part);
        }
        self.pending.clear();
        self.state = State::DataEnd { seen: 0, size };
        Ok(piece.len())
    }

    fn end(&mut self) -> Result<(), VerifyError> {
        let signature = self.trailers.parse()?;
        match (&mut self.chain, self.trailers.values().is_empty(), signature) {
            (Some(chain), false, Some(signature)) => {
                let signature = chain.parse(&signature)?;
                chain.check_trailers(&signature, &self.trailers.canonical())?;
            }
            (Some(_), false, None) => {
                let message = "expected `x-amz-trailer-signature` after the trailers, found none";
                return Err(VerifyError::new(VerifyErrorKind::MissingTrailerSignature, message));
            }
            (_, _, Some(_)) => {
                let message = "expected no `x-amz-trailer-signature` where no trailers are signed";
                return Err(VerifyError::new(VerifyErrorKind::MalformedTrailer, message));
            }
            (_, _, None) => {}
        }
        for checksum in std::mem::take(&mut self.checksums) {
            let name = checksum.kind().header_name();
            let given = self.trailers.values().iter().find(|(known, _)| known == name);
            if given.is_none_or(|(_, value)| *value != checksum.finish()) {
                let message = "a checksum in the trailers is not that of the body";
                return Err(VerifyError::new(VerifyErrorKind::ChecksumMismatch, message).found(name));
            }
        }
        self.state = State::End;
        Ok(())
    }
}

/// The application may read the header too: it must find the same number.
fn announced_length(headers: &HeaderMap) -> Result<u64, VerifyError> {
    let error = VerifyError::new(
        VerifyErrorKind::MissingDecodedLength,
        "expected a number in `x-amz-decoded-content-length`, in digits without leading zeros",
    );
    let mut values = headers.get_all(DECODED_LENGTH).iter();
    let Some(value) = values.next() else { return Err(error) };
    if values.next().is_some() {
        return Err(error.found("several of this header"));
    }
    let number = value
        .to_str()
        .ok()
        .filter(|text| text.bytes().all(|byte| byte.is_ascii_digit()) && (*text == "0" || !text.starts_with('0')));
    number.and_then(|text| text.parse().ok()).ok_or_else(|| error.found(value))
}

fn len(piece: &[u8]) -> u64 {
    u64::try_from(piece.len()).unwrap_or(u64::MAX)
}

/// Hex without leading zeros, in lower case or in upper case, as AWS's SDK for .NET and its Common Runtime write it: mixed,
/// or with zeros, no signer does.
fn chunk_size(text: &str) -> Result<u64, VerifyError> {
    let is_lower = text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    let is_upper = text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'A'..=b'F'));
    let is_shortest = text == "0" || !text.starts_with('0');
    match u64::from_str_radix(text, 16) {
        Ok(size) if (is_lower || is_upper) && is_shortest => Ok(size),
        _ => Err(malformed("expected the size of a chunk in hex, in one case and without leading zeros").found(text)),
    }
}

fn malformed(message: &'static str) -> VerifyError {
    VerifyError::new(VerifyErrorKind::MalformedChunk, message)
}
