//! `sigv4a`, verifying.
//!
//! The key and the verifier are made once, as a server makes them; everything that comes with a request is in the time.

use std::hint::black_box;

use sigv4a::{
    AccessKeyId, Authorization, KeyCache, Provider, ReceivedRequest, Region, Service, SessionToken, VerificationKey,
    Verified, Verifier,
};

use crate::{
    Outcome, ours,
    request::{ACCESS_KEY_ID, REGION, Scheme, TOKEN},
    rounds::Contender,
};

pub(crate) fn contender(name: &'static str, scheme: Scheme, provider: Provider) -> Outcome<Contender> {
    let (key, now) = (key(scheme, provider)?, ours::time()?);
    let verifier = Verifier::new(Service::S3, Region::new(REGION)?);
    Ok(Contender::new(name, move |request| {
        let request = ReceivedRequest::from_request(request)?;
        let authorization = Authorization::from_request(&request)?;
        black_box::<Verified>(verifier.verify(&authorization, &request, &key, black_box(now))?);
        Ok(())
    }))
}

/// What a server has: the secret, or for SigV4a the public key alone.
pub(crate) fn key(scheme: Scheme, provider: Provider) -> Outcome<VerificationKey> {
    let secret = VerificationKey::with_backend(&ours::credentials()?, provider, KeyCache::shared());
    Ok(match scheme {
        Scheme::SigV4 => secret,
        Scheme::SigV4a => VerificationKey::from_public_key(AccessKeyId::new(ACCESS_KEY_ID)?, secret.verifying_key()?)
            .with_session_token(SessionToken::new(TOKEN)?),
    })
}
