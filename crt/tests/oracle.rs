//! The runtime's whole process comes to our signatures, and verifies them.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may panic"
)]

mod support;

use sigv4a::{
    Algorithm, CanonicalRules, ContentSha256Header, Credentials, Provider, Region, RegionSet, Service, ServiceProfile,
    SessionTokenMode, Timestamp, UriNormalization, VerifyingKey,
};
use sigv4a_crt::{Claim, CrtSigner, Message, Oracle};
use support::vector::{Answer, REQUESTS, Vector, requests};

/// What signing adds, beside the session token.
const OWNED_HEADERS: [&str; 4] = ["authorization", "x-amz-content-sha256", "x-amz-date", "x-amz-region-set"];

const OWNED_PARAMETERS: [&str; 9] = [
    "X-Amz-Algorithm",
    "X-Amz-Credential",
    "X-Amz-Date",
    "X-Amz-Expires",
    "X-Amz-Region-Set",
    "X-Amz-S3session-Token",
    "X-Amz-Security-Token",
    "X-Amz-Signature",
    "X-Amz-SignedHeaders",
];

#[test]
fn sigv4_signatures_are_the_runtimes() {
    let mut seen = 0;
    for vector in REQUESTS.into_iter().flat_map(requests).filter(|vector| vector.answer.public_key.is_none()) {
        let ours = vector.sign(|resolved, credentials| Ok(resolved.into_signer(credentials)));
        let signed = vector.oracle(&ours).sign(&vector.message(&ours), vector.time()).unwrap();
        assert_eq!(signed.signature(), ours.signature, "{}", vector.id);
        let added: Vec<&str> = signed.headers().iter().chain(signed.parameters()).map(|(name, _)| &**name).collect();
        assert!(added.contains(&"X-Amz-Date"), "{}: {added:?}", vector.id);
        let again = vector.oracle(&ours).sign_canonical_request(&ours.canonical_request, vector.time()).unwrap();
        assert_eq!(again.signature(), ours.signature, "{}", vector.id);
        seen += 1;
    }
    println!("{seen} signatures are the runtime's");
}

#[test]
fn the_runtime_verifies_our_sigv4a_requests() {
    let mut seen = 0;
    for vector in requests(REQUESTS[2]) {
        let mut answers =
            vec![vector.sign(|resolved, credentials| Ok(Box::new(CrtSigner::from_resolved(&resolved, credentials)?)))];
        answers.extend(Provider::all().into_iter().map(|provider| {
            vector.sign(|resolved, credentials| Ok(resolved.with_provider(provider).into_signer(credentials)))
        }));
        for ours in &answers {
            let (key, at) = (vector.key(), vector.time());
            let (oracle, message) = (vector.oracle(ours), vector.message(ours));
            let claim = Claim::new(&ours.canonical_request, &ours.signature, &key);
            oracle.verify(&message, &claim, at).unwrap_or_else(|error| panic!("{}: {error}", vector.id));
            seen += 1;
        }
        refuses(&vector, &answers[0]);
    }
    println!("{seen} signatures of ours verified by the runtime");
}

/// It would verify nothing if it did not refuse what differs.
fn refuses(vector: &Vector, ours: &Answer) {
    let (oracle, message, key, at) = (vector.oracle(ours), vector.message(ours), vector.key(), vector.time());
    let refused = |message: &Message, canonical_request: &str, signature: &str, at| {
        oracle.verify(message, &Claim::new(canonical_request, signature, &key), at).unwrap_err().name()
    };
    let (text, signature) = (&*ours.canonical_request, &*ours.signature);
    let mismatch = "AWS_AUTH_CANONICAL_REQUEST_MISMATCH";
    assert_eq!(refused(&message, &text.replacen('\n', "x\n", 1), signature, at), mismatch, "{}", vector.id);
    assert_eq!(refused(&message.clone().with_header("x-amz-more", "1"), text, signature, at), mismatch);
    let last = if signature.ends_with('0') { "1" } else { "0" };
    let altered = [&signature[..signature.len() - 1], last].concat();
    let failure = "AWS_AUTH_SIGV4A_SIGNATURE_VALIDATION_FAILURE";
    assert_eq!(refused(&message, text, &altered, at), failure, "{}", vector.id);
}

#[test]
fn what_the_runtime_refuses_is_an_error_of_its_own() {
    let oracle = support::oracle(Algorithm::SigV4, "");
    let message = Message::new("GET", "/").with_header("host", "example.com");
    let refused = |message: Message| oracle.sign(&message, support::documented_time()).unwrap_err();
    let error = refused(message.clone().with_header("X-Amz-Date", "20130524T000000Z"));
    assert_eq!(error.name(), "AWS_AUTH_SIGNING_ILLEGAL_REQUEST_HEADER");
    assert!(error.to_string().starts_with("AWS_AUTH_SIGNING_ILLEGAL_REQUEST_HEADER: "), "{error}");
    assert_eq!(refused(Message::new("GET", "")).name(), "AWS_ERROR_MALFORMED_INPUT_STRING");
    let mut presigned = Message::new("GET", "/?X-Amz-Signature=1").presigned(60);
    presigned = presigned.with_header("host", "example.com");
    assert_eq!(refused(presigned).name(), "AWS_AUTH_SIGNING_ILLEGAL_REQUEST_QUERY_PARAM");
}

