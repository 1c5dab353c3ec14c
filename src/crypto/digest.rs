//! SHA-256 of what comes in pieces.

use std::fmt;

use sha2::{Digest as _, Sha256};

/// A SHA-256 under way, by the back end that [`Provider::digest`](super::Provider::digest) was asked of.
#[derive(Clone)]
pub(crate) enum Digest {
    RustCrypto(Sha256),
    #[cfg(feature = "aws-lc-rs")]
    AwsLc(aws_lc_rs::digest::Context),
}

impl Digest {
    pub(crate) fn new() -> Self {
        Self::RustCrypto(Sha256::new())
    }

    pub(crate) fn update(&mut self, bytes: &[u8]) {
        match self {
            Self::RustCrypto(digest) => digest.update(bytes),
            #[cfg(feature = "aws-lc-rs")]
            Self::AwsLc(digest) => digest.update(bytes),
        }
    }

    pub(crate) fn finish(self) -> [u8; 32] {
        match self {
            Self::RustCrypto(digest) => digest.finalize().into(),
            // A SHA-256 has 32 bytes.
            #[cfg(feature = "aws-lc-rs")]
            Self::AwsLc(digest) => digest.finish().as_ref().try_into().unwrap_or_default(),
        }
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Digest").finish_non_exhaustive()
    }
}
