//! Floor 1: pure text. What goes on the wire, what is signed, and nothing else: no keys, no hashing, no clock.

mod headers;
mod percent;
mod piece_to_sign;
mod query;
mod request;
mod signed_header_policy;
mod string_to_sign;
mod uri;

#[cfg(feature = "presets")]
pub(crate) use self::percent::encode_strict;
pub(crate) use self::{
    headers::{HeaderField, check_name, check_value},
    query::Query,
    request::CanonicalParts,
    uri::{Path, Target, check_host},
};
pub use self::{
    percent::PlusSign, request::CanonicalRequest, signed_header_policy::SignedHeaderPolicy,
    string_to_sign::StringToSign, uri::UriPolicy,
};
