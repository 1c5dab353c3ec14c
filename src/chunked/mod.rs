//! Floor 3b: bodies that are signed piece by piece, as S3's
//! [aws-chunked](https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html) has it. State machines over bytes:
//! bounded memory, no I/O, and an error that stays.

mod checked_chain;
mod checksum;
mod decode;
mod encode;
mod framer;
mod lines;
mod trailer_section;
mod trailers;
mod upload;

#[cfg(feature = "http-body")]
pub(crate) use self::framer::Framer;
#[cfg(feature = "json")]
pub(crate) use self::upload::content_encoding;
pub use self::{checksum::RunningChecksum, decode::ChunkDecoder, encode::ChunkEncoder, upload::ChunkedUpload};
