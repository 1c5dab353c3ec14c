//! Every kind of error is produced here, with a message that says what was expected, found and where. A kind without a
//! case fails.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may panic"
)]

use std::{collections::BTreeSet, time::Duration};

use sigv4a::{
    AccessKeyId, Algorithm, AlgorithmChoice, Checksum, ChunkedUpload, CredentialScope, Credentials, Endpoint,
    ExpiresIn, MultiRegionAccessPoint, ParseErrorKind, PayloadHash, PostPolicy, Provider, Region, RegionSet,
    SecretAccessKey, Service, SessionToken, SigV4, SigV4a, SignError, SignErrorKind, Signature, Signer, SignerConfig,
    SignerExt, SigningOptions, SigningRequest, StringToSign, Timestamp, UriPolicy, VerifyingKey,
    client::RequestSigner,
    config::{Environment, ProfileName, SharedFiles},
    credentials::CredentialsError,
    presets,
};

const URL: &str = "https://api.example.com/";

fn now() -> Timestamp {
    Timestamp::parse_amz_date("20150830T123600Z").unwrap()
}

fn credentials() -> Credentials {
    Credentials::new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY").unwrap()
}

fn v4(service: &str) -> SigV4 {
    SigV4::new(credentials(), Region::new("us-east-1").unwrap(), Service::new(service).unwrap())
}

fn v4a(service: &str) -> SigV4a {
    SigV4a::new(credentials(), RegionSet::all(), Service::new(service).unwrap())
}

/// The error of signing a request with both algorithms, which must be the same.
fn sign_error(
    build: impl Fn() -> Result<SigningRequest<'static>, SignError>,
    change: impl Fn(SigningOptions) -> SigningOptions,
) -> SignError {
    let options = change(SigningOptions::for_service(&Service::S3));
    let error = |signer: &dyn Signer| build().and_then(|request| signer.sign(&request, now())).unwrap_err();
    let one = error(&v4("s3").with_options(options.clone()));
    let two = error(&v4a("s3").with_options(options));
    assert_eq!(one.to_string(), two.to_string());
    one
}

#[test]
fn every_parse_error() {
    let text = |error: sigv4a::ParseError| (error.kind(), error.to_string());
    let of_sign = |error: SignError| (error.code(), error.to_string());
    let cases = [
        (
            text(AccessKeyId::new("AKID/x").unwrap_err()),
            "access key ID: expected visible ASCII characters without `/` and `,` at byte 4",
        ),
        (text(SecretAccessKey::new("secret\n").unwrap_err()), "without white space at its ends"),
        (text(SessionToken::new("a b").unwrap_err()), "at byte 1"),
        (text(Region::new("us east").unwrap_err()), "found `us east` at byte 2"),
        (text(RegionSet::new("us-east-1,").unwrap_err()), "found `us-east-1,` at byte 10"),
        (text(Service::new("execute api").unwrap_err()), "found `execute api` at byte 7"),
        (text(CredentialScope::parse("20150830/s3").unwrap_err()), "`YYYYMMDD/REGION/SERVICE/aws4_request`"),
        (text(Timestamp::parse_amz_date("2015").unwrap_err()), "such as `20150830T123600Z`, found `2015`"),
        (text("v5".parse::<AlgorithmChoice>().unwrap_err()), "expected `auto`, `sigv4` or `sigv4a`, found `v5`"),
        (text(PayloadHash::parse("E3B0", Algorithm::SigV4).unwrap_err()), "64 lower-case hex digits"),
        (text(Signature::parse("AB").unwrap_err()), "lower-case hex"),
        (text("md5".parse::<Checksum>().unwrap_err()), "`crc64nvme`, `sha1` or `sha256`, found `md5`"),
        (
            text(ChunkedUpload::new(1).with_chunk_size(100).unwrap_err()),
            "expected 8192 to 1073741824 bytes, found `100`",
        ),
        (text(VerifyingKey::from_sec1(&[4; 65], Provider::default()).unwrap_err()), "an uncompressed point of P-256"),
        (text(Endpoint::from_host("").unwrap_err()), "host: expected"),
        (text(Endpoint::from_host("api.example.com").unwrap_err()), "api.example.com"),
        (text(Endpoint::from_host("bucket.s3-website-us-east-1.amazonaws.com").unwrap_err()), "s3-website"),
        (text(MultiRegionAccessPoint::parse_arn("arn:aws:s3:::bucket").unwrap_err()), "arn:aws:s3:::bucket"),
        (
            text(ExpiresIn::try_from(Duration::from_secs(604_801)).unwrap_err()),
            "1 to 604800 seconds (seven days), found `604801 seconds`",
        ),
        (
            text(presets::rds::Database::new("db.example.com", 5432, "").unwrap_err()),
            "database user: expected a user name without control characters, found ``",
        ),
        (text(presets::eks::Cluster::new("a.b").unwrap_err()), "the first a letter or a digit, found `a.b`"),
        (text(PostPolicy::parse("{}").unwrap_err()), "missing field `expiration`"),
        (text(Environment::from_variables([("AWS_REGION", "*")]).config().unwrap_err()), "`AWS_REGION`"),
    ];
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    for ((kind, message), expected) in cases {
        assert!(message.contains(expected), "{kind}: {message}");
        assert!(!message.ends_with('.') && message.contains("expected"), "{message}");
        seen.insert(kind.as_str());
    }
    let same = |options: SigningOptions| options;
    let get = |url: &'static str| move || SigningRequest::new("GET", url);
    let cases = [
        (of_sign(sign_error(|| SigningRequest::new("GE T", URL), same)), "such as `GET`, found `GE T`"),
        (of_sign(sign_error(get("ftp://h/"), same)), "found `ftp`"),
        (of_sign(sign_error(get("https://h/%4"), same)), "`%` followed by two hex digits, found `/%4` at byte 1"),
        (of_sign(sign_error(get("https://h/?a=%4"), same)), "query: expected `%` followed by two hex digits at byte 2"),
        (of_sign(sign_error(|| get(URL)()?.with_header("a b", "c"), same)), "found `a b`"),
        (of_sign(sign_error(|| get(URL)()?.with_header("x-note", "a\nb"), same)), "in `x-note` at byte 1"),
    ];
    for ((code, message), expected) in cases {
        assert!(message.contains(expected), "{code}: {message}");
        seen.insert(code);
    }
    let all: BTreeSet<&str> = ParseErrorKind::ALL.iter().map(|kind| kind.as_str()).collect();
    assert_eq!(seen, all);
}

