//! Why there are no credentials.

use std::{error::Error, fmt, sync::Arc, time::Duration};

use crate::{
    error::{SignError, SignErrorKind},
    types::Timestamp,
};

/// Why a provider gave no credentials. Many requests may have waited for the same answer, so it can be cloned.
#[derive(Debug, Clone)]
pub struct CredentialsError {
    kind: CredentialsErrorKind,
    message: String,
    source: Option<Arc<dyn Error + Send + Sync>>,
}

/// What went wrong with a provider.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CredentialsErrorKind {
    /// There are none where it looked.
    NotFound,
    /// It gave credentials that have expired.
    Expired,
    /// It did not answer in time.
    TimedOut,
    /// It failed; the cause is the [`source`](Error::source).
    Failed,
}

impl CredentialsError {
    /// The provider failed for this reason.
    pub fn failed(source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        let source = Some(Arc::from(source.into()));
        Self { kind: CredentialsErrorKind::Failed, message: "the provider of the credentials failed".into(), source }
    }

    /// There are no credentials: say where they were looked for, and what is expected there.
    pub fn not_found(looked_for: impl Into<String>) -> Self {
        Self { kind: CredentialsErrorKind::NotFound, message: looked_for.into(), source: None }
    }

    /// What went wrong.
    #[must_use]
    pub const fn kind(&self) -> CredentialsErrorKind {
        self.kind
    }

    pub(super) fn expired(expires_at: Timestamp, now: Timestamp) -> Self {
        let (expires_at, now) = (expires_at.rfc3339(), now.rfc3339());
        let message = format!(
            "expected credentials that are valid at {now}, found the provider giving some that expired at {expires_at}"
        );
        Self { kind: CredentialsErrorKind::Expired, message, source: None }
    }

    pub(super) fn timed_out(after: Duration) -> Self {
        let message = format!("expected the provider to give credentials within {after:?}, found it still busy");
        Self { kind: CredentialsErrorKind::TimedOut, message, source: None }
    }
}

impl fmt::Display for CredentialsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl Error for CredentialsError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source.as_ref().map(|source| {
            let source: &(dyn Error + 'static) = source.as_ref();
            source
        })
    }
}

impl From<CredentialsError> for SignError {
    fn from(error: CredentialsError) -> Self {
        let kind = match error.kind {
            CredentialsErrorKind::NotFound => SignErrorKind::MissingCredentials,
            CredentialsErrorKind::Expired => SignErrorKind::CredentialsExpired,
            CredentialsErrorKind::TimedOut | CredentialsErrorKind::Failed => SignErrorKind::CredentialsProvider,
        };
        let outcome = Self::new(kind, error.message);
        match error.source {
            Some(source) => outcome.with_source(source),
            None => outcome,
        }
    }
}
