//! Aurora DSQL: the token that is the password of a database role.

use super::{Token, host::Host};
use crate::{
    error::{ParseError, SignError},
    sign::{SigV4, SignerExt},
    types::{Credentials, ExpiresIn, Region, Service, Timestamp},
};

/// A cluster of Aurora DSQL; see [generating an authentication
/// token](https://docs.aws.amazon.com/aurora-dsql/latest/userguide/SECTION_authentication-token.html).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cluster {
    host: Host,
    expires_in: ExpiresIn,
}

impl Cluster {
    /// A cluster by the host name of its endpoint. Its tokens live 900 seconds, as in AWS's SDKs.
    ///
    /// # Errors
    /// [`Host`](crate::ParseErrorKind::Host) for a host with a scheme or a port.
    pub fn new(host: &str) -> Result<Self, ParseError> {
        Ok(Self { host: Host::new(host)?, expires_in: ExpiresIn::FIFTEEN_MINUTES })
    }

    /// Gives tokens another lifetime. DSQL allows as much as [`ExpiresIn`] does: a week.
    #[must_use]
    pub const fn with_expires_in(mut self, expires_in: ExpiresIn) -> Self {
        self.expires_in = expires_in;
        self
    }

    /// The token for a custom database role: `HOST/?Action=DbConnect&X-Amz-…`, without a scheme.
    ///
    /// # Errors
    /// [`Region`](crate::ParseErrorKind::Region) for another region than the one the host names,
    /// [`CredentialsExpired`](crate::SignErrorKind::CredentialsExpired).
    pub fn connect_token(&self, credentials: &Credentials, region: &Region, at: Timestamp) -> Result<Token, SignError> {
        self.token("DbConnect", (credentials, region), at)
    }

    /// The token for the role `admin`: `HOST/?Action=DbConnectAdmin&X-Amz-…`, without a scheme.
    ///
    /// # Errors
    /// As [`connect_token`](Self::connect_token).
    pub fn connect_admin_token(
        &self,
        credentials: &Credentials,
        region: &Region,
        at: Timestamp,
    ) -> Result<Token, SignError> {
        self.token("DbConnectAdmin", (credentials, region), at)
    }

    fn token(
        &self,
        action: &str,
        (credentials, region): (&Credentials, &Region),
        at: Timestamp,
    ) -> Result<Token, SignError> {
        self.host.check_region(region)?;
        let url = format!("https://{}/?Action={action}", self.host);
        let signer = SigV4::new(credentials.clone(), region.clone(), Service::from_static("dsql"));
        Ok(Token::without_scheme(&signer.presign_url("GET", &url, self.expires_in, at)?))
    }
}
