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
