//! The description of a received request.

use std::fmt;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::description::{Rules, absent_or_null};
use crate::types::{Region, Service, Timestamp};

/// A received request and what the server demands, as one JSON object. Every field but `method` and `url` may be absent;
/// an unknown one is an error.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Received {
    /// Any value; the answer repeats it.
    pub id: Option<Box<RawValue>>,
    /// The HTTP method.
    pub method: String,
    /// The URL as received: whole, or the target of the request's first line.
    pub url: String,
    /// Header lines in their order.
    #[serde(default, deserialize_with = "absent_or_null")]
    pub headers: Vec<(String, String)>,
    /// The body as text.
    pub body: Option<String>,
    /// The body in base64.
    pub body_base64: Option<String>,
    /// The server's time; absent: now.
    pub now: Option<Timestamp>,
    /// The server's service; absent: what the host tells.
    pub service: Option<Service>,
    /// The server's region; absent: what the host tells.
    pub region: Option<Region>,
    /// By how many seconds clocks may differ; absent: 900.
    pub max_skew: Option<u32>,
    /// The keys that the server knows; absent: the ambient credentials.
    pub keys: Option<Vec<Key>>,
    /// Names of headers that may be there unsigned, beside those that always may.
    #[serde(default, deserialize_with = "absent_or_null")]
    pub unsigned_headers: Vec<String>,
    /// Whether a body may be unsigned; absent: as the service has it.
    pub unsigned_payload: Option<bool>,
    /// The hosts that may have been signed, in place of the request's own.
    #[serde(default, deserialize_with = "absent_or_null")]
    pub hosts: Vec<String>,
    /// `s3` or `standard`; absent: as the service wants it.
    pub rules: Option<Rules>,
    /// Whether dot and empty segments are removed from the canonical path; absent: as the rules say.
    pub normalize_path: Option<bool>,
}

/// A key that a server knows.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Key {
    /// Whose key it is.
    pub access_key_id: String,
    /// The secret access key, or
    pub secret_access_key: Option<String>,
    /// the public half of the SigV4a key: PEM, or an uncompressed point in hex.
    pub public_key: Option<String>,
    /// The session token that requests must carry; absent: any, or none.
    pub session_token: Option<String>,
}

impl fmt::Debug for Received {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Received").field("id", &self.id).field("method", &self.method).finish_non_exhaustive()
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Key").field("access_key_id", &self.access_key_id).finish_non_exhaustive()
    }
}
