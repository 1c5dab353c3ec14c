//! How far a date may be from now.

use crate::{
    error::{VerifyError, VerifyErrorKind},
    types::Timestamp,
};

/// What is signed at `at` is signed now, give or take `skew` seconds.
pub(crate) fn check_freshness(at: Timestamp, now: Timestamp, skew: u32) -> Result<(), VerifyError> {
    let skew = i64::from(skew);
    // Both are within the years 0000 to 9999: no overflow.
    match now.as_unix() - at.as_unix() {
        age if age > skew => {
            Err(untimely(VerifyErrorKind::RequestExpired, "it was signed too long ago", [at, now], skew))
        }
        age if age < -skew => {
            let rule = "it was signed too far in the future";
            Err(untimely(VerifyErrorKind::RequestNotYetValid, rule, [at, now], skew))
        }
        _ => Ok(()),
    }
}

/// The refusal of what was signed more than `allowed` seconds from now.
pub(super) fn untimely(kind: VerifyErrorKind, rule: &str, [at, now]: [Timestamp; 2], allowed: i64) -> VerifyError {
    let age = now.as_unix() - at.as_unix();
    let message = format!("{rule}: {} seconds from now ({now}), where {allowed} are allowed", age.abs());
    let (relation, sign) = if age > 0 { ("now earlier than", '-') } else { ("still later than", '+') };
    let limit = Timestamp::from_unix(now.as_unix() - allowed * age.signum()).unwrap_or(now);
    let window = match allowed % 60 {
        0 => format!("{} min.", allowed / 60),
        _ => format!("{allowed} sec."),
    };
    let detail = format!("{at} is {relation} {limit} ({now} {sign} {window})");
    VerifyError::new(kind, message).found(at.amz_date()).detail(detail)
}
