//! `CrtSigner` beyond vectors: threads, secrets, scopes of others, odd credentials.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may panic"
)]

use std::{sync::Arc, thread};

use sigv4a::{
    Algorithm, Credentials, Provider, Region, RegionSet, Service, SigV4, SigV4a, Signer, SignerConfig, SignerExt,
    SigningRequest, Timestamp, VerifyingKey,
};
use sigv4a_crt::{CrtError, CrtSigner, Oracle};

const SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

fn credentials() -> Credentials {
    Credentials::new("AKIDEXAMPLE", SECRET).unwrap().with_session_token("TOKEN/+=").unwrap()
}

fn sigv4(region: &str) -> CrtSigner {
    CrtSigner::sigv4(credentials(), Region::new(region).unwrap(), Service::S3)
}

fn sigv4a() -> CrtSigner {
    CrtSigner::sigv4a(credentials(), RegionSet::all(), Service::S3).unwrap()
}

fn day(day: u32) -> Timestamp {
    Timestamp::parse_amz_date(&format!("201508{day:02}T123600Z")).unwrap()
}

fn request() -> SigningRequest<'static> {
    SigningRequest::new("PUT", "https://bucket.s3.us-east-1.amazonaws.com/key").unwrap().with_body(b"body")
}

#[test]
fn the_types_can_be_shared() {
    fn shared<T: Send + Sync + std::fmt::Debug>() {}
    shared::<CrtSigner>();
    shared::<Oracle>();
    shared::<CrtError>();
    let _: Box<dyn Signer> = Box::new(sigv4a());
}

/// Every thread makes and drops signers of its own besides the one they share, in different days.
#[test]
fn many_threads_sign_at_once() {
    let shared = Arc::new([sigv4("us-east-1"), sigv4a()]);
    let ours = SigV4::new(credentials(), Region::new("us-east-1").unwrap(), Service::S3);
    let key = shared[1].verifying_key().unwrap().unwrap();
    thread::scope(|scope| {
        for number in 1..=8 {
            let (shared, ours, key) = (Arc::clone(&shared), &ours, &key);
            scope.spawn(move || {
                for round in 0..10 {
                    let at = day(1 + (number + round) % 28);
                    let expected = ours.sign(&request(), at).unwrap();
                    for signer in [&shared[0], &sigv4("us-east-1")] {
                        let signed = signer.sign(&request(), at).unwrap();
                        assert_eq!(signed.trace().signature(), expected.trace().signature());
                    }
                    for signer in [&shared[1], &sigv4a()] {
                        let signed = signer.sign(&request(), at).unwrap();
                        let trace = signed.trace();
                        assert!(key.verifies(trace.string_to_sign().as_bytes(), trace.signature()));
                    }
                }
            });
        }
    });
}

/// A signature is used, and its key kept, after the signer that a clone was made of has gone.
#[test]
fn a_clone_outlives_its_origin() {
    for signer in [sigv4("us-east-1"), sigv4a()] {
        let clone = signer.clone();
        drop(signer);
        assert_eq!(clone.sign(&request(), day(30)).unwrap().trace().algorithm(), clone.algorithm());
    }
}

#[test]
fn the_scope_decides_about_the_key() {
    let west = SigV4::new(credentials(), Region::new("us-west-2").unwrap(), Service::S3);
    let signed = west.sign(&request(), day(30)).unwrap();
    let found = sigv4("us-east-1").sign_string(signed.trace().string_to_sign()).unwrap();
    assert_eq!(&found, signed.trace().signature());
}

#[test]
fn a_configuration_chooses_the_algorithm() {
    let url = "https://mfzwi23gnjvgw.mrap.accesspoint.s3-global.amazonaws.com/key";
    for (url, algorithm) in [(url, Algorithm::SigV4a), ("https://iam.amazonaws.com/", Algorithm::SigV4)] {
        let resolved = SignerConfig::default().resolve(url, &SignerConfig::default()).unwrap();
        let signer = CrtSigner::from_resolved(&resolved, credentials()).unwrap();
        assert_eq!(signer.algorithm(), algorithm);
        assert_eq!(signer.options(), resolved.options());
        assert_eq!(signer.session_token().unwrap().expose(), "TOKEN/+=");
        let signed = signer.sign(&SigningRequest::new("GET", url).unwrap(), day(30)).unwrap();
        assert_eq!(signed.trace().scope(), &signer.scope(day(30)));
    }
}

#[test]
fn nothing_secret_is_printed() {
    for text in [format!("{:?}", sigv4("us-east-1")), format!("{:?}", sigv4a())] {
        assert!(text.contains("AKIDEXAMPLE") && !text.contains("wJalr") && !text.contains("TOKEN"), "{text}");
    }
}

/// Whatever our types let through, the runtime takes: it comes to the same keys.
#[test]
fn odd_credentials_and_times() {
    let long = "x".repeat(5000);
    for (id, secret) in [("A", "s"), (&*long, &*long), ("A!*'()", "ключ κλειδί 鍵"), ("AKID", "a b/+=")] {
        let credentials = Credentials::new(id, secret).unwrap();
        let (region, set) = (Region::new("us-east-1").unwrap(), RegionSet::new("us-*,eu-west-1").unwrap());
        let crt = CrtSigner::sigv4a(credentials.clone(), set.clone(), Service::S3).unwrap();
        let ours: VerifyingKey = SigV4a::new(credentials.clone(), set, Service::S3).verifying_key().unwrap();
        assert_eq!(crt.verifying_key().unwrap(), Some(ours));
        let crt = CrtSigner::sigv4(credentials.clone(), region.clone(), Service::S3);
        for at in ["00000101T000000Z", "99991230T215959Z", "19691231T235959Z"].map(Timestamp::parse_amz_date) {
            let (found, expected) = (
                crt.sign(&request(), at.clone().unwrap()).unwrap(),
                SigV4::new(credentials.clone(), region.clone(), Service::S3).sign(&request(), at.unwrap()).unwrap(),
            );
            assert_eq!(found.trace().signature(), expected.trace().signature());
        }
    }
}

#[test]
fn hashes_may_be_another_back_ends() {
    for provider in Provider::all() {
        let signer = sigv4a().with_provider(provider);
        assert_eq!(signer.provider(), provider);
        let trace = signer.sign(&request(), day(30)).unwrap().trace().clone();
        let key = signer.verifying_key().unwrap().unwrap();
        assert!(key.verifies(trace.string_to_sign().as_bytes(), trace.signature()));
    }
}
