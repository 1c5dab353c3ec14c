//! The clock.

use crate::{error::ParseError, types::Timestamp};

/// The time of the system's clock.
///
/// # Errors
/// [`Timestamp`](crate::ParseErrorKind::Timestamp) if the clock is outside the years 0000 to 9999.
#[expect(clippy::disallowed_methods, reason = "this is the one place that reads the clock")]
pub fn now() -> Result<Timestamp, ParseError> {
    std::time::SystemTime::now().try_into()
}
