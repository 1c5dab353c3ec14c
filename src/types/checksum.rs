//! The checksums of S3 objects.

use std::{fmt, str::FromStr};

use crate::error::{ParseError, ParseErrorKind};

/// An algorithm with which S3 [checks the integrity of an
/// object](https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html); its value travels in
/// base64, as a header or as a trailer.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Checksum {
    /// CRC-32, 4 bytes.
    Crc32,
    /// CRC-32C (Castagnoli), 4 bytes.
    Crc32c,
    /// CRC-64/NVME, 8 bytes.
    Crc64Nvme,
    /// SHA-1, 20 bytes.
    Sha1,
    /// SHA-256, 32 bytes.
    Sha256,
}

impl Checksum {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Crc32, Self::Crc32c, Self::Crc64Nvme, Self::Sha1, Self::Sha256];

    /// The name of its header or trailer, such as `x-amz-checksum-crc64nvme`.
    #[must_use]
    pub const fn header_name(self) -> &'static str {
        match self {
            Self::Crc32 => "x-amz-checksum-crc32",
            Self::Crc32c => "x-amz-checksum-crc32c",
            Self::Crc64Nvme => "x-amz-checksum-crc64nvme",
            Self::Sha1 => "x-amz-checksum-sha1",
            Self::Sha256 => "x-amz-checksum-sha256",
        }
    }

    /// The checksum with this header or trailer name, in lower case.
    #[must_use]
    pub fn from_header_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|checksum| checksum.header_name() == name)
    }

    /// How many characters its value in base64 has.
    #[must_use]
    pub const fn encoded_len(self) -> usize {
        let bytes: usize = match self {
            Self::Crc32 | Self::Crc32c => 4,
            Self::Crc64Nvme => 8,
            Self::Sha1 => 20,
            Self::Sha256 => 32,
        };
        bytes.div_ceil(3) * 4
    }
}

impl fmt::Display for Checksum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.header_name().trim_start_matches("x-amz-checksum-"))
    }
}

/// Reads `crc32`, `crc32c`, `crc64nvme`, `sha1` or `sha256`.
impl FromStr for Checksum {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        Self::ALL.into_iter().find(|checksum| checksum.to_string() == text).ok_or_else(|| {
            ParseError::new(ParseErrorKind::Checksum, "`crc32`, `crc32c`, `crc64nvme`, `sha1` or `sha256`").found(text)
        })
    }
}
