//! Credentials in the runtime's memory.

use std::{fmt, ptr::NonNull};

use mountpoint_s3_crt_sys::{
    aws_credentials, aws_credentials_get_session_token, aws_credentials_new,
    aws_credentials_new_ecc_from_aws_credentials, aws_credentials_release,
};
use sigv4a::Credentials;

use super::{
    bytes::cursor,
    library::{allocator, last_error},
};
use crate::CrtError;

/// One reference to credentials. The runtime wipes the secret when the last is released.
pub(crate) struct CrtCredentials(NonNull<aws_credentials>);

impl CrtCredentials {
    /// A copy of `credentials`.
    pub(crate) fn new(credentials: &Credentials) -> Result<Self, CrtError> {
        let id = cursor(credentials.access_key_id().as_str().as_bytes());
        let secret = cursor(credentials.secret_access_key().expose());
        let token = credentials.session_token().map_or(&b""[..], |token| token.expose().as_bytes());
        // SAFETY: the cursors' bytes are borrowed for the call, which copies them. They never expire here: whoever signs
        // asks the credentials themselves.
        let made = unsafe { aws_credentials_new(allocator(), id, secret, cursor(token), u64::MAX) };
        NonNull::new(made).map(Self).ok_or_else(last_error)
    }

    /// The same with the key pair of SigV4a in place of the secret, so that it is derived once.
    pub(crate) fn with_key_pair(&self) -> Result<Self, CrtError> {
        // SAFETY: these credentials are alive; the new ones are another object.
        let made = unsafe { aws_credentials_new_ecc_from_aws_credentials(allocator(), self.as_ptr()) };
        NonNull::new(made).map(Self).ok_or_else(last_error)
    }

    pub(super) fn has_session_token(&self) -> bool {
        // SAFETY: these credentials are alive; of the cursor only the length is looked at.
        unsafe { aws_credentials_get_session_token(self.as_ptr()) }.len > 0
    }

    pub(super) const fn as_ptr(&self) -> *const aws_credentials {
        self.0.as_ptr()
    }
}

impl Drop for CrtCredentials {
    fn drop(&mut self) {
        // SAFETY: this is the reference that `new` or `with_key_pair` got, and nobody uses it after.
        unsafe { aws_credentials_release(self.as_ptr()) };
    }
}

// SAFETY: credentials never change after they were made, and their count of references is atomic. The allocator that the
// last one releases them to may be used from every thread.
unsafe impl Send for CrtCredentials {}
// SAFETY: as above.
unsafe impl Sync for CrtCredentials {}

impl fmt::Debug for CrtCredentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CrtCredentials").finish_non_exhaustive()
    }
}