/// A body that is not in memory, where nobody reads it.
fn streamed() -> SignError {
    let body = reqwest::Body::wrap_stream(futures_util::stream::iter([Ok::<_, std::io::Error>("x")]));
    let mut request = reqwest::Client::new().put(URL).body(body).build().unwrap();
    sigv4a::reqwest::sign_request(&v4a("execute-api"), &mut request, now()).unwrap_err()
}

/// A client that signs for another host only.
fn elsewhere() -> SignError {
    let signer = RequestSigner::new(SignerConfig::default(), credentials()).with_hosts(["other.example.com"]).unwrap();
    let mut request = http::Request::get(URL).body("").unwrap();
    pollster::block_on(signer.sign_request(&mut request)).unwrap_err()
}

#[test]
fn every_sign_error() {
    let same = |options: SigningOptions| options;
    let ambient = SignerConfig::default();
    let config = SignerConfig::default();
    let expired = credentials().with_expiry(now());
    let request = || SigningRequest::new("GET", URL).unwrap();
    let relative = http::Request::get("/path").body("").unwrap();
    let relative = SigningRequest::from_request(&relative).unwrap();
    let empty = SharedFiles::parse(&ProfileName::Default, "", "").unwrap();
    let nobody = sigv4a::config::Ambient::new(&ProfileName::Default, &Environment::default(), &empty).unwrap();
    let two_hosts =
        || SigningRequest::new("GET", URL)?.with_header("host", "a.example")?.with_header("Host", "b.example");
    let accelerate = "https://bucket.s3-accelerate.amazonaws.com/";
    let mrap = SigningRequest::new("GET", "https://x.mrap.accesspoint.s3-global.amazonaws.com/").unwrap();
    let cases = [
        (sign_error(|| SigningRequest::new("GET", "nonsense"), same), "found `nonsense`"),
        (v4("s3").sign(&relative, now()).unwrap_err(), "expected a `Host` header or a URI with a host, found neither"),
        (sign_error(two_hosts, same), "expected one `Host`, found `a.example` and `b.example`"),
        (
            sign_error(
                || SigningRequest::new("GET", "https://h/a b"),
                |options| options.with_uri_policy(UriPolicy::Reject),
            ),
            "expected the path `/a%20b`, found `/a b`",
        ),
        (v4("s3").sign(&mrap, now()).unwrap_err(), "accepts sigv4a only, found sigv4"),
        (unsupported(), "event streams have no SigV4a form"),
        (
            SigV4a::new(expired, RegionSet::all(), Service::S3).sign(&request(), now()).unwrap_err(),
            "they ended at 20150830T123600Z, the request is of 20150830T123600Z",
        ),
        (nobody.credentials().unwrap_err(), "`AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY`"),
        (config.resolve(URL, &ambient).unwrap_err(), "give the service, for example `execute-api`"),
        (config.resolve(accelerate, &ambient).unwrap_err(), "give the region, for example `us-east-1`"),
        (Broken.sign(&request(), now()).unwrap_err(), "the signer failed"),
        (too_long(), "expected a body of 3 bytes, found more"),
        (
            CredentialsError::failed("the vault is sealed").into(),
            "credentials provider: the provider of the credentials failed",
        ),
        (streamed(), "expected a body in memory, found a stream"),
        (elsewhere(), "expected a host that this client may sign for, found `api.example.com`"),
    ];
    // No credentials are known whose derivation fails: `src/crypto/ecdsa_signing_key.rs` produces that kind.
    let mut seen = BTreeSet::from([SignErrorKind::Key.as_str()]);
    for (error, expected) in cases {
        assert!(error.to_string().contains(expected), "{}: {error}", error.kind());
        seen.insert(error.kind().as_str());
    }
    let all: BTreeSet<&str> = SignErrorKind::ALL.iter().map(|kind| kind.as_str()).collect();
    assert_eq!(seen, all);
    let source = Broken.sign(&request(), now()).unwrap_err();
    assert_eq!(std::error::Error::source(&source).unwrap().to_string(), "the HSM is on fire");
}

