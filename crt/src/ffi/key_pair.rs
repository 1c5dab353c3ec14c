//! The SigV4a key pair.

use std::{fmt, ptr::NonNull};

use mountpoint_s3_crt_sys::{
    aws_byte_cursor, aws_ecc_key_pair, aws_ecc_key_pair_new_ecdsa_p256_key_from_aws_credentials,
};

use super::{
    bytes::{copied, cursor, written},
    credentials::CrtCredentials,
    hash::sha256,
    library::{allocator, check, last_error, unknown_error},
    undeclared::{
        aws_ecc_key_pair_derive_public_key, aws_ecc_key_pair_get_public_key, aws_ecc_key_pair_release,
        aws_ecc_key_pair_sign_message, aws_ecc_key_pair_signature_length,
    },
};
use crate::CrtError;

/// A P-256 key pair, derived from credentials as [SigV4a
/// does](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html#how-sigv4a-works). The runtime wipes the
/// private half when it is released.
pub(crate) struct KeyPair(NonNull<aws_ecc_key_pair>);

/// A DER sequence of two 256-bit integers with their sign bytes: 2 + 2 × (2 + 33).
const MAX_SIGNATURE_LEN: usize = 72;

impl KeyPair {
    /// Derives both halves.
    pub(crate) fn derive(credentials: &CrtCredentials) -> Result<Self, CrtError> {
        // SAFETY: the credentials are alive. The pair is an object of its own: it keeps nothing of them.
        let made =
            unsafe { aws_ecc_key_pair_new_ecdsa_p256_key_from_aws_credentials(allocator(), credentials.as_ptr()) };
        let pair = NonNull::new(made).map(Self).ok_or_else(last_error)?;
        // The only call that changes the pair, and nobody else has it yet.
        // SAFETY: the pair is alive and not shared.
        check(unsafe { aws_ecc_key_pair_derive_public_key(pair.0.as_ptr()) })?;
        Ok(pair)
    }

    /// The public half as an uncompressed SEC1 point: `04 ‖ x ‖ y`.
    pub(crate) fn public_key(&self) -> [u8; 65] {
        let none = || aws_byte_cursor { len: 0, ptr: std::ptr::null_mut() };
        let (mut x, mut y) = (none(), none());
        // SAFETY: the pair is alive. The cursors it gives out are into the pair, which outlives their use here and no
        // longer changes.
        let coordinates = unsafe {
            aws_ecc_key_pair_get_public_key(self.0.as_ptr(), &raw mut x, &raw mut y);
            [copied(x), copied(y)]
        };
        let mut point = [0; 65];
        let (first, rest) = point.split_at_mut(1);
        first.fill(4);
        // The runtime drops leading zeros of a coordinate.
        for (room, coordinate) in rest.chunks_exact_mut(32).zip(coordinates) {
            room.iter_mut().rev().zip(coordinate.iter().rev()).for_each(|(byte, found)| *byte = *found);
        }
        point
    }

    /// The ECDSA signature of `message`, in DER, with a random nonce.
    pub(crate) fn sign(&self, message: &[u8]) -> Result<Der, CrtError> {
        let digest = sha256(message)?;
        let mut room = [0; MAX_SIGNATURE_LEN];
        // The runtime does not look how much room there is before it writes.
        // SAFETY: the pair is alive, and this only reads it.
        if unsafe { aws_ecc_key_pair_signature_length(self.0.as_ptr()) } > room.len() {
            return Err(unknown_error());
        }
        let digest = cursor(&digest);
        // SAFETY: the pair is alive and not changed by signing; the digest is borrowed for the call; the longest
        // signature fits, as was just asked.
        let write = |output| unsafe { aws_ecc_key_pair_sign_message(self.0.as_ptr(), &raw const digest, output) };
        let len = written(&mut room, write)?.len();
        Ok(Der { room, len })
    }
}

/// A signature in DER.
pub(crate) struct Der {
    room: [u8; MAX_SIGNATURE_LEN],
    len: usize,
}

impl Der {
    pub(crate) fn as_bytes(&self) -> &[u8] {
        self.room.get(..self.len).unwrap_or_default()
    }
}

impl Drop for KeyPair {
    fn drop(&mut self) {
        // SAFETY: this is the only reference, which `derive` got, and nobody uses it after.
        unsafe { aws_ecc_key_pair_release(self.0.as_ptr()) };
    }
}

// SAFETY: the pair changes only while `derive` makes it. Signing reads it (its C functions take it as `const`), and AWS-LC
// allows an `EC_KEY` that is not changed to be used by many threads at once; nonces come from a generator per thread.
unsafe impl Send for KeyPair {}
// SAFETY: as above.
unsafe impl Sync for KeyPair {}

impl fmt::Debug for KeyPair {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeyPair").finish_non_exhaustive()
    }
}
