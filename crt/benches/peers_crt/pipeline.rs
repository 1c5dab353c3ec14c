//! The runtime alone: its request is made of ours, and what it adds is put into ours.

use std::hint::black_box;

use http::{HeaderName, HeaderValue, Uri};
use sigv4a::{Region, RegionSet, Service};
use sigv4a_crt::{Message, Oracle};

use crate::{
    Outcome, credentials,
    request::{EXPIRES_SECS, Job, REGION, Request, Scheme},
    rounds::Contender,
    time,
};

/// The key pair of SigV4a is derived once, as a client of the runtime that knows about it does.
pub(crate) fn contender(scheme: Scheme, job: Job) -> Outcome<Contender> {
    let oracle = match scheme {
        Scheme::SigV4 => Oracle::sigv4(&credentials()?, &Region::new(REGION)?, &Service::S3)?,
        Scheme::SigV4a => Oracle::sigv4a(&credentials()?, &RegionSet::all(), &Service::S3)?,
    };
    let at = time()?;
    Ok(Contender::new("crt_pipeline", move |request| {
        let message = message(request, job)?;
        let signed = oracle.sign(&message, black_box(at))?;
        match job {
            Job::Presign => *request.uri_mut() = presigned(request.uri(), signed.parameters())?,
            _ => {
                for (name, value) in signed.headers() {
                    let name = HeaderName::from_bytes(name.as_bytes())?;
                    request.headers_mut().insert(name, HeaderValue::from_str(value)?);
                }
            }
        }
        Ok(())
    }))
}

fn message(request: &Request, job: Job) -> Outcome<Message> {
    let target = request.uri().path_and_query().ok_or("no path")?;
    let mut message = Message::new(request.method().as_str(), target.as_str());
    for (name, value) in request.headers() {
        message = message.with_header(name.as_str(), value.to_str()?);
    }
    let host = request.uri().authority().ok_or("no authority")?;
    message = message.with_header("host", host.as_str()).with_body(request.body().as_bytes());
    Ok(match job {
        Job::Presign => message.presigned(EXPIRES_SECS).with_payload("UNSIGNED-PAYLOAD"),
        _ => message,
    })
}

fn presigned(uri: &Uri, parameters: &[(String, String)]) -> Outcome<Uri> {
    let mut text = uri.to_string();
    for (index, (name, value)) in parameters.iter().enumerate() {
        [if index == 0 { "?" } else { "&" }, name, "=", value].iter().for_each(|part| text.push_str(part));
    }
    Ok(text.parse()?)
}
