//! Ours, `aws-sigv4`, reqsign, scratchstack, s3s and the raw cryptography, side by side in one run.
//!
//! `cargo bench --bench peers [-- --quick]`
//!
//! A contender signs or verifies a batch of requests that were cloned before the clock started and are dropped after it
//! stopped. Contenders take turns, in another order every round, so that what the machine does meanwhile hits all alike;
//! a ratio is the median of the ratios of the rounds. Nothing is asserted about time. Without `--bench`, which
//! `cargo bench` adds, every contender runs once: that is what `cargo test --benches` wants.
//!
//! Then what a client pays for the tower layer or the reqwest middleware; the server's layer: a local server with and
//! without it, in requests per second; and large bodies, in mebibytes per second.

mod allocations;
mod aws_sigv4;
mod chunked;
mod clients;
mod layer;
mod ours;
mod ours_verify;
mod raw;
mod report;
mod reqsign;
mod request;
mod rounds;
mod s3s;
mod scratchstack;

use std::collections::BTreeSet;

use report::Report;
use request::{Job, Request, Scheme};
use rounds::{Contender, Effort};

type Outcome<T = ()> = Result<T, Box<dyn std::error::Error>>;

fn main() -> Outcome {
    let effort = Effort::from_arguments(std::env::args());
    let mut report = Report::default();
    for scheme in [Scheme::SigV4, Scheme::SigV4a] {
        for job in [Job::Sign, Job::Presign, Job::Verify] {
            let template = template(scheme, job)?;
            let mut contenders = contenders(scheme, job)?;
            match job {
                Job::Sign | Job::Presign => agree(scheme, job, &mut contenders, &template)?,
                Job::Verify => refuse(&mut contenders, &template)?,
            }
            let rows = rounds::measure(&mut contenders, &template, effort)?;
            if effort != Effort::Smoke {
                report.add(scheme, job, rows);
            }
        }
    }
    let clients = clients::measure(effort)?;
    let layer = layer::measure(effort)?;
    let chunked = chunked::measure(effort)?;
    match effort {
        Effort::Smoke => Ok(()),
        Effort::Quick | Effort::Full => {
            report.add_clients(clients);
            report.add_layer(&layer);
            report.add_chunked(&chunked);
            report.finish()
        }
    }
}

/// What the job starts from: the request, or to verify it, the request that arrives when we sign it.
fn template(scheme: Scheme, job: Job) -> Outcome<Request> {
    let mut request = request::unsigned(scheme)?;
    match job {
        Job::Sign | Job::Presign => Ok(request),
        Job::Verify => {
            (ours::contender(scheme, Job::Sign, sigv4a::Provider::default())?.work)(&mut request)?;
            request::received(request)
        }
    }
}

/// Ours with the default back end first. Who cannot do the job is not there.
fn contenders(scheme: Scheme, job: Job) -> Outcome<Vec<Contender>> {
    let mut contenders = ours::contenders(scheme, job)?;
    contenders.extend(aws_sigv4::contender(scheme, job)?);
    contenders.extend(reqsign::contender(scheme, job));
    contenders.extend(scratchstack::contender(scheme, job)?);
    contenders.extend(s3s::contender(scheme, job));
    contenders.extend(raw::contenders(scheme, job, &ours::texts(scheme, job)?)?);
    Ok(contenders)
}

/// The deterministic signers must come to the same signature, or they would not do the same work.
fn agree(scheme: Scheme, job: Job, contenders: &mut [Contender], template: &Request) -> Outcome {
    if scheme == Scheme::SigV4a {
        return Ok(());
    }
    let (mut requests, mut signatures) = (Vec::new(), BTreeSet::new());
    for contender in contenders.iter_mut().filter(|contender| ["ours", "aws_sigv4"].contains(&contender.name)) {
        let mut request = template.clone();
        (contender.work)(&mut request)?;
        signatures.insert(request::signature(&request)?);
        requests.push(request);
    }
    match (requests.len(), signatures.len()) {
        (2, 1) => Ok(()),
        _ => Err(format!("{scheme:?} {job:?}: ours and aws-sigv4 differ:\n{requests:#?}").into()),
    }
}

/// Whoever verifies must refuse the request with one header changed, or it would do no work. That everybody accepts the
/// request as it is, measuring shows: an error ends it.
fn refuse(contenders: &mut [Contender], template: &Request) -> Outcome {
    let altered = request::altered(template)?;
    for contender in contenders.iter_mut().filter(|contender| !contender.is_raw()) {
        if (contender.work)(&mut altered.clone()).is_ok() {
            return Err(format!("{} accepts what nobody signed:\n{altered:#?}", contender.name).into());
        }
    }
    Ok(())
}
