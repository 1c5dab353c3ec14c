//! Counting allocations: `allocation-counter` is the allocator of this program.
//!
//! It counts all the time and turns every `realloc` into an allocation, a copy and a release. So the counts are upper
//! bounds, and every contender but the raw ones pays a few nanoseconds for each allocation.

use crate::{Outcome, request::Request, rounds::Work};

/// Allocations for one request; releasing is not counted, cloning the request neither.
pub(crate) fn count(work: &mut Work, template: &Request) -> Outcome<u64> {
    let mut request = template.clone();
    let mut outcome = Ok(());
    let counted = allocation_counter::measure(|| outcome = work(&mut request));
    outcome?;
    Ok(counted.count_total)
}
