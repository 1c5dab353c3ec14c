//! The one request that everybody signs: a GET with four headers, for temporary credentials.

use http::header::AUTHORIZATION;

use crate::Outcome;

pub(crate) type Request = http::Request<&'static str>;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scheme {
    SigV4,
    SigV4a,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Job {
    Sign,
    Presign,
}

pub(crate) const ACCESS_KEY_ID: &str = "AKIDEXAMPLE";
pub(crate) const SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
pub(crate) const TOKEN: &str = "IQoJb3JpZ2luX2VjEDAaCXVzLWVhc3QtMSJHMEUCIQDEXAMPLETOKENw==";
pub(crate) const REGION: &str = "us-east-1";
/// 2015-08-30T12:36:00Z.
pub(crate) const UNIX_TIME: u64 = 1_440_938_160;
pub(crate) const EXPIRES_SECS: u64 = 3600;

/// SigV4a goes to a Multi-Region Access Point. SigV4 is refused there: it goes to an access point in one region, whose
/// host is as long to within a few bytes.
pub(crate) fn template(scheme: Scheme) -> Outcome<Request> {
    let host = match scheme {
        Scheme::SigV4 => "mfzwi23gnjvgw-12345678.s3-accesspoint.us-east-1.amazonaws.com",
        Scheme::SigV4a => "mfzwi23gnjvgw.mrap.accesspoint.s3-global.amazonaws.com",
    };
    Ok(http::Request::get(format!("https://{host}/photos/2015/08/30/image-0001.jpg"))
        .header("accept", "image/jpeg")
        .header("range", "bytes=0-65535")
        .header("if-none-match", "\"9b2cf535f27731c974343645a3985328\"")
        .header("x-amz-expected-bucket-owner", "123456789012")
        .body("")?)
}

/// What the signature turned out to be, wherever it is.
pub(crate) fn signature(request: &Request) -> Outcome<String> {
    let text = match request.headers().get(AUTHORIZATION) {
        Some(value) => value.to_str()?.rsplit_once("Signature="),
        None => request.uri().query().and_then(|query| query.rsplit_once("X-Amz-Signature=")),
    };
    let (_, rest) = text.ok_or("the request is not signed")?;
    Ok(rest.split_once('&').map_or(rest, |(signature, _)| signature).to_owned())
}
