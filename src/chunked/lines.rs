//! What the lines between the data say.

use crate::types::{Algorithm, Signature};

pub(super) const CHUNK_SIGNATURE: &str = ";chunk-signature=";
pub(super) const TRAILER_SIGNATURE: &str = "x-amz-trailer-signature:";
pub(super) const LINE_END: &str = "\r\n";

/// How long a signature is on the wire. SigV4a's are of different lengths, so they are filled up: whoever wants to know
/// the length of a body before it is signed needs that.
pub(super) const fn signature_len(algorithm: Algorithm) -> usize {
    match algorithm {
        Algorithm::SigV4 => 64,
        Algorithm::SigV4a => 144,
    }
}

/// The signature as it is sent; the next one is made over it as it is without the filling.
pub(super) fn push_signature(text: &mut Vec<u8>, signature: &Signature, algorithm: Algorithm) {
    let start = text.len();
    text.extend_from_slice(signature.to_hex().as_bytes());
    text.resize(start + signature_len(algorithm), PADDING);
}

pub(super) const PADDING: u8 = b'*';
