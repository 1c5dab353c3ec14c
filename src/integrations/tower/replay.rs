//! Whether a request was seen before.

use std::{fmt, pin::Pin, sync::Arc};

use crate::verify::Verified;

/// What a replay check says about a request.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Seen {
    /// It is the first of its kind.
    First,
    /// It came before: refuse it.
    Before,
}

/// Asked about every verified request. The answer may come from another machine, so it is awaited.
#[derive(Clone)]
pub(super) struct ReplayCheck(Arc<dyn Fn(Verified) -> Answer + Send + Sync>);

type Answer = Pin<Box<dyn Future<Output = Seen> + Send>>;

impl ReplayCheck {
    pub(super) fn new<F: Future<Output = Seen> + Send + 'static>(
        check: impl Fn(Verified) -> F + Send + Sync + 'static,
    ) -> Self {
        Self(Arc::new(move |verified| Box::pin(check(verified))))
    }

    pub(super) async fn ask(&self, verified: Verified) -> Seen {
        (self.0)(verified).await
    }
}

impl fmt::Debug for ReplayCheck {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReplayCheck").finish_non_exhaustive()
    }
}
