//! SHA-256 of what comes in pieces.

use sha2::{Digest as _, Sha256};

/// A SHA-256 under way. Back ends hash at the same speed, within a few percent; this one is always there.
#[derive(Debug, Clone)]
pub(crate) struct Digest(Sha256);

impl Digest {
    pub(crate) fn new() -> Self {
        Self(Sha256::new())
    }

    pub(crate) fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    pub(crate) fn finish(self) -> [u8; 32] {
        self.0.finalize().into()
    }
}
