//! Where the keys come from.

use std::{error::Error, sync::Arc};

use crate::verify::{Authorization, StaticKeys, VerificationKey};

/// Looks up the key of a request: in a database, at a key service, in a map.
///
/// [`StaticKeys`] is one. Keep the [`VerificationKey`]s you return, for example in a cache: each remembers what was
/// derived from it, and cloning one is cheap.
pub trait VerificationKeys: Send + Sync + 'static {
    /// The key of [`Authorization::access_key_id`]; `None` if nobody has it. Nothing about the request is proved yet,
    /// except that it is fresh and meant for this server.
    ///
    /// For temporary credentials, look at [`Authorization::session_token`] too.
    ///
    /// # Errors
    /// Whatever keeps you from knowing. The client is told that it is not its fault (status 500), and not what it was; it is
    /// the source of the [`VerifyError`](crate::VerifyError) in the extensions of the response.
    fn find(
        &self,
        authorization: &Authorization,
    ) -> impl Future<Output = Result<Option<VerificationKey>, Box<dyn Error + Send + Sync>>> + Send;
}

impl VerificationKeys for StaticKeys {
    async fn find(
        &self,
        authorization: &Authorization,
    ) -> Result<Option<VerificationKey>, Box<dyn Error + Send + Sync>> {
        Ok(self.get(authorization.access_key_id()).cloned())
    }
}

impl<K: VerificationKeys> VerificationKeys for Arc<K> {
    async fn find(
        &self,
        authorization: &Authorization,
    ) -> Result<Option<VerificationKey>, Box<dyn Error + Send + Sync>> {
        (**self).find(authorization).await
    }
}
