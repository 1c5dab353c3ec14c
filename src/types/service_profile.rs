//! How a service wants its requests signed, as data.

use crate::types::Service;

/// What differs between services, in one value: how the path becomes canonical, which headers the signer adds, what is
/// said about the body.
///
/// [`for_service`](Self::for_service) has what AWS documents; [`S3`](Self::S3) and [`STANDARD`](Self::STANDARD) are the
/// two common shapes, for services and servers of your own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct ServiceProfile {
    /// How the path is made canonical.
    pub rules: CanonicalRules,
    /// Whether `x-amz-content-sha256` is sent.
    pub content_sha256: ContentSha256Header,
    /// What the signature of a header-signed request says about the body.
    pub payload: PayloadSigning,
    /// What the signature of a presigned URL says about the body.
    pub presigned_payload: PayloadSigning,
    /// Whether the session token is part of what is signed.
    pub session_token: SessionTokenMode,
    /// The header that carries the session token, in lower case.
    pub session_token_header: &'static str,
    /// The query parameter that carries the session token of a presigned URL.
    pub session_token_parameter: &'static str,
    /// Headers this service refuses to see signed, in lower case.
    pub unsigned_headers: &'static [&'static str],
}

impl ServiceProfile {
    /// Any service but the S3 family.
    pub const STANDARD: Self = Self {
        rules: CanonicalRules::STANDARD,
        content_sha256: ContentSha256Header::Omit,
        payload: PayloadSigning::Hash,
        presigned_payload: PayloadSigning::Hash,
        session_token: SessionTokenMode::Sign,
        session_token_header: "x-amz-security-token",
        session_token_parameter: "X-Amz-Security-Token",
        unsigned_headers: &[],
    };

    /// Amazon S3 and what speaks like it.
    pub const S3: Self = Self {
        rules: CanonicalRules::S3,
        content_sha256: ContentSha256Header::Send,
        presigned_payload: PayloadSigning::Unsigned,
        ..Self::STANDARD
    };

    /// S3 Express One Zone: the token of its session travels under another name.
    pub const S3_EXPRESS: Self = Self {
        session_token_header: "x-amz-s3session-token",
        session_token_parameter: "X-Amz-S3session-Token",
        ..Self::S3
    };

    /// The profile of a service; [`STANDARD`](Self::STANDARD) for one that needs nothing special.
    #[must_use]
    pub fn for_service(service: &Service) -> Self {
        Self::for_signing_name(service.as_str())
    }

    pub(crate) fn for_signing_name(service: &str) -> Self {
        match service {
            "s3" | "s3-outposts" | "s3-object-lambda" => Self::S3,
            "s3express" => Self::S3_EXPRESS,
            // S3 by name only: a generic front end, which wants the header all the same.
            "s3tables" => Self { content_sha256: ContentSha256Header::Send, ..Self::STANDARD },
            // It answers 403 when `content-length` is signed.
            "aoss" => Self {
                content_sha256: ContentSha256Header::Send,
                unsigned_headers: &["content-length"],
                ..Self::STANDARD
            },
            // "VPC Lattice does not support payload signing": the sentinel must be sent, in a presigned request too.
            "vpc-lattice-svcs" => Self {
                content_sha256: ContentSha256Header::Send,
                payload: PayloadSigning::AlwaysUnsigned,
                presigned_payload: PayloadSigning::AlwaysUnsigned,
                ..Self::STANDARD
            },
            // The WebSocket endpoint of AWS IoT wants the token beside the signature, not under it.
            "iotdevicegateway" => Self { session_token: SessionTokenMode::Append, ..Self::STANDARD },
            _ => Self::STANDARD,
        }
    }
}

/// How a path becomes the canonical URI.
///
/// See [Create a signed
/// request](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html), step 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct CanonicalRules {
    /// How often the path is percent-encoded.
    pub encoding: UriEncoding,
    /// Whether dot segments and empty segments are removed.
    pub normalization: UriNormalization,
}

impl CanonicalRules {
    /// Amazon S3: encoded once, nothing removed; an object may be called `a//../b`.
    pub const S3: Self = Self { encoding: UriEncoding::Once, normalization: UriNormalization::Keep };
    /// Every other service: encoded once more than on the wire, dot and empty segments removed.
    pub const STANDARD: Self = Self { encoding: UriEncoding::Twice, normalization: UriNormalization::Normalize };
}

/// How often the path is percent-encoded in the canonical request.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum UriEncoding {
    /// As on the wire.
    Once,
    /// Once more than on the wire: `%20` becomes `%2520`.
    Twice,
}

/// Whether dot and empty segments of the path are removed in the canonical request.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum UriNormalization {
    /// The path stays as it is.
    Keep,
    /// RFC 3986 dot segments and empty segments are removed.
    Normalize,
}

/// Whether the header `x-amz-content-sha256` is sent and signed.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ContentSha256Header {
    /// It is.
    Send,
    /// It is not: the hash is in the canonical request only. A presigned request never has it unless the payload is
    /// given explicitly.
    Omit,
}

/// What a signature says about the body.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PayloadSigning {
    /// Its hash.
    Hash,
    /// `UNSIGNED-PAYLOAD`, unless the caller gives a hash or another sentinel.
    Unsigned,
    /// `UNSIGNED-PAYLOAD`, whatever the caller gives, and always with the header.
    AlwaysUnsigned,
}

/// Whether the session token is part of what is signed.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SessionTokenMode {
    /// The token is a signed header or a signed query parameter.
    Sign,
    /// The token is sent, but added after signing.
    Append,
}
