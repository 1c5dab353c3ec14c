//! SHA-256 and HMAC-SHA256.

use mountpoint_s3_crt_sys::aws_sha256_compute;

use super::{
    bytes::{cursor, written},
    library::allocator,
    undeclared::aws_sha256_hmac_compute,
};
use crate::CrtError;

/// The SHA-256 of `message`.
pub(crate) fn sha256(message: &[u8]) -> Result<[u8; 32], CrtError> {
    let mut digest = [0; 32];
    let message = cursor(message);
    // SAFETY: the message is borrowed for the call; the output has the room it says it has.
    written(&mut digest, |output| unsafe { aws_sha256_compute(allocator(), &raw const message, output, 0) })?;
    Ok(digest)
}

/// The HMAC-SHA256 of `message` under `key`, into `code`.
pub(crate) fn hmac_sha256(key: &[u8], message: &[u8], code: &mut [u8; 32]) -> Result<(), CrtError> {
    let (key, message) = (cursor(key), cursor(message));
    // SAFETY: key and message are borrowed for the call; the output has the room it says it has.
    let write = |output| unsafe { aws_sha256_hmac_compute(allocator(), &raw const key, &raw const message, output, 0) };
    written(code, write).map(|_| ())
}
