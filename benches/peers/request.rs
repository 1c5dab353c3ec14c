//! The one request that everybody signs or verifies: a GET with four headers, for temporary credentials.

use http::{
    HeaderValue, Uri,
    header::{AUTHORIZATION, HOST, RANGE},
};

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
    /// Of the signature in the header.
    Verify,
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
pub(crate) fn unsigned(scheme: Scheme) -> Outcome<Request> {
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

/// As a server gets it over HTTP/1.1: the client has split the URI into a path and a `Host`.
pub(crate) fn received(mut signed: Request) -> Outcome<Request> {
    let host = signed.uri().authority().map(|authority| HeaderValue::from_str(authority.as_str()));
    let target = signed.uri().path_and_query().cloned().map(Uri::from);
    signed.headers_mut().insert(HOST, host.ok_or("no authority")??);
    *signed.uri_mut() = target.ok_or("no path")?;
    Ok(signed)
}

/// With another value in a header that is signed.
pub(crate) fn altered(signed: &Request) -> Outcome<Request> {
    let mut request = signed.clone();
    request.headers_mut().insert(RANGE, HeaderValue::from_static("bytes=0-65536")).ok_or("no range to alter")?;
    Ok(request)
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
