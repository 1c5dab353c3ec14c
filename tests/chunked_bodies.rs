//! aws-chunked bodies as `http_body::Body` and as `Read`: one chunk at a time, with their trailers, and with their errors.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may panic"
)]

#[path = "support/chunked.rs"]
mod chunked;

use std::{
    io::Read as _,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use bytes::Bytes;
use chunked::{ALGORITHMS, at, data, decoder, encode, request, sign, signer};
use http_body::{Body, Frame};
use http_body_util::{BodyExt as _, Full, StreamBody};
use sigv4a::{
    AccessKeyId, Algorithm, BodyHash, Checksum, ChunkDecoder, ChunkedReader, ChunkedUpload, CredentialScope, KeyCache,
    Provider, ReceivedRequest, Region, RegionSet, Service, SessionToken, SigV4, SigV4a, SignError, Signature, Signer,
    SigningOptions, Streaming, StringToSign, Timestamp, VerificationKey, Verifier, VerifyErrorKind as Kind,
    http_body::{ChunkedBody, DecodedBody},
};

/// Counts what it signs.
#[derive(Debug)]
struct Counting {
    signer: Box<dyn Signer>,
    signatures: Arc<AtomicUsize>,
}

impl Signer for Counting {
    fn algorithm(&self) -> Algorithm {
        self.signer.algorithm()
    }
    fn access_key_id(&self) -> &AccessKeyId {
        self.signer.access_key_id()
    }
    fn session_token(&self) -> Option<&SessionToken> {
        self.signer.session_token()
    }
    fn scope(&self, at: Timestamp) -> CredentialScope {
        self.signer.scope(at)
    }
    fn region_set(&self) -> Option<&RegionSet> {
        self.signer.region_set()
    }
    fn sign_string(&self, string_to_sign: &StringToSign) -> Result<Signature, SignError> {
        self.signatures.fetch_add(1, Ordering::SeqCst);
        self.signer.sign_string(string_to_sign)
    }
    fn options(&self) -> &SigningOptions {
        self.signer.options()
    }
    fn provider(&self) -> Provider {
        self.signer.provider()
    }
}

#[test]
fn a_body_in_one_piece_is_signed_chunk_by_chunk() {
    for algorithm in ALGORITHMS {
        let signatures = Arc::<AtomicUsize>::default();
        let options = SigningOptions::for_service(&Service::S3);
        let counting = Counting { signer: signer(algorithm, &options), signatures: Arc::clone(&signatures) };
        let upload = ChunkedUpload::new(1_000_000).with_checksum(Checksum::Crc32);
        let full = Full::new(Bytes::from(data(1_000_000)));
        let mut body = ChunkedBody::sign(upload, full, counting, &mut request(), at()).unwrap();
        let mut sent = 0;
        pollster::block_on(async {
            while let Some(frame) = body.frame().await {
                sent += frame.unwrap().into_data().unwrap().len();
                // The seed, the whole chunks that went, the one that is going; at the end the short one, nothing, and trailers.
                let more = if body.is_end_stream() { 4 } else { 2 };
                assert!(signatures.load(Ordering::SeqCst) <= more + sent / 65_536, "{algorithm} after {sent} bytes");
                let left = body.size_hint().exact().unwrap();
                assert_eq!(body.is_end_stream(), left == 0);
            }
        });
        // 15 chunks of 64 KiB and one of the rest, the seed, the chunk of nothing, the trailers.
        assert_eq!(signatures.load(Ordering::SeqCst), 16 + 3, "{algorithm}");
    }
}

#[test]
fn what_is_encoded_is_decoded_and_its_trailers_come_last() {
    for algorithm in ALGORITHMS {
        for is_signed in [true, false] {
            for length in [0, 1, 65_536, 150_000] {
                let announced = u64::try_from(length).unwrap();
                let upload = if is_signed { ChunkedUpload::new(announced) } else { ChunkedUpload::unsigned(announced) };
                let upload = upload.with_checksum(Checksum::Sha256).with_trailer("x-amz-meta-note", "a b").unwrap();
                let mut parts = request();
                let options = SigningOptions::for_service(&Service::S3);
                let pieces: Vec<_> =
                    data(length).chunks(10_000).map(|piece| Frame::data(piece.to_vec().into())).collect();
                let pieces = pieces.into_iter().map(Ok::<Frame<Bytes>, std::io::Error>);
                let body = StreamBody::new(futures_util::stream::iter(pieces));
                let body = ChunkedBody::sign(upload, body, signer(algorithm, &options), &mut parts, at()).unwrap();
                let mut decoded = DecodedBody::with_decoder(decoder(&parts), body);
                pollster::block_on(async {
                    let mut bytes = Vec::new();
                    while !decoded.is_end_stream() {
                        assert_eq!(decoded.size_hint().exact(), Some(announced - u64::try_from(bytes.len()).unwrap()));
                        match decoded.frame().await.unwrap().unwrap().into_data() {
                            Ok(piece) => bytes.extend_from_slice(&piece),
                            Err(frame) => {
                                let trailers = frame.into_trailers().unwrap();
                                assert_eq!(trailers.len(), 2);
                                assert_eq!(trailers["x-amz-meta-note"], "a b");
                                assert!(trailers.contains_key("x-amz-checksum-sha256") && decoded.is_end_stream());
                            }
                        }
                    }
                    assert!(bytes == data(length), "{algorithm} {is_signed} {length}");
                    assert!(decoded.frame().await.is_none());
                });
            }
        }
    }
}

#[test]
fn a_wrong_body_ends_with_an_error_and_no_trailers() {
    for algorithm in ALGORITHMS {
        let (parts, encoder) = sign(ChunkedUpload::unsigned(5).with_checksum(Checksum::Crc32), algorithm);
        let mut wire = encode(encoder, b"hello", 5);
        wire[3] ^= 1;
        let mut decoded = DecodedBody::with_decoder(decoder(&parts), Full::new(Bytes::from(wire)));
        pollster::block_on(async {
            let error = decoded.frame().await.unwrap().unwrap_err();
            assert_eq!(error.verify_error().unwrap().kind(), Kind::ChecksumMismatch);
            assert!(decoded.frame().await.is_none() && decoded.is_end_stream());
        });
    }
}

#[test]
fn a_reader_whose_input_has_another_length_never_ends_well() {
    for algorithm in ALGORITHMS {
        for input in ["short", "much too long"] {
            let (_, encoder) = sign(ChunkedUpload::new(10), algorithm);
            let mut reader = ChunkedReader::new(encoder, input.as_bytes());
            let mut wire = Vec::new();
            assert!(reader.read_to_end(&mut wire).is_err());
            for _ in 0..3 {
                assert!(reader.read(&mut [0; 100]).is_err(), "{algorithm} {input}: no end");
            }
        }
        let (_, encoder) = sign(ChunkedUpload::new(10), algorithm);
        let mut reader = ChunkedReader::new(encoder, "as it must".as_bytes());
        reader.read_to_end(&mut Vec::new()).unwrap();
        assert_eq!(reader.read(&mut [0; 100]).unwrap(), 0);
    }
}

/// What one back end hashes and signs, every other accepts.
#[test]
fn back_ends_hash_the_same() {
    let credentials = chunked::credentials();
    let region = || Region::new("us-east-1").unwrap();
    for (algorithm, ours) in
        ALGORITHMS.into_iter().flat_map(|algorithm| Provider::all().into_iter().map(move |p| (algorithm, p)))
    {
        let signer: Box<dyn Signer> = match algorithm {
            Algorithm::SigV4 => Box::new(SigV4::new(credentials.clone(), region(), Service::S3).with_provider(ours)),
            _ => Box::new(SigV4a::new(credentials.clone(), RegionSet::all(), Service::S3).with_provider(ours)),
        };
        let body = data(100_000);
        let mut parts = request();
        let upload = ChunkedUpload::new(100_000).with_checksum(Checksum::Crc64Nvme);
        let wire = encode(upload.sign(signer, &mut parts, at()).unwrap(), &body, 7000);
        for theirs in Provider::all() {
            let verifier =
                Verifier::new(Service::S3, region()).with_provider(theirs).with_streaming(Streaming::WillBeDecoded);
            let key = VerificationKey::with_backend(&credentials, theirs, KeyCache::shared());
            let received = ReceivedRequest::from_parts(&parts).unwrap();
            let verified = verifier.verify_request(&received, |_| Some(&key), at()).unwrap();
            let decoder = ChunkDecoder::new(&verified, &parts.headers).unwrap();
            let (decoded, end) = chunked::decode(decoder, &wire, 9000);
            assert!(end.is_ok() && decoded == body, "{algorithm} by {ours:?} for {theirs:?}: {end:?}");
            let (mut hash, mut usual) = (BodyHash::with_provider(theirs), BodyHash::new());
            body.chunks(999).for_each(|piece| hash.update(piece));
            usual.update(&body);
            assert_eq!(hash.finish(), usual.finish());
        }
    }
}
