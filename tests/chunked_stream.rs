//! Encoding and decoding around every boundary, and what becomes of a wire that was changed.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may panic"
)]

#[path = "support/chunked.rs"]
mod chunked;

use chunked::{ALGORITHMS, at, data, decode, decoder, encode, request, sign, signer};
use proptest::prelude::*;
use sigv4a::{Algorithm, Checksum, ChunkedUpload, Service, SignErrorKind, SigningOptions, VerifyErrorKind as Kind};

/// Every way to send a body.
fn uploads(length: usize) -> Vec<ChunkedUpload> {
    let length = u64::try_from(length).unwrap();
    let with_all = |upload: ChunkedUpload| Checksum::ALL.into_iter().fold(upload, ChunkedUpload::with_checksum);
    vec![
        ChunkedUpload::new(length),
        with_all(ChunkedUpload::new(length)).with_trailer("X-Amz-Meta-Note", "a b").unwrap(),
        with_all(ChunkedUpload::unsigned(length)),
        ChunkedUpload::unsigned(length),
    ]
}

#[test]
fn every_length_and_every_step_come_back() {
    const LENGTHS: [usize; 8] = [0, 1, 8191, 8192, 65535, 65536, 65537, 3 * 65536 + 1];
    const STEPS: [usize; 4] = [1, 7, 8192, usize::MAX];
    let mut tried = 0;
    for algorithm in ALGORITHMS {
        for length in LENGTHS {
            let body = data(length);
            for upload in uploads(length) {
                let announced = upload.encoded_len(algorithm);
                let mut wires = Vec::new();
                let mut parts = None;
                for step in STEPS {
                    let (signed, encoder) = sign(upload.clone(), algorithm);
                    wires.push(encode(encoder, &body, step));
                    parts = Some(signed);
                }
                assert!(wires.windows(2).all(|pair| pair[0] == pair[1]), "{algorithm:?} {length} {upload:?}");
                assert_eq!(u64::try_from(wires[0].len()).unwrap(), announced, "{algorithm:?} {length} {upload:?}");
                let parts = parts.unwrap();
                assert_eq!(parts.headers["content-length"], announced.to_string().as_str());
                for step in STEPS {
                    let (decoded, end) = decode(decoder(&parts), &wires[0], step);
                    assert_eq!(end, Ok(()), "{algorithm:?} {length} {step} {upload:?}");
                    assert!(decoded == body);
                    tried += 1;
                }
            }
        }
    }
    assert_eq!(tried, 2 * 8 * 4 * 4);
}

/// A short body whose chunks are still long enough.
const LENGTH: usize = 8192 + 100;

fn small(algorithm: Algorithm) -> (http::request::Parts, Vec<u8>, Vec<u8>) {
    let upload = ChunkedUpload::new(u64::try_from(LENGTH).unwrap()).with_chunk_size(8192).unwrap();
    let (parts, encoder) = sign(upload.with_checksum(Checksum::Crc64Nvme), algorithm);
    let body = data(LENGTH);
    let wire = encode(encoder, &body, usize::MAX);
    (parts, body, wire)
}

#[test]
fn every_flipped_bit_is_refused_before_its_data_passes() {
    for algorithm in ALGORITHMS {
        let (parts, body, wire) = small(algorithm);
        // Every bit of the lines; of the data, where every byte is as good as another, some.
        let first_data = wire.windows(2).position(|pair| pair == b"\r\n").unwrap() + 2;
        let is_tried = |at: usize| at < first_data + 8 || at + 1000 > wire.len() || at.is_multiple_of(509);
        let verified = decoder(&parts);
        drop(verified);
        let seed = chunked::verified(&parts);
        let mut tried = 0;
        for index in (0..wire.len()).filter(|index| is_tried(*index)) {
            for bit in 0..8 {
                let mut changed = wire.clone();
                changed[index] ^= 1 << bit;
                let fresh = sigv4a::ChunkDecoder::new(&seed, &parts.headers).unwrap();
                let (passed, end) = decode(fresh, &changed, usize::MAX);
                assert!(end.is_err(), "{algorithm:?} byte {index} bit {bit}");
                assert!(body.starts_with(&passed), "{algorithm:?} byte {index} bit {bit}: wrong data passed");
                if index < first_data + 8192 {
                    assert!(passed.is_empty(), "{algorithm:?} byte {index} bit {bit}: data of a bad chunk passed");
                }
                tried += 1;
            }
        }
        assert!(tried > 8_000, "{tried}");
    }
}

