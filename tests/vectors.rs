//! Our own vectors, made by `vectors/generate.py` with AWS's implementations. Every field of every line is used; the
//! number of lines is stated here, so that none is lost silently.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may panic"
)]

mod support;

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;
use sigv4a::{
    Credentials, Provider, Region, RegionSet, Service, SigV4, SigV4a, Signature, Timestamp, VerifyingKey,
    config::{Ambient, Environment, ProfileName, SharedFiles},
    json::sign_line,
};
use support::recorded::{Answer, Vector, lines};

#[test]
fn documented_by_aws() {
    check("aws-documented.jsonl", 8);
}

#[test]
fn sigv4() {
    check("sigv4.jsonl", 310);
}

#[test]
fn sigv4a() {
    check("sigv4a.jsonl", 325);
}

fn check(file: &str, expected: usize) {
    let ambient = no_ambient();
    let vectors: Vec<Vector> = lines(file);
    let mut failures = Vec::new();
    for vector in &vectors {
        assert!(!vector.oracle.is_empty(), "{}: who says so?", vector.id);
        let answer = sign_line(&vector.request.to_string(), &ambient, || panic!("{}: has no time", vector.id));
        let answer = serde_json::to_value(&answer).unwrap();
        match serde_json::from_value::<Answer>(answer.clone()) {
            Ok(answer) => {
                failures.extend(differences(vector, answer).map(|difference| format!("{}: {difference}", vector.id)))
            }
            Err(_) => failures.push(format!("{}: {answer}", vector.id)),
        }
    }
    println!("{file}: {} of {} vectors agree", vectors.len() - failures.len(), vectors.len());
    assert!(failures.is_empty(), "{} differ:\n{}", failures.len(), failures.join("\n"));
    assert_eq!(vectors.len(), expected);
}

fn differences(vector: &Vector, mut found: Answer) -> impl Iterator<Item = String> {
    let mut expected = vector.answer.clone();
    found.id = Value::Null;
    let mut problem = None;
    assert_eq!(expected.algorithm == "sigv4a", expected.public_key.is_some(), "{}", vector.id);
    if let Some(public_key) = expected.public_key.take() {
        let point = base16ct::lower::decode_vec(&public_key).unwrap();
        for key in Provider::all().into_iter().map(|provider| VerifyingKey::from_sec1(&point, provider).unwrap()) {
            for (who, answer) in [("ours", &found), ("the oracle's", &expected)] {
                let signature = Signature::parse(&answer.signature).unwrap();
                if !key.verifies(answer.string_to_sign.as_bytes(), &signature) {
                    problem = Some(format!("{who} signature does not verify with {key:?}"));
                }
            }
        }
        blank_signature(&mut found);
        blank_signature(&mut expected);
    }
    let differs = (found != expected).then(|| format!("\n  found    {found:?}\n  expected {expected:?}"));
    problem.into_iter().chain(differs)
}

/// A SigV4a signature is random: it stands in the URL or in the header, and is verified apart.
fn blank_signature(answer: &mut Answer) {
    let signature = std::mem::replace(&mut answer.signature, "random".to_owned());
    answer.url = answer.url.replace(&signature, "random");
    for (_, value) in &mut answer.headers {
        *value = value.replace(&signature, "random");
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, tag = "algorithm", rename_all = "lowercase")]
enum KeyVector {
    SigV4a {
        id: String,
        access_key_id: String,
        secret_access_key: String,
        counter: u8,
        private_key: String,
        public_key: String,
    },
    SigV4 {
        id: String,
        secret_access_key: String,
        date: String,
        region: String,
        service: String,
        signing_key: String,
    },
}

/// The private key cannot be seen from here; the public one shows that it is right. What the vectors are there for is
/// counted, so that none of it is lost.
#[test]
fn keys() {
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    for vector in lines::<KeyVector>("keys.jsonl") {
        match vector {
            KeyVector::SigV4a { id, access_key_id, secret_access_key, counter, private_key, public_key } => {
                let credentials = Credentials::new(&access_key_id, &secret_access_key).unwrap();
                for provider in Provider::all() {
                    let signer =
                        SigV4a::new(credentials.clone(), RegionSet::all(), Service::S3).with_provider(provider);
                    let found = base16ct::lower::encode_string(&signer.verifying_key().unwrap().to_sec1());
                    assert_eq!(found, public_key, "{id}, counter {counter}, {provider:?}");
                }
                // N / 2 of P-256, from FIPS 186-5.
                let half = "7fffffff800000007fffffffffffffffde737d56d38bcf4279dce5617e3192a8";
                let (x, y) = public_key[2..].split_at(64);
                for (what, holds) in [
                    ("d > N/2", private_key.as_str() > half),
                    ("top bit", private_key.as_str() >= "8"),
                    ("zero byte in d", private_key.starts_with("00")),
                    ("zero byte in x", x.starts_with("00")),
                    ("zero byte in y", y.starts_with("00")),
                    ("second counter", counter == 2),
                ] {
                    *seen.entry(what).or_default() += usize::from(holds);
                }
                *seen.entry("sigv4a").or_default() += 1;
            }
            KeyVector::SigV4 { id, secret_access_key, date, region, service, signing_key } => {
                assert_eq!(signing_key.len(), 64, "{id}");
                let found = ladder(&secret_access_key, [&date, &region, &service]);
                assert_eq!(found, signing_key, "{id}");
                *seen.entry("sigv4").or_default() += 1;
            }
        }
    }
    println!("{seen:?}");
    for what in ["d > N/2", "top bit", "zero byte in d", "zero byte in x", "zero byte in y", "second counter"] {
        assert!(seen[what] > 0, "no vector with {what}");
    }
    assert_eq!(seen["sigv4a"] + seen["sigv4"], 43);
}

/// kSigning of a day, a region and a service, the same for every back end.
fn ladder(secret: &str, [date, region, service]: [&String; 3]) -> String {
    let at = Timestamp::parse_amz_date(&format!("{date}T000000Z")).unwrap();
    let credentials = Credentials::new("AKIDEXAMPLE", secret).unwrap();
    let (region, service) = (Region::new(region).unwrap(), Service::new(service).unwrap());
    let key = |provider| {
        SigV4::new(credentials.clone(), region.clone(), service.clone()).with_provider(provider).signing_key(at)
    };
    let mut keys: Vec<_> =
        Provider::all().into_iter().map(|provider| base16ct::lower::encode_string(&*key(provider))).collect();
    keys.dedup();
    assert_eq!(keys.len(), 1, "the back ends disagree");
    keys.remove(0)
}

fn no_ambient() -> Ambient {
    Ambient::new(&ProfileName::Default, &Environment::default(), &SharedFiles::default()).unwrap()
}
