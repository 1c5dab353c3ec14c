//! What a request signer was told.

use std::{fmt, sync::Arc};

use super::{BodySigning, Redirects, host_pattern::HostPattern};
use crate::{
    crypto::Provider,
    error::ParseError,
    integrations::{clock, credentials::CredentialsProvider},
    sign::{SignerConfig, SigningOptions},
    types::{Checksum, Timestamp},
};

#[derive(Clone)]
pub(super) struct Settings {
    pub(super) config: SignerConfig,
    pub(super) ambient: SignerConfig,
    pub(super) credentials: Arc<dyn CredentialsProvider>,
    pub(super) options: Option<ChangeOptions>,
    pub(super) provider: Provider,
    /// Empty: every host.
    pub(super) hosts: Vec<HostPattern>,
    pub(super) body_signing: BodySigning,
    pub(super) body_limit: u64,
    pub(super) checksum: Option<Checksum>,
    pub(super) redirects: Redirects,
    pub(super) clock: Clock,
}

pub(super) type ChangeOptions = Arc<dyn Fn(SigningOptions) -> SigningOptions + Send + Sync>;
type Clock = Arc<dyn Fn() -> Result<Timestamp, ParseError> + Send + Sync>;

/// What API Gateway accepts; a larger body at S3 is signed piece by piece.
const BODY_LIMIT: u64 = 10 * 1024 * 1024;

impl Settings {
    pub(super) fn new(config: SignerConfig, credentials: Arc<dyn CredentialsProvider>) -> Self {
        Self {
            config,
            ambient: SignerConfig::default(),
            credentials,
            options: None,
            provider: Provider::default(),
            hosts: Vec::new(),
            body_signing: BodySigning::OfService,
            body_limit: BODY_LIMIT,
            checksum: None,
            redirects: Redirects::GiveBack,
            clock: Arc::new(clock::now),
        }
    }

    pub(super) fn allows(&self, host: &str) -> bool {
        self.hosts.is_empty() || self.hosts.iter().any(|pattern| pattern.matches(host))
    }
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings")
            .field("config", &self.config)
            .field("credentials", &self.credentials)
            .finish_non_exhaustive()
    }
}
