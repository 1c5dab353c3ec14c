//! The AWS Common Runtime beside ours, on the request of the library's `peers` benchmark:
//!
//! * `crt`: [`CrtSigner`], that is our pipeline with the runtime's keys and signatures;
//! * `crt_pipeline`: the runtime alone, from the request to the headers or the query that it adds;
//! * `ours`: the default back end, measured in the same rounds, because times of two runs cannot be compared.
//!
//! `cargo bench -p sigv4a-crt --bench peers_crt [-- --quick]`
//!
//! Prints a JSON object, and adds its values to `peers.json` in the target directory, if `peers` has left one there.
//! Without `--bench`, which `cargo bench` adds, everybody signs once and nothing is measured.

mod allocations;
mod pipeline;
#[path = "../../../benches/peers/request.rs"]
#[allow(dead_code, reason = "nothing is verified here")]
mod request;
#[path = "../../../benches/peers/rounds.rs"]
#[allow(dead_code, reason = "nothing is counted here")]
mod rounds;

use std::{collections::BTreeMap, env, fs, hint::black_box, path::PathBuf};

use request::{ACCESS_KEY_ID, EXPIRES_SECS, Job, REGION, SECRET, Scheme, TOKEN, UNIX_TIME};
use rounds::{Contender, Effort, Row};
use serde_json::{Value, json};
use sigv4a::{
    Credentials, ExpiresIn, Region, RegionSet, Service, SigV4, SigV4a, Signer, SignerExt as _, SigningRequest,
    Timestamp,
};
use sigv4a_crt::CrtSigner;

type Outcome<T = ()> = Result<T, Box<dyn std::error::Error>>;

type Section = BTreeMap<String, f64>;

fn main() -> Outcome {
    let effort = Effort::from_arguments(env::args());
    let mut report = BTreeMap::new();
    for (title, scheme, job) in [
        ("sigv4_sign", Scheme::SigV4, Job::Sign),
        ("sigv4_presign", Scheme::SigV4, Job::Presign),
        ("sigv4a_sign", Scheme::SigV4a, Job::Sign),
        ("sigv4a_presign", Scheme::SigV4a, Job::Presign),
    ] {
        let template = request::unsigned(scheme)?;
        let mut contenders = vec![
            contender("ours", ours(scheme)?, job)?,
            contender("crt", Box::new(crt(scheme)?), job)?,
            pipeline::contender(scheme, job)?,
        ];
        agree(scheme, &mut contenders, &template)?;
        report.insert(title, section(&rounds::measure(&mut contenders, &template, effort)?));
    }
    match effort {
        Effort::Smoke => Ok(()),
        Effort::Quick | Effort::Full => finish(&report),
    }
}

fn ours(scheme: Scheme) -> Outcome<Box<dyn Signer>> {
    Ok(match scheme {
        Scheme::SigV4 => Box::new(SigV4::new(credentials()?, Region::new(REGION)?, Service::S3)),
        Scheme::SigV4a => Box::new(SigV4a::new(credentials()?, RegionSet::all(), Service::S3)),
    })
}

fn crt(scheme: Scheme) -> Outcome<CrtSigner> {
    Ok(match scheme {
        Scheme::SigV4 => CrtSigner::sigv4(credentials()?, Region::new(REGION)?, Service::S3),
        Scheme::SigV4a => CrtSigner::sigv4a(credentials()?, RegionSet::all(), Service::S3)?,
    })
}

fn contender(name: &'static str, signer: Box<dyn Signer>, job: Job) -> Outcome<Contender> {
    let (at, expires_in) = (time()?, ExpiresIn::from_secs(EXPIRES_SECS)?);
    Ok(match job {
        Job::Presign => Contender::new(name, move |request| {
            let presigned = signer.presign(&SigningRequest::from_request(request)?, expires_in, black_box(at))?;
            *request.uri_mut() = presigned.to_uri()?;
            Ok(())
        }),
        _ => Contender::new(name, move |request| Ok(signer.sign_request(request, black_box(at))?)),
    })
}

fn credentials() -> Outcome<Credentials> {
    Ok(Credentials::new(ACCESS_KEY_ID, SECRET)?.with_session_token(TOKEN)?)
}

fn time() -> Outcome<Timestamp> {
    Ok(Timestamp::from_unix(i64::try_from(UNIX_TIME)?)?)
}

/// With SigV4 all come to the same signature, or they would not do the same work.
fn agree(scheme: Scheme, contenders: &mut [Contender], template: &request::Request) -> Outcome {
    let mut signatures = Vec::new();
    for contender in contenders {
        let mut request = template.clone();
        (contender.work)(&mut request)?;
        signatures.push(request::signature(&request)?);
    }
    signatures.dedup();
    match (scheme, signatures.len()) {
        (Scheme::SigV4a, 3) | (Scheme::SigV4, 1) => Ok(()),
        _ => Err(format!("{scheme:?}: they differ: {signatures:?}").into()),
    }
}

/// Medians in nanoseconds, and how ours compares with the runtime: the median of the ratios of the rounds.
fn section(rows: &[Row]) -> Section {
    let mut values: Section =
        rows.iter().map(|row| (format!("{}_ns", row.name), median(row.nanoseconds.iter().copied()))).collect();
    let (Some(ours), others) = (rows.first(), rows.iter().skip(1)) else { return values };
    for other in others {
        let ratios = ours.nanoseconds.iter().zip(&other.nanoseconds).map(|(own, other)| own / other);
        values.insert(format!("ours_of_{}", other.name), median(ratios));
    }
    values
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut sorted: Vec<f64> = values.collect();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len() / 2).copied().unwrap_or(f64::NAN)
}

fn finish(report: &BTreeMap<&str, Section>) -> Outcome {
    println!("{}", serde_json::to_string_pretty(&json!({ "crt": report }))?);
    #[expect(clippy::disallowed_methods, reason = "Cargo says there where its target directory is")]
    let target = env::var_os("CARGO_TARGET_DIR")
        .map_or_else(|| PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../target")), PathBuf::from);
    let path = target.join("peers.json");
    let Ok(text) = fs::read_to_string(&path) else { return Ok(()) };
    let mut peers: Value = serde_json::from_str(&text)?;
    for (title, section) in report {
        let Some(Value::Object(values)) = peers.get_mut(title) else { continue };
        // What `peers` measured of ours stays: ours of this run is there for the ratios, which are kept.
        for (name, value) in section.iter().filter(|(name, _)| *name != "ours_ns") {
            values.insert(name.clone(), json!(value));
        }
    }
    fs::write(&path, serde_json::to_string_pretty(&peers)? + "\n")?;
    eprintln!("added to {}", path.display());
    Ok(())
}
