#![doc = include_str!("../README.md")]

mod error;
mod ffi;
mod oracle;
mod signer;
mod signing_key;

pub use error::CrtError;
pub use oracle::{Claim, Message, Oracle, Signed};
pub use signer::CrtSigner;
