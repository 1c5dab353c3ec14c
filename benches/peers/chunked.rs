//! A large body as aws-chunked: the encoder over slices, the body over [`Bytes`], and the cryptography that neither can do
//! without: SHA-256 of every chunk, and a signature for it with a ready key.

use std::{
    convert::Infallible,
    hint::black_box,
    pin::{Pin, pin},
    task::{Context, Poll},
    time::Instant,
};

use bytes::Bytes;
use http_body::{Body, Frame};
use http_body_util::BodyExt as _;
use sha2::{Digest as _, Sha256};
use sigv4a::{ChunkedUpload, http_body::ChunkedBody};

use crate::{
    Outcome, ours, raw,
    request::{Job, Scheme, UNIX_TIME},
    rounds::Effort,
    template,
};

/// Mebibytes per second, a value per round, by contender: ours as a body, which copies nothing; ours over slices, which copies
/// what comes in between the lines that go out; raw.
pub(crate) struct Section {
    pub(crate) name: String,
    pub(crate) rates: [(&'static str, Vec<f64>); 3],
}

const PIECE: usize = 1 << 20;

pub(crate) fn measure(effort: Effort) -> Outcome<Vec<Section>> {
    let (mebibytes, rounds) = match effort {
        Effort::Smoke => (2, 1),
        Effort::Quick => (64, 5),
        Effort::Full => (256, 9),
    };
    let piece = Bytes::from(vec![b'x'; PIECE]);
    let mut sections = Vec::new();
    for (scheme, name) in [(Scheme::SigV4, "sigv4"), (Scheme::SigV4a, "sigv4a")] {
        for (chunk_size, size) in [(64 << 10, "64k"), (1 << 20, "1m")] {
            let upload = ChunkedUpload::new(mebibytes << 20).with_chunk_size(chunk_size)?;
            let mut rates = [("ours", Vec::new()), ("ours_slices", Vec::new()), ("raw", Vec::new())];
            for _ in 0..rounds {
                let works: [&dyn Fn() -> Outcome; 3] = [
                    &|| body(scheme, &upload, &piece, mebibytes),
                    &|| encoder(scheme, &upload, &piece, mebibytes),
                    &|| bare(scheme, chunk_size, &piece, mebibytes),
                ];
                for ((_, rates), work) in rates.iter_mut().zip(works) {
                    let start = Instant::now();
                    work()?;
                    let mebibytes = f64::from(u32::try_from(mebibytes)?);
                    rates.push(mebibytes / start.elapsed().as_secs_f64());
                }
            }
            sections.push(Section { name: format!("{name}_{size}"), rates });
        }
    }
    Ok(sections)
}

fn parts() -> Outcome<http::request::Parts> {
    Ok(http::Request::put("https://mfzwi23gnjvgw-12345678.s3-accesspoint.us-east-1.amazonaws.com/k")
        .body(())?
        .into_parts()
        .0)
}

fn time() -> Outcome<sigv4a::Timestamp> {
    Ok(sigv4a::Timestamp::from_unix(i64::try_from(UNIX_TIME)?)?)
}

/// The bytes go into a buffer that is used again and again, as if it was written to a socket.
fn encoder(scheme: Scheme, upload: &ChunkedUpload, piece: &Bytes, mebibytes: u64) -> Outcome {
    let signer = ours::signer(scheme, sigv4a::Provider::default())?;
    let mut encoder = upload.clone().sign(signer, &mut parts()?, time()?)?;
    let mut wire = Vec::new();
    for _ in 0..mebibytes {
        encoder.push(piece, &mut wire)?;
        black_box(&wire);
        wire.clear();
    }
    Ok(encoder.finish(&mut wire)?)
}

/// Nothing is copied: what comes in goes out between the lines.
fn body(scheme: Scheme, upload: &ChunkedUpload, piece: &Bytes, mebibytes: u64) -> Outcome {
    let signer = ours::signer(scheme, sigv4a::Provider::default())?;
    let inner = Pieces { piece: piece.clone(), left: mebibytes };
    let body = ChunkedBody::sign(upload.clone(), inner, signer, &mut parts()?, time()?)?;
    pollster::block_on(async {
        let mut body = pin!(body);
        while let Some(frame) = body.frame().await {
            black_box(frame?);
        }
        Ok(())
    })
}

/// The same mebibyte again and again.
struct Pieces {
    piece: Bytes,
    left: u64,
}

impl Body for Pieces {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        Poll::Ready(self.left.checked_sub(1).map(|left| {
            self.left = left;
            Ok(Frame::data(self.piece.clone()))
        }))
    }
}

fn bare(scheme: Scheme, chunk_size: usize, piece: &Bytes, mebibytes: u64) -> Outcome {
    let mut signer = raw::signer_of_default(scheme, &[b'm'; STRING_TO_SIGN])?;
    // What a signer of requests is given means nothing to this one.
    let mut request = template(scheme, Job::Sign)?;
    for _ in 0..mebibytes {
        for chunk in piece.chunks(chunk_size) {
            black_box(Sha256::digest(black_box(chunk)));
            (signer.work)(&mut request)?;
        }
    }
    Ok(())
}

/// As long as the string to sign of a chunk, to within the length of an ECDSA signature.
const STRING_TO_SIGN: usize = 320;
