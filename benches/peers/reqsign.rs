//! reqsign: `reqsign-aws-v4` and `reqsign-aws-v4a`.
//!
//! Its clock is its own, and it hides a second clone of the request's parts: both are in its time. It is asynchronous;
//! nothing here ever waits, so the executor costs next to nothing.

use std::{mem, time::Duration};

use reqsign_aws_v4::StaticCredentialProvider;
use reqsign_core::{Context, SignRequest, Signer};

use crate::{
    request::{ACCESS_KEY_ID, EXPIRES_SECS, Job, REGION, SECRET, Scheme, TOKEN},
    rounds::Contender,
};

/// It has no check of signatures.
pub(crate) fn contender(scheme: Scheme, job: Job) -> Option<Contender> {
    let expires_in = match job {
        Job::Sign => None,
        Job::Presign => Some(Duration::from_secs(EXPIRES_SECS)),
        Job::Verify => return None,
    };
    Some(match scheme {
        Scheme::SigV4 => run(reqsign_aws_v4::RequestSigner::new("s3", REGION), expires_in),
        Scheme::SigV4a => {
            let region_set = reqsign_aws_v4a::SigningRegionSet::all();
            run(reqsign_aws_v4a::RequestSigner::new("s3", region_set), expires_in)
        }
    })
}

fn run(
    request_signer: impl SignRequest<Credential = reqsign_aws_v4::Credential>,
    expires_in: Option<Duration>,
) -> Contender {
    let provider = StaticCredentialProvider::new(ACCESS_KEY_ID, SECRET).with_session_token(TOKEN);
    let signer = Signer::new(Context::new(), provider, request_signer);
    Contender::new("reqsign", move |request| {
        let (mut parts, body) = mem::take(request).into_parts();
        pollster::block_on(signer.sign(&mut parts, expires_in))?;
        *request = http::Request::from_parts(parts, body);
        Ok(())
    })
}