#[test]
fn each_mistake_has_its_kind() {
    for algorithm in ALGORITHMS {
        let (parts, _, wire) = small(algorithm);
        let check = |wire: &[u8], kind: Kind| {
            for step in [1, 13, usize::MAX] {
                let (_, end) = decode(decoder(&parts), wire, step);
                assert_eq!(end.as_ref().map_err(|error| error.kind()), Err(kind), "{algorithm:?} {end:?}");
            }
        };
        let replaced = |from: &[u8], to: &[u8]| {
            let at = wire.windows(from.len()).rposition(|window| window == from).unwrap();
            [&wire[..at], to, &wire[at + from.len()..]].concat()
        };
        for length in [0, 1, 100, 8192 + 50, wire.len() - 1] {
            check(&wire[..length], Kind::BodyIncomplete);
        }
        check(&[&wire[..], b"x"].concat(), Kind::BytesAfterEnd);
        check(&[b"0", &wire[..]].concat(), Kind::MalformedChunk);
        check(&wire[3..], Kind::DecodedLengthMismatch);
        check(&wire[4..], Kind::MalformedChunk);
        check(&b"1".repeat(1000), Kind::ChunkHeaderTooLong);
        check(&[b"f".as_slice(), &wire[..]].concat(), Kind::DecodedLengthMismatch);
        let signature_len = if algorithm == Algorithm::SigV4 { 64 } else { 144 };
        let start = b"2000;chunk-signature=".len();
        let mut other = wire.clone();
        let target = &mut other[start + 20];
        *target = if *target == b'0' { b'1' } else { b'0' };
        check(&other, Kind::ChunkSignatureMismatch);
        let mut padded = wire.clone();
        padded[start + 10] = b'*';
        check(&padded, Kind::MalformedChunkSignature);
        let mut upper = wire.clone();
        upper[start..start + signature_len].make_ascii_uppercase();
        check(&upper, Kind::MalformedChunkSignature);
        let trailer_at = wire.windows(24).position(|window| window == b"x-amz-trailer-signature:").unwrap();
        check(&[&wire[..trailer_at], b"\r\n"].concat(), Kind::MissingTrailerSignature);
        let mut trailer = wire.clone();
        let target = &mut trailer[trailer_at + 24 + 30];
        *target = if *target == b'0' { b'1' } else { b'0' };
        check(&trailer, Kind::TrailerSignatureMismatch);
        check(&replaced(b"crc64nvme:", b"crc64nvmx:"), Kind::TrailerMismatch);
        check(&replaced(b"crc64nvme:", b"crc64nvme: "), Kind::MalformedTrailer);
        check(&replaced(b"x-amz-checksum-crc64nvme:", b"x-amz-checksum-crc64nvme"), Kind::MalformedTrailer);
    }
}

