//! Errors of the runtime.

use std::{error::Error, fmt};

/// The AWS Common Runtime refused something. The text is its own; it never holds a value, secret or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CrtError {
    code: i32,
    name: &'static str,
    message: &'static str,
}

impl CrtError {
    pub(crate) const fn new(code: i32, name: &'static str, message: &'static str) -> Self {
        Self { code, name, message }
    }

    /// The number the runtime gives it.
    #[must_use]
    pub const fn code(&self) -> i32 {
        self.code
    }

    /// The name the runtime gives it, such as `AWS_AUTH_SIGV4A_SIGNATURE_VALIDATION_FAILURE`.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }
}

impl fmt::Display for CrtError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.name, self.message)
    }
}

impl Error for CrtError {}
