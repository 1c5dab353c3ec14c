//! What was decided for a host, and the signer that was made for it.

use std::{
    num::NonZeroUsize,
    sync::{Arc, Mutex, PoisonError},
};

use lru::LruCache;

use super::settings::Settings;
use crate::{
    error::SignError,
    integrations::credentials::is_same,
    sign::{Resolved, Signer},
    types::Credentials,
};

/// Bounded; the host that was not used for longest is resolved again.
pub(super) struct Endpoints(Mutex<LruCache<Box<str>, Known>>);

struct Known {
    resolved: Resolved,
    signer: Option<(Credentials, Arc<dyn Signer>)>,
}

const HOSTS: NonZeroUsize = NonZeroUsize::new(64).unwrap();

impl Endpoints {
    pub(super) fn new() -> Self {
        Self(Mutex::new(LruCache::new(HOSTS)))
    }

    /// The signer for a host and credentials: the one of last time, if these are the same.
    pub(super) fn signer(
        &self,
        host: &str,
        settings: &Settings,
        credentials: &Credentials,
    ) -> Result<Arc<dyn Signer>, SignError> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(Known { signer: Some((theirs, signer)), .. }) = known.get(host)
            && is_same(theirs, credentials)
        {
            return Ok(Arc::clone(signer));
        }
        let resolved = match known.get(host) {
            Some(known) => known.resolved.clone(),
            None => resolve(host, settings)?,
        };
        let signer: Arc<dyn Signer> = Arc::from(resolved.clone().into_signer(credentials.clone()));
        known.put(host.into(), Known { resolved, signer: Some((credentials.clone(), Arc::clone(&signer))) });
        Ok(signer)
    }

    /// Refuses what cannot be signed, before credentials are asked for.
    pub(super) fn check(&self, host: &str, settings: &Settings) -> Result<(), SignError> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if !known.contains(host) {
            known.put(host.into(), Known { resolved: resolve(host, settings)?, signer: None });
        }
        Ok(())
    }
}

fn resolve(host: &str, settings: &Settings) -> Result<Resolved, SignError> {
    let resolved = settings.config.resolve_host(host, &settings.ambient)?;
    let resolved = resolved.with_provider(settings.provider);
    Ok(match &settings.options {
        Some(change) => {
            let options = change(resolved.options().clone());
            resolved.with_options(options)
        }
        None => resolved,
    })
}

impl std::fmt::Debug for Endpoints {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Endpoints").finish_non_exhaustive()
    }
}
