//! `aws-sigv4`, the official crate.
//!
//! The identity is made once. The parameters hold the time, so they are made for every request, as the SDK does it.

use std::{
    hint::black_box,
    time::{Duration, SystemTime},
};

use aws_credential_types::Credentials;
use aws_sigv4::{
    http_request::{
        PayloadChecksumKind, PercentEncodingMode, SignableBody, SignableRequest, SignatureLocation, SigningParams,
        SigningSettings, UriPathNormalizationMode, sign,
    },
    sign::{v4, v4a},
};
use aws_smithy_runtime_api::client::identity::Identity;

use crate::{
    Outcome,
    request::{ACCESS_KEY_ID, EXPIRES_SECS, Job, REGION, Request, SECRET, Scheme, TOKEN, UNIX_TIME},
    rounds::Contender,
};

/// It has no check of signatures.
pub(crate) fn contender(scheme: Scheme, job: Job) -> Outcome<Option<Contender>> {
    let Some(settings) = settings(job) else { return Ok(None) };
    let identity = Credentials::new(ACCESS_KEY_ID, SECRET, Some(TOKEN.to_owned()), None, "bench").into();
    let time = SystemTime::UNIX_EPOCH + Duration::from_secs(UNIX_TIME);
    Ok(Some(Contender::new("aws_sigv4", move |request| {
        let params = params(scheme, &identity, settings.clone(), black_box(time))?;
        sign_request(request, &params)
    })))
}

/// What S3 wants.
fn settings(job: Job) -> Option<SigningSettings> {
    let mut settings = SigningSettings::default();
    settings.percent_encoding_mode = PercentEncodingMode::Single;
    settings.uri_path_normalization_mode = UriPathNormalizationMode::Disabled;
    match job {
        Job::Sign => settings.payload_checksum_kind = PayloadChecksumKind::XAmzSha256,
        Job::Presign => {
            settings.signature_location = SignatureLocation::QueryParams;
            settings.expires_in = Some(Duration::from_secs(EXPIRES_SECS));
        }
        Job::Verify => return None,
    }
    Some(settings)
}

fn params(
    scheme: Scheme,
    identity: &Identity,
    settings: SigningSettings,
    time: SystemTime,
) -> Outcome<SigningParams<'_>> {
    Ok(match scheme {
        Scheme::SigV4 => v4::SigningParams::builder()
            .identity(identity)
            .region(REGION)
            .name("s3")
            .time(time)
            .settings(settings)
            .build()?
            .into(),
        Scheme::SigV4a => v4a::SigningParams::builder()
            .identity(identity)
            .region_set("*")
            .name("s3")
            .time(time)
            .settings(settings)
            .build()?
            .into(),
    })
}

fn sign_request(request: &mut Request, params: &SigningParams<'_>) -> Outcome {
    let is_presigned = params.settings().signature_location == SignatureLocation::QueryParams;
    let mut headers = Vec::with_capacity(request.headers().len());
    for (name, value) in request.headers() {
        headers.push((name.as_str(), value.to_str()?));
    }
    let body = match is_presigned {
        true => SignableBody::UnsignedPayload,
        false => SignableBody::Bytes(request.body().as_bytes()),
    };
    let signable =
        SignableRequest::new(request.method().as_str(), request.uri().to_string(), headers.into_iter(), body)?;
    let (instructions, _signature) = sign(signable, params)?.into_parts();
    instructions.apply_to_request_http1x(request);
    Ok(())
}
