//! The lifetime of a presigned URL.

use std::time::Duration;

use crate::error::{ParseError, ParseErrorKind};

/// How long a presigned URL is valid: the value of `X-Amz-Expires`, 1 to 604,800 seconds (seven days).
///
/// See [query parameters of
/// SigV4](https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ExpiresIn(u32);

impl ExpiresIn {
    /// Seven days: more is refused by S3, so it is refused here.
    pub const MAX: Self = Self(604_800);

    /// 900 seconds: how long AWS's services take a signature, unless they say otherwise.
    pub const FIFTEEN_MINUTES: Self = Self(900);

    /// A lifetime in seconds.
    ///
    /// # Errors
    /// [`ExpiresIn`](ParseErrorKind::ExpiresIn) outside 1 to 604,800.
    pub fn from_secs(seconds: u64) -> Result<Self, ParseError> {
        u32::try_from(seconds).ok().filter(|seconds| (1..=Self::MAX.0).contains(seconds)).map(Self).ok_or_else(|| {
            ParseError::new(ParseErrorKind::ExpiresIn, "1 to 604800 seconds (seven days)")
                .found(format!("{seconds} seconds"))
        })
    }

    /// The lifetime in seconds.
    #[must_use]
    pub const fn as_secs(self) -> u32 {
        self.0
    }
}

/// Whole seconds are counted: parts of a second are dropped.
impl TryFrom<Duration> for ExpiresIn {
    type Error = ParseError;

    fn try_from(duration: Duration) -> Result<Self, ParseError> {
        Self::from_secs(duration.as_secs())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_second_to_seven_days() {
        for accepted in [1, 900, 604_800] {
            assert_eq!(u64::from(ExpiresIn::from_secs(accepted).unwrap().as_secs()), accepted);
        }
        for refused in [0, 604_801, u64::MAX] {
            assert_eq!(ExpiresIn::from_secs(refused).unwrap_err().kind(), ParseErrorKind::ExpiresIn);
        }
        assert!(ExpiresIn::try_from(Duration::from_millis(999)).is_err());
    }
}