/// An error or a signature comes back for anything: the process goes on.
#[test]
fn odd_input_ends_nothing() {
    let (at, long) = (support::documented_time(), "x".repeat(70_000));
    let odd = ["", " ", "\n", "\0", "%", "%zz", "é", "a=b&&=&c", "?", "//..//", "https://[", ":/", "*", &long];
    let mut outcomes = [0, 0];
    for algorithm in [Algorithm::SigV4, Algorithm::SigV4a] {
        let oracle = support::oracle(algorithm, "*");
        let key = VerifyingKey::from_sec1(&point(KEY), Provider::default()).unwrap();
        let pairs = odd.iter().flat_map(|text| odd.map(|other| (*text, other)));
        for (text, other) in pairs.step_by(support::vector::every()) {
            let message = Message::new(text, other).with_header(text, other).with_payload(text).with_body(b"x");
            let pairs = [(text.to_owned(), other.to_owned())];
            let claim = Claim::new(text, other, &key);
            for is_ok in [
                oracle.sign(&message, at).is_ok(),
                oracle.sign(&message.clone().presigned(0), at).is_ok(),
                oracle.sign_canonical_request(text, at).is_ok(),
                oracle.sign_chunk(text.as_bytes(), other, at).is_ok(),
                oracle.sign_trailers(&pairs, text, at).is_ok(),
                oracle.verify(&message, &claim, at).is_ok(),
                oracle.verify_chunk(text.as_bytes(), other, &claim, at).is_ok(),
                oracle.verify_trailers(&pairs, other, &claim, at).is_ok(),
            ] {
                outcomes[usize::from(is_ok)] += 1;
            }
        }
    }
    assert!(outcomes.iter().all(|count| *count > 10), "{outcomes:?}");
}

/// Of `AKIAIOSFODNN7EXAMPLE`.
const KEY: &str = concat!(
    "0418b7d04643359f6ec270dcbab8dce6d169d66ddc9778c75cfb08dfdb701637ab",
    "fa36b35e4fe67e3112261d2e17a956ef85b06e44712d2850bcd3c2161e9993f2"
);

fn point(text: &str) -> Vec<u8> {
    base16ct::lower::decode_vec(text).unwrap()
}

/// The request that an answer describes, as the runtime is told it.
impl Vector {
    fn text(&self, field: &str) -> Option<&str> {
        self.request[field].as_str()
    }

    fn time(&self) -> Timestamp {
        Timestamp::parse_amz_date(self.text("time").unwrap()).unwrap()
    }

    fn key(&self) -> VerifyingKey {
        VerifyingKey::from_sec1(&point(self.answer.public_key.as_ref().unwrap()), Provider::default()).unwrap()
    }

    fn oracle(&self, ours: &Answer) -> Oracle {
        let text = |field: &str| self.text(field).unwrap();
        let mut credentials = Credentials::new(text("access_key_id"), text("secret_access_key")).unwrap();
        if let Some(token) = self.text("session_token") {
            credentials = credentials.with_session_token(token).unwrap();
        }
        let service = Service::new(text("service")).unwrap();
        let oracle = match self.text("region_set") {
            Some(set) => Oracle::sigv4a(&credentials, &RegionSet::new(set).unwrap(), &service),
            None => Oracle::sigv4(&credentials, &Region::new(text("region")).unwrap(), &service),
        };
        oracle.unwrap().with_profile(self.profile(&service, ours))
    }

    fn profile(&self, service: &Service, ours: &Answer) -> ServiceProfile {
        let mut profile = ServiceProfile::for_service(service);
        match self.text("rules") {
            Some("s3") => profile.rules = CanonicalRules::S3,
            Some(_) => profile.rules = CanonicalRules::STANDARD,
            None => {}
        }
        if self.request["normalize_path"] == false {
            profile.rules.normalization = UriNormalization::Keep;
        }
        profile.content_sha256 = match signs(ours, "x-amz-content-sha256") {
            true => ContentSha256Header::Send,
            false => ContentSha256Header::Omit,
        };
        if self.text("session_token_mode") == Some("append") || service.as_str() == "iotdevicegateway" {
            profile.session_token = SessionTokenMode::Append;
        }
        profile
    }

    fn message(&self, ours: &Answer) -> Message {
        let (_, rest) = ours.url.split_once("://").unwrap();
        let target = rest.find('/').map_or("/", |start| &rest[start..]);
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let is_owned = |pair: &&str| OWNED_PARAMETERS.contains(&pair.split('=').next().unwrap());
        let query: Vec<&str> = query.split('&').filter(|pair| !is_owned(pair)).collect();
        let target = if query.concat().is_empty() { path.to_owned() } else { [path, "?", &query.join("&")].concat() };
        let token_header = ["x-amz-security-token", "x-amz-s3session-token"];
        let mut message =
            Message::new(&ours.method, &target).with_payload(ours.canonical_request.rsplit('\n').next().unwrap());
        for (name, value) in &ours.headers {
            let lower = name.to_ascii_lowercase();
            if signs(ours, &lower) && !OWNED_HEADERS.contains(&&*lower) && !token_header.contains(&&*lower) {
                message = message.with_header(name, value);
            }
        }
        match self.request["presign"]["expires"].as_u64() {
            Some(expires) => message.presigned(expires),
            None if self.request.get("presign").is_some() => message.presigned(3600),
            None => message,
        }
    }
}

fn signs(ours: &Answer, name: &str) -> bool {
    ours.signed_headers.split(';').any(|signed| signed == name)
}