/// The SDK for .NET and the Common Runtime write the size of a chunk in upper case.
#[test]
fn the_size_of_a_chunk_is_hex_in_either_case() {
    for algorithm in ALGORITHMS {
        for upload in uploads(0x1fff) {
            let body = data(0x1fff);
            let (parts, encoder) = sign(upload, algorithm);
            let wire = encode(encoder, &body, usize::MAX);
            assert!(wire.starts_with(b"1fff"));
            let upper = [b"1FFF", &wire[4..]].concat();
            assert_eq!(decode(decoder(&parts), &upper, 7), (body, Ok(())), "{algorithm:?}");
            for size in ["1fFf", "01FFF", "0x1fff", "+1fff", " 1fff", "1fff ", "1ffg"] {
                let (passed, end) = decode(decoder(&parts), &[size.as_bytes(), &wire[4..]].concat(), 7);
                assert_eq!(end.unwrap_err().kind(), Kind::MalformedChunk, "{algorithm:?} {size}");
                assert!(passed.is_empty());
            }
        }
    }
}

#[test]
fn what_is_announced_is_kept() {
    for algorithm in ALGORITHMS {
        // A chunk too small in the middle, rightly signed.
        let mut parts = request();
        let options = SigningOptions::for_service(&Service::S3);
        let upload = ChunkedUpload::unsigned(200).with_checksum(Checksum::Sha1);
        upload.sign(signer(algorithm, &options), &mut parts, at()).unwrap();
        let wire = [b"64\r\n".as_slice(), &[b'a'; 100], b"\r\n64\r\n"].concat();
        let (_, end) = decode(decoder(&parts), &wire, 5);
        assert_eq!(end.unwrap_err().kind(), Kind::ChunkTooSmall);

        // An unsigned body whose checksum is another: it has passed, and the end says so.
        let body = data(200);
        let (parts, encoder) = sign(ChunkedUpload::unsigned(200).with_checksum(Checksum::Sha256), algorithm);
        let mut wire = encode(encoder, &body, 50);
        wire[10] ^= 1;
        let (passed, end) = decode(decoder(&parts), &wire, 5);
        assert_eq!((passed.len(), end.unwrap_err().kind()), (200, Kind::ChecksumMismatch));

        // A chunk larger than is held, refused before any of it is.
        let (parts, encoder) = sign(ChunkedUpload::new(100_000).with_chunk_size(100_000).unwrap(), algorithm);
        let wire = encode(encoder, &data(100_000), usize::MAX);
        let small = decoder(&parts).with_max_chunk_size(65536);
        assert_eq!(decode(small, &wire, 1000).1.unwrap_err().kind(), Kind::ChunkTooLarge);

        // A checksum that nobody here can compute, where nothing else protects the body.
        let unknown = ChunkedUpload::unsigned(5).with_trailer("x-amz-checksum-xxhash64", "AAAAAAAAAAA=").unwrap();
        let (parts, _) = sign(unknown, algorithm);
        let refused = sigv4a::ChunkDecoder::new(&chunked::verified(&parts), &parts.headers).unwrap_err();
        assert_eq!(refused.kind(), Kind::TrailerMismatch);

        // Lengths and headers.
        let (mut parts, _) = sign(ChunkedUpload::new(5).with_checksum(Checksum::Crc32), algorithm);
        let seed = chunked::verified(&parts);
        // The hash of the whole says nothing about it.
        assert_eq!(seed.payload_check().finish().unwrap_err().kind(), Kind::StreamingPayload);
        let kind = |parts: &http::request::Parts| {
            sigv4a::ChunkDecoder::new(&seed, &parts.headers).map(drop).unwrap_err().kind()
        };
        parts.headers.remove("x-amz-trailer");
        assert_eq!(kind(&parts), Kind::TrailerMismatch);
        for other in ["many", "+5", "05", "-5", "5 5", "0x5", "", "18446744073709551616"] {
            parts.headers.insert("x-amz-decoded-content-length", other.parse().unwrap());
            assert_eq!(kind(&parts), Kind::MissingDecodedLength, "{other}");
        }
        parts.headers.insert("x-amz-decoded-content-length", "5".parse().unwrap());
        parts.headers.append("x-amz-decoded-content-length", "5".parse().unwrap());
        assert_eq!(kind(&parts), Kind::MissingDecodedLength);
        parts.headers.remove("x-amz-decoded-content-length");
        assert_eq!(kind(&parts), Kind::MissingDecodedLength);
    }
}

