//! The headers and query parameters that belong to the signer.
//!
//! Whatever an earlier attempt left of these is replaced, so signing is idempotent, also across algorithms.

use http::HeaderName;
pub(super) use http::header::AUTHORIZATION;

pub(super) const HOST: &str = "host";
pub(super) const DATE: HeaderName = HeaderName::from_static("x-amz-date");
pub(super) const REGION_SET: HeaderName = HeaderName::from_static("x-amz-region-set");
pub(super) const CONTENT_SHA256: HeaderName = HeaderName::from_static("x-amz-content-sha256");
pub(super) const SECURITY_TOKEN: HeaderName = HeaderName::from_static("x-amz-security-token");

/// The signer's headers.
pub(crate) static HEADERS: [HeaderName; 6] =
    [AUTHORIZATION, DATE, REGION_SET, CONTENT_SHA256, SECURITY_TOKEN, HeaderName::from_static("x-amz-s3session-token")];

/// Whether a header, its name in lower case, is the signer's.
pub(super) fn is_owned_header(name: &str) -> bool {
    // Every header of every request is asked: a comparison with each of the list takes four times as long.
    matches!(
        name,
        "authorization"
            | "x-amz-date"
            | "x-amz-region-set"
            | "x-amz-content-sha256"
            | "x-amz-security-token"
            | "x-amz-s3session-token"
    )
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_and_the_question_agree() {
        assert!(HEADERS.iter().all(|owned| is_owned_header(owned.as_str())));
        let others = ["host", "x-amz-acl", "x-amz-", "X-Amz-Date", "x-amz-dat", "authorizatio"];
        assert!(!others.iter().any(|other| is_owned_header(other)));
    }
}
