//! Bodies in aws-chunked form that the runtime signed, through our decoder; those of our encoder, through the runtime.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may panic"
)]

mod support;

use data_encoding::BASE64;
use http::request::Parts;
use sigv4a::{
    Algorithm, Checksum, ChunkDecoder, ChunkedUpload, Credentials, Provider, ReceivedRequest, Region, RegionSet,
    Service, SigV4, SigV4a, Signer, Streaming, VerificationKey, Verifier, VerifyError, VerifyErrorKind, VerifyingKey,
};
use sigv4a_crt::{Claim, CrtSigner};
use support::{
    documented_credentials, documented_time, oracle,
    upload::{Plan, Upload},
};

const ALGORITHMS: [Algorithm; 2] = [Algorithm::SigV4, Algorithm::SigV4a];
const LENGTHS: [usize; 8] = [0, 1, 8191, 8192, 65535, 65536, 65537, 3 * 65536 + 1];

/// Data that is not the same everywhere.
fn data(len: usize) -> Vec<u8> {
    (0..len).map(|index| u8::try_from((index * 31 + index / 251) % 256).unwrap()).collect()
}

/// The value of `x-amz-checksum-sha256`.
fn checksum(data: &[u8]) -> String {
    let mut hash = sigv4a::BodyHash::new();
    hash.update(data);
    BASE64.encode(&hash.finish())
}

fn plans() -> impl Iterator<Item = Plan> {
    let each = ALGORITHMS.into_iter().flat_map(|algorithm| LENGTHS.map(|len| (algorithm, data(len))));
    each.step_by(support::vector::every()).flat_map(|(algorithm, data)| {
        let trailers = vec![
            ("x-amz-checksum-sha256".to_owned(), checksum(&data)),
            ("x-amz-meta-note".to_owned(), "a b".to_owned()),
        ];
        let plain = Plan { algorithm, data, chunk_len: 65536, trailers: Vec::new() };
        let small = Plan { chunk_len: 8192, trailers, ..plain.clone() };
        [plain, small]
    })
}

/// The one place where an upload meets our decoder.
fn decode(upload: &Upload, step: usize) -> Result<Vec<u8>, VerifyError> {
    let mut request = http::Request::builder().method(upload.method).uri(&upload.url);
    for (name, value) in &upload.headers {
        request = request.header(name, value);
    }
    let (parts, ()) = request.body(()).unwrap().into_parts();
    let verifier =
        Verifier::new(Service::S3, Region::new("us-east-1").unwrap()).with_streaming(Streaming::WillBeDecoded);
    let key = VerificationKey::from_credentials(&documented_credentials());
    let verified = verifier.verify_request(&ReceivedRequest::from_parts(&parts)?, |_| Some(&key), upload.at)?;
    let mut decoder = ChunkDecoder::new(&verified, &parts.headers)?;
    let mut data = Vec::new();
    upload.body.chunks(step).try_for_each(|wire| decoder.push(wire, &mut data))?;
    decoder.finish()?;
    Ok(data)
}

#[test]
fn our_decoder_accepts_what_the_runtime_signs() {
    let mut seen = 0;
    for plan in plans() {
        let upload = plan.sign();
        assert_eq!(upload.body.len(), plan.wire_len());
        for step in [4099, usize::MAX] {
            let decoded = decode(&upload, step).unwrap_or_else(|error| panic!("{error}: {:?}", upload.headers));
            assert!(decoded == plan.data, "{:?}", upload.headers);
            seen += 1;
        }
    }
    println!("{seen} bodies of the runtime decoded");
}

#[test]
fn our_decoder_refuses_what_was_changed_after() {
    for plan in plans().filter(|plan| plan.data.len() == 65537) {
        let upload = plan.sign();
        let refused = |at: usize| {
            let mut changed = upload.clone();
            changed.body[at] ^= 1;
            decode(&changed, usize::MAX).unwrap_err().kind()
        };
        let start = upload.body.windows(2).position(|pair| pair == b"\r\n").unwrap() + 2;
        assert_eq!(refused(start), VerifyErrorKind::ChunkSignatureMismatch);
        if plan.trailers.is_empty() {
            continue;
        }
        let note = upload.body.windows(4).rposition(|window| window == b":a b").unwrap();
        assert_eq!(refused(note + 1), VerifyErrorKind::TrailerSignatureMismatch);
    }
}

