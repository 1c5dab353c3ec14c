//! Signing by hand, for requests that this library's signers would not make: the canonical request is written out.

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::{Digest as _, Sha256};

use super::fixture::{DATE, ID, SECRET};

/// SHA-256 of nothing.
pub const EMPTY: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

pub fn sha256_hex(data: impl AsRef<[u8]>) -> String {
    base16ct::lower::encode_string(&Sha256::digest(data))
}

/// The SigV4 signature of a canonical request.
pub fn signature(canonical_request: &str, service: &str) -> String {
    let (day, hash) = (&DATE[..8], sha256_hex(canonical_request));
    let string_to_sign = format!("AWS4-HMAC-SHA256\n{DATE}\n{day}/us-east-1/{service}/aws4_request\n{hash}");
    let key = format!("AWS4{SECRET}").into_bytes();
    let steps = [day, "us-east-1", service, "aws4_request", &string_to_sign];
    base16ct::lower::encode_string(&steps.into_iter().fold(key, |key, step| hmac(&key, step)))
}

/// The `Authorization` header of a canonical request; the last line but one has the signed headers.
pub fn authorization(canonical_request: &str, service: &str) -> String {
    let signed_headers = canonical_request.lines().rev().nth(1).unwrap();
    format!(
        "AWS4-HMAC-SHA256 Credential={ID}/{}/us-east-1/{service}/aws4_request, SignedHeaders={signed_headers}, \
         Signature={}",
        &DATE[..8],
        signature(canonical_request, service)
    )
}

fn hmac(key: &[u8], message: &str) -> Vec<u8> {
    Hmac::<Sha256>::new_from_slice(key).unwrap().chain_update(message).finalize().into_bytes().to_vec()
}