/// Each costs the time of a checksum, and only the first would be compared.
#[test]
fn a_trailer_is_announced_once() {
    for algorithm in ALGORITHMS {
        for upload in [ChunkedUpload::new(5), ChunkedUpload::unsigned(5)] {
            let (mut parts, _) = sign(upload.with_checksum(Checksum::Crc32), algorithm);
            let seed = chunked::verified(&parts);
            let twice = "x-amz-checksum-crc32,X-Amz-Checksum-CRC32";
            parts.headers.insert("x-amz-trailer", twice.parse().unwrap());
            let refused = sigv4a::ChunkDecoder::new(&seed, &parts.headers).unwrap_err();
            assert_eq!(refused.kind(), Kind::TrailerMismatch);
            assert!(refused.to_string().ends_with("found `x-amz-checksum-crc32`"), "{refused}");
        }
    }
}

#[test]
fn an_error_says_which_chunk_and_what_was_found() {
    for algorithm in ALGORITHMS {
        let (parts, _, wire) = small(algorithm);
        let refused = |wire: &[u8]| decode(decoder(&parts), wire, usize::MAX).1.unwrap_err().to_string();
        let mut second = wire.clone();
        let line = b"\r\n64;chunk-signature=";
        let at = wire.windows(line.len()).position(|window| window == line).unwrap();
        let signature_len = if algorithm == Algorithm::SigV4 { 64 } else { 144 };
        second[at + line.len() + signature_len + 2] ^= 1;
        let text = refused(&second);
        assert!(text.contains("the signature of chunk 2 is not"), "{text}");
        let text = refused(&wire[3..]);
        assert!(text.ends_with("expected `8292`, found `0`"), "{text}");
        let text = refused(&[b"f".as_slice(), &wire[..]].concat());
        assert!(text.ends_with("expected `8292`, found `991232 or more`"), "{text}");
        let start = b"2000;chunk-signature=".len();
        let text = refused(&[&wire[..start], &wire[start + 1..]].concat());
        let expected = match algorithm {
            Algorithm::SigV4 => "expected 64 characters for AWS4-HMAC-SHA256, found `63`",
            _ => "expected 144 characters for AWS4-ECDSA-P256-SHA256, found `143`",
        };
        assert!(text.ends_with(expected), "{text}");
        let mut parts = request();
        let upload = ChunkedUpload::unsigned(200).with_checksum(Checksum::Sha1);
        upload.sign(signer(algorithm, &SigningOptions::for_service(&Service::S3)), &mut parts, chunked::at()).unwrap();
        let wire = [b"64\r\n".as_slice(), &[b'a'; 100], b"\r\n64\r\n"].concat();
        let text = decode(decoder(&parts), &wire, 5).1.unwrap_err().to_string();
        assert!(text.ends_with("8192 bytes at least in a chunk that is not the last, found `100`"), "{text}");
    }
}

#[test]
fn a_length_beyond_all_numbers_is_refused() {
    for algorithm in ALGORITHMS {
        for length in [u64::MAX, u64::MAX - 1000] {
            let upload = ChunkedUpload::new(length).with_checksum(Checksum::Crc32);
            assert_eq!(upload.encoded_len(algorithm), u64::MAX);
            let mut parts = request();
            let signer = signer(algorithm, &SigningOptions::for_service(&Service::S3));
            let error = upload.sign(signer, &mut parts, at()).unwrap_err();
            assert_eq!(error.kind(), SignErrorKind::BodyLength);
            assert!(!parts.headers.contains_key("authorization"));
        }
        // The largest object of S3: 5 TiB, and beyond.
        let large = ChunkedUpload::new(1 << 60);
        assert!(large.encoded_len(algorithm) > 1 << 60 && large.encoded_len(algorithm) < u64::MAX);
    }
}

