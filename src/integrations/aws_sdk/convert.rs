//! Values of the SDK as values of ours, and back.

use std::time::{Duration, SystemTime};

use aws_credential_types::Credentials as SdkCredentials;
use aws_smithy_runtime_api::client::identity::Identity;
use aws_types::SdkConfig;

#[allow(unused_imports, reason = "unused where the SDK has the method")]
use super::older::ConfiguredRegionSet as _;
use crate::{
    error::{ParseError, ParseErrorKind, SignError, SignErrorKind},
    sign::SignerConfig,
    types::{Algorithm, Credentials, Region, RegionSet, Timestamp},
};

/// Keys, session token and expiry, to the second before.
impl TryFrom<&SdkCredentials> for Credentials {
    type Error = ParseError;

    fn try_from(given: &SdkCredentials) -> Result<Self, ParseError> {
        let mut credentials = Self::new(given.access_key_id(), given.secret_access_key())?;
        if let Some(token) = given.session_token() {
            credentials = credentials.with_session_token(token)?;
        }
        match given.expiry() {
            Some(expiry) => Ok(credentials.with_expiry(expiry.try_into()?)),
            None => Ok(credentials),
        }
    }
}

/// Keys, session token and expiry. The provider is called `sigv4a`.
impl TryFrom<&Credentials> for SdkCredentials {
    type Error = ParseError;

    fn try_from(given: &Credentials) -> Result<Self, ParseError> {
        let secret = str::from_utf8(given.secret_access_key().expose());
        let secret = secret.map_err(|_| ParseError::new(ParseErrorKind::SecretAccessKey, "text"))?;
        let mut credentials = Self::builder()
            .access_key_id(given.access_key_id().as_str())
            .secret_access_key(secret)
            .provider_name("sigv4a");
        credentials.set_session_token(given.session_token().map(|token| token.expose().to_owned()));
        credentials.set_expiry(given.expires_at().map(system_time).transpose()?);
        Ok(credentials.build())
    }
}

/// The credentials of an identity. The identity may end before its credentials; then they end with it.
impl TryFrom<&Identity> for Credentials {
    type Error = SignError;

    fn try_from(identity: &Identity) -> Result<Self, SignError> {
        let given = identity.data::<SdkCredentials>().ok_or_else(|| {
            SignError::new(SignErrorKind::MissingCredentials, "expected AWS credentials, found another identity")
        })?;
        let credentials = Self::try_from(given)?;
        let Some(end) = identity.expiration() else { return Ok(credentials) };
        let end = Timestamp::try_from(end)?;
        let end = credentials.expires_at().map_or(end, |expiry| expiry.min(end));
        Ok(credentials.with_expiry(end))
    }
}

/// Region, SigV4a region set, and of the preferred schemes those that are ours. What signs is the host's to tell, or
/// yours: an `SdkConfig` is of no service. These are defaults, so give them as ambient: a region set that is *given* means
/// SigV4a, see [`SignerConfig`].
impl TryFrom<&SdkConfig> for SignerConfig {
    type Error = ParseError;

    fn try_from(given: &SdkConfig) -> Result<Self, ParseError> {
        let mut config = Self::default();
        if let Some(region) = given.region() {
            config = config.with_region(Region::new(region.as_ref())?);
        }
        if let Some(region_set) = given.sigv4a_signing_region_set() {
            config = config.with_region_set(RegionSet::new(region_set.as_ref())?);
        }
        if let Some(preference) = given.auth_scheme_preference() {
            let ids = preference.clone().into_iter();
            let preference: Vec<_> = ids.filter_map(|id| algorithm(id.inner())).collect();
            config = config.with_preference(preference);
        }
        Ok(config)
    }
}

fn algorithm(scheme_id: &str) -> Option<Algorithm> {
    [Algorithm::SigV4, Algorithm::SigV4a].into_iter().find(|algorithm| algorithm.name() == scheme_id)
}

fn system_time(at: Timestamp) -> Result<SystemTime, ParseError> {
    let seconds = Duration::from_secs(at.as_unix().unsigned_abs());
    let time = match at.as_unix() {
        0.. => SystemTime::UNIX_EPOCH.checked_add(seconds),
        _ => SystemTime::UNIX_EPOCH.checked_sub(seconds),
    };
    time.ok_or_else(|| ParseError::new(ParseErrorKind::Timestamp, "a time that this system knows").found(at.amz_date()))
}
