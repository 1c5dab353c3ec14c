//! Long documents, for those who read them here.

#[doc = include_str!("../docs/verifying.md")]
pub mod verifying {}
