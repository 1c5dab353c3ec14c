//! `s3s`, an adapter for S3 servers. Its check of SigV4 signatures is private, so a whole call of its service is in the
//! time: what the call does before and after the check, the drop of the request, and the derivation of the signing key,
//! which it does for every request. Its clock is its own; it is told to bear a difference of a century.

use std::{mem, sync::Arc};

use async_trait::async_trait;
use http::{Extensions, HeaderMap, Method, Uri};
use s3s::{
    Body, S3, S3Request, S3Response, S3Result,
    auth::SimpleAuth,
    config::{S3Config, StaticConfigProvider},
    route::S3Route,
    service::S3ServiceBuilder,
};

use crate::{
    request::{ACCESS_KEY_ID, Job, SECRET, Scheme},
    rounds::Contender,
};

/// It knows no SigV4a, and does not sign.
pub(crate) fn contender(scheme: Scheme, job: Job) -> Option<Contender> {
    if (scheme, job) != (Scheme::SigV4, Job::Verify) {
        return None;
    }
    let mut config = S3Config::default();
    config.presigned_url_max_skew_time_secs = u32::MAX;
    let mut service = S3ServiceBuilder::new(Nothing);
    service.set_config(Arc::new(StaticConfigProvider::new(Arc::new(config))));
    service.set_auth(SimpleAuth::from_single(ACCESS_KEY_ID, SECRET));
    service.set_route(Nothing);
    let service = service.build();
    Some(Contender::new("s3s", move |request| {
        let received = mem::take(request).map(|_| Body::empty());
        let answer = pollster::block_on(service.call(received)).map_err(|error| format!("{error:?}"))?;
        match answer.status().is_success() {
            true => Ok(()),
            false => Err(format!("s3s answers {}", answer.status()).into()),
        }
    }))
}

/// A server without operations. Every request takes a route of its own, which comes right after the check.
struct Nothing;

impl S3 for Nothing {}

#[async_trait]
impl S3Route for Nothing {
    fn is_match(&self, _: &Method, _: &Uri, _: &HeaderMap, _: &mut Extensions) -> bool {
        true
    }

    /// The default lets through only whose signature was checked: that stays.
    async fn call(&self, _: S3Request<Body>) -> S3Result<S3Response<Body>> {
        Ok(S3Response::new(Body::empty()))
    }
}
