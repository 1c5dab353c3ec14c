//! The SigV4a scheme.

use std::sync::{Arc, OnceLock};

use crate::{
    canonical::StringToSign,
    crypto::{EcdsaSigningKey, KeyCache, KeyId, Provider, VerifyingKey},
    error::SignError,
    sign::{Signer, SigningOptions, per_day::PerDay},
    types::{
        AccessKeyId, Algorithm, CredentialScope, Credentials, RegionSet, Service, SessionToken, Signature, Timestamp,
    },
};

/// Signs with [Signature Version
/// 4A](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html#how-sigv4a-works): ECDSA over P-256, for every
/// region of a region set and one service. S3 Multi-Region Access Points need it.
///
/// The key pair is derived from the credentials when it is first used and kept. Credentials from STS must come from a
/// *regional* STS endpoint.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use sigv4a::{Credentials, RegionSet, Service, SigV4a, SignerExt, Timestamp};
///
/// let credentials = Credentials::new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")?;
/// let signer = SigV4a::new(credentials, RegionSet::all(), Service::S3);
/// let url = "https://mfzwi23gnjvgw.mrap.accesspoint.s3-global.amazonaws.com/key";
/// let mut request = http::Request::get(url).body("")?;
/// signer.sign_request(&mut request, Timestamp::parse_amz_date("20150830T123600Z")?)?;
/// assert_eq!(request.headers()["x-amz-region-set"], "*");
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct SigV4a {
    credentials: Credentials,
    region_set: RegionSet,
    service: Service,
    options: SigningOptions,
    provider: Provider,
    cache: KeyCache,
    key: OnceLock<Arc<EcdsaSigningKey>>,
    scope: PerDay<CredentialScope>,
}

impl SigV4a {
    /// A signer for a region set and one service. How that service wants its requests signed is known; see
    /// [`with_options`](Self::with_options) for one that is not Amazon's.
    #[must_use]
    pub fn new(credentials: Credentials, region_set: RegionSet, service: Service) -> Self {
        let options = SigningOptions::for_service(&service);
        Self {
            credentials,
            region_set,
            service,
            options,
            provider: Provider::default(),
            cache: KeyCache::shared(),
            key: OnceLock::new(),
            scope: PerDay::new(),
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
        self.key = OnceLock::new();
        self
    }

    /// Keeps derived keys in another cache than the process's.
    #[must_use]
    pub fn with_key_cache(mut self, cache: KeyCache) -> Self {
        self.cache = cache;
        self.key = OnceLock::new();
        self
    }

    /// The public half of the key: whoever checks these signatures needs nothing else.
    ///
    /// # Errors
    /// [`Key`](crate::SignErrorKind::Key) if no key can be derived, which happens to no known credentials.
    pub fn verifying_key(&self) -> Result<VerifyingKey, SignError> {
        Ok(self.key()?.verifying_key().clone())
    }

    fn key(&self) -> Result<&EcdsaSigningKey, SignError> {
        if let Some(key) = self.key.get() {
            return Ok(key);
        }
        let id = KeyId::new(self.provider, &self.credentials, &[]);
        let (access_key_id, secret) = (self.credentials.access_key_id(), self.credentials.secret_access_key());
        let key = self.cache.sigv4a(id, || EcdsaSigningKey::derive(self.provider, access_key_id, secret))?;
        Ok(self.key.get_or_init(|| key))
    }
}

impl Signer for SigV4a {
    fn algorithm(&self) -> Algorithm {
        Algorithm::SigV4a
    }

    fn access_key_id(&self) -> &AccessKeyId {
        self.credentials.access_key_id()
    }

    fn session_token(&self) -> Option<&SessionToken> {
        self.credentials.session_token()
    }

    fn scope(&self, at: Timestamp) -> CredentialScope {
        self.scope.get(at.day(), || CredentialScope::sigv4a(at, &self.service))
    }

    fn region_set(&self) -> Option<&RegionSet> {
        Some(&self.region_set)
    }

    fn sign_string(&self, string_to_sign: &StringToSign) -> Result<Signature, SignError> {
        self.key()?.sign(string_to_sign.as_bytes())
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
