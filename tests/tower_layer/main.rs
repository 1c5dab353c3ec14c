//! `sigv4a::tower::VerifyLayer`, over real HTTP and as a service called directly.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may panic"
)]

mod answers;
mod bodies;
mod chunks;
mod contract;
mod keys;
mod over_http;
mod policy;
mod streams;
mod support;
