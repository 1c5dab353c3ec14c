//! The chains of signatures of streamed bodies: those that AWS documents are the runtime's to the byte, and the
//! deterministic ones of SigV4a, which were computed apart from it, it verifies.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may panic"
)]

mod support;

use serde::Deserialize;
use sigv4a::{Algorithm, Provider, RegionSet, Service, SigV4a, Signature, VerifyingKey};
use sigv4a_crt::Claim;
use support::{documented_credentials, documented_time, oracle, upload::Plan};

/// `tests/data/chunk_chains.json` of the library.
#[derive(Deserialize)]
struct Chain {
    source: String,
    algorithm: String,
    trailers: Vec<(String, String)>,
    seed: String,
    chunks: Vec<String>,
    trailer_signature: Option<String>,
    length: Option<usize>,
}

impl Chain {
    fn plan(&self) -> Plan {
        Plan::documented(self.algorithm.parse().unwrap(), &self.trailers)
    }

    /// Each signature before the chunk or the trailers that it leads to.
    fn before(&self) -> impl Iterator<Item = &String> {
        std::iter::once(&self.seed).chain(&self.chunks)
    }
}

fn chains(algorithm: &str) -> Vec<Chain> {
    let chains: Vec<Chain> = serde_json::from_str(include_str!("../../tests/data/chunk_chains.json")).unwrap();
    assert_eq!(chains.len(), 4);
    chains.into_iter().filter(|chain| chain.algorithm == algorithm).collect()
}

#[test]
fn the_documented_chains_are_the_runtimes() {
    for chain in chains("sigv4") {
        let upload = chain.plan().sign();
        assert_eq!(upload.seed, chain.seed, "{}", chain.source);
        assert_eq!(upload.chunks, chain.chunks, "{}", chain.source);
        assert_eq!(upload.trailer, chain.trailer_signature, "{}", chain.source);
        assert_eq!(Some(upload.body.len()), chain.length, "{}", chain.source);
    }
}

fn three_trailers() -> [(String, String); 3] {
    [("first", "1st"), ("second", "2nd"), ("third", "3rd")].map(|(name, value)| (name.to_owned(), value.to_owned()))
}

/// A vector of the runtime's own tests: trailers after the last chunk of AWS's example without trailers.
#[test]
fn three_trailers_after_the_documented_chain() {
    let last = chains("sigv4")[0].chunks[2].clone();
    let found = oracle(Algorithm::SigV4, "*").sign_trailers(&three_trailers(), &last, documented_time()).unwrap();
    assert_eq!(found, "df5735bd9f3295cd9386572292562fefc93ba94e80a0a1ddcbd652c4e0a75e6c");
}

fn key(provider: Provider) -> VerifyingKey {
    let signer = SigV4a::new(documented_credentials(), RegionSet::all(), Service::S3);
    signer.with_provider(provider).verifying_key().unwrap()
}

#[test]
fn the_runtime_verifies_the_deterministic_chains() {
    let (oracle, at, key) = (oracle(Algorithm::SigV4a, "*"), documented_time(), key(Provider::default()));
    for chain in chains("sigv4a") {
        let plan = chain.plan();
        assert_eq!(plan.wire_len(), chain.length.unwrap_or(67_268));
        let canonical_request = canonical_request(&plan);
        oracle.verify(&plan.message(), &Claim::new(&canonical_request, &chain.seed, &key), at).unwrap();
        for ((data, previous), signature) in plan.pieces().zip(chain.before()).zip(&chain.chunks) {
            let claim = Claim::new("", signature, &key);
            oracle.verify_chunk(data, previous, &claim, at).unwrap();
            // Padded or not, before or after: it is the same signature. Another one before is another chain.
            let bare = Claim::new("", signature.trim_end_matches('*'), &key);
            oracle.verify_chunk(data, previous.trim_end_matches('*'), &bare, at).unwrap();
            let error = oracle.verify_chunk(data, signature, &claim, at).unwrap_err();
            assert_eq!(error.name(), "AWS_AUTH_SIGV4A_SIGNATURE_VALIDATION_FAILURE");
        }
        if let Some(signature) = &chain.trailer_signature {
            let text = "first:1st\nsecond:2nd\nthird:3rd\n";
            let claim = Claim::new(text, signature, &key);
            oracle.verify_trailers(&three_trailers(), &chain.chunks[2], &claim, at).unwrap();
            let error = oracle.verify_trailers(&three_trailers()[..2], &chain.chunks[2], &claim, at).unwrap_err();
            assert_eq!(error.name(), "AWS_AUTH_CANONICAL_REQUEST_MISMATCH");
        }
    }
}

/// As `PROTOCOL` has it, from the parts: no signer of ours is asked.
fn canonical_request(plan: &Plan) -> String {
    let payload = match plan.trailers.is_empty() {
        true => "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD",
        false => "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD-TRAILER",
    };
    let mut headers = vec![
        ("content-encoding", "aws-chunked"),
        ("host", "s3.amazonaws.com"),
        ("x-amz-content-sha256", payload),
        ("x-amz-date", "20130524T000000Z"),
        ("x-amz-decoded-content-length", "66560"),
        ("x-amz-region-set", "*"),
        ("x-amz-storage-class", "REDUCED_REDUNDANCY"),
    ];
    match plan.trailers.is_empty() {
        true => headers.insert(1, ("content-length", "67064")),
        false => headers.push(("x-amz-trailer", "first,second,third")),
    }
    let lines: String = headers.iter().map(|(name, value)| format!("{name}:{value}\n")).collect();
    let names: Vec<&str> = headers.iter().map(|(name, _)| *name).collect();
    format!("PUT\n/examplebucket/chunkObject.txt\n\n{lines}\n{}\n{payload}", names.join(";"))
}

/// What the runtime signs with SigV4a verifies with our key and every back end of ours, over the strings to sign that
/// AWS documents.
#[test]
fn sigv4a_chains_of_the_runtime_verify() {
    const A_64_KIB: &str = "bf718b6f653bebc184e1479f1935b8da974d701b893afcf49e701f3e2f9f9c5a";
    const A_1_KIB: &str = "2edc986847e209b4016e141a6dc8716d3207350f416969382d431539bf292e4a";
    const EMPTY: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    const TRAILERS: &str = "83d8f190334fb741bc8daf73c891689d320bd8017756bc730c540021ed48001f";
    let upload = Plan::documented(Algorithm::SigV4a, &three_trailers()).sign();
    let trailer = upload.trailer.unwrap();
    let mut signatures = vec![upload.seed];
    signatures.extend(upload.chunks);
    signatures.push(trailer);
    assert!(signatures[1..].iter().all(|signature| signature.len() == 144), "as long as the longest");
    let bare: Vec<&str> = signatures.iter().map(|signature| signature.trim_end_matches('*')).collect();
    let head = |what: &str| format!("AWS4-ECDSA-P256-SHA256-{what}\n20130524T000000Z\n20130524/s3/aws4_request");
    let chunk = |previous: &str, sha256: &str| format!("{}\n{previous}\n{EMPTY}\n{sha256}", head("PAYLOAD"));
    let texts = [
        chunk(bare[0], A_64_KIB),
        chunk(bare[1], A_1_KIB),
        chunk(bare[2], EMPTY),
        format!("{}\n{}\n{TRAILERS}", head("TRAILER"), bare[3]),
    ];
    for provider in Provider::all() {
        for (text, signature) in texts.iter().zip(&bare[1..]) {
            let signature = Signature::parse(signature).unwrap();
            assert!(key(provider).verifies(text.as_bytes(), &signature), "{provider:?}\n{text}");
        }
    }
}
