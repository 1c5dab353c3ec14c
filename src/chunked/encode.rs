//! The encoder.

use super::{framer::Framer, lines::LINE_END};
use crate::error::{SignError, SignErrorKind};

/// Writes a body as aws-chunked, chunk by chunk. Holds one chunk at most.
///
/// Give it the body with [`push`](Self::push), in pieces of any size, then [`finish`](Self::finish).
#[derive(Debug)]
pub struct ChunkEncoder {
    framer: Framer,
    /// Data of the chunk under way.
    pending: Vec<u8>,
    state: State,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Open,
    Finished,
    Failed,
}

impl ChunkEncoder {
    pub(super) const fn new(framer: Framer) -> Self {
        Self { framer, pending: Vec::new(), state: State::Open }
    }

    /// Takes the next bytes of the body, and appends to `wire` the chunks that they complete.
    ///
    /// # Errors
    /// [`BodyLength`](SignErrorKind::BodyLength) for more bytes than were announced, and whatever the signer says. After
    /// an error, or after [`finish`](Self::finish), every call fails.
    pub fn push(&mut self, mut data: &[u8], wire: &mut Vec<u8>) -> Result<(), SignError> {
        self.guarded(|encoder| {
            while !data.is_empty() {
                let (piece, rest) = data.split_at(encoder.framer.room().min(data.len()));
                data = rest;
                if encoder.framer.is_chunk(piece) {
                    encoder.push_chunk(piece, wire)?;
                    continue;
                }
                encoder.framer.absorb(piece)?;
                if !encoder.framer.is_complete() {
                    encoder.pending.extend_from_slice(piece);
                    continue;
                }
                wire.extend_from_slice(&encoder.framer.header()?);
                wire.append(&mut encoder.pending);
                wire.extend_from_slice(piece);
                wire.extend_from_slice(LINE_END.as_bytes());
            }
            Ok(State::Open)
        })
    }

    /// Ends the body: appends to `wire` what is left of it, and the trailers.
    ///
    /// # Errors
    /// [`BodyLength`](SignErrorKind::BodyLength) for fewer bytes than were announced, and whatever the signer says.
    pub fn finish(&mut self, wire: &mut Vec<u8>) -> Result<(), SignError> {
        self.guarded(|encoder| {
            wire.extend_from_slice(&encoder.framer.end()?);
            Ok(State::Finished)
        })
    }

    /// A chunk that is in one hand: hashed and copied block by block, while a block is in the nearest cache. Its line, which
    /// goes before it, is known last and has a known length.
    fn push_chunk(&mut self, data: &[u8], wire: &mut Vec<u8>) -> Result<(), SignError> {
        let start = wire.len();
        let end = start + self.framer.header_len(data);
        wire.reserve(end - start + data.len() + LINE_END.len());
        wire.resize(end, 0);
        let line = data.chunks(BLOCK).try_for_each(|block| {
            self.framer.absorb(block)?;
            wire.extend_from_slice(block);
            Ok(())
        });
        match line.and_then(|()| self.framer.header()) {
            Ok(line) => {
                wire.splice(start..end, line);
                wire.extend_from_slice(LINE_END.as_bytes());
                Ok(())
            }
            // Nothing goes out that has no signature.
            Err(error) => {
                wire.truncate(start);
                Err(error)
            }
        }
    }

    fn guarded(&mut self, work: impl FnOnce(&mut Self) -> Result<State, SignError>) -> Result<(), SignError> {
        if self.state != State::Open {
            let message = "the body has ended, or an earlier call has failed";
            return Err(SignError::new(SignErrorKind::BodyLength, message));
        }
        let outcome = work(self);
        self.state = *outcome.as_ref().unwrap_or(&State::Failed);
        outcome.map(drop)
    }
}

/// A quarter of the data cache of common processors.
const BLOCK: usize = 8 * 1024;
