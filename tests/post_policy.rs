//! POST policies: AWS's example and botocore's to the byte, and that nothing but what the policy allows is accepted.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may panic"
)]

use std::{fs, path::Path};

use proptest::{collection::vec, prelude::*, sample::Index};
use serde::Deserialize;
use sigv4a::{
    Algorithm, AnswerStyle, Credentials, ParseErrorKind, PostAuthorization, PostForm, PostPolicy, Provider, Region,
    RegionSet, Service, SigV4, SigV4a, SignErrorKind, SignedPost, Timestamp, VerificationKey, VerifiedPost, Verifier,
    VerifyError, VerifyErrorKind,
};

const KEY_ID: &str = "AKIAIOSFODNN7EXAMPLE";
const SECRET: &str = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
const TOKEN: &str = "IQoJb3JpZ2luX2VjEXAMPLETOKEN/+==";
const BUCKET: &str = "sigv4examplebucket";

fn at(text: &str) -> Timestamp {
    Timestamp::parse_amz_date(text).unwrap()
}

fn now() -> Timestamp {
    at("20151229T000000Z")
}

fn region() -> Region {
    Region::new("us-east-1").unwrap()
}

fn signer() -> SigV4 {
    SigV4::new(Credentials::new(KEY_ID, SECRET).unwrap(), region(), Service::S3)
}

fn verifier() -> Verifier {
    Verifier::new(Service::S3, region())
}

fn key() -> VerificationKey {
    VerificationKey::new(KEY_ID, SECRET).unwrap()
}

fn policy() -> PostPolicy {
    PostPolicy::new(BUCKET, now().saturating_add(3600)).with_field("key", "k").unwrap()
}

/// A form as its sender filled it.
#[derive(Debug, Clone)]
struct Form {
    bucket: String,
    fields: Vec<(String, String)>,
    file_name: Option<String>,
    file_size: u64,
}

impl Form {
    fn of(signed: &SignedPost) -> Self {
        let fields = signed.fields().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        Self { bucket: BUCKET.to_owned(), fields, file_name: None, file_size: 5 }
    }

    fn with(mut self, name: &str, value: &str) -> Self {
        self.fields.push((name.to_owned(), value.to_owned()));
        self
    }

    fn without(mut self, name: &str) -> Self {
        let before = self.fields.len();
        self.fields.retain(|(own, _)| own != name);
        assert!(self.fields.len() < before, "no field {name}");
        self
    }

    fn changed(self, name: &str, value: &str) -> Self {
        self.without(name).with(name, value)
    }

    fn verify_as(
        &self,
        verifier: &Verifier,
        key: &VerificationKey,
        now: Timestamp,
    ) -> Result<VerifiedPost, VerifyError> {
        let mut form = PostForm::new(&self.bucket).with_file_size(self.file_size);
        for (name, value) in &self.fields {
            form = form.with_field(name, value)?;
        }
        if let Some(name) = &self.file_name {
            form = form.with_file_name(name)?;
        }
        verifier.verify_post(&PostAuthorization::from_form(&form)?, key, now)
    }

    fn verify(&self) -> Result<VerifiedPost, VerifyError> {
        self.verify_as(&verifier(), &key(), now())
    }

    /// What S3 says of it.
    fn refused(&self) -> (VerifyErrorKind, &'static str, u16, String) {
        let error = self.verify().unwrap_err();
        let style = AnswerStyle::S3;
        (error.kind(), error.code(style), error.status(style), error.client_message(style))
    }
}

