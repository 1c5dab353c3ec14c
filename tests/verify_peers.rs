//! What AWS's own crate signs is accepted: `aws-sigv4` 1.6.4, both algorithms, both kinds of service, with headers and
//! presigned.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may panic"
)]

mod support;

use std::time::{Duration, SystemTime};

use aws_credential_types::Credentials;
use aws_sigv4::{
    http_request::{
        PayloadChecksumKind, PercentEncodingMode, SignableBody, SignableRequest, SignatureLocation, SigningParams,
        SigningSettings, UriPathNormalizationMode, sign,
    },
    sign::{v4, v4a},
};
use aws_smithy_runtime_api::client::identity::Identity;
use sigv4a::{Algorithm, ReceivedRequest, VerificationKey, VerifyErrorKind as Kind};
use support::fixture::{ID, SECRET, TOKEN, credentials, now, server, with_token};

#[test]
fn aws_sigv4() {
    let mut accepted = 0;
    for name in ["s3", "execute-api"] {
        for algorithm in [Algorithm::SigV4, Algorithm::SigV4a] {
            for location in [SignatureLocation::Headers, SignatureLocation::QueryParams] {
                for token in [None, Some(TOKEN)] {
                    for (method, target, headers, body) in REQUESTS {
                        let case = format!("{name} {algorithm:?} {location:?} {method} {target} {token:?}");
                        let mut request =
                            http::Request::builder().method(method).uri(format!("https://h.example{target}"));
                        for (name, value) in headers {
                            request = request.header(*name, *value);
                        }
                        let mut request = request.body(body).unwrap();
                        peer_signs(&mut request, name, algorithm, location, token);
                        let host = http::HeaderValue::from_static("h.example");
                        request.headers_mut().insert("host", host);
                        let credentials = if token.is_some() { with_token() } else { credentials() };
                        let server = server(name).with_keys(vec![VerificationKey::from_credentials(&credentials)]);
                        let received = ReceivedRequest::from_request(&request).unwrap();
                        let verified =
                            server.judge_request(&received).unwrap_or_else(|error| panic!("{case}: {error}"));
                        assert_eq!(verified.algorithm(), algorithm, "{case}");
                        *request.method_mut() = http::Method::TRACE;
                        let received = ReceivedRequest::from_request(&request).unwrap();
                        assert_eq!(
                            server.judge_request(&received).unwrap_err().kind(),
                            Kind::SignatureMismatch,
                            "{case}"
                        );
                        accepted += 1;
                    }
                }
            }
        }
    }
    println!("{accepted} of {} accepted", 16 * REQUESTS.len());
    assert_eq!(accepted, 16 * REQUESTS.len());
}

type Given = (&'static str, &'static str, &'static [(&'static str, &'static str)], &'static str);

const REQUESTS: [Given; 9] = [
    ("GET", "/", &[], ""),
    ("GET", "/a%20key/%C3%A9", &[], ""),
    ("GET", "/a//b/./c", &[], ""),
    ("GET", "/a%2Fb", &[], ""),
    ("GET", "/~user/a=b;c", &[], ""),
    ("GET", "/?list-type=2&prefix=a%2Fb&x&y=", &[], ""),
    ("GET", "/?b=2&a=1&a=0&A=%7E", &[("range", "bytes=0-9"), ("x-amz-meta-note", "  two   words  ")], ""),
    ("POST", "/orders", &[("content-type", "application/json")], "{\"id\": 1}"),
    ("PUT", "/key", &[("x-amz-meta-a", "1"), ("x-amz-meta-a", "0"), ("content-type", "text/plain")], "hello"),
];

fn peer_signs(
    request: &mut http::Request<&str>,
    name: &str,
    algorithm: Algorithm,
    location: SignatureLocation,
    token: Option<&str>,
) {
    let mut settings = SigningSettings::default();
    settings.signature_location = location;
    let is_presigned = location == SignatureLocation::QueryParams;
    settings.expires_in = is_presigned.then(|| Duration::from_secs(60));
    if name == "s3" {
        settings.percent_encoding_mode = PercentEncodingMode::Single;
        settings.uri_path_normalization_mode = UriPathNormalizationMode::Disabled;
        if !is_presigned {
            settings.payload_checksum_kind = PayloadChecksumKind::XAmzSha256;
        }
    }
    let identity: Identity = Credentials::new(ID, SECRET, token.map(str::to_owned), None, "test").into();
    let time = SystemTime::UNIX_EPOCH + Duration::from_secs(now().as_unix().try_into().unwrap());
    let params: SigningParams<'_> = match algorithm {
        Algorithm::SigV4 => {
            let params = v4::SigningParams::builder().identity(&identity).region("us-east-1").name(name);
            params.time(time).settings(settings).build().unwrap().into()
        }
        _ => {
            let params = v4a::SigningParams::builder().identity(&identity).region_set("us-*,eu-west-1").name(name);
            params.time(time).settings(settings).build().unwrap().into()
        }
    };
    let headers: Vec<(String, String)> =
        request.headers().iter().map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned())).collect();
    let body = match is_presigned && name == "s3" {
        true => SignableBody::UnsignedPayload,
        false => SignableBody::Bytes(request.body().as_bytes()),
    };
    let headers = headers.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    let signable = SignableRequest::new(request.method().as_str(), request.uri().to_string(), headers, body).unwrap();
    let (instructions, _) = sign(signable, &params).unwrap().into_parts();
    instructions.apply_to_request_http1x(request);
}
