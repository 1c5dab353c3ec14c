//! Changes of what belongs to the signature.

use sigv4a::{
    Algorithm, Verified,
    VerifyErrorKind::{self as Kind, *},
};

use super::{Mutation, mutation};
use crate::support::{
    recorded::{ALIAS, OTHER_ID},
    sent::Sent,
    signature::{Part, is_presigned, part, with_parameter, with_part},
};

pub fn scope(sent: &Sent, verified: &Verified, all: &mut Vec<Mutation>) {
    let credential = part(sent, Part::Credential);
    let fields: Vec<&str> = credential.split('/').collect();
    let last = fields.len() - 1;
    let day = if fields[1] == "20150101" { "20150102" } else { "20150101" };
    let mut with = |index: usize, field: &str, kinds| {
        let mut fields = fields.clone();
        fields[index] = field;
        all.push(mutation("scope", with_part(sent, Part::Credential, &fields.join("/")), kinds));
    };
    with(0, "AKIANOBODY", &[UnknownKey]);
    with(0, OTHER_ID, &[SignatureMismatch, KeyCannotVerify]);
    with(0, "", &[MalformedCredential]);
    with(1, day, &[ScopeDate]);
    with(1, "2015083", &[MalformedCredential]);
    with(1, "2015083x", &[MalformedCredential]);
    with(last - 1, "other", &[ScopeService]);
    with(last - 1, "", &[MalformedCredential]);
    for terminator in ["aws5_request", "aws4_reques", "AWS4_REQUEST"] {
        with(last, terminator, &[ScopeTerminator]);
    }
    if verified.algorithm() == Algorithm::SigV4 {
        with(2, "other-1", &[ScopeRegion]);
        with(2, ALIAS, &[SignatureMismatch]);
        with(2, "", &[MalformedCredential]);
        with(2, "*", &[MalformedCredential]);
    }
    for (index, _) in fields.iter().enumerate() {
        let (mut fewer, mut more) = (fields.clone(), fields.clone());
        fewer.remove(index);
        more.insert(index, "more");
        for fields in [fewer, more] {
            all.push(mutation("scope", with_part(sent, Part::Credential, &fields.join("/")), &[MalformedCredential]));
        }
    }
}

pub fn algorithm(sent: &Sent, all: &mut Vec<Mutation>) {
    let name = part(sent, Part::Algorithm);
    let other = if name.contains("HMAC") { "AWS4-ECDSA-P256-SHA256" } else { "AWS4-HMAC-SHA256" };
    all.push(mutation("algorithm", with_part(sent, Part::Algorithm, other), &[MalformedCredential]));
    for name in [&name.to_ascii_lowercase(), &name[1..], "AWS4-HMAC-SHA512", "none", ""] {
        all.push(mutation("algorithm", with_part(sent, Part::Algorithm, name), &[UnknownAlgorithm]));
    }
}

pub fn date(sent: &Sent, all: &mut Vec<Mutation>) {
    let date = part(sent, Part::Date);
    let last = if date.ends_with("0Z") { '1' } else { '0' };
    let other = format!("{}{last}Z", &date[..14]);
    all.push(mutation("date", with_part(sent, Part::Date, &other), &[SignatureMismatch]));
    for text in [&date[..15], &date.to_ascii_lowercase(), &date[..8], "", "20151330T123600Z"] {
        let kinds: &[Kind] = &[MalformedDate];
        all.push(mutation("date", with_part(sent, Part::Date, text), kinds));
    }
}

pub fn region_set(sent: &Sent, verified: &Verified, all: &mut Vec<Mutation>) {
    let Some(set) = verified.region_set() else { return };
    let more = format!("{set},more-1");
    for (text, kind) in [
        (&*more, &[SignatureMismatch][..]),
        ("other-1", &[RegionSetMismatch]),
        ("other-*,another-1", &[RegionSetMismatch]),
        ("", &[MalformedRegionSet]),
        ("us east", &[MalformedRegionSet]),
    ] {
        all.push(mutation("region set", with_part(sent, Part::RegionSet, text), kind));
    }
    let other = if set.as_str() == "**" { "*" } else { "**" };
    all.push(mutation("region set", with_part(sent, Part::RegionSet, other), &[SignatureMismatch]));
}

