//! A checksum of S3 over what comes in pieces.

use crate::{
    crypto::{Digest, Sha1Digest},
    types::Checksum,
};

/// One of S3's [checksums](https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html) over what was
/// seen so far. Those in trailers are computed and checked by themselves; this is for those in headers.
pub struct RunningChecksum {
    kind: Checksum,
    state: State,
}

enum State {
    Crc(Box<crc_fast::Digest>),
    Sha1(Box<Sha1Digest>),
    Sha256(Box<Digest>),
}

impl std::fmt::Debug for RunningChecksum {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("RunningChecksum").field(&self.kind).finish()
    }
}

impl RunningChecksum {
    /// The checksum of nothing yet.
    #[must_use]
    pub fn new(kind: Checksum) -> Self {
        use crc_fast::CrcAlgorithm::{Crc32Iscsi, Crc32IsoHdlc, Crc64Nvme};
        let crc = |algorithm| State::Crc(Box::new(crc_fast::Digest::new(algorithm)));
        let state = match kind {
            Checksum::Crc32 => crc(Crc32IsoHdlc),
            Checksum::Crc32c => crc(Crc32Iscsi),
            Checksum::Crc64Nvme => crc(Crc64Nvme),
            Checksum::Sha1 => State::Sha1(Box::new(Sha1Digest::new())),
            Checksum::Sha256 => State::Sha256(Box::new(Digest::new())),
        };
        Self { kind, state }
    }

    pub(super) const fn kind(&self) -> Checksum {
        self.kind
    }

    /// Takes the next bytes.
    pub fn update(&mut self, bytes: &[u8]) {
        match &mut self.state {
            State::Crc(digest) => digest.update(bytes),
            State::Sha1(digest) => digest.update(bytes),
            State::Sha256(digest) => digest.update(bytes),
        }
    }

    /// The value in base64, as its header and its trailer have it.
    #[must_use]
    pub fn finish(self) -> String {
        let encode = |bytes: &[u8]| data_encoding::BASE64.encode(bytes);
        match self.state {
            State::Crc(digest) => {
                let bytes = digest.finalize().to_be_bytes();
                // The checksum is the last of the eight bytes.
                let len = if self.kind == Checksum::Crc64Nvme { 8 } else { 4 };
                encode(bytes.get(8 - len..).unwrap_or_default())
            }
            State::Sha1(digest) => encode(&digest.finish()),
            State::Sha256(digest) => encode(&digest.finish()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_check_values_of_the_catalogue() {
        // CRC RevEng's catalogue, FIPS 180-4's examples of other texts computed with coreutils: all over "123456789".
        for (kind, expected) in [
            (Checksum::Crc32, "y/Q5Jg=="),
            (Checksum::Crc32c, "4waSgw=="),
            (Checksum::Crc64Nvme, "rosUhgp5mIg="),
            (Checksum::Sha1, "98O8HYCOBHMq32eZZczDTKeuNEE="),
            (Checksum::Sha256, "FeKw08M4keuw8e9gnsQZQgwg4yDOlMZfvIwzEkSOsiU="),
        ] {
            let mut running = RunningChecksum::new(kind);
            running.update(b"1234");
            running.update(b"56789");
            let value = running.finish();
            assert_eq!((value.len(), &*value), (kind.encoded_len(), expected), "{kind}");
        }
    }
}
