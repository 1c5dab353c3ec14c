//! `examples/step_by_step.rs` and the function that people copy from blog posts: stage by stage the same texts, and the same
//! `Authorization`. The function is `tests/oracle/blog_function.py`; it has no SigV4a, whose signature is verified here.

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

use std::path::Path;

use endpoint::credentials;
use example::{example, text};
use serde_json::Value;
use sigv4a::{
    Credentials, ReceivedRequest, Region, Service, SigV4, SignerExt as _, SigningRequest, StaticKeys, Timestamp,
    VerificationKey, Verifier,
};

fn recorded() -> Vec<Value> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/blog_function.jsonl");
    let text = std::fs::read_to_string(path).unwrap();
    let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 4);
    lines
}

fn field<'a>(line: &'a Value, name: &str) -> &'a str {
    line[name].as_str().unwrap_or_else(|| panic!("{name} in {line}"))
}

/// The text below each numbered title, for SigV4 and for SigV4a.
fn stages() -> [Vec<String>; 2] {
    let output = text(example("step_by_step", &[]).output().unwrap());
    let (v4, v4a) = output.split_once("=== AWS4-ECDSA-P256-SHA256\n").unwrap();
    [v4.strip_prefix("=== AWS4-HMAC-SHA256\n").unwrap(), v4a].map(|part| {
        let stages: Vec<String> = (1..=5)
            .map(|number| {
                let (_, rest) = part.split_once(&format!("\n{number}. ")).unwrap();
                let end = rest.find(&format!("\n\n{}. ", number + 1)).unwrap_or_else(|| rest.trim_end().len());
                rest[..end].split_once('\n').unwrap().1.to_owned()
            })
            .collect();
        stages
    })
}

#[test]
fn the_example_shows_what_the_function_computes() {
    let [stages, _] = stages();
    let function = &recorded()[0];
    assert_eq!(function["id"], "step_by_step");
    assert_eq!(stages[0], field(function, "canonical_request"));
    assert_eq!(stages[1], field(function, "string_to_sign"));
    assert_eq!(stages[2], field(function, "signing_key"));
    let authorization = field(function, "authorization");
    assert!(authorization.ends_with(&format!("Signature={}", stages[3])));
    assert_eq!(stages[4], format!("x-amz-date: 20150830T123600Z\nauthorization: {authorization}"));
}

#[test]
fn the_library_signs_as_the_function_does() {
    for line in recorded() {
        let mut credentials = credentials();
        let url = format!("https://{}{}?{}", field(&line, "host"), field(&line, "uri"), field(&line, "query"));
        let mut request =
            SigningRequest::new(field(&line, "method"), &url).unwrap().with_body(field(&line, "body").as_bytes());
        for (name, value) in line["headers"].as_object().unwrap() {
            match name.as_str() {
                // To us it belongs to the credentials.
                "x-amz-security-token" => {
                    credentials = Credentials::with_session_token(credentials, value.as_str().unwrap()).unwrap();
                }
                name => request = request.with_header(name, value.as_str().unwrap()).unwrap(),
            }
        }
        let (region, service) =
            (Region::new(field(&line, "region")).unwrap(), Service::new(field(&line, "service")).unwrap());
        let signer = SigV4::new(credentials, region, service);
        let at = Timestamp::parse_amz_date(field(&line, "time")).unwrap();
        let signed = signer.sign(&request, at).unwrap();
        assert_eq!(signed.trace().canonical_request().as_str(), field(&line, "canonical_request"));
        assert_eq!(signed.trace().string_to_sign().as_str(), field(&line, "string_to_sign"));
        assert_eq!(base16ct::lower::encode_string(&*signer.signing_key(at)), field(&line, "signing_key"));
        let (_, authorization) = signed.added_headers().iter().find(|(name, _)| name == "authorization").unwrap();
        assert_eq!(authorization.to_str().unwrap(), field(&line, "authorization"));
    }
}

#[test]
fn what_the_example_shows_for_sigv4a_is_verified() {
    let [_, stages] = stages();
    let key = VerificationKey::from_credentials(&credentials());
    assert_eq!(stages[2], base16ct::lower::encode_string(&key.verifying_key().unwrap().to_sec1()));
    let mut request = ReceivedRequest::new("GET", "/?Action=ListUsers&Version=2010-05-08")
        .unwrap()
        .with_body(b"")
        .with_header("host", "iam.amazonaws.com")
        .unwrap()
        .with_header("content-type", "application/x-www-form-urlencoded; charset=utf-8")
        .unwrap();
    for line in stages[4].lines() {
        let (name, value) = line.split_once(": ").unwrap();
        request = request.with_header(name, value).unwrap();
    }
    let keys = StaticKeys::new().with(key);
    let verifier = Verifier::new(Service::new("iam").unwrap(), Region::new("eu-west-1").unwrap());
    let now = Timestamp::parse_amz_date("20150830T123600Z").unwrap();
    let verified = verifier.verify_request(&request, |asked| keys.get(asked.access_key_id()), now).unwrap();
    assert!(stages[1].starts_with(verified.algorithm().as_str()) && stages[4].ends_with(&stages[3]));
}
