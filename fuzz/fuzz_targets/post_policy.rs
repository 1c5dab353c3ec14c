//! A policy that can be read is printed as text that is read as the same policy. What is signed is accepted, and refused
//! with a byte more in any field; any other form is refused. Nothing panics.

#![no_main]

use std::sync::LazyLock;

use arbitrary::Arbitrary;
use libfuzzer_sys::fuzz_target;
use sigv4a::{
    Credentials, PostAuthorization, PostForm, PostPolicy, Region, Service, SigV4, Timestamp, VerificationKey,
    VerifiedPost, Verifier, VerifyError, VerifyErrorKind,
};

static NOW: LazyLock<Timestamp> = LazyLock::new(|| Timestamp::parse_amz_date("20151229T000000Z").unwrap());
static SIGNER: LazyLock<SigV4> = LazyLock::new(|| {
    let credentials = Credentials::new("AKIDEXAMPLE", "secret").unwrap();
    SigV4::new(credentials, Region::new("us-east-1").unwrap(), Service::S3)
});
static KEY: LazyLock<VerificationKey> = LazyLock::new(|| VerificationKey::new("AKIDEXAMPLE", "secret").unwrap());
static VERIFIER: LazyLock<Verifier> = LazyLock::new(|| Verifier::new(Service::S3, Region::new("us-east-1").unwrap()));

#[derive(Arbitrary, Debug)]
struct Input<'a> {
    json: &'a str,
    bucket: &'a str,
    key: &'a str,
    fields: Vec<(&'a str, &'a str)>,
    file_name: Option<&'a str>,
    file_size: u64,
    changed: usize,
}

fuzz_target!(|input: Input<'_>| {
    if let Ok(policy) = PostPolicy::parse(input.json) {
        assert_eq!(PostPolicy::parse(&policy.to_json()).as_ref(), Ok(&policy));
        let _ = format!("{policy:?}");
        // Whatever it demands, it can be signed, unless it has ended.
        assert_eq!(policy.sign(&*SIGNER, *NOW).is_ok(), policy.expires_at() > *NOW);
    }
    assert!(verify(&input, &input.fields).is_err(), "nobody signed this");

    let mut policy = PostPolicy::new(input.bucket, NOW.saturating_add(1)).with_field("key", input.key).unwrap();
    for (name, value) in &input.fields {
        policy = match policy.clone().with_field(name, value) {
            Ok(policy) => policy,
            Err(_) => policy,
        };
    }
    let Ok(policy) = policy.with_content_length_range(0..=input.file_size) else { return };
    let signed = policy.sign(&*SIGNER, *NOW).expect("a policy that has not ended");
    let fields: Vec<(&str, &str)> = signed.fields().collect();
    let verified = verify(&input, &fields);
    // The policy in base64 is longer than what it was made of.
    if verified.as_ref().is_err_and(|error| error.kind() == VerifyErrorKind::FormTooLarge) {
        return;
    }
    let Ok(verified) = verified else {
        // Conditions that contradict each other, or the name of the file in a value that must be exact.
        let is_contradictory = policy.conditions().iter().any(|condition| {
            let field = condition.field().unwrap_or_default();
            let value = match field.eq_ignore_ascii_case("bucket") {
                true => Some(input.bucket),
                false => signed.field(field),
            };
            value.is_some() && value != condition.exact_value()
        });
        // A token is visible ASCII.
        let has_token = signed.field("x-amz-security-token").or(signed.field("x-amz-s3session-token")).is_some();
        let has_no_key = input.key.is_empty();
        assert!(is_contradictory || has_token || has_no_key || input.file_name.is_some(), "{fields:?}");
        return;
    };
    assert!(verified.check_size(input.file_size).is_ok());
    assert_eq!(verified.bucket(), input.bucket);
    let mut changed = fields.clone();
    let index = input.changed % fields.len();
    let (name, value) = fields[index];
    let longer = format!("{value}0");
    changed[index] = (name, &longer);
    let is_ignored = name.to_ascii_lowercase().starts_with("x-ignore-");
    // A condition on it holds all the same; an ignored field without one is nobody's.
    assert!(is_ignored || verify(&input, &changed).is_err(), "{name}");
});

fn verify<'a>(input: &Input<'a>, fields: &[(&str, &str)]) -> Result<VerifiedPost, VerifyError> {
    let mut form = PostForm::new(input.bucket).with_file_size(input.file_size);
    for (name, value) in fields {
        form = form.with_field(name, value)?;
    }
    if let Some(name) = input.file_name {
        form = form.with_file_name(name)?;
    }
    VERIFIER.verify_post(&PostAuthorization::from_form(&form)?, &KEY, *NOW)
}