/// An event stream, of which AWS defines no SigV4a form.
fn unsupported() -> SignError {
    let request = SigningRequest::new("POST", URL).unwrap().with_payload(PayloadHash::StreamingEvents);
    assert!(v4("transcribe").sign(&request, now()).is_ok());
    v4a("transcribe").sign(&request, now()).unwrap_err()
}

fn too_long() -> SignError {
    let (mut parts, ()) = http::Request::put(URL).body(()).unwrap().into_parts();
    ChunkedUpload::new(3).sign(v4a("s3"), &mut parts, now()).unwrap().push(b"four", &mut Vec::new()).unwrap_err()
}

/// What a JSON line asks of a framed body that cannot be.
#[test]
fn a_streaming_payload_in_json_is_refused_where_it_makes_no_sense() {
    let empty = SharedFiles::parse(&ProfileName::Default, "", "").unwrap();
    let nobody = sigv4a::config::Ambient::new(&ProfileName::Default, &Environment::default(), &empty).unwrap();
    for (algorithm, sentinel) in
        [("sigv4", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"), ("sigv4a", "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD")]
    {
        for (more, kind, words) in [
            (String::new(), "", ""),
            (r#","presign":{"expires":60}"#.to_owned(), "unsupported", "expected no `presign`"),
            (r#","trailers":[["x-amz-checksum-sha1",null]]"#.to_owned(), "invalid_payload", "ends with `-TRAILER`"),
            (r#","chunk_size":8191"#.to_owned(), "invalid_chunk_size", "found `8191`"),
            (
                r#","trailers":[["x-amz-checksum-md5",null]]"#.to_owned(),
                "invalid_header_name",
                "found `x-amz-checksum-md5`",
            ),
        ] {
            let line = format!(
                r#"{{"method":"PUT","url":"https://b.s3.us-east-1.amazonaws.com/k","access_key_id":"AKID","secret_access_key":"s","payload":"{sentinel}","algorithm":"{algorithm}","time":"20150830T123600Z"{more}}}"#
            );
            let answer = serde_json::to_value(sigv4a::json::sign_line(&line, &nobody, || Ok(now()))).unwrap();
            assert_eq!(answer["error"]["kind"].as_str().unwrap_or_default(), kind, "{answer}");
            assert!(answer["error"]["message"].as_str().unwrap_or_default().contains(words), "{answer}");
            assert_eq!(answer["body_base64"].is_string(), kind.is_empty());
        }
    }
    let line = r#"{"method":"PUT","url":"https://b.s3.us-east-1.amazonaws.com/k","access_key_id":"A","secret_access_key":"s","chunk_size":8192}"#;
    let answer = serde_json::to_value(sigv4a::json::sign_line(line, &nobody, || Ok(now()))).unwrap();
    assert!(
        answer["error"]["message"].as_str().unwrap().contains("a streaming sentinel beside `chunk_size`"),
        "{answer}"
    );
}

/// A signer of someone else's, whose key is out of reach.
#[derive(Debug)]
struct Broken;

impl Signer for Broken {
    fn algorithm(&self) -> Algorithm {
        Algorithm::SigV4a
    }
    fn access_key_id(&self) -> &AccessKeyId {
        static ID: std::sync::OnceLock<AccessKeyId> = std::sync::OnceLock::new();
        ID.get_or_init(|| AccessKeyId::new("AKIDHSM").unwrap())
    }
    fn session_token(&self) -> Option<&SessionToken> {
        None
    }
    fn scope(&self, at: Timestamp) -> CredentialScope {
        CredentialScope::sigv4a(at, &Service::S3)
    }
    fn region_set(&self) -> Option<&RegionSet> {
        None
    }
    fn sign_string(&self, _: &StringToSign) -> Result<Signature, SignError> {
        Err(SignError::from_signer("the HSM is on fire"))
    }
}
