//! The chains of signatures that AWS documents, and SigV4a's with deterministic signatures, to the byte.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may panic"
)]

#[path = "support/chunked.rs"]
mod chunked;

use chunked::{at, decode, decoder, encode, request, signer};
use serde::Deserialize;
use sigv4a::{Algorithm, Checksum, ChunkedUpload, Service, SignedHeaderPolicy, SigningOptions};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Chain {
    source: String,
    algorithm: String,
    trailers: Vec<(String, String)>,
    unsigned_headers: Vec<String>,
    seed: String,
    chunks: Vec<String>,
    trailer_signature: Option<String>,
    length: Option<usize>,
}

/// Data of the examples: 65 KiB of `a`, in chunks of 64 KiB.
const LENGTH: usize = 66560;

#[test]
fn the_documented_chains_to_the_byte() {
    let chains: Vec<Chain> = serde_json::from_str(include_str!("data/chunk_chains.json")).unwrap();
    assert_eq!(chains.len(), 4);
    for chain in chains {
        let algorithm = if chain.algorithm == "sigv4" { Algorithm::SigV4 } else { Algorithm::SigV4a };
        let policy = chain
            .unsigned_headers
            .iter()
            .fold(SignedHeaderPolicy::standard(), |policy, name| policy.without(name).unwrap());
        let options = SigningOptions::for_service(&Service::S3).with_signed_headers(policy);
        let mut upload = ChunkedUpload::new(u64::try_from(LENGTH).unwrap());
        for (name, value) in &chain.trailers {
            upload = match Checksum::from_header_name(name) {
                Some(checksum) => upload.with_checksum(checksum),
                None => upload.with_trailer(name, value).unwrap(),
            };
        }
        let expected_len = upload.encoded_len(algorithm);
        let mut parts = request();
        let encoder = upload.sign(signer(algorithm, &options), &mut parts, at()).unwrap();
        let authorization = parts.headers["authorization"].to_str().unwrap().to_owned();
        assert!(authorization.ends_with(&format!("Signature={}", chain.seed)), "{}: {authorization}", chain.source);

        let body = vec![b'a'; LENGTH];
        let wire = encode(encoder, &body, 1000);
        let mut expected = Vec::new();
        for (data, signature) in [&body[..65536], &body[65536..], &[]].iter().zip(&chain.chunks) {
            expected.extend(format!("{:x};chunk-signature={signature}\r\n", data.len()).bytes());
            expected.extend_from_slice(data);
            if !data.is_empty() {
                expected.extend_from_slice(b"\r\n");
            }
        }
        for (name, value) in &chain.trailers {
            expected.extend(format!("{name}:{value}\r\n").bytes());
        }
        if let Some(signature) = &chain.trailer_signature {
            expected.extend(format!("x-amz-trailer-signature:{signature}\r\n").bytes());
        }
        expected.extend_from_slice(b"\r\n");
        assert!(wire == expected, "{}", chain.source);
        assert_eq!(u64::try_from(wire.len()).unwrap(), expected_len);
        if let Some(length) = chain.length {
            assert_eq!(wire.len(), length);
        }

        let (decoded, end) = decode(decoder(&parts), &wire, 997);
        assert_eq!(end, Ok(()));
        assert!(decoded == body);
    }
}
