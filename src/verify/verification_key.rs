//! The key of an access key ID, as a verifier needs it.

use std::{
    fmt,
    sync::{Arc, Mutex, OnceLock, PoisonError},
};

use subtle::ConstantTimeEq as _;

use crate::{
    canonical::StringToSign,
    crypto::{EcdsaSigningKey, KeyCache, KeyId, Provider, SigningKey, VerifyingKey},
    error::{ParseError, VerifyError, VerifyErrorKind},
    types::{AccessKeyId, Algorithm, CredentialScope, Credentials, SessionToken, Signature, Timestamp},
};

/// What is needed to check the signatures of one access key ID: its secret access key (SigV4 and SigV4a), or only the
/// public half of its SigV4a key. A server that holds public keys only can be robbed of nothing.
///
/// Keep it: it remembers the keys derived from it. One made anew for every request finds them in the
/// [`KeyCache`] of the process.
#[derive(Clone)]
pub struct VerificationKey {
    access_key_id: AccessKeyId,
    material: Material,
    session_token: Option<SessionToken>,
    expires_at: Option<Timestamp>,
}

#[derive(Clone)]
enum Material {
    Secret(Arc<Secret>),
    Public(VerifyingKey),
}

struct Secret {
    credentials: Credentials,
    provider: Provider,
    cache: KeyCache,
    /// The SigV4 key of the scope last asked for.
    sigv4: Mutex<Option<(CredentialScope, Arc<SigningKey>)>>,
    sigv4a: OnceLock<Arc<EcdsaSigningKey>>,
}

impl VerificationKey {
    /// From an access key ID and its secret access key: verifies both algorithms.
    ///
    /// # Errors
    /// [`AccessKeyId`](crate::ParseErrorKind::AccessKeyId) or
    /// [`SecretAccessKey`](crate::ParseErrorKind::SecretAccessKey).
    pub fn new(access_key_id: &str, secret_access_key: &str) -> Result<Self, ParseError> {
        Ok(Self::from_credentials(&Credentials::new(access_key_id, secret_access_key)?))
    }

    /// From credentials. If they hold a session token, requests must carry that one; if they end, so do signatures made
    /// with them.
    #[must_use]
    pub fn from_credentials(credentials: &Credentials) -> Self {
        Self::with_backend(credentials, Provider::default(), KeyCache::shared())
    }

    /// The same with a back end and a cache of your choice.
    #[must_use]
    pub fn with_backend(credentials: &Credentials, provider: Provider, cache: KeyCache) -> Self {
        let secret = Secret {
            credentials: credentials.clone(),
            provider,
            cache,
            sigv4: Mutex::new(None),
            sigv4a: OnceLock::new(),
        };
        Self {
            access_key_id: credentials.access_key_id().clone(),
            material: Material::Secret(Arc::new(secret)),
            session_token: credentials.session_token().cloned(),
            expires_at: credentials.expires_at(),
        }
    }

    /// From the public half of a SigV4a key: verifies SigV4a only.
    #[must_use]
    pub const fn from_public_key(access_key_id: AccessKeyId, key: VerifyingKey) -> Self {
        Self { access_key_id, material: Material::Public(key), session_token: None, expires_at: None }
    }

    /// Requests must carry this session token. Without it any is accepted, or none: whoever looks up the key by the
    /// request's token has checked it already.
    #[must_use]
    pub fn with_session_token(mut self, token: SessionToken) -> Self {
        self.session_token = Some(token);
        self
    }

    /// Requests are refused from then on, whenever they were signed.
    #[must_use]
    pub const fn with_expiry(mut self, expires_at: Timestamp) -> Self {
        self.expires_at = Some(expires_at);
        self
    }

    /// Whose key it is.
    #[must_use]
    pub const fn access_key_id(&self) -> &AccessKeyId {
        &self.access_key_id
    }

    /// The public half of the SigV4a key: all that another server needs to check SigV4a signatures.
    ///
    /// # Errors
    /// [`Key`](crate::SignErrorKind::Key) if no key can be derived, which happens to no known credentials.
    pub fn verifying_key(&self) -> Result<VerifyingKey, crate::SignError> {
        match &self.material {
            Material::Secret(secret) => Ok(secret.sigv4a()?.verifying_key().clone()),
            Material::Public(key) => Ok(key.clone()),
        }
    }

