//! The lines around the data, and the chain of signatures in them.

use std::fmt;

use super::{
    checksum::RunningChecksum,
    lines::{CHUNK_SIGNATURE, LINE_END, TRAILER_SIGNATURE, push_signature},
    trailers,
    upload::{ChunkedUpload, TrailerValue},
};
use crate::{
    canonical::StringToSign,
    crypto::{Digest, Provider},
    error::{SignError, SignErrorKind},
    sign::Signer,
    types::{Algorithm, CredentialScope, PayloadHash, Signature, Timestamp},
};

/// Takes the data of a chunk in pieces, in whatever hands they are, and gives the line that goes before them.
pub(crate) struct Framer {
    upload: ChunkedUpload,
    chain: Option<Chain>,
    algorithm: Algorithm,
    checksums: Vec<RunningChecksum>,
    provider: Provider,
    /// Of the chunk under way.
    digest: Digest,
    in_chunk: usize,
    /// Bytes of the whole body still to come.
    left: u64,
}

impl Framer {
    pub(super) fn new(upload: ChunkedUpload, signer: Box<dyn Signer>, at: Timestamp, seed: Signature) -> Self {
        let computed = upload.trailers.iter().filter_map(|(_, value)| match value {
            TrailerValue::Computed(checksum) => Some(RunningChecksum::new(*checksum)),
            TrailerValue::Given(_) => None,
        });
        let provider = signer.provider();
        Self {
            checksums: computed.collect(),
            provider,
            algorithm: signer.algorithm(),
            chain: upload.is_signed.then(|| Chain { scope: signer.scope(at), signer, at, previous: seed }),
            digest: provider.digest(),
            in_chunk: 0,
            left: upload.decoded_len,
            upload,
        }
    }

    /// How many bytes fit into the chunk under way; never none.
    pub(crate) const fn room(&self) -> usize {
        self.upload.chunk_size - self.in_chunk
    }

    /// Whether the chunk under way is full, or holds the end of the body.
    pub(crate) const fn is_complete(&self) -> bool {
        self.in_chunk == self.upload.chunk_size || (self.left == 0 && self.in_chunk > 0)
    }

    /// Whether a piece, which there is room for, is a chunk by itself.
    pub(super) fn is_chunk(&self, piece: &[u8]) -> bool {
        let is_end = u64::try_from(piece.len()).is_ok_and(|length| length == self.left);
        self.in_chunk == 0 && (piece.len() == self.upload.chunk_size || is_end)
    }

    /// How many bytes [`header`](Self::header) will have for a chunk of this data.
    pub(super) fn header_len(&self, data: &[u8]) -> usize {
        self.upload.line_len(u64::try_from(data.len()).unwrap_or(u64::MAX), self.algorithm)
    }

    /// Takes data, no more than there is room for.
    pub(crate) fn absorb(&mut self, piece: &[u8]) -> Result<(), SignError> {
        let length = u64::try_from(piece.len()).unwrap_or(u64::MAX);
        self.left = self.left.checked_sub(length).ok_or_else(|| self.wrong_length("more"))?;
        self.in_chunk += piece.len();
        if self.chain.is_some() {
            self.digest.update(piece);
        }
        for checksum in &mut self.checksums {
            checksum.update(piece);
        }
        Ok(())
    }

    /// The line before the data of the chunk under way, which ends with it. After the data goes a line end.
    pub(crate) fn header(&mut self) -> Result<Vec<u8>, SignError> {
        let length = std::mem::take(&mut self.in_chunk);
        let digest = std::mem::replace(&mut self.digest, self.provider.digest()).finish();
        let mut line = format!("{length:x}").into_bytes();
        if let Some(chain) = &mut self.chain {
            line.extend_from_slice(CHUNK_SIGNATURE.as_bytes());
            push_signature(&mut line, chain.chunk(&digest)?, self.algorithm);
        }
        line.extend_from_slice(LINE_END.as_bytes());
        Ok(line)
    }

    /// What ends the body: the chunk of no data, and the trailers.
    pub(crate) fn end(&mut self) -> Result<Vec<u8>, SignError> {
        if self.left > 0 {
            return Err(self.wrong_length("fewer"));
        }
        let mut text = self.header()?;
        let mut computed = std::mem::take(&mut self.checksums).into_iter();
        let given = std::mem::take(&mut self.upload.trailers);
        let values: Vec<_> = given
            .into_iter()
            .map(|(name, value)| match value {
                TrailerValue::Given(value) => (name, value),
                // They are in the order of their trailers.
                TrailerValue::Computed(_) => (name, computed.next().map(RunningChecksum::finish).unwrap_or_default()),
            })
            .collect();
        let pairs = || values.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        trailers::write_wire(&mut text, pairs());
        if let (Some(chain), false) = (&mut self.chain, values.is_empty()) {
            text.extend_from_slice(TRAILER_SIGNATURE.as_bytes());
            push_signature(&mut text, chain.trailers(&trailers::canonical(pairs()))?, self.algorithm);
            text.extend_from_slice(LINE_END.as_bytes());
        }
        text.extend_from_slice(LINE_END.as_bytes());
        Ok(text)
    }

    /// Bytes on the wire.
    #[cfg(feature = "http-body")]
    pub(crate) fn encoded_len(&self) -> u64 {
        self.upload.encoded_len(self.algorithm)
    }

    fn wrong_length(&self, found: &str) -> SignError {
        let expected = self.upload.decoded_len;
        SignError::new(SignErrorKind::BodyLength, format!("expected a body of {expected} bytes, found {found}"))
    }
}

/// The chain: each signature is over the one before.
struct Chain {
    signer: Box<dyn Signer>,
    at: Timestamp,
    scope: CredentialScope,
    previous: Signature,
}

impl Chain {
    fn chunk(&mut self, sha256: &[u8; 32]) -> Result<&Signature, SignError> {
        let PayloadHash::Sha256(no_headers) = &PayloadHash::EMPTY else { return Ok(&self.previous) };
        let (algorithm, scope) = (self.signer.algorithm(), self.scope.clone());
        self.sign(&StringToSign::for_piece(algorithm, self.at, scope, &self.previous, [no_headers, sha256]))
    }

    fn trailers(&mut self, canonical: &[u8]) -> Result<&Signature, SignError> {
        let sha256 = self.signer.provider().sha256(canonical);
        let (algorithm, scope) = (self.signer.algorithm(), self.scope.clone());
        self.sign(&StringToSign::for_trailers(algorithm, self.at, scope, &self.previous, &sha256))
    }

    fn sign(&mut self, string_to_sign: &StringToSign) -> Result<&Signature, SignError> {
        self.previous = self.signer.sign_string(string_to_sign)?;
        Ok(&self.previous)
    }
}

impl fmt::Debug for Framer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Framer").field("upload", &self.upload).field("left", &self.left).finish_non_exhaustive()
    }
}