pub fn signature(sent: &Sent, verified: &Verified, all: &mut Vec<Mutation>) {
    let signature = part(sent, Part::Signature);
    let is_sigv4 = verified.algorithm() == Algorithm::SigV4;
    let mut with = |text: &str, kinds| all.push(mutation("signature", with_part(sent, Part::Signature, text), kinds));
    for (at, digit) in signature.char_indices() {
        let value = digit.to_digit(16).unwrap();
        let mut text = signature.clone();
        // In DER a digit may be one of the frame.
        text.replace_range(at..=at, &format!("{:x}", value ^ (1 << (at % 4))));
        with(&text, if is_sigv4 { &[SignatureMismatch] } else { &[SignatureMismatch, MalformedSignature] });
        if digit.is_ascii_lowercase() {
            text.replace_range(at..=at, &digit.to_ascii_uppercase().to_string());
            with(&text, &[MalformedSignature]);
        }
    }
    let shorter =
        [&signature[1..], &signature[2..], &signature[..signature.len() - 1], &signature[..signature.len() - 2]];
    let longer = ["0", "00", "*", "**", "g0", "é"].map(|more| format!("{signature}{more}"));
    for text in shorter.into_iter().chain(longer.iter().map(|text| &**text)).chain(["", "0"]) {
        // A header holds ASCII only.
        with(text, if text.is_ascii() { &[MalformedSignature] } else { &[MalformedSignature, MalformedAuthorization] });
    }
    with(&"0".repeat(64), if is_sigv4 { &[SignatureMismatch] } else { &[MalformedSignature] });
}

/// Two signatures, or none.
pub fn placement(sent: &Sent, all: &mut Vec<Mutation>) {
    if is_presigned(sent) {
        let both = sent.with_header("Authorization", "AWS4-HMAC-SHA256 Credential=x");
        all.push(mutation("two signatures", both, &[BothMechanisms]));
        return;
    }
    for name in ["X-Amz-Signature", "x-amz-algorithm", "X-AMZ-CREDENTIAL", "X-Amz-SignedHeaders", "X-Amz-%53ignature"] {
        let both = with_parameter(sent, name, Some("x"));
        all.push(mutation("two signatures", both, &[BothMechanisms]));
    }
    let authorization = sent.header("authorization").unwrap();
    all.push(mutation("two signatures", sent.with_header("authorization", authorization), &[MalformedAuthorization]));
    all.push(mutation("no signature", sent.without_header("authorization"), &[MissingAuthentication]));
}

pub fn presign(sent: &Sent, all: &mut Vec<Mutation>) {
    for (text, kinds) in [
        ("0", &[ExpiresOutOfRange][..]),
        ("604801", &[ExpiresOutOfRange]),
        ("-1", &[ExpiresOutOfRange]),
        ("+60", &[ExpiresOutOfRange]),
        ("1e3", &[ExpiresOutOfRange]),
        ("", &[ExpiresOutOfRange]),
        ("99999999999999999999999", &[ExpiresOutOfRange]),
        ("61", &[SignatureMismatch]),
    ] {
        all.push(mutation("expiry", with_parameter(sent, "X-Amz-Expires", Some(text)), kinds));
    }
    let without = with_parameter(sent, "X-Amz-Expires", None);
    all.push(mutation("expiry", without, &[ExpiresOutOfRange, SignatureMismatch]));
    for pair in sent.pairs().iter().filter(|pair| pair.split('=').next().is_some_and(|name| PARAMETERS.contains(&name)))
    {
        let mut pairs = sent.pairs();
        pairs.push(pair.clone());
        all.push(mutation("parameter twice", sent.with_pairs(&pairs), &[AmbiguousParameter]));
        let lower = pair.replacen("X-Amz-", "x-amz-", 1);
        *pairs.last_mut().unwrap() = lower.clone();
        all.push(mutation("parameter twice", sent.with_pairs(&pairs), &[AmbiguousParameter]));
        let others = sent.pairs().into_iter().map(|other| if other == *pair { lower.clone() } else { other });
        all.push(mutation("letter case", sent.with_pairs(&others.collect::<Vec<_>>()), &[AmbiguousParameter]));
    }
}

const PARAMETERS: [&str; 9] = [
    "X-Amz-Algorithm",
    "X-Amz-Credential",
    "X-Amz-Date",
    "X-Amz-Expires",
    "X-Amz-Region-Set",
    "X-Amz-SignedHeaders",
    "X-Amz-Signature",
    "X-Amz-Security-Token",
    "X-Amz-S3session-Token",
];
