//! One attempt to send a request.

use std::sync::Arc;

use http::request::Parts;

use crate::{
    error::SignError,
    sign::{Payload, Signer, SignerExt as _, sign_parts},
    types::{Credentials, PayloadHash, Timestamp},
};

/// Who signs one attempt, and when.
#[derive(Debug)]
pub struct Attempt {
    pub(super) signer: Arc<dyn Signer>,
    pub(super) at: Timestamp,
    pub(super) credentials: Credentials,
    pub(super) host: Box<str>,
    /// Our own time, which the offset is added to.
    pub(super) began: Timestamp,
    /// What was added, in seconds.
    pub(super) offset: i64,
    pub(super) dated_by: DatedBy,
}

/// Where the time of a signature comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum DatedBy {
    Clock,
    /// The caller's `Date` header.
    Header,
}

impl Attempt {
    /// The signer: algorithm, scope, credentials.
    #[must_use]
    pub const fn signer(&self) -> &Arc<dyn Signer> {
        &self.signer
    }

    /// The time of the signature: the clock's, corrected by what the host said before, or that of the request's `Date`.
    #[must_use]
    pub const fn time(&self) -> Timestamp {
        self.at
    }

    /// Signs a request whose body is in memory, in place.
    ///
    /// # Errors
    /// As [`SignerExt::sign`](crate::SignerExt::sign); then the parts are unchanged.
    pub fn sign(&self, parts: &mut Parts, body: &[u8]) -> Result<(), SignError> {
        sign_parts(&self.signer, parts, Payload::Body(body), self.at)
    }

    /// Signs a request whose body is elsewhere, in place: `payload` is its hash or a sentinel.
    ///
    /// # Errors
    /// As [`SignerExt::sign`](crate::SignerExt::sign); then the parts are unchanged.
    pub fn sign_payload(&self, parts: &mut Parts, payload: PayloadHash) -> Result<(), SignError> {
        self.signer.sign_parts(parts, payload, self.at)
    }
}