#[test]
fn the_example_of_aws() {
    // "Example: Browser-Based Upload using HTTP POST" of the S3 API reference; its lines end with CR and LF.
    let json = [
        r#"{ "expiration": "2015-12-30T12:00:00.000Z","#,
        r#"  "conditions": ["#,
        r#"    {"bucket": "sigv4examplebucket"},"#,
        r#"    ["starts-with", "$key", "user/user1/"],"#,
        r#"    {"acl": "public-read"},"#,
        r#"    {"success_action_redirect": "http://sigv4examplebucket.s3.amazonaws.com/successful_upload.html"},"#,
        r#"    ["starts-with", "$Content-Type", "image/"],"#,
        r#"    {"x-amz-meta-uuid": "14365123651274"},"#,
        r#"    {"x-amz-server-side-encryption": "AES256"},"#,
        r#"    ["starts-with", "$x-amz-meta-tag", ""],"#,
        "",
        r#"    {"x-amz-credential": "AKIAIOSFODNN7EXAMPLE/20151229/us-east-1/s3/aws4_request"},"#,
        r#"    {"x-amz-algorithm": "AWS4-HMAC-SHA256"},"#,
        r#"    {"x-amz-date": "20151229T000000Z" }"#,
        "  ]",
        "}",
    ]
    .join("\r\n");
    for provider in Provider::all() {
        let signed = PostPolicy::sign_json(&json, &signer().with_provider(provider), now()).unwrap();
        let signature = "8afdbf4008c03f22c2cd3cdb72e4afbb1f6a588f3255ac628749a66d7f09699e";
        assert_eq!(signed.field("X-Amz-Signature"), Some(signature));
        let form = Form::of(&signed)
            .with("key", "user/user1/${filename}")
            .with("Content-Type", "image/jpeg")
            .with("x-amz-meta-tag", "");
        let verified = Form { file_name: Some("photo.jpg".to_owned()), ..form }.verify().unwrap();
        assert_eq!(verified.key(), "user/user1/photo.jpg");
        assert_eq!(verified.access_key_id().as_str(), KEY_ID);
        assert_eq!(verified.policy().expires_at(), at("20151230T120000Z"));
        assert_eq!(verified.signed_at(), now());
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Vector {
    id: String,
    oracle: String,
    request: Request,
    upload: Upload,
    answer: Answer,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Request {
    bucket: String,
    key: String,
    fields: serde_json::Map<String, serde_json::Value>,
    conditions: Vec<serde_json::Value>,
    expires_in: u32,
    time: String,
    region: String,
    access_key_id: String,
    secret_access_key: String,
    session_token: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Upload {
    fields: Vec<(String, String)>,
    file_name: Option<String>,
    file_size: u64,
    key: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Answer {
    policy: String,
    fields: Vec<(String, String)>,
}

impl Vector {
    fn at(&self) -> Timestamp {
        at(&self.request.time)
    }

    fn credentials(&self) -> Credentials {
        let credentials = Credentials::new(&self.request.access_key_id, &self.request.secret_access_key).unwrap();
        match &self.request.session_token {
            Some(token) => credentials.with_session_token(token).unwrap(),
            None => credentials,
        }
    }

    fn signer(&self) -> SigV4 {
        SigV4::new(self.credentials(), Region::new(&self.request.region).unwrap(), Service::S3)
    }

    fn form(&self) -> Form {
        let fields = self.answer.fields.iter().chain(&self.upload.fields).cloned().collect();
        let (bucket, file_name) = (self.request.bucket.clone(), self.upload.file_name.clone());
        Form { bucket, fields, file_name, file_size: self.upload.file_size }
    }

    fn verify(&self, form: &Form, now: Timestamp) -> Result<VerifiedPost, VerifyError> {
        let verifier = Verifier::new(Service::S3, Region::new(&self.request.region).unwrap());
        form.verify_as(&verifier, &VerificationKey::from_credentials(&self.credentials()), now)
    }
}

fn vectors() -> Vec<Vector> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("vectors/post_policy.jsonl");
    let text = fs::read_to_string(file).unwrap();
    let vectors: Vec<Vector> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(vectors.len(), 39);
    vectors
}

#[test]
fn botocore_is_reproduced() {
    for vector in vectors() {
        let (id, at) = (&vector.id, vector.at());
        assert!(vector.oracle.starts_with("botocore "), "{id}: who says so?");
        let theirs = PostPolicy::parse(&vector.answer.policy).unwrap();
        // The same text gives the same fields…
        let signed = PostPolicy::sign_json(&vector.answer.policy, &vector.signer(), at).unwrap();
        for (name, value) in &vector.answer.fields {
            // `${filename}` is the form's, and so is a field of which the policy knows only the beginning.
            let is_free = name == "key" && signed.field(name).is_none();
            assert!(is_free || signed.field(name) == Some(value), "{id}: {name}");
        }
        // … and the same demands the same policy, written in our way.
        let mut policy = PostPolicy::new(&vector.request.bucket, at.saturating_add(vector.request.expires_in));
        for condition in &vector.request.conditions {
            let list = || condition.as_array().map(|list| list.iter().map(text).collect::<Vec<_>>());
            policy = match (condition.as_object(), list().as_deref()) {
                (Some(simple), _) => {
                    let (name, value) = simple.iter().next().unwrap();
                    assert_eq!(vector.request.fields[name], *value, "{id}");
                    policy.with_field(name, &text(value))
                }
                (_, Some([op, name, value])) if op == "eq" => policy.with_field(&name[1..], value),
                (_, Some([op, name, value])) if op == "starts-with" => policy.with_field_prefix(&name[1..], value),
                (_, Some([_, min, max])) => {
                    policy.with_content_length_range(min.parse().unwrap()..=max.parse().unwrap())
                }
                _ => panic!("{id}: {condition}"),
            }
            .unwrap();
        }
        // botocore adds bucket and key behind the caller's conditions.
        policy = match vector.request.key.strip_suffix("${filename}") {
            Some(prefix) => policy.with_field_prefix("key", prefix).unwrap(),
            None => policy.with_field("key", &vector.request.key).unwrap(),
        };
        let ours = policy.sign(&vector.signer(), at).unwrap();
        let ours = data_encoding::BASE64.decode(ours.field("policy").unwrap().as_bytes()).unwrap();
        let ours = PostPolicy::parse(str::from_utf8(&ours).unwrap()).unwrap();
        assert_eq!(ours.expires_at(), theirs.expires_at(), "{id}");
        let sorted = |policy: &PostPolicy| {
            let mut shown: Vec<String> =
                policy.conditions().iter().map(|c| format!("{c} {:?}", c.exact_value())).collect();
            shown.sort();
            shown
        };
        assert_eq!(sorted(&ours), sorted(&theirs), "{id}");
        // Signing again changes nothing.
        let again = theirs.sign(&vector.signer(), at).unwrap();
        let again = data_encoding::BASE64.decode(again.field("policy").unwrap().as_bytes()).unwrap();
        assert_eq!(PostPolicy::parse(str::from_utf8(&again).unwrap()).unwrap(), theirs, "{id}");
    }
}

fn text(value: &serde_json::Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

#[test]
fn botocore_is_accepted_and_whatever_differs_is_not() {
    let mut refused = 0;
    for vector in vectors() {
        let (id, at, form) = (&vector.id, vector.at(), vector.form());
        let verified = vector.verify(&form, at).unwrap();
        assert_eq!(verified.key(), vector.upload.key, "{id}");
        assert_eq!(verified.bucket(), vector.request.bucket, "{id}");
        for (name, value) in &vector.answer.fields {
            assert!(name == "key" || verified.field(name) == Some(value), "{id}: {name}");
        }
        let end = at.saturating_add(vector.request.expires_in);
        let before_end = Timestamp::from_unix(end.as_unix() - 1).unwrap();
        vector.verify(&form, before_end).unwrap();
        assert_eq!(vector.verify(&form, end).unwrap_err().kind(), VerifyErrorKind::PolicyExpired, "{id}");
        let mut mutations = vec![
            ("another bucket", Form { bucket: format!("{}x", form.bucket), ..form.clone() }),
            ("a field more", form.clone().with("x-amz-meta-more", "")),
            ("a field twice", form.clone().with("KEY", "k")),
        ];
        for (index, (name, value)) in form.fields.iter().enumerate() {
            if name.to_ascii_lowercase().starts_with("x-ignore-") {
                continue;
            }
            let with = |value: String| {
                let mut form = form.clone();
                form.fields[index].1 = value;
                form
            };
            mutations.push(("changed", with(format!("~{value}"))));
            if name != "bucket" {
                mutations.push(("left out", form.clone().without(name)));
            }
        }
        let range = verified.policy().content_length_range();
        if *range.start() > 0 {
            mutations.push(("too small", Form { file_size: range.start() - 1, ..form.clone() }));
        }
        if *range.end() < u64::MAX {
            mutations.push(("too large", Form { file_size: range.end() + 1, ..form.clone() }));
        }
        for (what, mutated) in &mutations {
            // With an empty prefix any value will do.
            let is_free = |name: &str| {
                let conditions = verified.policy().conditions().iter();
                conditions.map(ToString::to_string).any(|text| text == format!(r#"["starts-with", "${name}", ""]"#))
            };
            let mut pairs = form.fields.iter().zip(&mutated.fields);
            if *what == "changed" && pairs.any(|(old, new)| old != new && is_free(&old.0)) {
                continue;
            }
            assert!(vector.verify(mutated, at).is_err(), "{id}: {what}: {mutated:?}");
            refused += 1;
        }
    }
    assert!(refused > 600, "{refused}");
}

#[test]
fn what_s3_says() {
    use VerifyErrorKind as Kind;
    let sign = |policy: PostPolicy| Form::of(&policy.sign(&signer(), now()).unwrap());
    let form = sign(policy());
    let refused = |form: Form, kind, code, status, message: &str| {
        let found = form.refused();
        assert_eq!((found.0, found.1, found.2), (kind, code, status), "{}", found.3);
        assert!(found.3.contains(message), "{}", found.3);
    };
    let missing = |name: &str, shown: &str| {
        let message = format!(
            "Bucket POST must contain a field named '{shown}'.  If it is specified, please check the order of the fields."
        );
        refused(form.clone().without(name), Kind::MalformedForm, "InvalidArgument", 400, &message);
    };
    missing("policy", "Policy");
    missing("x-amz-algorithm", "X-Amz-Algorithm");
    missing("x-amz-credential", "X-Amz-Credential");
    missing("x-amz-date", "X-Amz-Date");
    missing("x-amz-signature", "X-Amz-Signature");
    missing("key", "key");
    let no_key = |key: &str, file_name: Option<&str>| {
        let file_name = file_name.map(str::to_owned);
        let form = Form { file_name, ..sign(policy().with_field_prefix("key", "").unwrap()).changed("key", key) };
        let message = "User key must have a length greater than 0.";
        refused(form, Kind::MalformedForm, "InvalidArgument", 400, message);
    };
    no_key("", None);
    no_key("${filename}", Some(""));
    no_key("${filename}${filename}", Some("directory/"));
    let anonymous = Form { fields: vec![("key".to_owned(), "k".to_owned())], ..form.clone() };
    refused(anonymous, Kind::MissingAuthentication, "AccessDenied", 403, "Access Denied");
    refused(form.clone().with("Key", "k"), Kind::MalformedForm, "InvalidArgument", 400, "twice, found `Key`");
    let extra = form.clone().with("StorageClass", "x");
    let message = "Invalid according to Policy: Extra input fields: storageclass";
    refused(extra, Kind::PolicyExtraField, "AccessDenied", 403, message);
    let message = r#"Invalid according to Policy: Policy Condition failed: ["eq", "$key", "k"]"#;
    refused(form.clone().changed("key", "K"), Kind::PolicyCondition, "AccessDenied", 403, message);
    let message = r#"Policy Condition failed: ["eq", "$bucket", "sigv4examplebucket"]"#;
    refused(Form { bucket: "x".to_owned(), ..form.clone() }, Kind::PolicyCondition, "AccessDenied", 403, message);
    let other = form.clone().with("bucket", "other");
    refused(other, Kind::PolicyCondition, "AccessDenied", 403, message);
    let quotes = sign(policy().with_field_prefix("Content-Disposition", "filename=\"").unwrap());
    let message = r#"failed: ["starts-with", "$Content-Disposition", "filename=\""]"#;
    refused(quotes.clone(), Kind::PolicyCondition, "AccessDenied", 403, message);
    assert!(quotes.with("content-disposition", "filename=\"a\"").verify().is_ok());
    // A field that is not there does not even fulfil an empty prefix.
    let any = sign(policy().with_field_prefix("Content-Type", "").unwrap());
    let message = r#"failed: ["starts-with", "$Content-Type", ""]"#;
    refused(any.clone(), Kind::PolicyCondition, "AccessDenied", 403, message);
    assert!(any.with("Content-Type", "").verify().is_ok());
    let images = sign(policy().with_field_prefix("Content-Type", "image/").unwrap());
    let message = r#"failed: ["starts-with", "$Content-Type", "image/"]"#;
    refused(images.with("content-type", "image/jpg,text/plain"), Kind::PolicyCondition, "AccessDenied", 403, message);
    let commas = sign(policy().with_field_prefix("x-amz-meta-a", "a").unwrap());
    assert!(commas.with("x-amz-meta-a", "ab,cd").verify().is_ok(), "only Content-Type is a list");
    let sized = sign(policy().with_content_length_range(5..=10).unwrap());
    let of = |file_size| Form { file_size, ..sized.clone() };
    assert!(of(5).verify().is_ok() && of(10).verify().is_ok());
    let message = "Your proposed upload exceeds the maximum allowed size";
    refused(of(11), Kind::BodyTooLarge, "EntityTooLarge", 400, message);
    let message = "Your proposed upload is smaller than the minimum allowed size";
    refused(of(4), Kind::BodyTooSmall, "EntityTooSmall", 400, message);
    let error = form.verify_as(&verifier(), &key(), now().saturating_add(3600)).unwrap_err();
    assert_eq!(error.client_message(AnswerStyle::S3), "Invalid according to Policy: Policy expired.");
    let message = "The request signature we calculated does not match";
    let wrong = form.clone().changed("x-amz-signature", &"0".repeat(64));
    refused(wrong, Kind::SignatureMismatch, "SignatureDoesNotMatch", 403, message);
    // The text is checked before it is read.
    let cut = form.clone().changed("policy", "eyJ");
    refused(cut, Kind::SignatureMismatch, "SignatureDoesNotMatch", 403, message);
}

#[test]
fn the_fields_of_the_signature() {
    use VerifyErrorKind as Kind;
    let form = Form::of(&policy().sign(&signer(), now()).unwrap());
    let kind = |form: &Form| form.verify().unwrap_err().kind();
    let credential = |scope: &str| form.clone().changed("x-amz-credential", &format!("{KEY_ID}/{scope}"));
    for (name, value, expected) in [
        ("x-amz-algorithm", "AWS4-ECDSA-P256-SHA256", Kind::AlgorithmNotEnabled),
        ("x-amz-algorithm", "AWS4-HMAC-SHA1", Kind::UnknownAlgorithm),
        ("x-amz-date", "2015-12-29T00:00:00Z", Kind::MalformedDate),
        ("x-amz-date", "20151230T000000Z", Kind::ScopeDate),
        // Another time of the same day: the policy knows better.
        ("x-amz-date", "20151229T000001Z", Kind::PolicyCondition),
        ("x-amz-credential", KEY_ID, Kind::MalformedCredential),
        ("x-amz-signature", "8AFD", Kind::MalformedSignature),
    ] {
        assert_eq!(kind(&form.clone().changed(name, value)), expected, "{name}: {value}");
    }
    for (scope, expected) in [
        ("20151229/eu-west-1/s3/aws4_request", Kind::ScopeRegion),
        ("20151229/us-east-1/s3express/aws4_request", Kind::ScopeService),
        ("20151228/us-east-1/s3/aws4_request", Kind::ScopeDate),
        ("20151229/us-east-1/s3/aws4", Kind::ScopeTerminator),
        ("2015122/us-east-1/s3/aws4_request", Kind::MalformedCredential),
        ("20151229/s3/aws4_request", Kind::MalformedCredential),
    ] {
        assert_eq!(kind(&credential(scope)), expected, "{scope}");
    }
    // As S3 words it for a form: not as for a header.
    for (changed, expected) in [
        (credential("20151229/eu-west-1/s3/aws4_request"), "the region 'eu-west-1' is wrong; expecting 'us-east-1'"),
        (form.clone().changed("x-amz-date", "now"), "X-Amz-Date must be formated via ISO8601 Long format"),
    ] {
        let (_, code, status, message) = changed.refused();
        assert_eq!((code, status, message.as_str()), ("InvalidArgument", 400, expected));
    }
    let kind = |verifier: &Verifier, key: &VerificationKey| form.verify_as(verifier, key, now()).unwrap_err().kind();
    let only_sigv4a = verifier().with_algorithms([Algorithm::SigV4a]);
    assert_eq!(kind(&only_sigv4a, &key()), Kind::AlgorithmNotEnabled);
    assert_eq!(kind(&verifier(), &VerificationKey::new("AKIDOTHER", SECRET).unwrap()), Kind::UnknownKey);
    assert_eq!(kind(&verifier(), &VerificationKey::new(KEY_ID, "other").unwrap()), Kind::SignatureMismatch);
    let public = SigV4a::new(Credentials::new(KEY_ID, SECRET).unwrap(), RegionSet::all(), Service::S3);
    let public =
        VerificationKey::from_public_key(sigv4a::AccessKeyId::new(KEY_ID).unwrap(), public.verifying_key().unwrap());
    assert_eq!(kind(&verifier(), &public), Kind::KeyCannotVerify);
    assert_eq!(kind(&verifier(), &key().with_expiry(now())), Kind::CredentialsExpired);
    let alias = Verifier::new(Service::S3, Region::new("auto").unwrap()).with_region_alias(region());
    assert!(form.verify_as(&alias, &key(), now()).is_ok());
    // There is no window around the date, only the policy's end.
    let long = PostPolicy::new(BUCKET, now().saturating_add(30 * 86_400)).with_field("key", "k").unwrap();
    let long = Form::of(&long.sign(&signer(), now()).unwrap());
    assert!(long.verify_as(&verifier(), &key(), now().saturating_add(29 * 86_400)).is_ok());
    assert!(long.verify_as(&verifier(), &key(), at("20150101T000000Z")).is_ok());
}

#[test]
fn the_session_token_is_the_keys_and_is_not_shown() {
    let credentials = Credentials::new(KEY_ID, SECRET).unwrap().with_session_token(TOKEN).unwrap();
    let signed = policy().sign(&SigV4::new(credentials.clone(), region(), Service::S3), now()).unwrap();
    assert_eq!(signed.field("x-amz-security-token"), Some(TOKEN));
    let form = Form::of(&signed);
    let key = VerificationKey::from_credentials(&credentials);
    let verified = form.verify_as(&verifier(), &key, now()).unwrap();
    assert!(form.verify().is_ok(), "a key that knows no token takes any");
    for changed in [form.clone().changed("x-amz-security-token", "other"), form.clone().without("x-amz-security-token")]
    {
        let error = changed.verify_as(&verifier(), &key, now()).unwrap_err();
        assert_eq!(error.kind(), VerifyErrorKind::InvalidSessionToken);
        let error = changed.verify().unwrap_err();
        assert_eq!(error.kind(), VerifyErrorKind::PolicyCondition);
        let shown = format!("{error} {error:?} {}", error.client_message(AnswerStyle::S3));
        assert!(shown.contains(r#"["eq", "$x-amz-security-token", "…"]"#), "{shown}");
        assert!(!shown.contains(TOKEN), "{shown}");
    }
    // Whoever signs it anew has another token, or none.
    let again = verified.policy().sign(&signer(), now()).unwrap();
    assert_eq!(again.field("x-amz-security-token"), None);
    assert!(Form::of(&again).verify().is_ok());
    let shown = format!("{signed:?} {verified:?} {:?}", verified.policy());
    assert!(!shown.contains(TOKEN) && !shown.contains(signed.field("x-amz-signature").unwrap()), "{shown}");
    let express_signer = SigV4::new(credentials, region(), Service::new("s3express").unwrap());
    let express = policy().sign(&express_signer, now()).unwrap();
    assert_eq!(express.field("x-amz-s3session-token"), Some(TOKEN));
    let again = verified.policy().sign(&express_signer, now()).unwrap();
    assert_eq!((again.field("x-amz-s3session-token"), again.field("x-amz-security-token")), (Some(TOKEN), None));
    let verifier = Verifier::new(Service::new("s3express").unwrap(), region());
    assert!(Form::of(&express).verify_as(&verifier, &key, now()).is_ok());
}

/// Keys of the client's own (SSE-C), which S3 does not keep.
#[test]
fn the_keys_of_encryption_are_not_shown() {
    const OWN_KEY: &str = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=";
    let header = "x-amz-server-side-encryption-customer-key";
    for name in
        [header, "X-Amz-Server-Side-Encryption-Customer-Key", "x-amz-copy-source-server-side-encryption-customer-key"]
    {
        let exact = policy().with_field(name, OWN_KEY).unwrap();
        let prefix = policy().with_field_prefix(name, OWN_KEY).unwrap();
        for (operator, policy) in [("eq", exact), ("starts-with", prefix)] {
            let condition = policy.conditions().last().unwrap();
            let expected = format!(r#"["{operator}", "${name}", "…"]"#);
            assert_eq!((condition.to_string(), format!("{condition:?}")), (expected.clone(), expected.clone()));
            let form = Form::of(&policy.sign(&signer(), now()).unwrap());
            let changed = Form { fields: form.fields.into_iter().filter(|(own, _)| own != name).collect(), ..form };
            let error = changed.with(name, "other").verify().unwrap_err();
            assert_eq!(error.kind(), VerifyErrorKind::PolicyCondition);
            let shown = format!("{policy:?} {error} {error:?} {}", error.client_message(AnswerStyle::S3));
            assert!(shown.contains(&expected) && !shown.contains(OWN_KEY), "{shown}");
        }
    }
    // Its algorithm is no secret.
    let shown = policy().with_field("x-amz-server-side-encryption-customer-algorithm", "AES256").unwrap();
    assert!(format!("{shown:?}").contains("AES256"));
}

#[test]
fn what_cannot_be_signed() {
    let sigv4a = SigV4a::new(Credentials::new(KEY_ID, SECRET).unwrap(), RegionSet::all(), Service::S3);
    let error = policy().sign(&sigv4a, now()).unwrap_err();
    assert_eq!(error.kind(), SignErrorKind::Unsupported);
    assert!(error.to_string().contains("POST policies have no SigV4a form"), "{error}");
    let ended = Credentials::new(KEY_ID, SECRET).unwrap().with_expiry(now());
    let error = policy().sign(&SigV4::new(ended, region(), Service::S3), now()).unwrap_err();
    assert_eq!(error.kind(), SignErrorKind::CredentialsExpired);
    let error = policy().sign(&signer(), now().saturating_add(3600)).unwrap_err();
    assert_eq!((error.kind(), error.code()), (SignErrorKind::Invalid, ParseErrorKind::PostPolicy.as_str()));
    let error = PostPolicy::sign_json(&policy().to_json(), &signer(), now()).unwrap_err();
    let expected = r#"expected the condition ["eq", "$x-amz-algorithm", "AWS4-HMAC-SHA256"]"#;
    assert!(error.to_string().contains(expected), "{error}");
    for name in ["policy", "X-Amz-Signature", "file", ""] {
        assert_eq!(policy().with_field(name, "x").unwrap_err().kind(), ParseErrorKind::PostPolicy);
        assert_eq!(policy().with_field_prefix(name, "x").unwrap_err().kind(), ParseErrorKind::PostPolicy);
    }
    // An empty range: no size is in it.
    let (more, less) = (2, 1);
    let error = policy().with_content_length_range(more..=less).unwrap_err();
    assert!(error.to_string().contains("that holds a number, found `2 to 1`"), "{error}");
}

/// A policy that the owner of the key signed and that does not say what it must.
#[test]
fn a_policy_must_bind_what_matters() {
    let json = |conditions: &str| format!(r#"{{"expiration":"2015-12-30T12:00:00.000Z","conditions":[{conditions}]}}"#);
    let scope = format!("{KEY_ID}/20151229/us-east-1/s3/aws4_request");
    let parts = [
        format!(r#"{{"bucket":"{BUCKET}"}}"#),
        r#"{"key":"k"}"#.to_owned(),
        r#"{"x-amz-algorithm":"AWS4-HMAC-SHA256"}"#.to_owned(),
        format!(r#"{{"x-amz-credential":"{scope}"}}"#),
        r#"{"x-amz-date":"20151229T000000Z"}"#.to_owned(),
    ];
    let form = |text: &str| {
        let policy = data_encoding::BASE64.encode(text.as_bytes());
        let signature = hmac(&signer().signing_key(now()), policy.as_bytes());
        Form { bucket: BUCKET.to_owned(), fields: Vec::new(), file_name: None, file_size: 5 }
            .with("key", "k")
            .with("x-amz-algorithm", "AWS4-HMAC-SHA256")
            .with("x-amz-credential", &scope)
            .with("x-amz-date", "20151229T000000Z")
            .with("policy", &policy)
            .with("x-amz-signature", &signature)
    };
    assert!(form(&json(&parts.join(","))).verify().is_ok());
    for index in 0..parts.len() {
        let mut fewer = parts.to_vec();
        fewer.remove(index);
        let error = form(&json(&fewer.join(","))).verify().unwrap_err();
        assert_eq!(error.kind(), VerifyErrorKind::PolicyExtraField, "{fewer:?}");
    }
    for name in ["x-amz-algorithm", "x-amz-credential", "x-amz-date"] {
        let index = parts.iter().position(|part| part.contains(name)).unwrap();
        let mut loose = parts.to_vec();
        loose[index] = format!(r#"["starts-with","${name}",""]"#);
        let error = form(&json(&loose.join(","))).verify().unwrap_err();
        assert!(error.to_string().contains(&format!("binds it to one value, found `{name}`")), "{error}");
    }
    let whole = parts.join(",");
    for malformed in [
        String::new(),
        "[]".to_owned(),
        "not JSON".to_owned(),
        r#"{"conditions":[]}"#.to_owned(),
        r#"{"expiration":"2015-12-30T12:00:00.000Z"}"#.to_owned(),
        json(&whole).replace("conditions", "CONDITIONS"),
        json(&whole).replace("expiration", "EXPIRATION"),
        json(&whole).replace("12:00:00.000Z", "12:00:00+00:00"),
        json(&whole).replace('T', " "),
        json(&format!("{whole},")),
        json(&format!("{whole},{{}}")),
        json(&format!(r#"{whole},{{"a":"b","c":"d"}}"#)),
        json(&format!(r#"{whole},{{"a":"b","a":"b"}}"#)),
        json(&format!(r#"{whole},{{"content-length":5}}"#)),
        json(&format!(r#"{whole},["content-length-range",0]"#)),
        json(&format!(r#"{whole},["content-length-range",-1,0]"#)),
        json(&format!(r#"{whole},["content-length-range",0,512.0]"#)),
        json(&format!(r#"{whole},["content-length-range",9,1]"#)),
        json(&format!(r#"{whole},["content-length-range","+1","2"]"#)),
        json(&format!(r#"{whole},["content-length-range",0,1,2]"#)),
        json(&format!(r#"{whole},["eq","key","k"]"#)),
        json(&format!(r#"{whole},["eq","$key"]"#)),
        json(&format!(r#"{whole},["ends-with","$key","k"]"#)),
        json(&format!("{whole},[]")),
        json(&format!(r#"{whole},"text""#)),
        format!(r#"{{"Version":"2012-10-17",{}"#, &json(&whole)[1..]),
        format!(r#"{{"expiration":"2016-12-30T12:00:00.000Z",{}"#, &json(&whole)[1..]),
    ] {
        let (kind, code, status, message) = form(&malformed).refused();
        assert_eq!(
            (kind, code, status),
            (VerifyErrorKind::MalformedPolicy, "InvalidPolicyDocument", 400),
            "{malformed}"
        );
        assert!(message.starts_with("Invalid Policy: "), "{message}");
    }
    let mut not_base64 = form("");
    let signature = hmac(&signer().signing_key(now()), b"e30");
    not_base64 = not_base64.changed("policy", "e30").changed("x-amz-signature", &signature);
    assert_eq!(not_base64.refused().0, VerifyErrorKind::MalformedPolicy);
    // What S3 takes too: operators and names in other letter case, seconds without a fraction.
    let lenient = whole.replace("\"bucket\"", "\"bUcKeT\"");
    let lenient = json(&format!(r#"{lenient},["StArTs-WiTh","$KeY","k"],["EQ","$KEY","k"]"#)).replace(".000", "");
    assert!(form(&lenient).verify().is_ok());
}

/// Nothing is signed twice, and no condition is about what is not there yet when it is signed.
#[test]
fn a_policy_that_is_read_demands_no_more_than_one_that_is_built() {
    let json = |condition: &str| format!(r#"{{"expiration":"2015-12-30T12:00:00.000Z","conditions":[{condition}]}}"#);
    for name in ["policy", "POLICY", "x-amz-signature", "X-Amz-Signature", "file", ""] {
        let conditions = [
            format!(r#"{{"{name}":"x"}}"#),
            format!(r#"["eq","${name}","x"]"#),
            format!(r#"["starts-with","${name}",""]"#),
        ];
        for condition in conditions {
            let error = PostPolicy::parse(&json(&condition)).unwrap_err();
            assert_eq!(error.kind(), ParseErrorKind::PostPolicy);
            let text = error.to_string();
            assert!(
                text.contains(&format!("other than `policy`, `x-amz-signature` and `file`, found `{name}`")),
                "{text}"
            );
            let error = PostPolicy::sign_json(&json(&condition), &signer(), now()).unwrap_err();
            assert_eq!(error.kind(), SignErrorKind::Invalid, "{condition}");
        }
    }
}

/// A message stays one line, and short.
#[test]
fn a_text_that_is_no_policy_is_not_repeated() {
    for (text, expected) in [
        (format!(r#"{{"{}\n\u001b[31m":1}}"#, "x".repeat(50)), "unknown field `xxx"),
        (format!(r#"{{"{}":1}}"#, "x".repeat(100_000)), "unknown field `xxx"),
        (format!(r#"{{"conditions":"{}"}}"#, "x".repeat(100_000)), "invalid type: string"),
        (format!(r#"{{"conditions":["{TOKEN}"]}}"#), "as an object or a list, found a text at line 1 column"),
    ] {
        let error = PostPolicy::parse(&text).unwrap_err().to_string();
        assert!(error.contains(expected) && !error.contains(TOKEN), "{error}");
        assert!(error.len() < 300 && !error.contains(char::is_control), "{error}");
    }
}

/// What a stranger sends before anyone has looked at a signature grows neither memory nor work.
#[test]
fn a_form_is_as_large_as_at_s3() {
    const LIMIT: usize = 20_480;
    let too_large = |outcome: Result<PostForm<'_>, VerifyError>, message: &str| {
        let error = outcome.unwrap_err();
        assert_eq!(error.kind(), VerifyErrorKind::FormTooLarge);
        assert_eq!((error.code(AnswerStyle::S3), error.status(AnswerStyle::S3)), ("MaxPostPreDataLengthExceeded", 400));
        let expected = "Your POST request fields preceeding the upload file was too large.";
        assert_eq!(error.client_message(AnswerStyle::S3), expected);
        assert!(error.to_string().contains(message), "{error}");
    };
    let (most, more) = ("x".repeat(LIMIT - 3), "x".repeat(LIMIT - 2));
    assert!(PostForm::new(BUCKET).with_field("key", &most).is_ok());
    too_large(
        PostForm::new(BUCKET).with_field("key", &more),
        "expected fields of 20480 bytes at most, found `20481 bytes`",
    );
    // Names count as values do.
    too_large(PostForm::new(BUCKET).with_field(&more, "xyz"), "found `20481 bytes`");
    let names: Vec<String> = (0..60_000).map(|number| format!("x-ignore-{number}")).collect();
    let mut form = Ok(PostForm::new(BUCKET));
    let taken = names.iter().take_while(|name| {
        form = form.clone().and_then(|form| form.with_field(name, ""));
        form.is_ok()
    });
    // Ten of ten bytes, ninety of eleven, nine hundred of twelve, and as many of thirteen as there is room for.
    assert_eq!(taken.count(), 1_000 + (LIMIT - 100 - 990 - 10_800) / 13);
    too_large(form, "found `20");

    // A field full of `${filename}`, and a name as long as a key: a thousand for eleven, no more.
    let full = "${filename}".repeat((LIMIT - 3) / 11);
    let form = PostForm::new(BUCKET).with_field("key", &full).unwrap();
    let (longest, longer) = ("n".repeat(1_024), "n".repeat(1_025));
    let named = form.clone().with_file_name(&longest).unwrap();
    assert_eq!(named.field("key").unwrap().len(), (LIMIT - 3) / 11 * 1_024);
    too_large(form.clone().with_file_name(&longer), "expected a file name of 1024 bytes at most, found `1025 bytes`");
    // What is before the last part is not kept.
    let path = format!("{}/{longest}", "directory/".repeat(100_000));
    assert_eq!(form.with_file_name(&path).unwrap().field("key"), named.field("key"));
}

/// HMAC-SHA256 in hex, from its definition, with what is public here.
fn hmac(key: &[u8; 32], message: &[u8]) -> String {
    let pad = |byte: u8| {
        let mut block = [byte; 64];
        block.iter_mut().zip(key).for_each(|(slot, byte)| *slot ^= byte);
        block
    };
    let sha256 = |parts: [&[u8]; 2]| {
        let mut hash = sigv4a::BodyHash::new();
        parts.iter().for_each(|part| hash.update(part));
        hash.finish()
    };
    base16ct::lower::encode_string(&sha256([&pad(0x5c), &sha256([&pad(0x36), message])]))
}

#[test]
fn a_size_that_comes_later() {
    let signed = policy().with_content_length_range(5..=10).unwrap().with_content_length_range(0..=8).unwrap();
    assert_eq!(signed.content_length_range(), 5..=8);
    let signed = signed.sign(&signer(), now()).unwrap();
    let mut form = PostForm::new(BUCKET);
    for (name, value) in signed.fields() {
        form = form.with_field(name, value).unwrap();
    }
    let authorization = PostAuthorization::from_form(&form).unwrap();
    verifier().check_post(&authorization).unwrap();
    let verified = verifier().verify_post(&authorization, &key(), now()).unwrap();
    assert_eq!(verified.check_size(9).unwrap_err().kind(), VerifyErrorKind::BodyTooLarge);
    assert_eq!(verified.check_size(4).unwrap_err().kind(), VerifyErrorKind::BodyTooSmall);
    assert!(verified.check_size(8).is_ok());
    assert_eq!(verified.policy().content_length_range(), 5..=8);
}

fn name() -> impl Strategy<Value = String> {
    "[a-zA-Z][a-zA-Z0-9_-]{0,10}".prop_filter("names that mean something", |name| {
        !["key", "bucket", "policy", "file", "acl"].contains(&name.to_ascii_lowercase().as_str())
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever policy there is, its text is read as the same policy.
    #[test]
    fn the_text_of_a_policy_is_the_policy(
        bucket in any::<String>(),
        seconds in 0_u32..1_000_000_000,
        fields in vec((name(), any::<String>(), any::<bool>()), 0..6),
        range in proptest::option::of((any::<u64>(), any::<u64>())),
    ) {
        let mut policy = PostPolicy::new(&bucket, now().saturating_add(seconds));
        for (name, value, exact) in &fields {
            policy = match exact {
                true => policy.with_field(name, value),
                false => policy.with_field_prefix(name, value),
            }.unwrap();
        }
        if let Some((one, two)) = range {
            policy = policy.with_content_length_range(one.min(two)..=one.max(two)).unwrap();
        }
        let text = policy.to_json();
        prop_assert_eq!(PostPolicy::parse(&text).unwrap(), policy);
    }

    /// A form that fulfils its policy is accepted; with any one field changed, it is not.
    #[test]
    fn signed_is_accepted_and_changed_is_refused(
        fields in proptest::collection::btree_map(name().prop_map(|name| name.to_ascii_lowercase()), any::<String>(), 0..6),
        file_name in any::<String>(),
        chosen in any::<Index>(),
        at in any::<Index>(),
    ) {
        let mut policy = policy();
        for (name, value) in &fields {
            policy = policy.with_field(name, &value.replace("${filename}", "")).unwrap();
        }
        let form = Form { file_name: Some(file_name), ..Form::of(&policy.sign(&signer(), now()).unwrap()) };
        let ignored = form.fields.iter().any(|(name, _)| name.starts_with("x-ignore-"));
        prop_assert!(form.verify().is_ok(), "{:?}", form.verify());
        let mut changed = form.clone();
        let field = &mut changed.fields[chosen.index(form.fields.len())].1;
        let places: Vec<usize> = field.char_indices().map(|(place, _)| place).chain([field.len()]).collect();
        field.insert(places[at.index(places.len())], '0');
        prop_assert!(ignored || changed.verify().is_err());
    }

    /// Any text is a policy or is not; nothing panics.
    #[test]
    fn any_text_and_any_fields(text in any::<String>(), fields in vec(any::<(String, String)>(), 0..8)) {
        let _ = PostPolicy::parse(&text);
        let form = Form { bucket: text, fields, file_name: None, file_size: 0 };
        prop_assert!(form.verify().is_err());
    }
}
