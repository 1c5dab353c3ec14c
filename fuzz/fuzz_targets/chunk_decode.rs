//! Any bytes, split anyhow: no panic, the same outcome for every split, memory bounded by the largest chunk, and of a
//! signed body only data that was signed.

#![no_main]

use std::sync::LazyLock;

use arbitrary::Arbitrary;
use http::{HeaderMap, request::Parts};
use libfuzzer_sys::fuzz_target;
use sigv4a::{
    Checksum, ChunkDecoder, ChunkedUpload, Credentials, ReceivedRequest, Region, RegionSet, Service, SigV4, SigV4a,
    Streaming, Timestamp, VerificationKey, Verified, Verifier,
};

#[derive(Debug, Arbitrary)]
struct Input<'a> {
    mode: u8,
    split: u16,
    /// Bytes that replace those of a right body, or the whole of it.
    at: Option<u16>,
    wire: &'a [u8],
}

/// A verified request, its headers, its data and its body as it was sent.
struct Case {
    verified: Verified,
    headers: HeaderMap,
    data: Vec<u8>,
    wire: Vec<u8>,
    is_signed: bool,
}

static CASES: LazyLock<Vec<Case>> = LazyLock::new(|| {
    let uploads = [
        ChunkedUpload::new(8500),
        ChunkedUpload::new(8500).with_checksum(Checksum::Crc64Nvme),
        ChunkedUpload::unsigned(8500).with_checksum(Checksum::Crc32),
    ];
    let mut cases = Vec::new();
    for upload in uploads {
        for is_sigv4a in [false, true] {
            cases.push(case(upload.clone().with_chunk_size(8192).unwrap(), is_sigv4a));
        }
    }
    cases
});

fn case(upload: ChunkedUpload, is_sigv4a: bool) -> Case {
    let at = Timestamp::parse_amz_date("20150830T123600Z").unwrap();
    let credentials = Credentials::new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY").unwrap();
    let region = Region::new("us-east-1").unwrap();
    let (mut parts, ()): (Parts, ()) =
        http::Request::put("https://b.s3.amazonaws.com/k").body(()).unwrap().into_parts();
    let is_signed = upload.payload() != sigv4a::PayloadHash::StreamingUnsignedTrailer;
    let mut encoder = match is_sigv4a {
        true => upload.sign(SigV4a::new(credentials.clone(), RegionSet::all(), Service::S3), &mut parts, at),
        false => upload.sign(SigV4::new(credentials.clone(), region.clone(), Service::S3), &mut parts, at),
    }
    .unwrap();
    let data: Vec<u8> = (0..8500_u32).map(|index| (index % 251) as u8).collect();
    let mut wire = Vec::new();
    encoder.push(&data, &mut wire).unwrap();
    encoder.finish(&mut wire).unwrap();
    let verifier = Verifier::new(Service::S3, region).with_streaming(Streaming::WillBeDecoded);
    let key = VerificationKey::from_credentials(&credentials);
    let request = ReceivedRequest::from_parts(&parts).unwrap();
    let verified = verifier.verify_request(&request, |_| Some(&key), at).unwrap();
    Case { verified, headers: parts.headers.clone(), data, wire, is_signed }
}

fuzz_target!(|input: Input<'_>| {
    let case = &CASES[usize::from(input.mode) % CASES.len()];
    let mut wire = case.wire.clone();
    match input.at {
        None => wire = input.wire.to_vec(),
        Some(at) => {
            let at = usize::from(at) % wire.len();
            let end = (at + input.wire.len()).min(wire.len());
            wire.splice(at..end, input.wire.iter().copied());
        }
    }
    let decode = |step: usize| {
        let mut decoder = ChunkDecoder::new(&case.verified, &case.headers).unwrap();
        let mut data = Vec::new();
        let mut outcome = Ok(());
        for piece in wire.chunks(step) {
            outcome = decoder.push(piece, &mut data);
            if outcome.is_err() {
                break;
            }
        }
        (data, outcome.and_then(|()| decoder.finish()))
    };
    let (data, outcome) = decode(usize::from(input.split) + 1);
    assert_eq!(outcome, decode(usize::MAX).1);
    assert!(data.len() <= case.data.len());
    if case.is_signed {
        assert!(case.data.starts_with(&data), "data that nobody signed");
        assert_eq!(outcome.is_ok(), wire == case.wire, "a body that nobody sent");
    }
    if outcome.is_ok() {
        assert_eq!(data, case.data);
    }
});
