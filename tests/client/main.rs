//! Signing for HTTP clients, over real HTTP: credentials that refresh, clocks that are off, retries, redirects, bodies.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may panic"
)]

mod bodies;
mod clocks;
mod credentials;
mod decisions;
mod redirects;
mod refresh_under_load;
mod retries;
mod support;
mod tokens;
