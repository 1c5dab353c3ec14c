//! The ambient credentials, as they change.

use std::time::Duration;

use super::{Ambient, Environment};
use crate::{
    error::{SignError, SignErrorKind},
    integrations::{
        client::RequestSigner,
        credentials::{CachedCredentials, CredentialsError, CredentialsFuture, CredentialsProvider},
    },
    sign::SignerConfig,
};

/// The credentials of the environment and of a profile, read anew whenever they are asked for.
///
/// It knows keys and tokens that are written down, nothing else; for roles, SSO and the like there is the feature
/// `aws-config`.
#[derive(Debug, Clone, Default)]
pub struct AmbientCredentials {
    profile: Option<String>,
}

impl AmbientCredentials {
    /// Those of the environment, else of the profile named here, by `AWS_PROFILE`, or `default`.
    #[must_use]
    pub fn new(profile: Option<&str>) -> Self {
        Self { profile: profile.map(str::to_owned) }
    }
}

impl CredentialsProvider for AmbientCredentials {
    fn provide(&self) -> CredentialsFuture<'_> {
        let read = || Ambient::load(self.profile.as_deref(), &Environment::of_process())?.credentials();
        let outcome = read().map_err(|error: SignError| match error.kind() {
            SignErrorKind::MissingCredentials => CredentialsError::not_found(error.message()),
            _ => CredentialsError::failed(error),
        });
        Box::pin(std::future::ready(outcome))
    }
}

/// The files do not say when their credentials end, and are read in no time.
const MAX_AGE: Duration = Duration::from_secs(60);

impl RequestSigner {
    /// A signer with what is configured, and what the environment and the shared files have: configuration for what is
    /// absent, and [`AmbientCredentials`], read again every minute and when a service says that they have expired: another
    /// program may renew the files.
    ///
    /// # Errors
    /// [`Config`](crate::ParseErrorKind::Config) as [`Ambient::load`].
    pub fn from_environment(config: SignerConfig) -> Result<Self, SignError> {
        let ambient = Ambient::load(None, &Environment::of_process())?;
        let credentials = CachedCredentials::new(AmbientCredentials::default()).with_max_age(MAX_AGE);
        Ok(Self::new(config, credentials).with_ambient(ambient.config().clone()))
    }
}
