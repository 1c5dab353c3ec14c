//! `CrtSigner` answers every vector, and its signatures verify with every back end.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may panic"
)]

mod support;

use serde_json::Value;
use sigv4a::{Credentials, Provider, RegionSet, Service, Signature, VerifyingKey};
use sigv4a_crt::CrtSigner;
use support::vector::{REQUESTS, lines, requests};

#[test]
fn requests_of_both_algorithms() {
    let mut seen = [0, 0];
    for vector in REQUESTS.into_iter().flat_map(requests) {
        let found =
            vector.sign(|resolved, credentials| Ok(Box::new(CrtSigner::from_resolved(&resolved, credentials)?)));
        let Some(public_key) = &vector.answer.public_key else {
            assert_eq!(found, vector.answer, "{}", vector.id);
            seen[0] += 1;
            continue;
        };
        let point = base16ct::lower::decode_vec(public_key).unwrap();
        let signature = Signature::parse(&found.signature).unwrap();
        for provider in Provider::all() {
            let key = VerifyingKey::from_sec1(&point, provider).unwrap();
            assert!(key.verifies(found.string_to_sign.as_bytes(), &signature), "{} {provider:?}", vector.id);
        }
        assert_eq!(found.without_signature(), vector.answer.without_signature(), "{}", vector.id);
        seen[1] += 1;
    }
    println!(
        "{} of SigV4 to the byte, {} of SigV4a verified with {} back ends",
        seen[0],
        seen[1],
        Provider::all().len()
    );
    assert_eq!(Provider::all().len(), 3);
}

/// The runtime drops leading zeros of a coordinate; the point has them all the same.
#[test]
fn public_keys() {
    let mut short = 0;
    for vector in lines::<Value>("keys.jsonl").iter().filter(|vector| vector["algorithm"] == "sigv4a") {
        let text = |field: &str| vector[field].as_str().unwrap().to_owned();
        let credentials = Credentials::new(&text("access_key_id"), &text("secret_access_key")).unwrap();
        let signer = CrtSigner::sigv4a(credentials, RegionSet::all(), Service::S3).unwrap();
        let point = signer.verifying_key().unwrap().unwrap().to_sec1();
        assert_eq!(base16ct::lower::encode_string(&point), text("public_key"), "{}", text("id"));
        short += usize::from(point[1] == 0 || point[33] == 0);
    }
    assert!(short > 0, "no coordinate with a leading zero");
}
