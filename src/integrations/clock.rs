//! The clock.

use crate::{error::ParseError, types::Timestamp};

/// The time of the system's clock.
#[expect(clippy::disallowed_methods, reason = "this is the one place that reads the clock")]
pub(super) fn now() -> Result<Timestamp, ParseError> {
    std::time::SystemTime::now().try_into()
}
