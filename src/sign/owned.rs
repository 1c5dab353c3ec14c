//! The headers and query parameters that belong to the signer.
//!
//! Whatever an earlier attempt left of these is replaced, so signing is idempotent, also across algorithms.

use http::HeaderName;

pub(super) const AUTHORIZATION: &str = "authorization";
pub(super) const HOST: &str = "host";
pub(super) const DATE: &str = "x-amz-date";
pub(super) const REGION_SET: &str = "x-amz-region-set";
pub(super) const CONTENT_SHA256: &str = "x-amz-content-sha256";

/// The signer's headers, in lower case.
pub(super) const HEADERS: [HeaderName; 6] = [
    http::header::AUTHORIZATION,
    HeaderName::from_static(DATE),
    HeaderName::from_static(REGION_SET),
    HeaderName::from_static(CONTENT_SHA256),
    HeaderName::from_static("x-amz-security-token"),
    HeaderName::from_static("x-amz-s3session-token"),
];

/// Whether a header, its name in lower case, is the signer's.
pub(super) fn is_owned_header(name: &str) -> bool {
    name == AUTHORIZATION || (name.starts_with("x-amz-") && HEADERS.iter().any(|owned| owned == name))
}

/// Whether a query parameter, in any letter case, is a presigned URL's.
pub(super) fn is_owned_parameter(name: &str) -> bool {
    const PARAMETERS: [&str; 10] = [
        "X-Amz-Algorithm",
        "X-Amz-Credential",
        "X-Amz-Date",
        "X-Amz-Expires",
        "X-Amz-Region-Set",
        "X-Amz-Security-Token",
        "X-Amz-S3session-Token",
        "X-Amz-SignedHeaders",
        "X-Amz-Signature",
        "X-Amz-Content-Sha256",
    ];
    PARAMETERS.iter().any(|owned| name.eq_ignore_ascii_case(owned))
}
