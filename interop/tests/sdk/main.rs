//! The SDK as it is today: SigV4, path style, and over plain http bodies that are streamed in signed chunks with a
//! checksum after them.

mod client;
mod layer;
mod serve;
