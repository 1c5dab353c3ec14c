//! The description of a request to sign.

use std::fmt;

use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use crate::{
    sign::AlgorithmChoice,
    types::{
        CanonicalRules, ContentSha256Header, PayloadSigning, Region, RegionSet, Service, ServiceProfile, Timestamp,
        UriNormalization,
    },
};

/// A request to sign, as one JSON object. Every field but `method` and `url` may be absent; an unknown one is an error.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Description {
    /// Any value; the answer repeats it.
    pub id: Option<Box<RawValue>>,
    /// The HTTP method; in lower case, it is signed in upper case.
    pub method: String,
    /// The URL as a person types it.
    pub url: String,
    /// Header lines in their order.
    #[serde(default, deserialize_with = "absent_or_null")]
    pub headers: Vec<(String, String)>,
    /// The body as text.
    pub body: Option<String>,
    /// The body in base64.
    pub body_base64: Option<String>,
    /// The time of signing; absent: now.
    pub time: Option<Timestamp>,
    /// The algorithm; absent: the ambient one, else `auto`.
    pub algorithm: Option<AlgorithmChoice>,
    /// The service; absent: what the host tells.
    pub service: Option<Service>,
    /// The region; absent: what the host tells, else the ambient one.
    pub region: Option<Region>,
    /// The region set; absent: the ambient one, else what the host tells, else the region. Without a `region` beside it,
    /// it means SigV4a.
    pub region_set: Option<RegionSet>,
    /// The access key ID; absent with the secret: the ambient credentials.
    pub access_key_id: Option<String>,
    /// The secret access key.
    pub secret_access_key: Option<String>,
    /// The session token.
    pub session_token: Option<String>,
    /// `hash`, `unsigned`, 64 hex digits or a streaming sentinel; absent: as the service wants it.
    pub payload: Option<String>,
    /// Present: the answer is a presigned request.
    pub presign: Option<Presign>,
    /// `s3` or `standard`; absent: as the service wants it.
    pub rules: Option<Rules>,
    /// Whether dot and empty segments are removed from the canonical path; absent: as the rules say.
    pub normalize_path: Option<bool>,
    /// What may happen to the URI.
    pub uri_policy: Option<Uri>,
    /// Whether `x-amz-content-sha256` is sent; absent: as the service wants it.
    pub content_sha256_header: Option<bool>,
    /// Whether the session token is signed; absent: as the service wants it.
    pub session_token_mode: Option<Token>,
    /// Bytes a chunk of a streaming payload holds.
    pub chunk_size: Option<u64>,
    /// Trailers of a streaming payload.
    pub trailers: Option<Vec<(String, Option<String>)>>,
}

/// How to presign.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Presign {
    /// The lifetime of the URL in seconds; absent: 3600.
    #[serde(default = "one_hour", deserialize_with = "one_hour_or")]
    pub expires: u64,
}

const fn one_hour() -> u64 {
    3600
}

fn one_hour_or<'de, D: Deserializer<'de>>(given: D) -> Result<u64, D::Error> {
    Ok(Option::deserialize(given)?.unwrap_or(one_hour()))
}

/// A list that is `null` is none, as any other field.
pub(super) fn absent_or_null<'de, D: Deserializer<'de>, T: Deserialize<'de>>(given: D) -> Result<Vec<T>, D::Error> {
    Ok(Option::deserialize(given)?.unwrap_or_default())
}

/// `rules`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Rules {
    /// [`CanonicalRules::S3`](crate::CanonicalRules::S3), with the other habits of S3.
    S3,
    /// [`CanonicalRules::STANDARD`](crate::CanonicalRules::STANDARD).
    Standard,
}

/// A service's profile with the rules that a line asks for.
pub(super) fn profile(usual: ServiceProfile, rules: Option<Rules>, normalize_path: Option<bool>) -> ServiceProfile {
    let mut profile = match rules {
        // What the rules of S3 bring along: the header, and unsigned payloads in presigned requests.
        Some(Rules::S3) if usual.rules != CanonicalRules::S3 => ServiceProfile {
            rules: CanonicalRules::S3,
            content_sha256: ContentSha256Header::Send,
            presigned_payload: match usual.presigned_payload {
                PayloadSigning::AlwaysUnsigned => PayloadSigning::AlwaysUnsigned,
                _ => ServiceProfile::S3.presigned_payload,
            },
            ..usual
        },
        Some(Rules::Standard) => ServiceProfile { rules: CanonicalRules::STANDARD, ..usual },
        _ => usual,
    };
    if let Some(normalize) = normalize_path {
        profile.rules.normalization = match normalize {
            true => UriNormalization::Normalize,
            false => UriNormalization::Keep,
        };
    }
    profile
}

/// `uri_policy`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Uri {
    /// [`UriPolicy::Rewrite`](crate::UriPolicy::Rewrite).
    Rewrite,
    /// [`UriPolicy::Reject`](crate::UriPolicy::Reject).
    Reject,
    /// [`UriPolicy::AsGiven`](crate::UriPolicy::AsGiven).
    AsGiven,
}

/// `session_token_mode`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Token {
    /// [`SessionTokenMode::Sign`](crate::SessionTokenMode::Sign).
    Sign,
    /// [`SessionTokenMode::Append`](crate::SessionTokenMode::Append).
    Append,
}

impl fmt::Debug for Description {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Description").field("id", &self.id).field("method", &self.method).finish_non_exhaustive()
    }
}
