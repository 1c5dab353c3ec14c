//! The signer.

use std::{fmt, sync::Arc};

use sigv4a::{
    AccessKeyId, Algorithm, CredentialScope, Credentials, Provider, Region, RegionSet, Resolved, Service, SessionToken,
    SignError, Signature, Signer, SigningOptions, StringToSign, Timestamp, VerifyingKey,
};

use crate::{
    CrtError,
    ffi::{CrtCredentials, KeyPair},
    signing_key::{KeyOfTheDay, SigningKey},
};

/// Signs with keys that the AWS Common Runtime derives and signatures that it computes, for those who must use AWS's own
/// cryptography. Everything around them is [`SignerExt`](sigv4a::SignerExt)'s, as for any signer.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use sigv4a::{Credentials, RegionSet, Service, SignerExt, Timestamp};
/// use sigv4a_crt::CrtSigner;
///
/// let credentials = Credentials::new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")?;
/// let signer = CrtSigner::sigv4a(credentials, RegionSet::all(), Service::S3)?;
/// let url = "https://mfzwi23gnjvgw.mrap.accesspoint.s3-global.amazonaws.com/key";
/// let mut request = http::Request::get(url).body("")?;
/// signer.sign_request(&mut request, Timestamp::parse_amz_date("20150830T123600Z")?)?;
/// assert_eq!(request.headers()["x-amz-region-set"], "*");
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct CrtSigner {
    credentials: Credentials,
    scheme: Scheme,
    service: Service,
    options: SigningOptions,
    provider: Provider,
}

#[derive(Clone)]
enum Scheme {
    SigV4 { region: Region, key: KeyOfTheDay },
    SigV4a { region_set: RegionSet, key: Arc<KeyPair> },
}

impl CrtSigner {
    /// A signer of SigV4, for one region and one service.
    #[must_use]
    pub fn sigv4(credentials: Credentials, region: Region, service: Service) -> Self {
        Self::new(credentials, Scheme::SigV4 { region, key: KeyOfTheDay::default() }, service)
    }

    /// A signer of SigV4a, for a region set and one service. The key pair is derived here, once.
    ///
    /// # Errors
    /// If the runtime derives no key pair, which happens to no known credentials.
    pub fn sigv4a(credentials: Credentials, region_set: RegionSet, service: Service) -> Result<Self, CrtError> {
        let key = Arc::new(KeyPair::derive(&CrtCredentials::new(&credentials)?)?);
        Ok(Self::new(credentials, Scheme::SigV4a { region_set, key }, service))
    }

    /// A signer for what [`SignerConfig::resolve`](sigv4a::SignerConfig::resolve) decided, with its options.
    ///
    /// # Errors
    /// As [`sigv4a`](Self::sigv4a).
    pub fn from_resolved(resolved: &Resolved, credentials: Credentials) -> Result<Self, SignError> {
        let service = resolved.service().clone();
        let signer = match (resolved.region(), resolved.region_set()) {
            (Some(region), _) => Self::sigv4(credentials, region.clone(), service),
            (None, Some(set)) => Self::sigv4a(credentials, set.clone(), service).map_err(SignError::from_signer)?,
            (None, None) => return Err(SignError::from_signer("expected a region or a region set, found neither")),
        };
        Ok(signer.with_options(resolved.options().clone()))
    }

    fn new(credentials: Credentials, scheme: Scheme, service: Service) -> Self {
        let options = SigningOptions::for_service(&service);
        Self { credentials, scheme, service, options, provider: Provider::default() }
    }

    /// Signs in another manner than the service's usual.
    #[must_use]
    pub fn with_options(mut self, options: SigningOptions) -> Self {
        self.options = options;
        self
    }

    /// Hashes payloads and canonical requests with another back end; keys and signatures stay the runtime's.
    #[must_use]
    pub const fn with_provider(mut self, provider: Provider) -> Self {
        self.provider = provider;
        self
    }

    /// The public half of the key of SigV4a, as the runtime derived it; `None` for SigV4, which has no such thing.
    ///
    /// # Errors
    /// [`Key`](sigv4a::ParseErrorKind::Key) if it is no point of the curve, which would be a mistake of the runtime.
    pub fn verifying_key(&self) -> Result<Option<VerifyingKey>, sigv4a::ParseError> {
        match &self.scheme {
            Scheme::SigV4 { .. } => Ok(None),
            Scheme::SigV4a { key, .. } => VerifyingKey::from_sec1(&key.public_key(), self.provider).map(Some),
        }
    }

    fn sign_sigv4(&self, region: &Region, key: &KeyOfTheDay, text: &StringToSign) -> Result<[u8; 32], CrtError> {
        let scope = text.scope();
        let derive = || SigningKey::derive(self.credentials.secret_access_key(), scope);
        // The key of another region or service, whose scope a caller may make, must not be taken for this signer's.
        let is_own = scope.region() == Some(region.as_str()) && scope.service() == self.service.as_str();
        match is_own {
            true => key.get(scope, derive)?,
            false => derive()?,
        }
        .sign(text.as_bytes())
    }
}

impl Signer for CrtSigner {
    fn algorithm(&self) -> Algorithm {
        match self.scheme {
            Scheme::SigV4 { .. } => Algorithm::SigV4,
            Scheme::SigV4a { .. } => Algorithm::SigV4a,
        }
    }

    fn access_key_id(&self) -> &AccessKeyId {
        self.credentials.access_key_id()
    }

    fn session_token(&self) -> Option<&SessionToken> {
        self.credentials.session_token()
    }

    fn scope(&self, at: Timestamp) -> CredentialScope {
        match &self.scheme {
            Scheme::SigV4 { region, .. } => CredentialScope::sigv4(at, region, &self.service),
            Scheme::SigV4a { .. } => CredentialScope::sigv4a(at, &self.service),
        }
    }

    fn region_set(&self) -> Option<&RegionSet> {
        match &self.scheme {
            Scheme::SigV4 { .. } => None,
            Scheme::SigV4a { region_set, .. } => Some(region_set),
        }
    }

    fn sign_string(&self, string_to_sign: &StringToSign) -> Result<Signature, SignError> {
        let signature = match &self.scheme {
            Scheme::SigV4 { region, key } => {
                let code = self.sign_sigv4(region, key, string_to_sign).map_err(SignError::from_signer)?;
                Signature::from_bytes(&code)
            }
            Scheme::SigV4a { key, .. } => {
                let der = key.sign(string_to_sign.as_bytes()).map_err(SignError::from_signer)?;
                Signature::from_bytes(der.as_bytes())
            }
        };
        signature.map_err(SignError::from_signer)
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

impl fmt::Debug for Scheme {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::SigV4 { region, .. } => f.debug_struct("SigV4").field("region", region).finish_non_exhaustive(),
            Self::SigV4a { region_set, .. } => {
                f.debug_struct("SigV4a").field("region_set", region_set).finish_non_exhaustive()
            }
        }
    }
}
