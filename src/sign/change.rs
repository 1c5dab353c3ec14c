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
    /// First the URI, which may be refused; then nothing is changed.
    pub(super) fn apply_to_uri(&self, uri: &mut Uri) -> Result<(), SignError> {
        self.path_and_query.as_deref().map_or(Ok(()), |path_and_query| apply_path_and_query(path_and_query, uri))
    }

    pub(super) fn apply_to_headers(&self, added: &mut Added, headers: &mut HeaderMap) {
        if self.has_owned {
            remove_owned(headers);
        }
        added.move_into(headers);
    }
}
