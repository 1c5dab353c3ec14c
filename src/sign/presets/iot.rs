//! AWS IoT Core: the URL for MQTT over WebSocket.

use super::host::Host;
use crate::{
    error::{ParseError, SignError},
    sign::{PresignedRequest, SigV4, SignerExt},
    types::{Credentials, ExpiresIn, Region, Service, Timestamp},
};

/// The data endpoint of an account in AWS IoT Core, such as `a1b2c3-ats.iot.us-east-1.amazonaws.com`, or a custom domain;
/// see [device communication
/// protocols](https://docs.aws.amazon.com/iot/latest/developerguide/protocols.html).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DataEndpoint {
    host: Host,
    expires_in: ExpiresIn,
}

impl DataEndpoint {
    /// An endpoint by its host name, as `aws iot describe-endpoint --endpoint-type iot:Data-ATS` tells it. A URL has to be
    /// used within 900 seconds.
    ///
    /// # Errors
    /// [`Host`](crate::ParseErrorKind::Host) for a host with a scheme or a port.
    pub fn new(host: &str) -> Result<Self, ParseError> {
        Ok(Self { host: Host::new(host)?, expires_in: ExpiresIn::FIFTEEN_MINUTES })
    }

    /// Gives URLs another lifetime. It is about opening the connection, not about how long that stays open.
    #[must_use]
    pub const fn with_expires_in(mut self, expires_in: ExpiresIn) -> Self {
        self.expires_in = expires_in;
        self
    }

    /// The URL to open: `wss://HOST/mqtt?X-Amz-…`. The session token of temporary credentials stands in it and is not
    /// signed: this service alone wants it so.
    ///
    /// # Errors
    /// [`Region`](crate::ParseErrorKind::Region) for another region than the one the host names,
    /// [`CredentialsExpired`](crate::SignErrorKind::CredentialsExpired).
    pub fn websocket_url(
        &self,
        credentials: &Credentials,
        region: &Region,
        at: Timestamp,
    ) -> Result<PresignedRequest, SignError> {
        self.host.check_region(region)?;
        let signer = SigV4::new(credentials.clone(), region.clone(), Service::from_static("iotdevicegateway"));
        signer.presign_url("GET", &format!("wss://{}/mqtt", self.host), self.expires_in, at)
    }
}
