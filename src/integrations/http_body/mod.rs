//! [aws-chunked](https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html) as bodies of the
//! [`http-body`](https://docs.rs/http-body) crate, for every HTTP client and server that has these.

mod decoded;
mod encoded;
mod error;

pub use self::{decoded::DecodedBody, encoded::ChunkedBody, error::BodyError};
