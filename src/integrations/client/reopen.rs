//! A body that can be had again.

use std::{fmt, sync::Arc};

/// Opens a body, once for every attempt: what was sent and refused can be sent again without having been in memory.
pub struct Reopen<B>(Arc<dyn Fn() -> B + Send + Sync>);

impl<B> Reopen<B> {
    /// A body that this function opens. What goes wrong with that is an error of the body.
    pub fn new(open: impl Fn() -> B + Send + Sync + 'static) -> Self {
        Self(Arc::new(open))
    }

    pub(super) fn open(&self) -> B {
        (self.0)()
    }
}

impl<B> fmt::Debug for Reopen<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reopen").finish_non_exhaustive()
    }
}
