//! Amazon RDS and Aurora: the token that is the password of a database user.

use super::{Token, host::Host};
use crate::{
    canonical::encode_strict,
    error::{ParseError, ParseErrorKind, SignError},
    sign::{SigV4, SignerExt},
    types::{Credentials, ExpiresIn, Region, Service, Timestamp},
};

/// A database and its user, for [IAM database
/// authentication](https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.html).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Database {
    host: Host,
    port: u16,
    user: Box<str>,
}

impl Database {
    /// A database by the host name of its instance, cluster or proxy, its port and the user to connect as.
    ///
    /// The name is AWS's, even if the connection goes through a tunnel or another name: RDS compares it with its own.
    ///
    /// # Errors
    /// [`Host`](ParseErrorKind::Host) for a host with a scheme or a port, or the port 0;
    /// [`DatabaseUser`](ParseErrorKind::DatabaseUser) for an empty name or one with control characters.
    pub fn new(host: &str, port: u16, user: &str) -> Result<Self, ParseError> {
        let host = Host::new(host)?;
        if port == 0 {
            return Err(ParseError::new(ParseErrorKind::Host, "a port from 1 to 65535").found("0"));
        }
        if user.is_empty() || user.contains(char::is_control) {
            let expected = "a user name without control characters";
            return Err(ParseError::new(ParseErrorKind::DatabaseUser, expected).found(user));
        }
        Ok(Self { host, port, user: user.into() })
    }

    /// The token: `HOST:PORT/?Action=connect&DBUser=USER&X-Amz-…`, without a scheme, for 900 seconds. A connection that is
    /// open by then stays open. The connection has to use TLS.
    ///
    /// # Errors
    /// [`Region`](ParseErrorKind::Region) for another region than the one the host names,
    /// [`CredentialsExpired`](crate::SignErrorKind::CredentialsExpired).
    pub fn auth_token(&self, credentials: &Credentials, region: &Region, at: Timestamp) -> Result<Token, SignError> {
        let Self { host, port, user } = self;
        host.check_region(region)?;
        let url = format!("https://{host}:{port}/?Action=connect&DBUser={}", encode_strict(user));
        let signer = SigV4::new(credentials.clone(), region.clone(), Service::from_static("rds-db"));
        Ok(Token::without_scheme(&signer.presign_url("GET", &url, ExpiresIn::FIFTEEN_MINUTES, at)?))
    }
}
