//! `scratchstack-aws-signature`, which verifies SigV4.
//!
//! It asks a service for the signing key: here the answer is ready, with the key of the day derived, and is cloned. It is
//! asynchronous; nothing here ever waits, so the executor costs next to nothing.

use std::{future, hint::black_box, mem, str::FromStr};

use chrono::DateTime;
use scratchstack_aws_signature::{
    GetSigningKeyRequest, GetSigningKeyResponse, KSecretKey, NO_ADDITIONAL_SIGNED_HEADERS, SignatureOptions,
    service_for_signing_key_fn, sigv4_validate_request,
};

use crate::{
    Outcome,
    request::{Job, REGION, SECRET, Scheme, UNIX_TIME},
    rounds::Contender,
};

/// It knows no SigV4a, and does not sign.
pub(crate) fn contender(scheme: Scheme, job: Job) -> Outcome<Option<Contender>> {
    if (scheme, job) != (Scheme::SigV4, Job::Verify) {
        return Ok(None);
    }
    let now = DateTime::from_timestamp(i64::try_from(UNIX_TIME)?, 0).ok_or("no time of chrono's")?;
    let secret = KSecretKey::from_str(SECRET).map_err(|_| "no secret of 40 characters")?;
    let key = secret.to_ksigning(now.date_naive(), REGION, "s3");
    let answer = GetSigningKeyResponse::builder().signing_key(key).build()?;
    let look_up = move |_: GetSigningKeyRequest| future::ready(Ok(answer.clone()));
    let mut keys = service_for_signing_key_fn(look_up);
    Ok(Some(Contender::new("scratchstack", move |request| {
        let (parts, body) = mem::take(request).into_parts();
        let received = http::Request::from_parts(parts, body.as_bytes().to_vec());
        let (parts, _, verified) = pollster::block_on(sigv4_validate_request(
            received,
            REGION,
            "s3",
            &mut keys,
            black_box(now),
            &NO_ADDITIONAL_SIGNED_HEADERS,
            SignatureOptions::S3,
        ))
        .map_err(|error| error.to_string())?;
        black_box(verified);
        *request = http::Request::from_parts(parts, body);
        Ok(())
    })))
}
