//! The strings to sign of what comes after a request, chunks, trailers, events, or instead of one: POST
//! policies.

use crate::{
    canonical::StringToSign,
    types::{Algorithm, CredentialScope, Signature, Timestamp},
};

/// See [the string to sign of a chunk](https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html) and [of
/// trailers](https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html).
impl StringToSign {
    /// For a chunk or an event, from the signature before it, the SHA-256 of its headers (a chunk has none) and that of
    /// its data.
    pub(crate) fn for_piece(
        algorithm: Algorithm,
        at: Timestamp,
        scope: CredentialScope,
        previous: &Signature,
        sha256: [&[u8; 32]; 2],
    ) -> Self {
        Self::write([algorithm.as_str(), "-PAYLOAD"], at, scope, Some(previous), &sha256)
    }

    /// For the trailers of a body, from the signature of the last chunk and the SHA-256 of the trailers.
    #[cfg(feature = "chunked")]
    pub(crate) fn for_trailers(
        algorithm: Algorithm,
        at: Timestamp,
        scope: CredentialScope,
        previous: &Signature,
        sha256: &[u8; 32],
    ) -> Self {
        Self::write([algorithm.as_str(), "-TRAILER"], at, scope, Some(previous), &[sha256])
    }

    /// For an S3 [POST policy](https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-UsingHTTPPOST.html), which is signed
    /// as it is sent: in base64.
    #[cfg(feature = "post-policy")]
    pub(crate) const fn for_policy(policy_base64: String, scope: CredentialScope) -> Self {
        Self { text: policy_base64, scope }
    }
}