#[test]
fn an_encoder_keeps_its_promise_or_fails() {
    for algorithm in ALGORITHMS {
        let encoder = || sign(ChunkedUpload::new(10), algorithm).1;
        let mut wire = Vec::new();
        let mut more = encoder();
        assert_eq!(more.push(&[0; 11], &mut wire).unwrap_err().kind(), SignErrorKind::BodyLength);
        assert_eq!(more.finish(&mut wire).unwrap_err().kind(), SignErrorKind::BodyLength, "an error stays");
        let mut fewer = encoder();
        fewer.push(&[0; 9], &mut wire).unwrap();
        let error = fewer.finish(&mut wire).unwrap_err();
        assert_eq!(error.to_string(), "body length: expected a body of 10 bytes, found fewer");
        let mut ended = encoder();
        ended.push(&[0; 10], &mut wire).unwrap();
        ended.finish(&mut wire).unwrap();
        assert!(ended.push(b"", &mut wire).is_err() && ended.finish(&mut wire).is_err());
    }
    for (size, is_right) in [(8191, false), (8192, true), (1 << 30, true), ((1 << 30) + 1, false)] {
        assert_eq!(ChunkedUpload::new(1).with_chunk_size(size).is_ok(), is_right, "{size}");
    }
    for (name, value) in [("x-amz-trailer-signature", "a"), ("a b", "c"), ("a", " b"), ("a", "ü"), ("a", "b\r\n")] {
        assert!(ChunkedUpload::new(1).with_trailer(name, value).is_err(), "{name} {value}");
    }
    assert!(ChunkedUpload::new(1).with_trailer("a", "b").unwrap().with_trailer("A", "c").is_err());
}

#[test]
fn signing_again_leaves_no_residue() {
    for (first, second) in [(Algorithm::SigV4, Algorithm::SigV4a), (Algorithm::SigV4a, Algorithm::SigV4)] {
        let options = SigningOptions::for_service(&Service::S3);
        let mut parts = request();
        parts.headers.insert("content-encoding", "gzip".parse().unwrap());
        parts.headers.insert("transfer-encoding", "chunked".parse().unwrap());
        let with_trailer = ChunkedUpload::new(5).with_checksum(Checksum::Crc32);
        with_trailer.sign(signer(first, &options), &mut parts, at()).unwrap();
        let encoder = ChunkedUpload::new(5).sign(signer(second, &options), &mut parts, at()).unwrap();
        assert_eq!(parts.headers["content-encoding"], "aws-chunked,gzip");
        assert!(!parts.headers.contains_key("x-amz-trailer") && !parts.headers.contains_key("transfer-encoding"));
        let wire = encode(encoder, b"hello", 2);
        assert_eq!(decode(decoder(&parts), &wire, 3), (b"hello".to_vec(), Ok(())));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(64) })]

    #[test]
    fn any_split_of_the_wire_gives_the_same(
        length in 0_usize..40_000,
        cuts in proptest::collection::vec(1_usize..5_000, 0..40),
        mode in 0_usize..4,
        sigv4a: bool,
    ) {
        let algorithm = if sigv4a { Algorithm::SigV4a } else { Algorithm::SigV4 };
        let body = data(length);
        let upload = uploads(length).remove(mode).with_chunk_size(8192).unwrap();
        let (parts, encoder) = sign(upload, algorithm);
        let wire = encode(encoder, &body, 4096);
        let mut decoder = decoder(&parts);
        let (mut rest, mut decoded) = (wire.as_slice(), Vec::new());
        for cut in cuts {
            let (piece, after) = rest.split_at(cut.min(rest.len()));
            decoder.push(piece, &mut decoded).unwrap();
            rest = after;
        }
        decoder.push(rest, &mut decoded).unwrap();
        prop_assert_eq!(decoder.finish(), Ok(()));
        prop_assert!(decoded == body);
    }
}
