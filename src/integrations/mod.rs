//! Floor 4: where the library meets the outside. One file or folder, one feature, one foreign crate each; the clock, the
//! environment and files live here and nowhere below.

#[cfg(feature = "aws-sdk")]
pub mod aws_sdk;
#[cfg(feature = "client")]
pub mod client;
#[cfg(any(feature = "config", feature = "client"))]
mod clock;
#[cfg(feature = "config")]
pub mod config;
#[cfg(feature = "client")]
pub mod credentials;
#[cfg(feature = "event-stream")]
pub mod event_stream;
#[cfg(feature = "http-body")]
pub mod http_body;
#[cfg(feature = "json")]
pub mod json;
#[cfg(feature = "chunked")]
mod reader;
#[cfg(feature = "reqwest")]
pub mod reqwest;
#[cfg(feature = "serde")]
mod serde;
#[cfg(feature = "tower")]
pub mod tower;

#[cfg(feature = "chunked")]
pub use self::reader::ChunkedReader;
