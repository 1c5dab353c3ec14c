//! What signing in place changes in a request.

use http::{HeaderMap, Uri};

use crate::{
    error::SignError,
    sign::{
        added::{Added, remove_owned},
        signed_request::apply_path_and_query,
    },
};

/// What changes beside the headers that are added.
pub(super) struct Change {
    /// `None`: it is in wire form already.
    pub(super) path_and_query: Option<String>,
    /// Whether an earlier signing left headers.
    pub(super) has_owned: bool,
}

impl Change {
    /// All or nothing.
    pub(super) fn apply(self, added: &mut Added, uri: &mut Uri, headers: &mut HeaderMap) -> Result<(), SignError> {
        if let Some(path_and_query) = &self.path_and_query {
            apply_path_and_query(path_and_query, uri)?;
        }
        if self.has_owned {
            remove_owned(headers);
        }
        added.move_into(headers);
        Ok(())
    }
}
