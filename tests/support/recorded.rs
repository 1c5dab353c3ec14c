//! Our own vectors as a server receives them.

use std::{fs, path::Path};

use serde::Deserialize;
use serde_json::Value;
use sigv4a::{
    AccessKeyId, CanonicalRules, ContentSha256Header, Credentials, PayloadSigning, Provider, Region, Service,
    ServiceProfile, SessionTokenMode, Timestamp, UnsignedPayload, UriNormalization, VerificationKey, Verifier,
    VerifyingKey,
};

use super::{
    sent::{Body, Sent, Server},
    signature::{Part, part},
};

/// A line of a vector file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Vector {
    pub id: String,
    pub oracle: String,
    pub request: Value,
    pub answer: Answer,
}

/// What AWS's implementations made of it.
#[derive(Deserialize, PartialEq, Debug, Clone)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    #[serde(default)]
    pub id: Value,
    pub method: String,
    pub url: String,
    pub headers: Vec<(String, String)>,
    pub algorithm: String,
    pub signed_headers: String,
    pub canonical_request: String,
    pub string_to_sign: String,
    pub signature: String,
    /// In SigV4a vectors: the uncompressed point in hex, to verify with.
    pub public_key: Option<String>,
}

pub fn lines<T: for<'de> Deserialize<'de>>(file: &str) -> Vec<T> {
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("vectors").join(file)).unwrap();
    let read =
        |(index, line)| serde_json::from_str(line).unwrap_or_else(|error| panic!("{file}:{}: {error}", index + 1));
    text.lines().enumerate().map(read).collect()
}

/// A request that was signed by someone else, and a server that must accept it.
pub struct Recorded {
    pub name: String,
    pub sent: Sent,
    pub server: Server,
    /// SigV4a: the same server with public keys only.
    pub public: Option<Server>,
    pub profile: ServiceProfile,
    pub at: Timestamp,
}

/// Another key of every server, for requests that name it.
pub const OTHER_ID: &str = "AKIAOTHER";
/// Another region of every server.
pub const ALIAS: &str = "alias-1";

impl Recorded {
    pub fn new(
        name: String,
        sent: Sent,
        profile: ServiceProfile,
        credentials: &Credentials,
        public_key: Option<&str>,
    ) -> Self {
        let credential = part(&sent, Part::Credential);
        let scope: Vec<&str> = credential.split('/').collect();
        let service = Service::new(scope[scope.len() - 2]).unwrap();
        let region = match public_key {
            None => scope[2].to_owned(),
            // The first entry, `us-*` being `us-east-1`.
            Some(_) => part(&sent, Part::RegionSet).split(',').next().unwrap().trim().replace('*', "east-1"),
        };
        let region = Region::new(&region.replace("--", "-")).unwrap();
        // What is asked for apart from the service, such as an unsigned payload, is a setting of the server's too.
        let verifier = Verifier::new(service, region)
            .with_profile(profile)
            .with_unsigned_payload(UnsignedPayload::Accept)
            .with_region_alias(Region::new(ALIAS).unwrap());
        let at = Timestamp::parse_amz_date(&part(&sent, Part::Date)).unwrap();
        let key = VerificationKey::from_credentials(credentials);
        let other = VerificationKey::new(OTHER_ID, "another secret").unwrap();
        let server = Server { verifier, keys: vec![key, other], now: at };
        let public = public_key.map(|hex| {
            let point = base16ct::lower::decode_vec(hex).unwrap();
            let key = |provider| {
                let id = AccessKeyId::new(credentials.access_key_id().as_str()).unwrap();
                VerificationKey::from_public_key(id, VerifyingKey::from_sec1(&point, provider).unwrap())
            };
            server.with_keys(vec![key(Provider::default())])
        });
        Self { name, sent, server, public, profile, at }
    }

    pub fn from_vector(vector: &Vector) -> Self {
        let given = |name: &str| vector.request.get(name);
        let text = |name: &str| given(name).and_then(Value::as_str);
        let headers = vector.answer.headers.iter().map(|(name, value)| (name.clone(), value.clone().into_bytes()));
        let mut sent = Sent::from_wire(&vector.answer.method, &vector.answer.url, headers.collect(), &[]);
        let given_hash = text("payload").filter(|payload| payload.len() == 64);
        sent.body = match (given_hash, text("body"), text("body_base64")) {
            (Some(hash), ..) => Body::Sha256(base16ct::lower::decode_vec(hash).unwrap().try_into().unwrap()),
            (_, Some(body), _) => Body::InMemory(body.as_bytes().to_vec()),
            (_, None, Some(base64)) => Body::InMemory(data_encoding::BASE64.decode(base64.as_bytes()).unwrap()),
            (None, None, None) => Body::InMemory(Vec::new()),
        };
        let mut credentials =
            Credentials::new(text("access_key_id").unwrap(), text("secret_access_key").unwrap()).unwrap();
        if let Some(token) = text("session_token") {
            credentials = credentials.with_session_token(token).unwrap();
        }
        let mut profile = ServiceProfile::for_service(&Service::new(text("service").unwrap()).unwrap());
        match text("rules") {
            None => {}
            Some("s3") => {
                profile.rules = CanonicalRules::S3;
                profile.content_sha256 = ContentSha256Header::Send;
                profile.presigned_payload = ServiceProfile::S3.presigned_payload;
            }
            Some("standard") => profile.rules = CanonicalRules::STANDARD,
            Some(other) => panic!("{}: the rules {other}?", vector.id),
        }
        if let Some(normalize) = given("normalize_path").and_then(Value::as_bool) {
            profile.rules.normalization = if normalize { UriNormalization::Normalize } else { UriNormalization::Keep };
        }
        if let Some(send) = given("content_sha256_header").and_then(Value::as_bool) {
            profile.content_sha256 = if send { ContentSha256Header::Send } else { ContentSha256Header::Omit };
        }
        // Without the header, the server must know by itself that it is not signed.
        if text("payload") == Some("unsigned") && sent.header("x-amz-content-sha256").is_none() {
            (profile.payload, profile.presigned_payload) = (PayloadSigning::Unsigned, PayloadSigning::Unsigned);
        }
        match text("session_token_mode") {
            None => {}
            Some("append") => profile.session_token = SessionTokenMode::Append,
            Some(other) => panic!("{}: the mode {other}?", vector.id),
        }
        Self::new(vector.id.clone(), sent, profile, &credentials, vector.answer.public_key.as_deref())
    }
}