    /// What hashes for it. A public key verifies with the back end that it was read with, and hashes with any.
    pub(crate) fn provider(&self) -> Provider {
        match &self.material {
            Material::Secret(secret) => secret.provider,
            Material::Public(_) => Provider::default(),
        }
    }

    /// What checks strings to sign of one algorithm and one scope.
    pub(crate) fn checker(&self, algorithm: Algorithm, scope: &CredentialScope) -> Result<Checker, VerifyError> {
        let error = |message: &'static str| VerifyError::new(VerifyErrorKind::KeyCannotVerify, message);
        match (algorithm, &self.material) {
            (Algorithm::SigV4, Material::Secret(secret)) => Ok(Checker::SigV4(secret.sigv4(scope))),
            (Algorithm::SigV4, Material::Public(_)) => {
                Err(error("SigV4 needs the secret access key, only a public key is known"))
            }
            (Algorithm::SigV4a, _) => {
                let key = self.verifying_key().map_err(|_| error("no SigV4a key can be derived"))?;
                Ok(Checker::SigV4a(key))
            }
        }
    }

    /// The token in constant time, and the end of the credentials.
    pub(crate) fn check_session(&self, token: Option<&SessionToken>, now: Timestamp) -> Result<(), VerifyError> {
        let error = |message: &'static str| VerifyError::new(VerifyErrorKind::InvalidSessionToken, message);
        if let Some(expected) = &self.session_token {
            let found = token.ok_or_else(|| error("these credentials need their session token, found none"))?;
            if !bool::from(expected.expose().as_bytes().ct_eq(found.expose().as_bytes())) {
                return Err(error("it is not that of these credentials"));
            }
        }
        match self.expires_at {
            Some(end) if end <= now => {
                let message = format!("they ended at {end}, now it is {now}");
                Err(VerifyError::new(VerifyErrorKind::CredentialsExpired, message))
            }
            _ => Ok(()),
        }
    }
}

impl Secret {
    fn sigv4(&self, scope: &CredentialScope) -> Arc<SigningKey> {
        let last = || self.sigv4.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, key)) = last().as_ref().filter(|(of, _)| of == scope) {
            return Arc::clone(key);
        }
        // The scope was checked: its region and service are the verifier's, so that no stranger fills the cache.
        let parts = [scope.region().unwrap_or_default(), scope.service()];
        let id = KeyId::new(self.provider, &self.credentials, &parts);
        let derive = || SigningKey::derive(self.provider, self.credentials.secret_access_key(), scope);
        let key = self.cache.sigv4(id, scope.day(), derive);
        *last() = Some((scope.clone(), Arc::clone(&key)));
        key
    }

    fn sigv4a(&self) -> Result<&EcdsaSigningKey, crate::SignError> {
        if let Some(key) = self.sigv4a.get() {
            return Ok(key);
        }
        let id = KeyId::new(self.provider, &self.credentials, &[]);
        let (access_key_id, secret) = (self.credentials.access_key_id(), self.credentials.secret_access_key());
        let key = self.cache.sigv4a(id, || EcdsaSigningKey::derive(self.provider, access_key_id, secret))?;
        Ok(self.sigv4a.get_or_init(|| key))
    }
}

impl AsRef<Self> for VerificationKey {
    fn as_ref(&self) -> &Self {
        self
    }
}

/// Checks strings to sign.
#[derive(Clone)]
pub(crate) enum Checker {
    SigV4(Arc<SigningKey>),
    SigV4a(VerifyingKey),
}

impl Checker {
    /// HMACs are compared in constant time.
    pub(crate) fn accepts(&self, string_to_sign: &StringToSign, signature: &Signature) -> bool {
        match self {
            Self::SigV4(key) => key.sign(string_to_sign.as_bytes()).is_ok_and(|expected| expected == *signature),
            Self::SigV4a(key) => key.verifies(string_to_sign.as_bytes(), signature),
        }
    }
}

impl fmt::Debug for Checker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Checker").finish_non_exhaustive()
    }
}

impl fmt::Debug for VerificationKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VerificationKey").field("access_key_id", &self.access_key_id).finish_non_exhaustive()
    }
}
