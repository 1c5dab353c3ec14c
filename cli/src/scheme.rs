//! The signer, of a known kind.

use sigv4a::{Credentials, Provider, Resolved, SigV4, SigV4a, Signer};

/// One of the two signers. The back end and the public key are asked of the concrete types.
#[derive(Debug)]
pub(crate) enum Scheme {
    SigV4(SigV4),
    SigV4a(SigV4a),
}

impl Scheme {
    /// `None` if the configuration resolved to neither, which no version of the library does.
    pub(crate) fn new(resolved: &Resolved, credentials: Credentials, provider: Provider) -> Option<Self> {
        let (service, options) = (resolved.service().clone(), resolved.options().clone());
        match (resolved.region(), resolved.region_set()) {
            (Some(region), _) => {
                let signer = SigV4::new(credentials, region.clone(), service);
                Some(Self::SigV4(signer.with_options(options).with_provider(provider)))
            }
            (None, Some(set)) => {
                let signer = SigV4a::new(credentials, set.clone(), service);
                Some(Self::SigV4a(signer.with_options(options).with_provider(provider)))
            }
            (None, None) => None,
        }
    }

    pub(crate) fn as_signer(&self) -> &dyn Signer {
        match self {
            Self::SigV4(signer) => signer,
            Self::SigV4a(signer) => signer,
        }
    }
}
