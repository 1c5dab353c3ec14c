//! SHA-1, which S3 has among its checksums. No signature uses it.

use sha1::{Digest as _, Sha1};

/// A SHA-1 under way.
pub(crate) struct Sha1Digest(Sha1);

impl Sha1Digest {
    pub(crate) fn new() -> Self {
        Self(Sha1::new())
    }

    pub(crate) fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    pub(crate) fn finish(self) -> [u8; 20] {
        self.0.finalize().into()
    }
}
