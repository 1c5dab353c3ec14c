//! Credentials that have ended sign nothing.

use crate::{
    error::{SignError, SignErrorKind},
    sign::Signer,
    types::Timestamp,
};

/// Refuses to sign with credentials that have ended at `at`.
pub(crate) fn check_expiry(signer: &dyn Signer, at: Timestamp) -> Result<(), SignError> {
    match signer.expires_at().filter(|expiry| *expiry <= at) {
        None => Ok(()),
        Some(expiry) => Err(SignError::new(
            SignErrorKind::CredentialsExpired,
            format!("they ended at {expiry}, the request is of {at}"),
        )),
    }
}
