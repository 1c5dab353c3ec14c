//! Uploads a large body that is made while it is sent: SigV4a, signed chunk by chunk, with a CRC-64/NVME trailer.
//!
//! `cargo run --release --example stream_upload [--algorithm sigv4|sigv4a] [MEBIBYTES [ALIAS KEY]]`
//!
//! Without an alias it goes to an endpoint on this machine that checks every chunk. With the alias of your Multi-Region
//! Access Point, a key, and credentials in the environment or in the shared AWS files, it goes to AWS.

#[path = "support/local_upload.rs"]
mod local_upload;

use std::{io::Read as _, time::Instant};

use sigv4a::{
    Checksum, ChunkedReader, ChunkedUpload, Credentials, MultiRegionAccessPoint, Region, Service, SignerConfig,
    config::{Ambient, Environment, now},
};

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

fn main() -> Outcome<()> {
    let mut arguments: Vec<String> = std::env::args().skip(1).collect();
    let algorithm = match arguments.as_slice() {
        [flag, _, ..] if flag == "--algorithm" => arguments.drain(..2).next_back().unwrap_or_default(),
        _ => "sigv4a".to_owned(),
    };
    let mebibytes: u64 = arguments.first().map_or(Ok(256), |text| text.parse())?;
    let (credentials, url) = match arguments.get(1..3) {
        Some([alias, key]) => (
            Ambient::load(None, &Environment::of_process())?.credentials()?,
            MultiRegionAccessPoint::from_alias(alias)?.url(key),
        ),
        _ => {
            let example = Credentials::new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")?;
            (example.clone(), format!("{}/large", local_upload::start(&example)?))
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

/// As Linux tells it.
fn peak_memory() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    peak.map_or_else(|| "unknown".to_owned(), |peak| peak.trim().to_owned())
}
