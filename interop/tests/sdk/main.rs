//! The SDK as it is today, with its own signers: SigV4, path style, and over plain http bodies that are streamed in signed
//! chunks with a checksum after them. Then with ours in their place, SigV4a and event streams among them.

mod bucket;
mod client;
mod convert;
mod default_chain;
mod events;
mod layer;
mod loopback;
mod scheme;
mod serve;
mod streams;
