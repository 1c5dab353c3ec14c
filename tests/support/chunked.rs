//! Uploads in chunks and their verification, for `chunked_*.rs`.

#![allow(dead_code, reason = "every test file uses another part")]

use http::request::Parts;
use sigv4a::{
    Algorithm, ChunkDecoder, ChunkEncoder, ChunkedUpload, Credentials, Provider, ReceivedRequest, Region, RegionSet,
    Service, SigV4, SigV4a, Signer, SigningOptions, Streaming, Timestamp, VerificationKey, Verified, Verifier,
    VerifyError,
};

pub(crate) const ALGORITHMS: [Algorithm; 2] = [Algorithm::SigV4, Algorithm::SigV4a];
pub(crate) const TIME: &str = "20130524T000000Z";

pub(crate) fn at() -> Timestamp {
    Timestamp::parse_amz_date(TIME).unwrap()
}

pub(crate) fn credentials() -> Credentials {
    Credentials::new("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY").unwrap()
}

/// With deterministic signatures.
pub(crate) fn signer(algorithm: Algorithm, options: &SigningOptions) -> Box<dyn Signer> {
    match algorithm {
        Algorithm::SigV4 => Box::new(
            SigV4::new(credentials(), Region::new("us-east-1").unwrap(), Service::S3).with_options(options.clone()),
        ),
        _ => Box::new(
            SigV4a::new(credentials(), RegionSet::all(), Service::S3)
                .with_provider(Provider::rust_crypto())
                .with_options(options.clone()),
        ),
    }
}

/// The request of AWS's examples.
pub(crate) fn request() -> Parts {
    let request = http::Request::put("https://s3.amazonaws.com/examplebucket/chunkObject.txt")
        .header("x-amz-storage-class", "REDUCED_REDUNDANCY");
    request.body(()).unwrap().into_parts().0
}

pub(crate) fn sign(upload: ChunkedUpload, algorithm: Algorithm) -> (Parts, ChunkEncoder) {
    let mut parts = request();
    let options = SigningOptions::for_service(&Service::S3);
    let encoder = upload.sign(signer(algorithm, &options), &mut parts, at()).unwrap();
    (parts, encoder)
}

/// The whole body on the wire, given in pieces.
pub(crate) fn encode(mut encoder: ChunkEncoder, data: &[u8], step: usize) -> Vec<u8> {
    let mut wire = Vec::new();
    for piece in data.chunks(step.max(1)) {
        encoder.push(piece, &mut wire).unwrap();
    }
    encoder.finish(&mut wire).unwrap();
    wire
}

pub(crate) fn verified(parts: &Parts) -> Verified {
    let verifier =
        Verifier::new(Service::S3, Region::new("us-east-1").unwrap()).with_streaming(Streaming::WillBeDecoded);
    let key = VerificationKey::from_credentials(&credentials());
    let request = ReceivedRequest::from_parts(parts).unwrap();
    verifier.verify_request(&request, |_| Some(&key), at()).unwrap()
}

pub(crate) fn decoder(parts: &Parts) -> ChunkDecoder {
    ChunkDecoder::new(&verified(parts), &parts.headers).unwrap()
}

/// The data, and what became of the body in the end.
pub(crate) fn decode(mut decoder: ChunkDecoder, wire: &[u8], step: usize) -> (Vec<u8>, Result<(), VerifyError>) {
    let mut data = Vec::new();
    for piece in wire.chunks(step.max(1)) {
        if let Err(error) = decoder.push(piece, &mut data) {
            assert_eq!(decoder.finish(), Err(error.clone()), "an error stays");
            assert_eq!(decoder.push(b"x", &mut data), Err(error.clone()));
            return (data, Err(error));
        }
    }
    let end = decoder.finish();
    (data, end)
}

/// Data that is not the same everywhere.
pub(crate) fn data(len: usize) -> Vec<u8> {
    (0..len).map(|index| u8::try_from((index * 31 + index / 251) % 256).unwrap()).collect()
}
