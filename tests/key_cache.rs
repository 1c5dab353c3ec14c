//! Derived keys are found by everything they depend on, and no more of them are kept than allowed.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may panic")]

use std::num::NonZeroUsize;

use sigv4a::{
    Credentials, KeyCache, Provider, Region, RegionSet, Service, SigV4, SigV4a, Signer, SignerExt, SigningRequest,
    Timestamp,
};

const SECRETS: [&str; 2] = ["wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "the secret that replaced it"];

fn signature(signer: &dyn Signer, day: &str) -> String {
    let request = SigningRequest::new("GET", "https://h.example/").unwrap();
    let at = Timestamp::parse_amz_date(&format!("{day}T000000Z")).unwrap();
    signer.sign(&request, at).unwrap().trace().signature().to_hex()
}

fn cache(capacity: usize) -> KeyCache {
    KeyCache::new(NonZeroUsize::new(capacity).unwrap())
}

fn v4(id: &str, secret: &str, region: &str, service: &str, cache: &KeyCache) -> SigV4 {
    let credentials = Credentials::new(id, secret).unwrap();
    SigV4::new(credentials, Region::new(region).unwrap(), Service::new(service).unwrap()).with_key_cache(cache.clone())
}

fn v4a(id: &str, secret: &str, cache: &KeyCache) -> SigV4a {
    let credentials = Credentials::new(id, secret).unwrap();
    // Deterministic, so that a signature tells the key.
    SigV4a::new(credentials, RegionSet::all(), Service::S3)
        .with_provider(Provider::rust_crypto())
        .with_key_cache(cache.clone())
}

#[test]
fn everything_a_sigv4_key_depends_on_finds_another_one() {
    let shared = cache(64);
    let mut seen = Vec::new();
    for id in ["AKIDONE", "AKIDTWO"] {
        for secret in SECRETS {
            for (region, service) in
                [("us-east-1", "s3"), ("us-east-1", "sts"), ("us-east-2", "s3"), ("us-east-1s", "3")]
            {
                for day in ["20150830", "20150831"] {
                    let found = signature(&v4(id, secret, region, service, &shared), day);
                    // Whatever the cache holds by now: the same as a signer that has never seen another key.
                    assert_eq!(found, signature(&v4(id, secret, region, service, &cache(1)), day));
                    seen.push(found);
                }
            }
        }
    }
    assert_eq!(shared.len(), seen.len());
    seen.sort();
    seen.dedup();
    // The ID is no part of the signature itself, but keys of two IDs are kept apart all the same.
    assert_eq!(seen.len(), shared.len() / 2);
}

#[test]
fn a_rotated_secret_under_the_same_id_gives_the_new_sigv4a_key() {
    let shared = cache(64);
    for id in ["AKIDONE", "AKIDTWO"] {
        let keys = SECRETS.map(|secret| v4a(id, secret, &shared).verifying_key().unwrap());
        assert_ne!(keys[0].to_sec1(), keys[1].to_sec1());
        let again = SECRETS.map(|secret| v4a(id, secret, &shared).verifying_key().unwrap());
        assert_eq!(keys, again);
    }
    assert_eq!(shared.len(), 4);
}

#[test]
fn a_back_end_has_keys_of_its_own() {
    let shared = cache(64);
    for provider in Provider::all() {
        let signer = v4a("AKIDONE", SECRETS[0], &shared).with_provider(provider);
        signer.verifying_key().unwrap();
    }
    assert_eq!(shared.len(), Provider::all().len());
}

#[test]
fn no_more_keys_are_kept_than_allowed() {
    let small = cache(2);
    for day in ["20150828", "20150829", "20150830", "20150831"] {
        signature(&v4("AKIDONE", SECRETS[0], "us-east-1", "s3", &small), day);
    }
    for id in ["AKIDONE", "AKIDTWO", "AKIDTHREE"] {
        signature(&v4a(id, SECRETS[0], &small), "20150830");
    }
    assert_eq!(small.len(), 4, "two of each algorithm");
    small.clear();
    assert!(small.is_empty());
}

#[test]
fn signers_share_the_cache_of_the_process_and_can_be_used_from_many_threads() {
    let expected = signature(&v4a("AKIDONE", SECRETS[0], &cache(1)), "20150830");
    let signer = SigV4a::new(Credentials::new("AKIDONE", SECRETS[0]).unwrap(), RegionSet::all(), Service::S3)
        .with_provider(Provider::rust_crypto());
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| assert_eq!(signature(&signer.clone(), "20150830"), expected));
        }
    });
    assert!(!KeyCache::shared().is_empty());
}
