//! Uploads a large body that is made while it is sent: SigV4a, signed chunk by chunk, with a CRC-64/NVME trailer.
//!
//! `cargo run --release --example stream_upload [--algorithm sigv4|sigv4a] [MEBIBYTES [ALIAS KEY]]`
//!
//! Without an alias it goes to an endpoint on this machine that checks every chunk. With the alias of your Multi-Region
//! Access Point, a key, and credentials in the environment or in the shared AWS files, it goes to AWS.

use std::{io::Read as _, time::Instant};

use axum::{Router, body::Body, routing::put};
use http_body_util::BodyExt as _;
use sigv4a::{
    Checksum, ChunkedReader, ChunkedUpload, Credentials, MultiRegionAccessPoint, Region, Service, SignerConfig,
    StaticKeys, VerificationKey, Verifier,
    config::{Ambient, Environment, now},
    tower::{BodyCheck, VerifyLayer},
};

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

fn main() -> Outcome<()> {
    let mut arguments: Vec<String> = std::env::args().skip(1).collect();
    let flag = arguments.iter().position(|argument| argument == "--algorithm");
    let algorithm =
        flag.map_or_else(|| "sigv4a".to_owned(), |at| arguments.drain(at..at + 2).last().unwrap_or_default());
    let mebibytes: u64 = arguments.first().map_or(Ok(256), |text| text.parse())?;
    let (credentials, url) = match arguments.get(1..3) {
        Some([alias, key]) => (
            Ambient::load(None, &Environment::of_process())?.credentials()?,
            MultiRegionAccessPoint::from_alias(alias)?.url(key),
        ),
        _ => {
            let example = Credentials::new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")?;
            (example.clone(), format!("{}/large", endpoint(&example)?))
        }
    };
    let config = SignerConfig::default().with_algorithm(algorithm.parse()?).with_service(Service::S3);
    let signer = config.with_region(Region::new("us-east-1")?).signer(&url, credentials)?;

    let (mut parts, ()) = http::Request::put(&url).body(())?.into_parts();
    let upload = ChunkedUpload::new(mebibytes << 20).with_checksum(Checksum::Crc64Nvme);
    let started = Instant::now();
    let encoder = upload.sign(signer, &mut parts, now()?)?;
    let mut body = ChunkedReader::new(encoder, std::io::repeat(b'x').take(mebibytes << 20));
    let request = http::Request::from_parts(parts, ureq::SendBody::from_reader(&mut body));
    let mut response = ureq::Agent::config_builder().http_status_as_error(false).build().new_agent().run(request)?;
    let answer = response.body_mut().read_to_string()?;
    let milliseconds = u64::try_from(started.elapsed().as_millis())?.max(1);
    println!("{mebibytes} MiB with {algorithm}: {} {answer}", response.status());
    println!("{} MiB/s; most memory ever in use: {}", mebibytes * 1000 / milliseconds, peak_memory());
    Ok(())
}

/// An endpoint that takes signed uploads only, and counts what it gets.
fn endpoint(credentials: &Credentials) -> Outcome<String> {
    let keys = StaticKeys::new().with(VerificationKey::from_credentials(credentials));
    let layer = VerifyLayer::new(Verifier::new(Service::S3, Region::new("us-east-1")?), keys);
    let layer = layer.with_body_check(BodyCheck::AtItsEnd).with_body_limit(u64::MAX);
    let count = put(async |mut body: Body| {
        let mut bytes = 0;
        while let Some(frame) = body.frame().await {
            match frame {
                Ok(frame) => bytes += frame.data_ref().map_or(0, |data| data.len()),
                Err(error) => return format!("refused after {bytes} bytes: {error}"),
            }
        }
        format!("{bytes} bytes came, every chunk rightly signed")
    });
    let router = Router::new().route("/large", count).layer(layer);
    let runtime = tokio::runtime::Runtime::new()?;
    let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0"))?;
    let url = format!("http://{}", listener.local_addr()?);
    std::thread::spawn(move || runtime.block_on(async { axum::serve(listener, router).await }));
    Ok(url)
}

/// As Linux tells it.
fn peak_memory() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    peak.map_or_else(|| "unknown".to_owned(), |peak| peak.trim().to_owned())
}