/// Our encoder with every signer of ours, and with the runtime behind our trait.
fn signers(algorithm: Algorithm) -> Vec<Box<dyn Signer>> {
    let (credentials, region, all) = (documented_credentials(), Region::new("us-east-1").unwrap(), RegionSet::all());
    let crt = match algorithm {
        Algorithm::SigV4 => CrtSigner::sigv4(credentials.clone(), region.clone(), Service::S3),
        _ => CrtSigner::sigv4a(credentials.clone(), all.clone(), Service::S3).unwrap(),
    };
    let ours = |provider, credentials: Credentials| -> Box<dyn Signer> {
        match algorithm {
            Algorithm::SigV4 => Box::new(SigV4::new(credentials, region.clone(), Service::S3).with_provider(provider)),
            _ => Box::new(SigV4a::new(credentials, all.clone(), Service::S3).with_provider(provider)),
        }
    };
    let mut signers: Vec<Box<dyn Signer>> = vec![Box::new(crt)];
    signers.extend(Provider::all().into_iter().map(|provider| ours(provider, credentials.clone())));
    signers
}

#[test]
fn the_runtime_agrees_with_our_encoder() {
    let mut seen = 0;
    for plan in plans() {
        for signer in signers(plan.algorithm) {
            let (parts, wire) = encode(&plan, signer);
            agrees(&plan, &parts, &wire);
            seen += 1;
        }
    }
    println!("{seen} bodies of ours confirmed by the runtime");
}

fn encode(plan: &Plan, signer: Box<dyn Signer>) -> (Parts, Vec<u8>) {
    let mut upload = ChunkedUpload::new(u64::try_from(plan.data.len()).unwrap());
    upload = upload.with_chunk_size(plan.chunk_len).unwrap();
    for (name, value) in &plan.trailers {
        upload = match Checksum::from_header_name(name) {
            Some(checksum) => upload.with_checksum(checksum),
            None => upload.with_trailer(name, value).unwrap(),
        };
    }
    let request = http::Request::put("https://s3.amazonaws.com/examplebucket/chunkObject.txt");
    let (mut parts, ()) = request.body(()).unwrap().into_parts();
    let mut encoder = upload.sign(signer, &mut parts, documented_time()).unwrap();
    let mut wire = Vec::new();
    encoder.push(&plan.data, &mut wire).unwrap();
    encoder.finish(&mut wire).unwrap();
    (parts, wire)
}

/// Takes the wire apart by hand, and asks the runtime about every signature: SigV4's it makes itself, SigV4a's it verifies.
fn agrees(plan: &Plan, parts: &Parts, wire: &[u8]) {
    let (oracle, at) = (oracle(plan.algorithm, "*"), documented_time());
    let signer = SigV4a::new(documented_credentials(), RegionSet::all(), Service::S3);
    let key: VerifyingKey = signer.verifying_key().unwrap();
    let authorization = parts.headers["authorization"].to_str().unwrap();
    let mut previous = authorization.split_once("Signature=").unwrap().1.to_owned();
    let mut rest = wire;
    for data in plan.pieces() {
        let signature = line(&mut rest, &format!("{:x};chunk-signature=", data.len()));
        match plan.algorithm {
            Algorithm::SigV4 => assert_eq!(oracle.sign_chunk(data, &previous, at).unwrap(), signature),
            _ => oracle.verify_chunk(data, &previous, &Claim::new("", &signature, &key), at).unwrap(),
        }
        if !data.is_empty() {
            assert!(rest[..data.len()] == *data && rest[data.len()..].starts_with(b"\r\n"));
            rest = &rest[data.len() + 2..];
        }
        previous = signature;
    }
    if !plan.trailers.is_empty() {
        for (name, value) in &plan.trailers {
            assert_eq!(line(&mut rest, &format!("{name}:")), *value);
        }
        let signature = line(&mut rest, "x-amz-trailer-signature:");
        let text: String = plan.trailers.iter().map(|(name, value)| format!("{name}:{value}\n")).collect();
        match plan.algorithm {
            Algorithm::SigV4 => {
                assert_eq!(oracle.sign_trailers(&plan.trailers, &previous, at).unwrap(), signature);
            }
            _ => {
                let claim = Claim::new(&text, &signature, &key);
                oracle.verify_trailers(&plan.trailers, &previous, &claim, at).unwrap();
            }
        }
    }
    assert_eq!(rest, b"\r\n");
}

/// What follows `start` in the next line.
fn line(rest: &mut &[u8], start: &str) -> String {
    let end = rest.windows(2).position(|pair| pair == b"\r\n").unwrap();
    let line = std::str::from_utf8(&rest[..end]).unwrap();
    *rest = &rest[end + 2..];
    line.strip_prefix(start).unwrap_or_else(|| panic!("{start} expected, found {line}")).to_owned()
}
