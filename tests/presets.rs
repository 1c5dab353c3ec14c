//! Presets: every token and URL is the one that boto3, the AWS CLI or the AWS CRT makes, our own verifier takes it until it
//! expires and no longer, and what names no target is refused.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may panic"
)]

mod support;

use std::{collections::BTreeMap, fmt::Debug};

use data_encoding::BASE64URL_NOPAD;
use proptest::prelude::*;
use serde::Deserialize;
use sigv4a::{
    Credentials, ExpiresIn, PresignedRequest, Region, RegionSet, Service, SignError, SignErrorKind, Timestamp,
    VerificationKey, Verifier, VerifyErrorKind,
    presets::{Token, dsql, eks, iot, rds, sts},
};
use support::{
    recorded::{Answer, lines},
    sent::{Sent, Server},
    signature::decode,
};

/// A line of `vectors/presets.jsonl`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Vector {
    id: String,
    oracle: String,
    preset: String,
    request: Request,
    answer: Recorded,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Request {
    access_key_id: String,
    secret_access_key: String,
    session_token: Option<String>,
    region: String,
    time: String,
    host: Option<String>,
    port: Option<u16>,
    user: Option<String>,
    role: Option<String>,
    cluster: Option<String>,
    #[serde(default)]
    headers: Vec<(String, String)>,
    region_set: Option<String>,
    expires_in: Option<u64>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Recorded {
    Token { token: String, expires_at: String },
    Request(Box<Answer>),
}

/// What a preset made.
enum Made {
    Token(Token),
    Url(PresignedRequest),
    Post(http::Request<&'static str>),
}

impl Request {
    fn at(&self) -> Timestamp {
        at(&self.time)
    }

    fn credentials(&self) -> Credentials {
        let credentials = Credentials::new(&self.access_key_id, &self.secret_access_key).unwrap();
        match &self.session_token {
            Some(token) => credentials.with_session_token(token).unwrap(),
            None => credentials,
        }
    }

    fn expires_in(&self) -> Option<ExpiresIn> {
        self.expires_in.map(|seconds| ExpiresIn::from_secs(seconds).unwrap())
    }

    fn caller_identity(&self) -> sts::CallerIdentity {
        let bind = |identity: sts::CallerIdentity, (name, value): &(String, String)| {
            identity.with_header(name, value).unwrap()
        };
        let identity = self.headers.iter().fold(sts::CallerIdentity::new(), bind);
        match &self.region_set {
            Some(set) => identity.with_region_set(RegionSet::new(set).unwrap()),
            None => identity,
        }
    }

    fn make(&self, preset: &str, credentials: &Credentials) -> Result<Made, SignError> {
        let (region, at) = (&region(&self.region), self.at());
        let host = || self.host.as_deref().unwrap();
        match preset {
            "rds" => {
                let user = self.user.as_deref().unwrap();
                rds::Database::new(host(), self.port.unwrap(), user)?
                    .auth_token(credentials, region, at)
                    .map(Made::Token)
            }
            "dsql" => {
                let mut cluster = dsql::Cluster::new(host())?;
                if let Some(expires_in) = self.expires_in() {
                    cluster = cluster.with_expires_in(expires_in);
                }
                let token = match self.role.as_deref().unwrap() {
                    "admin" => cluster.connect_admin_token(credentials, region, at),
                    "custom" => cluster.connect_token(credentials, region, at),
                    other => panic!("the role {other}?"),
                };
                token.map(Made::Token)
            }
            "eks" => {
                let cluster = eks::Cluster::new(self.cluster.as_deref().unwrap())?;
                cluster.bearer_token(credentials, region, at).map(Made::Token)
            }
            "iot" => {
                let mut endpoint = iot::DataEndpoint::new(host())?;
                if let Some(expires_in) = self.expires_in() {
                    endpoint = endpoint.with_expires_in(expires_in);
                }
                endpoint.websocket_url(credentials, region, at).map(Made::Url)
            }
            "sts-url" => self.caller_identity().presigned_url(credentials, region, at).map(Made::Url),
            "sts-post" => self.caller_identity().signed_post(credentials, region, at).map(Made::Post),
            other => panic!("the preset {other}?"),
        }
    }
}

impl Made {
    /// What the service sees of it.
    fn sent(&self) -> Sent {
        let sent = |url: &str, headers: &[(String, Vec<u8>)]| {
            let host = host_of(url).as_bytes().to_vec();
            let headers = [("host".to_owned(), host)].into_iter().chain(headers.iter().cloned()).collect();
            Sent::from_wire("GET", url, headers, &[])
        };
        match self {
            // The server of the cluster sends what it finds in the token, and the name of the cluster.
            Self::Token(token) if token.as_str().starts_with("k8s-aws-v1.") => sent(&url_in(token.as_str()), &[]),
            Self::Token(token) => sent(&format!("https://{}", token.as_str()), &[]),
            Self::Url(url) => {
                let of = |(name, value): &(http::HeaderName, http::HeaderValue)| {
                    (name.to_string(), value.as_bytes().to_vec())
                };
                sent(&url.url(), &url.headers_to_send().iter().map(of).collect::<Vec<_>>())
            }
            Self::Post(post) => {
                let of = |(name, value): (&http::HeaderName, &http::HeaderValue)| {
                    (name.to_string(), value.as_bytes().to_vec())
                };
                let url = post.uri().to_string();
                let host = ("host".to_owned(), host_of(&url).as_bytes().to_vec());
                let headers = post.headers().iter().map(of).chain([host]).collect();
                Sent::from_wire(post.method().as_str(), &url, headers, post.body().as_bytes())
            }
        }
    }

    fn expires_at(&self) -> Option<Timestamp> {
        match self {
            Self::Token(token) => Some(token.expires_at()),
            Self::Url(url) => Some(url.expires_at()),
            Self::Post(_) => None,
        }
    }

    fn debug(&self) -> String {
        let shown: &dyn Debug = match self {
            Self::Token(token) => token,
            Self::Url(url) => url,
            Self::Post(post) => post,
        };
        format!("{shown:?}")
    }
}

#[test]
fn every_preset_is_what_awss_own_tools_make() {
    let mut seen: BTreeMap<(String, &str), usize> = BTreeMap::new();
    for vector in lines::<Vector>("presets.jsonl") {
        let made = vector.request.make(&vector.preset, &vector.request.credentials());
        let made = made.unwrap_or_else(|error| panic!("{}: {error}", vector.id));
        let how = compare(&vector, &made);
        let debug = made.debug();
        for secret in ["X-Amz-Signature=", "Signature=", "k8s-aws-v1.", &vector.request.secret_access_key] {
            assert!(!debug.contains(secret), "{}: {debug}", vector.id);
        }
        assert!(vector.request.session_token.is_none_or(|token| !debug.contains(&token)), "{}: {debug}", vector.id);
        assert!(!vector.oracle.is_empty(), "{}: who says so?", vector.id);
        *seen.entry((vector.preset, how)).or_default() += 1;
    }
    println!("{seen:?}");
    let counted: Vec<(&str, &str, usize)> =
        seen.iter().map(|((preset, how), count)| (preset.as_str(), *how, *count)).collect();
    assert_eq!(
        counted,
        [
            ("dsql", "parameters", 10),
            ("dsql", "text", 10),
            ("eks", "parameters", 11),
            ("eks", "text", 11),
            ("iot", "text", 20),
            ("rds", "parameters", 13),
            ("rds", "text", 13),
            ("sts-post", "text", 20),
            ("sts-url", "parameters", 14),
            ("sts-url", "text", 20),
        ]
    );
}

/// Compares the whole text; of temporary credentials only where the oracle has our order of the parameters: botocore puts
/// the session token behind the signed headers.
fn compare(vector: &Vector, made: &Made) -> &'static str {
    let id = &vector.id;
    match (&vector.answer, made) {
        (Recorded::Token { token, expires_at }, made) => {
            assert_eq!(made.expires_at(), Some(at(expires_at)), "{id}");
            let found = match made {
                Made::Token(token) => token.as_str().to_owned(),
                Made::Url(url) => url.url(),
                Made::Post(_) => panic!("{id}: a POST is no token"),
            };
            if vector.request.session_token.is_none() {
                assert_eq!(&found, token, "{id}");
                return "text";
            }
            let (found, token) = match vector.preset.as_str() {
                "eks" => (url_in(&found), url_in(token)),
                _ => (found, token.clone()),
            };
            assert_eq!(parameters(&found), parameters(&token), "{id}");
            return "parameters";
        }
        (Recorded::Request(answer), Made::Url(url)) => {
            let signature = url.trace().signature().to_hex();
            assert_eq!(url.url(), with_signature(&answer.url, answer, &signature), "{id}");
            assert_eq!(url.trace().canonical_request().as_str(), answer.canonical_request, "{id}");
            assert_eq!(url.trace().string_to_sign().as_str(), answer.string_to_sign, "{id}");
        }
        (Recorded::Request(answer), Made::Post(post)) => {
            assert_eq!((post.method().as_str(), post.uri().to_string()), (&*answer.method, answer.url.clone()), "{id}");
            let authorization = post.headers()["authorization"].to_str().unwrap();
            let (_, signature) = authorization.split_once("Signature=").unwrap();
            let host = ("host".to_owned(), post.uri().host().unwrap().to_owned());
            let of = |(name, value): (&http::HeaderName, &http::HeaderValue)| {
                (name.to_string(), value.to_str().unwrap().to_owned())
            };
            let mut found: Vec<_> = post.headers().iter().map(of).chain([host]).collect();
            let of = |(name, value): &(String, String)| {
                (name.to_ascii_lowercase(), with_signature(value, answer, signature))
            };
            let mut expected: Vec<_> = answer.headers.iter().map(of).collect();
            found.sort();
            expected.sort();
            assert_eq!(found, expected, "{id}");
        }
        (Recorded::Request(_), Made::Token(_)) => panic!("{id}: a token is no request"),
    }
    "text"
}

/// A recorded text with our signature in place of the oracle's, if it is random. That both are right the verifier says.
fn with_signature(text: &str, answer: &Answer, signature: &str) -> String {
    match answer.algorithm.as_str() {
        "sigv4a" => text.replace(&answer.signature, signature),
        _ => text.to_owned(),
    }
}

/// What stands before the query, and the sorted parameters.
fn parameters(url: &str) -> (&str, Vec<&str>) {
    let (before, query) = url.split_once('?').unwrap();
    let mut pairs: Vec<&str> = query.split('&').collect();
    pairs.sort_unstable();
    (before, pairs)
}

/// The URL inside a bearer token.
fn url_in(token: &str) -> String {
    let text = token.strip_prefix("k8s-aws-v1.").unwrap();
    String::from_utf8(BASE64URL_NOPAD.decode(text.as_bytes()).unwrap()).unwrap()
}

fn host_of(url: &str) -> &str {
    let rest = url.split_once("://").unwrap().1;
    let authority = &rest[..rest.find(['/', '?']).unwrap()];
    authority.strip_suffix(":443").unwrap_or(authority)
}

/// Ours and, where it is another text, the oracle's.
#[test]
fn the_verifier_takes_every_preset_until_it_expires_and_no_longer() {
    let mut checked = 0;
    for vector in lines::<Vector>("presets.jsonl") {
        let (id, request) = (&vector.id, &vector.request);
        let made = request.make(&vector.preset, &request.credentials()).unwrap();
        let mut sent = made.sent();
        if let Some(cluster) = &request.cluster {
            sent = sent.with_header("x-k8s-aws-id", cluster);
        }
        let server = server(&vector);
        let verified = server.judge(&sent).unwrap_or_else(|error| panic!("{id}: {error}"));
        assert_eq!(verified.session_token().is_some(), request.session_token.is_some(), "{id}");
        if let Recorded::Request(answer) = &vector.answer {
            let headers = answer.headers.iter().map(|(name, value)| (name.clone(), value.clone().into_bytes()));
            let theirs = Sent::from_wire(&answer.method, &answer.url, headers.collect(), b"");
            let theirs = Sent { body: sent.body.clone(), ..theirs };
            server.judge(&theirs).unwrap_or_else(|error| panic!("{id}: the oracle's: {error}"));
        }
        for name in
            request.headers.iter().map(|(name, _)| &**name).chain(request.cluster.as_ref().map(|_| "x-k8s-aws-id"))
        {
            assert!(server.judge(&sent.with_header_instead(name, "other")).is_err(), "{id}: {name} is not bound");
            assert!(server.judge(&sent.without_header(name)).is_err(), "{id}: {name} is not bound");
        }
        // That STS takes the URL in a token of EKS for longer than its parameter says, no verifier can know.
        if let Some(expires_at) = made.expires_at().filter(|_| vector.preset != "eks") {
            let seconds = expires_at.as_unix() - request.at().as_unix();
            assert!(server.at(request.at(), seconds - 1).judge(&sent).is_ok(), "{id}");
            let error = server.at(request.at(), seconds + 1).judge(&sent).unwrap_err();
            assert_eq!(error.kind(), VerifyErrorKind::PresignExpired, "{id}");
        }
        checked += 1;
    }
    assert_eq!(checked, 142);
}

fn server(vector: &Vector) -> Server {
    let service = match vector.preset.as_str() {
        "rds" => "rds-db",
        "dsql" => "dsql",
        "iot" => "iotdevicegateway",
        _ => "sts",
    };
    let verifier = Verifier::new(Service::new(service).unwrap(), region(&vector.request.region));
    let keys = vec![VerificationKey::from_credentials(&vector.request.credentials())];
    Server { verifier, keys, now: vector.request.at() }
}

#[test]
fn credentials_that_end_earlier_end_the_token() {
    for vector in lines::<Vector>("presets.jsonl") {
        let (id, at) = (&vector.id, vector.request.at());
        let ending = |seconds| vector.request.credentials().with_expiry(at.saturating_add(seconds));
        let made = vector.request.make(&vector.preset, &ending(1)).unwrap();
        assert!(made.expires_at().is_none_or(|end| end == at.saturating_add(1)), "{id}");
        let late = vector.request.make(&vector.preset, &ending(u32::MAX)).unwrap().expires_at();
        assert_eq!(late, vector.request.make(&vector.preset, &vector.request.credentials()).unwrap().expires_at());
        let Err(error) = vector.request.make(&vector.preset, &ending(0)) else { panic!("{id}: signed") };
        assert_eq!(error.kind(), SignErrorKind::CredentialsExpired, "{id}");
    }
}

#[test]
fn what_names_no_target_is_refused() {
    const DATABASE: &str = "db.abc123.us-east-1.rds.amazonaws.com";
    let host = |text: &str| rds::Database::new(text, 3306, "app").unwrap_err().to_string();
    for text in
        ["", "https://db.example.com", "db.example.com:3306", "db..example.com", "db example.com", "[::1]", "é", "."]
    {
        let expected = format!("host: expected a host name without scheme and port, found `{}`", text.escape_debug());
        if text.is_ascii() {
            assert_eq!(host(text), expected);
        }
        assert_eq!(dsql::Cluster::new(text).unwrap_err().to_string(), host(text));
        assert_eq!(iot::DataEndpoint::new(text).unwrap_err().to_string(), host(text));
    }
    let database = |port, user: &str| rds::Database::new(DATABASE, port, user).unwrap_err().to_string();
    assert_eq!(database(0, "app"), "host: expected a port from 1 to 65535, found `0`");
    for (user, shown) in [("", ""), ("a\nb", r"a\nb"), ("a\0", r"a\x00")] {
        let expected = format!("database user: expected a user name without control characters, found `{shown}`");
        assert_eq!(database(3306, user), expected);
    }
    for cluster in ["", "-a", "_a", "a.b", "a b", "arn:aws:eks:us-east-1:123456789012:cluster/a", &"x".repeat(101)] {
        let error = eks::Cluster::new(cluster).unwrap_err();
        let start =
            "cluster name: expected 1 to 100 letters, digits, `-` and `_`, the first a letter or a digit, found `";
        assert!(error.to_string().starts_with(start), "{error}");
    }
    for name in ["", "a b", "Host", "Content-Type", "Authorization", "X-Amz-Date", "user-agent", "x-forwarded-for"] {
        let error = sts::CallerIdentity::new().with_header(name, "v").unwrap_err().to_string();
        assert!(error.starts_with("header name: expected ") && error.ends_with(&format!("found `{name}`")), "{error}");
    }
    let twice = sts::CallerIdentity::new().with_header("x-note", "a").unwrap().with_header("X-Note", "b");
    assert_eq!(
        twice.unwrap_err().to_string(),
        "header name: expected a header that can be bound, once, found `X-Note`"
    );
    for value in ["a\r\nb", "é"] {
        let error = sts::CallerIdentity::new().with_header("x-note", value).unwrap_err().to_string();
        assert!(error.starts_with("header value: expected ") && error.contains("`x-note`"), "{error}");
    }
}

#[test]
fn a_region_that_cannot_work_is_refused() {
    let (credentials, now) = (Credentials::new("AKIDEXAMPLE", "secret").unwrap(), at("20150830T123600Z"));
    let elsewhere = region("eu-west-1");
    let database = rds::Database::new("db.abc123.us-east-1.rds.amazonaws.com", 3306, "app").unwrap();
    assert_eq!(
        database.auth_token(&credentials, &elsewhere, now).unwrap_err().to_string(),
        "region: expected `us-east-1`, which the host `db.abc123.us-east-1.rds.amazonaws.com` names, found `eu-west-1`"
    );
    let cluster = dsql::Cluster::new("abc123.dsql.us-east-1.on.aws").unwrap();
    assert_eq!(cluster.connect_token(&credentials, &elsewhere, now).unwrap_err().code(), "invalid_region");
    assert_eq!(cluster.connect_admin_token(&credentials, &elsewhere, now).unwrap_err().code(), "invalid_region");
    let endpoint = iot::DataEndpoint::new("a1-ats.iot.us-east-1.amazonaws.com").unwrap();
    assert_eq!(endpoint.websocket_url(&credentials, &elsewhere, now).unwrap_err().code(), "invalid_region");

    let shape = "region: expected a region of AWS such as `us-east-1`, found `minio`";
    let identity = sts::CallerIdentity::new();
    let kubernetes = eks::Cluster::new("prod").unwrap();
    let nowhere = region("minio");
    assert_eq!(kubernetes.bearer_token(&credentials, &nowhere, now).unwrap_err().to_string(), shape);
    assert_eq!(identity.presigned_url(&credentials, &nowhere, now).unwrap_err().to_string(), shape);
    assert_eq!(identity.signed_post(&credentials, &nowhere, now).unwrap_err().to_string(), shape);
    let american = identity.with_region_set(RegionSet::new("us-*").unwrap());
    let message = "region set: expected a set with `eu-west-1`, whose endpoint the request goes to, found `us-*`";
    assert_eq!(american.presigned_url(&credentials, &elsewhere, now).unwrap_err().to_string(), message);
    assert_eq!(american.signed_post(&credentials, &elsewhere, now).unwrap_err().to_string(), message);
}

#[test]
fn a_host_is_the_same_in_any_letter_case() {
    let (credentials, now) = (Credentials::new("AKIDEXAMPLE", "secret").unwrap(), at("20150830T123600Z"));
    let token = |host| {
        let database = rds::Database::new(host, 3306, "App").unwrap();
        database.auth_token(&credentials, &region("us-east-1"), now).unwrap().as_str().to_owned()
    };
    assert_eq!(token("DB.abc123.US-EAST-1.rds.AmazonAWS.com"), token("db.abc123.us-east-1.rds.amazonaws.com"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn any_user_of_a_database_is_signed_as_it_is(user in ".*", port in any::<u16>()) {
        let (credentials, now) = (Credentials::new("AKIDEXAMPLE", "secret").unwrap(), at("20150830T123600Z"));
        let database = rds::Database::new("db.example.com", port, &user);
        prop_assert_eq!(database.is_ok(), port > 0 && !user.is_empty() && !user.contains(char::is_control));
        if let Ok(database) = database {
            let made = Made::Token(database.auth_token(&credentials, &region("us-east-1"), now).unwrap());
            let sent = made.sent();
            let verifier = Verifier::new(Service::new("rds-db").unwrap(), region("us-east-1"));
            let keys = vec![VerificationKey::from_credentials(&credentials)];
            let server = Server { verifier, keys, now };
            prop_assert!(server.judge(&sent).is_ok());
            let pairs = sent.pairs();
            let value = pairs[1].strip_prefix("DBUser=").unwrap();
            prop_assert_eq!(decode(value), user.as_bytes());
        }
    }
}

fn at(text: &str) -> Timestamp {
    Timestamp::parse_amz_date(text).unwrap()
}

fn region(text: &str) -> Region {
    Region::new(text).unwrap()
}
