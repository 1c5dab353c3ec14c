//! Taking turns.

use std::time::Instant;

use crate::{Outcome, allocations, request::Request};

/// Someone who signs a request in place, verifies it, or does the cryptography of either.
pub(crate) struct Contender {
    pub(crate) name: &'static str,
    pub(crate) work: Work,
}

pub(crate) type Work = Box<dyn FnMut(&mut Request) -> Outcome>;

impl Contender {
    pub(crate) fn new(name: &'static str, work: impl FnMut(&mut Request) -> Outcome + 'static) -> Self {
        Self { name, work: Box::new(work) }
    }

    /// Whether it only does the cryptography, and never looks at the request.
    pub(crate) fn is_raw(&self) -> bool {
        self.name.starts_with("raw")
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Effort {
    /// Everybody once, nothing measured.
    Smoke,
    Quick,
    Full,
}

impl Effort {
    pub(crate) fn from_arguments(arguments: impl Iterator<Item = String>) -> Self {
        let arguments: Vec<String> = arguments.collect();
        let has = |wanted: &str| arguments.iter().any(|argument| argument == wanted);
        match (has("--test") || !has("--bench"), has("--quick")) {
            (true, _) => Self::Smoke,
            (false, true) => Self::Quick,
            (false, false) => Self::Full,
        }
    }

    const fn rounds(self) -> usize {
        match self {
            Self::Smoke => 1,
            Self::Quick => 30,
            Self::Full => 400,
        }
    }

    /// Small enough for the requests to stay in the cache, large enough for the clock.
    const fn batch(self) -> usize {
        match self {
            Self::Smoke => 1,
            Self::Quick | Self::Full => 64,
        }
    }
}

/// What was measured of one contender: nanoseconds per request, a value per round.
pub(crate) struct Row {
    pub(crate) name: &'static str,
    pub(crate) nanoseconds: Vec<f64>,
    pub(crate) allocations: u64,
}

/// Lets everybody work, round after round.
pub(crate) fn measure(contenders: &mut [Contender], template: &Request, effort: Effort) -> Outcome<Vec<Row>> {
    let mut rows = Vec::new();
    for contender in &mut *contenders {
        // The first call may derive a key or grow a cache.
        (contender.work)(&mut template.clone())?;
        let allocations = allocations::count(&mut contender.work, template)?;
        rows.push(Row { name: contender.name, nanoseconds: Vec::with_capacity(effort.rounds()), allocations });
    }
    let places = contenders.len();
    for round in 0..effort.rounds() {
        for turn in 0..places {
            let place = (round + turn) % places;
            let (Some(contender), Some(row)) = (contenders.get_mut(place), rows.get_mut(place)) else { continue };
            let mut requests = vec![template.clone(); effort.batch()];
            let start = Instant::now();
            for request in &mut requests {
                (contender.work)(request)?;
            }
            let elapsed = start.elapsed();
            let requests = u32::try_from(requests.len())?;
            row.nanoseconds.push(elapsed.as_secs_f64() * 1e9 / f64::from(requests));
        }
    }
    Ok(rows)
}
