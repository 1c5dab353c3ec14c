//! Why a body ended early.

use std::{error::Error, fmt};

use crate::error::{SignError, VerifyError};

/// Why a body ended before its end.
#[derive(Debug)]
pub struct BodyError(Cause);

#[derive(Debug)]
enum Cause {
    Sign(SignError),
    Verify(VerifyError),
    Body(Box<dyn Error + Send + Sync>),
}

impl BodyError {
    /// Why the body was refused, if it was.
    #[must_use]
    pub const fn verify_error(&self) -> Option<&VerifyError> {
        match &self.0 {
            Cause::Verify(error) => Some(error),
            Cause::Sign(_) | Cause::Body(_) => None,
        }
    }

    /// Why the body could not be signed, if that was it.
    #[must_use]
    pub const fn sign_error(&self) -> Option<&SignError> {
        match &self.0 {
            Cause::Sign(error) => Some(error),
            Cause::Verify(_) | Cause::Body(_) => None,
        }
    }

    pub(crate) fn from_body(error: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self(Cause::Body(error.into()))
    }
}

impl From<VerifyError> for BodyError {
    fn from(error: VerifyError) -> Self {
        Self(Cause::Verify(error))
    }
}

impl From<SignError> for BodyError {
    fn from(error: SignError) -> Self {
        Self(Cause::Sign(error))
    }
}

impl fmt::Display for BodyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Cause::Sign(error) => error.fmt(f),
            Cause::Verify(error) => error.fmt(f),
            Cause::Body(_) => f.write_str("the body broke off"),
        }
    }
}

impl Error for BodyError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match &self.0 {
            Cause::Sign(error) => error.source(),
            Cause::Verify(_) => None,
            Cause::Body(error) => Some(&**error),
        }
    }
}
