//! Every recorded request, of our vectors and of AWS's own suite, is accepted by the verifier, with the secret and, for
//! SigV4a, with the public key alone; and every single change of it is refused, with the kind that is right.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may panic"
)]

mod support;

use std::collections::BTreeMap;

use sigv4a::{Algorithm, VerifyErrorKind as Kind};
use support::{
    mutate,
    recorded::{Recorded, Vector, lines},
    sent::{Body, Sent},
    signature::is_presigned,
    suite::cases,
};

#[test]
fn documented_by_aws() {
    Tally::of(vectors("aws-documented.jsonl")).check(8, 2_900);
}

#[test]
fn sigv4() {
    Tally::of(vectors("sigv4.jsonl")).check(310, 100_000);
}

#[test]
fn sigv4a() {
    Tally::of(vectors("sigv4a.jsonl")).check(325, 145_000);
}

#[test]
fn suite_of_sigv4() {
    Tally::of(suite(Algorithm::SigV4)).check(76, 28_000);
}

#[test]
fn suite_of_sigv4a() {
    Tally::of(suite(Algorithm::SigV4a)).check(76, 40_000);
}

fn vectors(file: &str) -> impl Iterator<Item = Recorded> {
    lines::<Vector>(file).into_iter().map(|vector| Recorded::from_vector(&vector))
}

/// Each case twice: signed by headers and presigned.
fn suite(algorithm: Algorithm) -> impl Iterator<Item = Recorded> {
    cases(algorithm).into_iter().flat_map(|case| {
        ["header", "query"].map(|form| {
            let message = case.message(&format!("{form}-signed-request.txt"));
            let headers = message.headers.iter().map(|(name, value)| (name.clone(), value.clone().into_bytes()));
            let sent = Sent {
                method: message.method.clone(),
                target: message.target.clone(),
                headers: headers.collect(),
                body: Body::InMemory(message.body.clone().into_bytes()),
            };
            let public_key = (case.algorithm == Algorithm::SigV4a).then(|| case.public_key_hex());
            let name = format!("{} {form}", case.name());
            Recorded::new(name, sent, case.profile(), &case.credentials(), public_key.as_deref())
        })
    })
}

#[derive(Default)]
struct Tally {
    accepted: usize,
    refused: BTreeMap<&'static str, usize>,
    problems: Vec<String>,
}

impl Tally {
    fn of(recorded: impl Iterator<Item = Recorded>) -> Self {
        let mut tally = Self::default();
        recorded.for_each(|recorded| tally.add(&recorded));
        tally
    }

    fn add(&mut self, recorded: &Recorded) {
        let Recorded { name, sent, server, public, profile, at } = recorded;
        let verified = match server.judge(sent) {
            Ok(verified) => verified,
            Err(error) => return self.problems.push(format!("{name}: {error}")),
        };
        if let Some(Err(error)) = public.as_ref().map(|public| public.judge(sent)) {
            return self.problems.push(format!("{name}, by its public key: {error}"));
        }
        self.accepted += 1;
        for mutation in mutate::all(sent, &verified, *profile) {
            assert_ne!(mutation.sent, *sent, "{name}: {} changes nothing", mutation.what);
            self.judge(name, mutation.what, server.judge(&mutation.sent).map(drop), mutation.kinds, &mutation.sent);
        }
        // The window, to the second.
        let expires = verified_expiry(sent);
        let (early, late) = match is_presigned(sent) {
            true => (Kind::PresignNotYetValid, Kind::PresignExpired),
            false => (Kind::RequestNotYetValid, Kind::RequestExpired),
        };
        for (seconds, kind) in [(-900, None), (expires, None), (-901, Some(early)), (expires + 1, Some(late))] {
            let outcome = server.at(*at, seconds).judge(sent).map(drop);
            match kind {
                None if outcome.is_ok() => {}
                None => self.problems.push(format!("{name}: {seconds} seconds later: {outcome:?}")),
                Some(kind) => self.judge(name, "window", outcome, &[kind], sent),
            }
        }
    }

    fn judge(
        &mut self,
        name: &str,
        what: &'static str,
        outcome: Result<(), sigv4a::VerifyError>,
        kinds: &[Kind],
        sent: &Sent,
    ) {
        match outcome {
            Ok(()) => self.problems.push(format!("{name}: {what}: accepted {sent:?}")),
            Err(error) if kinds.is_empty() || kinds.contains(&error.kind()) => {
                *self.refused.entry(what).or_default() += 1
            }
            Err(error) => self.problems.push(format!("{name}: {what}: expected {kinds:?}, found {error}: {sent:?}")),
        }
    }

    fn check(self, expected: usize, floor: usize) {
        let refused: usize = self.refused.values().sum();
        println!("{} of {expected} accepted, {refused} mutations refused: {:?}", self.accepted, self.refused);
        let shown = self.problems.iter().take(20).cloned().collect::<Vec<_>>().join("\n");
        assert!(self.problems.is_empty(), "{} problems, the first:\n{shown}", self.problems.len());
        assert_eq!(self.accepted, expected);
        assert!(refused > floor, "only {refused} mutations");
    }
}

/// Seconds after which a request is too old.
fn verified_expiry(sent: &Sent) -> i64 {
    let given = support::signature::parameter(sent, "X-Amz-Expires").filter(|_| is_presigned(sent));
    given.map_or(900, |seconds| seconds.parse().unwrap())
}
