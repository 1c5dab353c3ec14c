//! `examples/get_headers.rs` as a process: what it prints, added to a request, is accepted.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may panic"
)]

#[path = "support/endpoint.rs"]
mod endpoint;
#[path = "support/example.rs"]
mod example;

use endpoint::{Endpoint, KEY_ID, credentials};
use example::{KEYS, example, text};
use http::StatusCode;
use sigv4a::{
    Algorithm, ReceivedRequest, Region, RegionSet, Service, StaticKeys, VerificationKey, Verified, Verifier,
    config::now,
};

const MRAP: &str = "https://mfzwi23gnjvgw.mrap.accesspoint.s3-global.amazonaws.com/folder/a%20key?versionId=1";
const SIGV4: (&str, &str) = ("SIGV4A_ALGORITHM", "sigv4");

fn headers(arguments: [&str; 4], variables: &[(&str, &str)]) -> Vec<(String, String)> {
    let output = example("get_headers", &[&KEYS[..], variables].concat()).args(arguments).output().unwrap();
    let line = |line: &str| line.split_once(": ").map(|(name, value)| (name.to_owned(), value.to_owned())).unwrap();
    text(output).lines().map(line).collect()
}

/// What a server of this service in this region makes of a request with these headers.
fn verify(service: &str, region: &str, [method, url]: [&str; 2], headers: &[(String, String)]) -> Verified {
    let (host, target) = url.strip_prefix("https://").unwrap().split_once('/').unwrap();
    let target = format!("/{target}");
    let mut request = ReceivedRequest::new(method, &target).unwrap().with_header("host", host).unwrap().with_body(b"");
    for (name, value) in headers {
        request = request.with_header(name, value).unwrap();
    }
    let key = VerificationKey::from_credentials(&credentials());
    let key = match headers.iter().any(|(name, _)| name == "x-amz-security-token") {
        true => key.with_session_token(sigv4a::SessionToken::new("to+ken/==").unwrap()),
        false => key,
    };
    let keys = StaticKeys::new().with(key);
    let verifier = Verifier::new(Service::new(service).unwrap(), Region::new(region).unwrap());
    verifier.verify_request(&request, |asked| keys.get(asked.access_key_id()), now().unwrap()).unwrap()
}

#[test]
fn sigv4a_unless_told_otherwise() {
    let signed = headers(["s3", "*", "GET", MRAP], &[]);
    let names: Vec<&str> = signed.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["x-amz-date", "x-amz-region-set", "x-amz-content-sha256", "authorization"]);
    for region in ["us-east-1", "eu-central-1"] {
        let verified = verify("s3", region, ["GET", MRAP], &signed);
        assert_eq!((verified.access_key_id().as_str(), verified.algorithm()), (KEY_ID, Algorithm::SigV4a));
        assert_eq!(verified.region_set().map(RegionSet::as_str), Some("*"));
    }
    // Any service, a set of several, a session token.
    let api = "https://api.example.com/orders/7?x=1";
    let signed = headers(["execute-api", "us-east-1,eu-*", "DELETE", api], &[("AWS_SESSION_TOKEN", "to+ken/==")]);
    let verified = verify("execute-api", "eu-west-3", ["DELETE", api], &signed);
    assert_eq!(verified.algorithm(), Algorithm::SigV4a);
    assert!(verified.signed_headers().contains("x-amz-security-token"));
}

#[test]
fn sigv4_if_configured() {
    let bucket = "https://examplebucket.s3.eu-west-1.amazonaws.com/key";
    let signed = headers(["s3", "eu-west-1", "GET", bucket], &[SIGV4]);
    let verified = verify("s3", "eu-west-1", ["GET", bucket], &signed);
    assert_eq!((verified.access_key_id().as_str(), verified.algorithm()), (KEY_ID, Algorithm::SigV4));
    assert!(verified.scope().to_string().ends_with("/eu-west-1/s3/aws4_request"));
    let api = "https://api.example.com/orders/7";
    let signed = headers(["execute-api", "us-east-1", "POST", api], &[SIGV4, ("AWS_SESSION_TOKEN", "to+ken/==")]);
    assert_eq!(verify("execute-api", "us-east-1", ["POST", api], &signed).algorithm(), Algorithm::SigV4);
}

#[test]
fn over_http() {
    let endpoint = Endpoint::start(Service::EXECUTE_API);
    let url = endpoint.url("/private?a=b");
    for (variables, algorithm) in [(&[][..], Algorithm::SigV4a), (&[SIGV4][..], Algorithm::SigV4)] {
        let mut request = http::Request::get(&url);
        for (name, value) in headers(["execute-api", "us-east-1", "GET", &url], variables) {
            request = request.header(name, value);
        }
        let response = ureq::run(request.body("").unwrap()).unwrap();
        assert_eq!(response.status(), StatusCode::OK);
        assert_eq!(endpoint.take_one().verified.algorithm(), algorithm);
    }
}

/// Arguments, variables, and what the message has.
type Refused<'a> = (&'a [&'a str], &'a [(&'a str, &'a str)], &'a str);

#[test]
fn what_it_cannot_sign_it_says() {
    let keys = &KEYS[..];
    let with_sigv4 = [keys, &[SIGV4]].concat();
    let cases: [Refused<'_>; 6] = [
        (&[], keys, "expected SERVICE REGION-SET METHOD URL"),
        (&["s3", "*", "GET", MRAP], &[], "AWS_ACCESS_KEY_ID"),
        (&["s3", "*", "GET", "https://bucket.s3.us-east-1.amazonaws.com/"], &with_sigv4, "one region"),
        (&["s3", "us-east-1", "GET", MRAP], &with_sigv4, "accepts sigv4a only"),
        (&["s3", "us-east-1,", "GET", MRAP], keys, "separated by commas"),
        // It would have to be sent in another spelling, and a list of headers cannot say so.
        (&["s3", "*", "GET", "https://mfzwi23gnjvgw.mrap.accesspoint.s3-global.amazonaws.com/a key"], keys, "a key"),
    ];
    for (arguments, variables, expected) in cases {
        let output = example("get_headers", variables).args(arguments).output().unwrap();
        let message = String::from_utf8(output.stderr).unwrap();
        assert!(!output.status.success() && message.contains(expected), "{arguments:?}: {message}");
        assert!(output.stdout.is_empty() && !message.contains(endpoint::SECRET));
    }
}
