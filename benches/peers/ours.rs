//! `sigv4a`, signing.

use std::hint::black_box;

use sigv4a::{
    Credentials, ExpiresIn, Provider, Region, RegionSet, Service, SigV4, SigV4a, Signer, SignerExt, SigningRequest,
    SigningTrace, Timestamp,
};

use crate::{
    Outcome, ours_verify,
    request::{self, ACCESS_KEY_ID, EXPIRES_SECS, Job, REGION, SECRET, Scheme, TOKEN, UNIX_TIME},
    rounds::Contender,
};

/// One for each back end that can make a difference, the default one first.
pub(crate) fn contenders(scheme: Scheme, job: Job) -> Outcome<Vec<Contender>> {
    let default = Provider::default();
    let others = Provider::all().into_iter().filter(|provider| *provider != default);
    // Hashing and HMAC are the same code in `ring` and `rust_crypto`.
    let others = others.filter(|provider| scheme == Scheme::SigV4a || *provider != Provider::rust_crypto());
    std::iter::once(default).chain(others).map(|provider| contender(scheme, job, provider)).collect()
}

pub(crate) fn contender(scheme: Scheme, job: Job, provider: Provider) -> Outcome<Contender> {
    let name = match provider.name() {
        "rust_crypto" => "ours_rust_crypto",
        "aws_lc_rs" => "ours_aws_lc_rs",
        _ => "ours",
    };
    let name = if provider == Provider::default() { "ours" } else { name };
    let (signer, at, expires_in) = (signer(scheme, provider)?, time()?, ExpiresIn::from_secs(EXPIRES_SECS)?);
    Ok(match job {
        Job::Sign => Contender::new(name, move |request| Ok(signer.sign_request(request, black_box(at))?)),
        Job::Presign => Contender::new(name, move |request| {
            let presigned = signer.presign(&SigningRequest::from_request(request)?, expires_in, black_box(at))?;
            *request.uri_mut() = presigned.to_uri()?;
            Ok(())
        }),
        Job::Verify => ours_verify::contender(name, scheme, provider)?,
    })
}

/// Canonical request and string to sign, whose lengths the raw contenders need.
pub(crate) fn texts(scheme: Scheme, job: Job) -> Outcome<SigningTrace> {
    let (signer, request) = (signer(scheme, Provider::default())?, request::unsigned(scheme)?);
    let request = SigningRequest::from_request(&request)?;
    Ok(match job {
        Job::Sign | Job::Verify => signer.sign(&request, time()?)?.trace().clone(),
        Job::Presign => signer.presign(&request, ExpiresIn::from_secs(EXPIRES_SECS)?, time()?)?.trace().clone(),
    })
}

pub(crate) fn signer(scheme: Scheme, provider: Provider) -> Outcome<Box<dyn Signer>> {
    let credentials = credentials()?;
    Ok(match scheme {
        Scheme::SigV4 => Box::new(SigV4::new(credentials, Region::new(REGION)?, Service::S3).with_provider(provider)),
        Scheme::SigV4a => Box::new(SigV4a::new(credentials, RegionSet::all(), Service::S3).with_provider(provider)),
    })
}

pub(crate) fn credentials() -> Outcome<Credentials> {
    Ok(Credentials::new(ACCESS_KEY_ID, SECRET)?.with_session_token(TOKEN)?)
}

pub(crate) fn time() -> Outcome<Timestamp> {
    Ok(Timestamp::from_unix(i64::try_from(UNIX_TIME)?)?)
}
