//! Everything ambient, in its order.

use super::{Environment, ProfileName, SharedFiles};
use crate::{
    error::{ParseError, SignError, SignErrorKind},
    sign::SignerConfig,
    types::Credentials,
};

/// The configuration and the credentials of the environment and of one profile.
///
/// ```no_run
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use sigv4a::{SignerConfig, SignerExt, config::{Ambient, Environment, now}};
/// let ambient = Ambient::load(None, &Environment::of_process())?;
/// let url = "https://abc123.execute-api.eu-west-1.amazonaws.com/private";
/// let signer = SignerConfig::default().resolve(url, ambient.config())?.into_signer(ambient.credentials()?);
/// let mut request = http::Request::get(url).body("")?;
/// signer.sign_request(&mut request, now()?)?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Ambient {
    config: SignerConfig,
    /// Looked at only when they are needed: a request with credentials of its own does not fail for a broken profile.
    credentials: Result<Option<Credentials>, ParseError>,
}

impl Ambient {
    /// Reads the environment and, from the shared files, the profile named here, by `AWS_PROFILE`, or `default`.
    ///
    /// # Errors
    /// [`Config`](crate::ParseErrorKind::Config).
    pub fn load(profile: Option<&str>, environment: &Environment) -> Result<Self, ParseError> {
        let profile = ProfileName::choose(profile, environment);
        let files = SharedFiles::read(&profile, environment)?;
        Self::new(&profile, environment, &files)
    }

    /// From an environment and a profile that were read before.
    ///
    /// # Errors
    /// [`Config`](crate::ParseErrorKind::Config).
    pub fn new(profile: &ProfileName, environment: &Environment, files: &SharedFiles) -> Result<Self, ParseError> {
        let credentials = match profile {
            ProfileName::Given(_) => first_of(files.credentials(), || environment.credentials()),
            _ => first_of(environment.credentials(), || files.credentials()),
        };
        Ok(Self { config: environment.config()?.or(files.config()?), credentials })
    }

    /// The ambient configuration, for [`SignerConfig::resolve`].
    #[must_use]
    pub const fn config(&self) -> &SignerConfig {
        &self.config
    }

    /// The ambient credentials.
    ///
    /// # Errors
    /// [`MissingCredentials`](SignErrorKind::MissingCredentials) if there are none,
    /// [`Config`](crate::ParseErrorKind::Config) if they cannot be read.
    pub fn credentials(&self) -> Result<Credentials, SignError> {
        match &self.credentials {
            Ok(Some(credentials)) => Ok(credentials.clone()),
            Ok(None) => Err(SignError::new(
                SignErrorKind::MissingCredentials,
                "expected `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY` in the environment, or both keys in a profile \
                 of the shared credentials file; found neither",
            )),
            Err(error) => Err(error.clone().into()),
        }
    }
}

fn first_of<T>(
    first: Result<Option<T>, ParseError>,
    second: impl FnOnce() -> Result<Option<T>, ParseError>,
) -> Result<Option<T>, ParseError> {
    match first {
        Ok(None) => second(),
        decided => decided,
    }
}
