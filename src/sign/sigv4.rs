//! The SigV4 scheme.

use std::sync::Arc;

use zeroize::Zeroizing;

use crate::{
    canonical::StringToSign,
    crypto::{KeyCache, KeyId, Provider, SigningKey},
    error::SignError,
    sign::{Signer, SigningOptions, per_day::PerDay},
    types::{
        AccessKeyId, Algorithm, CredentialScope, Credentials, Region, RegionSet, Service, SessionToken, Signature,
        Timestamp,
    },
};

/// Signs with [Signature Version
/// 4](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html): HMAC-SHA256, for one region and one service.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use sigv4a::{Credentials, Region, Service, SigV4, SignerExt, Timestamp};
///
/// let credentials = Credentials::new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")?;
/// let signer = SigV4::new(credentials, Region::new("us-east-1")?, Service::EXECUTE_API);
/// let mut request = http::Request::get("https://example.amazonaws.com/private").body("")?;
/// signer.sign_request(&mut request, Timestamp::parse_amz_date("20150830T123600Z")?)?;
/// let authorization = request.headers()["authorization"].to_str()?;
/// assert!(authorization.starts_with("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/execute-api/"));
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct SigV4 {
    credentials: Credentials,
    region: Region,
    service: Service,
    options: SigningOptions,
    provider: Provider,
    cache: KeyCache,
    key_id: KeyId,
    scope: PerDay<CredentialScope>,
    key: PerDay<Arc<SigningKey>>,
}

impl SigV4 {
    /// A signer for one region and one service. How that service wants its requests signed is known; see
    /// [`with_options`](Self::with_options) for one that is not Amazon's.
    #[must_use]
    pub fn new(credentials: Credentials, region: Region, service: Service) -> Self {
        let provider = Provider::default();
        let options = SigningOptions::for_service(&service);
        let key_id = KeyId::new(provider, &credentials, &[region.as_str(), service.as_str()]);
        Self {
            credentials,
            region,
            service,
            options,
            provider,
            cache: KeyCache::shared(),
            key_id,
            scope: PerDay::new(),
            key: PerDay::new(),
        }
    }

    /// Signs in another manner than the service's usual.
    #[must_use]
    pub fn with_options(mut self, options: SigningOptions) -> Self {
        self.options = options;
        self
    }

    /// Computes with another back end.
    #[must_use]
    pub fn with_provider(mut self, provider: Provider) -> Self {
        self.provider = provider;
        self.key_id = KeyId::new(provider, &self.credentials, &[self.region.as_str(), self.service.as_str()]);
        self.key = PerDay::new();
        self
    }

    /// Keeps derived keys in another cache than the process's.
    #[must_use]
    pub fn with_key_cache(mut self, cache: KeyCache) -> Self {
        self.cache = cache;
        self.key = PerDay::new();
        self
    }

    /// The signing key of the day of `at`: kSigning, 32 bytes, wiped on drop. To look at, or to give to someone who may
    /// sign for this day, region and service but must not have the secret. Signing itself does not need it.
    #[must_use]
    pub fn signing_key(&self, at: Timestamp) -> Zeroizing<[u8; 32]> {
        SigningKey::derive_bytes(self.provider, self.credentials.secret_access_key(), &self.scope(at))
    }
}

impl Signer for SigV4 {
    fn algorithm(&self) -> Algorithm {
        Algorithm::SigV4
    }

    fn access_key_id(&self) -> &AccessKeyId {
        self.credentials.access_key_id()
    }

    fn session_token(&self) -> Option<&SessionToken> {
        self.credentials.session_token()
    }

    fn scope(&self, at: Timestamp) -> CredentialScope {
        self.scope.get(at.day(), || CredentialScope::sigv4(at, &self.region, &self.service))
    }

    fn region_set(&self) -> Option<&RegionSet> {
        None
    }

    fn sign_string(&self, string_to_sign: &StringToSign) -> Result<Signature, SignError> {
        let scope = string_to_sign.scope();
        // The key of another region or service, whose scope a caller may make, must not be taken for this signer's.
        let is_own = scope.region() == Some(self.region.as_str()) && scope.service() == self.service.as_str();
        let derive = || SigningKey::derive(self.provider, self.credentials.secret_access_key(), scope);
        if !is_own {
            return derive().sign(string_to_sign.as_bytes());
        }
        let day = scope.day();
        let key = self.key.get(day, || self.cache.sigv4(self.key_id, day, derive));
        key.sign(string_to_sign.as_bytes())
    }

    fn expires_at(&self) -> Option<Timestamp> {
        self.credentials.expires_at()
    }

    fn options(&self) -> &SigningOptions {
        &self.options
    }

    fn provider(&self) -> Provider {
        self.provider
    }
}
