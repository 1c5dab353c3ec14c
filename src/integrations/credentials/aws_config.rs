//! The credentials of AWS's SDK for Rust.

use aws_config::{SdkConfig, default_provider::credentials::DefaultCredentialsChain};
use aws_credential_types::provider::{
    ProvideCredentials, SharedCredentialsProvider, error::CredentialsError as SdkError,
};

use super::{CachedCredentials, CredentialsError, CredentialsFuture, CredentialsProvider};
use crate::{error::SignError, integrations::client::RequestSigner, sign::SignerConfig, types::Credentials};

/// A provider of AWS's SDK for Rust, and above all its [default
/// chain](https://docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html): environment, profile with its roles
/// and SSO, process, web identity, container (ECS, EKS), instance (IMDSv2).
///
/// It looks anew whenever it is asked: put a [`CachedCredentials`] around it, as
/// [`RequestSigner::from_default_chain`] does. It needs tokio.
///
/// ```no_run
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// use sigv4a::{SignerConfig, client::RequestSigner, reqwest::SignMiddleware};
/// let signer = RequestSigner::from_default_chain(SignerConfig::default()).await?;
/// let client = SignMiddleware::new(signer).into_client(reqwest::Client::builder())?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct SdkCredentials(SharedCredentialsProvider);

impl SdkCredentials {
    /// Those of a provider of the SDK.
    #[must_use]
    pub fn new(provider: impl ProvideCredentials + 'static) -> Self {
        Self(SharedCredentialsProvider::new(provider))
    }

    /// The default chain.
    pub async fn default_chain() -> Self {
        Self::new(DefaultCredentialsChain::builder().build().await)
    }
}

impl CredentialsProvider for SdkCredentials {
    fn provide(&self) -> CredentialsFuture<'_> {
        Box::pin(async {
            let provided = self.0.provide_credentials().await.map_err(|error| match error {
                SdkError::CredentialsNotLoaded(_) => CredentialsError::not_found(
                    "expected credentials in the environment, a profile, a container or an instance, or from a process, \
                     SSO or a web identity; the default chain found none",
                ),
                error => CredentialsError::failed(error),
            })?;
            Credentials::try_from(&provided).map_err(CredentialsError::failed)
        })
    }
}

impl RequestSigner {
    /// A signer with the credentials of AWS's default chain, cached, and with what the SDK's configuration says about
    /// region, region set and preference, for what is neither configured here nor told by a host.
    ///
    /// # Errors
    /// As [`from_sdk_config`](Self::from_sdk_config), except that credentials are looked for with the first request.
    pub async fn from_default_chain(config: SignerConfig) -> Result<Self, SignError> {
        let loaded = aws_config::defaults(aws_config::BehaviorVersion::latest()).load().await;
        let credentials = CachedCredentials::new(SdkCredentials::default_chain().await);
        Ok(Self::new(config, credentials).with_ambient(SignerConfig::try_from(&loaded)?))
    }

    /// A signer with what an [`SdkConfig`] has: its provider of credentials, cached, and its region, region set and
    /// preference.
    ///
    /// # Errors
    /// [`MissingCredentials`](crate::SignErrorKind::MissingCredentials) if it has no provider;
    /// [`Region`](crate::ParseErrorKind::Region), [`RegionSet`](crate::ParseErrorKind::RegionSet).
    pub fn from_sdk_config(config: SignerConfig, loaded: &SdkConfig) -> Result<Self, SignError> {
        let provider = loaded.credentials_provider().ok_or_else(|| {
            CredentialsError::not_found("expected an `SdkConfig` with a provider of credentials, found one without")
        })?;
        let credentials = CachedCredentials::new(SdkCredentials(provider));
        Ok(Self::new(config, credentials).with_ambient(SignerConfig::try_from(loaded)?))
    }
}
