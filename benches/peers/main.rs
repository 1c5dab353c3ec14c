//! Ours, `aws-sigv4`, reqsign and the raw cryptography, side by side in one run.
//!
//! `cargo bench --bench peers [-- --quick]`
//!
//! A contender signs a batch of requests that were cloned before the clock started and are dropped after it stopped.
//! Contenders take turns, in another order every round, so that what the machine does meanwhile hits all alike; a ratio is
//! the median of the ratios of the rounds. Nothing is asserted about time. Without `--bench`, which `cargo bench` adds,
//! every contender runs once: that is what `cargo test --benches` wants.

mod allocations;
mod aws_sigv4;
mod ours;
mod raw;
mod report;
mod reqsign;
mod request;
mod rounds;

use report::Report;
use request::{Job, Scheme};
use rounds::{Contender, Effort};

type Outcome<T = ()> = Result<T, Box<dyn std::error::Error>>;

fn main() -> Outcome {
    let effort = Effort::from_arguments(std::env::args());
    let mut report = Report::default();
    for scheme in [Scheme::SigV4, Scheme::SigV4a] {
        for job in [Job::Sign, Job::Presign] {
            let template = request::template(scheme)?;
            agree(scheme, job, &template)?;
            let mut contenders = contenders(scheme, job, &template)?;
            let rows = rounds::measure(&mut contenders, &template, effort)?;
            if effort != Effort::Smoke {
                report.add(scheme, job, rows);
            }
        }
    }
    match effort {
        Effort::Smoke => Ok(()),
        Effort::Quick | Effort::Full => report.finish(),
    }
}

/// Ours with the default back end first.
fn contenders(scheme: Scheme, job: Job, template: &request::Request) -> Outcome<Vec<Contender>> {
    let mut contenders = ours::contenders(scheme, job)?;
    contenders.push(aws_sigv4::contender(scheme, job)?);
    contenders.push(reqsign::contender(scheme, job)?);
    contenders.extend(raw::contenders(scheme, &ours::texts(scheme, job, template)?)?);
    Ok(contenders)
}

/// The deterministic signers must come to the same signature, or they would not do the same work.
fn agree(scheme: Scheme, job: Job, template: &request::Request) -> Outcome {
    if scheme == Scheme::SigV4a {
        return Ok(());
    }
    let (mut one, mut other) = (template.clone(), template.clone());
    (ours::contender(scheme, job, sigv4a::Provider::default())?.work)(&mut one)?;
    (aws_sigv4::contender(scheme, job)?.work)(&mut other)?;
    match request::signature(&one)? == request::signature(&other)? {
        true => Ok(()),
        false => Err(format!("{scheme:?} {job:?}: ours and aws-sigv4 differ:\n{one:#?}\n{other:#?}").into()),
    }
}
