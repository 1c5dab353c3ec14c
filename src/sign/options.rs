//! How requests are signed, beyond algorithm, key and scope.

use crate::{
    canonical::{SignedHeaderPolicy, UriPolicy, check_host},
    error::ParseError,
    types::{Service, ServiceProfile},
};

/// How a signer signs requests. The default of a service is right for AWS; change it for servers that only look like it,
/// for proxies in between, or to leave the URI alone.
///
/// ```
/// use sigv4a::{ServiceProfile, SigningOptions, UriPolicy};
/// let options = SigningOptions::new(ServiceProfile::S3).with_uri_policy(UriPolicy::Reject);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SigningOptions {
    profile: ServiceProfile,
    signed_headers: SignedHeaderPolicy,
    uri: UriPolicy,
    host: Option<Box<str>>,
    endpoint_check: EndpointCheck,
}

impl SigningOptions {
    /// The options of a service profile.
    #[must_use]
    pub const fn new(profile: ServiceProfile) -> Self {
        Self {
            profile,
            signed_headers: SignedHeaderPolicy::standard(),
            uri: UriPolicy::Rewrite,
            host: None,
            endpoint_check: EndpointCheck::Enforce,
        }
    }

    /// The options of a service.
    #[must_use]
    pub fn for_service(service: &Service) -> Self {
        Self::new(ServiceProfile::for_service(service))
    }

    pub(crate) const fn standard() -> &'static Self {
        const STANDARD: &SigningOptions = &SigningOptions::new(ServiceProfile::STANDARD);
        STANDARD
    }

    /// Signs as another kind of service wants it.
    #[must_use]
    pub const fn with_profile(mut self, profile: ServiceProfile) -> Self {
        self.profile = profile;
        self
    }

    /// Signs other headers.
    #[must_use]
    pub fn with_signed_headers(mut self, policy: SignedHeaderPolicy) -> Self {
        self.signed_headers = policy;
        self
    }

    /// Treats the URI differently.
    #[must_use]
    pub const fn with_uri_policy(mut self, policy: UriPolicy) -> Self {
        self.uri = policy;
        self
    }

    /// Signs for another host than the URI's, with its port unless that is the default: for requests that reach the
    /// service through a tunnel or a proxy. The `Host` header of the signed request is set to it.
    ///
    /// # Errors
    /// [`Host`](crate::ParseErrorKind::Host) unless it is `HOST` or `HOST:PORT`.
    pub fn with_host(mut self, host: &str) -> Result<Self, ParseError> {
        check_host(host)?;
        self.host = Some(host.into());
        Ok(self)
    }

    /// Allows what cannot work at AWS: SigV4 for a Multi-Region Access Point.
    #[must_use]
    pub const fn with_endpoint_check(mut self, check: EndpointCheck) -> Self {
        self.endpoint_check = check;
        self
    }

    /// The service profile.
    #[must_use]
    pub const fn profile(&self) -> &ServiceProfile {
        &self.profile
    }

    /// Which headers are signed.
    #[must_use]
    pub const fn signed_headers(&self) -> &SignedHeaderPolicy {
        &self.signed_headers
    }

    /// How the URI is treated.
    #[must_use]
    pub const fn uri_policy(&self) -> UriPolicy {
        self.uri
    }

    /// The host signed for, if it is not the request's.
    #[must_use]
    pub fn host(&self) -> Option<&str> {
        self.host.as_deref()
    }

    /// Whether a request that AWS cannot accept is refused.
    #[must_use]
    pub const fn endpoint_check(&self) -> EndpointCheck {
        self.endpoint_check
    }
}

/// Whether signing is refused when the endpoint accepts only another algorithm.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum EndpointCheck {
    /// SigV4 for an S3 Multi-Region Access Point is refused: S3 would answer with a misleading region error.
    #[default]
    Enforce,
    /// Sign whatever is asked.
    Skip,
}
