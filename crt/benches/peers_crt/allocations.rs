//! Allocations are not counted here: a counter in Rust does not see those of C.

use crate::{Outcome, request::Request, rounds::Work};

pub(crate) fn count(_: &mut Work, _: &Request) -> Outcome<u64> {
    Ok(0)
}
