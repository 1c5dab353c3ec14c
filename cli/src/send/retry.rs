//! Trying again.

use std::{fmt, time::Duration};

use backon::{ExponentialBuilder, Retryable as _};
use http::{Method, StatusCode, header::RETRY_AFTER};

use super::{
    answer::Answer,
    failure::{Failure, Stage},
};
use crate::error;

/// An outcome that is worth another attempt, perhaps.
pub(super) enum Trouble {
    Answered(Box<Answer>),
    Failed(Failure),
}

/// As long as somebody at a terminal waits without asking why.
const FIRST: Duration = Duration::from_millis(500);
const LONGEST: Duration = Duration::from_secs(30);

/// Attempts, one and then so many more, until one is answered for good.
pub(super) async fn retried<F: Future<Output = Result<Answer, Failure>>>(
    times: usize,
    method: &Method,
    mut attempt: impl FnMut() -> F,
) -> Result<Answer, Failure> {
    let backoff =
        ExponentialBuilder::default().with_min_delay(FIRST).with_max_delay(LONGEST).with_max_times(times).with_jitter();
    let mut count = 0;
    let once = || {
        let outcome = attempt();
        async {
            match outcome.await {
                Ok(answer) if is_temporary(answer.head.status) => Err(Trouble::Answered(Box::new(answer))),
                Ok(answer) => Ok(answer),
                Err(failure) => Err(Trouble::Failed(failure)),
            }
        }
    };
    let outcome = once
        .retry(backoff)
        .sleep(tokio::time::sleep)
        .when(|trouble| trouble.may_pass(method))
        .adjust(|trouble, delay| delay.map(|delay| trouble.asks_for().unwrap_or(delay)))
        .notify(|trouble, delay| {
            count += 1;
            error::note(&format!("note: {trouble}; again in {:.1} s ({count} of {times})", delay.as_secs_f64()));
        })
        .await;
    match outcome {
        Ok(answer) => Ok(answer),
        Err(Trouble::Answered(answer)) => Ok(*answer),
        Err(Trouble::Failed(failure)) => Err(failure),
    }
}

/// What curl takes for temporary.
fn is_temporary(status: StatusCode) -> bool {
    [
        StatusCode::REQUEST_TIMEOUT,
        StatusCode::TOO_MANY_REQUESTS,
        StatusCode::INTERNAL_SERVER_ERROR,
        StatusCode::BAD_GATEWAY,
        StatusCode::SERVICE_UNAVAILABLE,
        StatusCode::GATEWAY_TIMEOUT,
    ]
    .contains(&status)
}

impl Trouble {
    /// Whether another attempt may do better, and can do no harm: after an answer the server knows what it did, after a
    /// broken connection nobody does.
    fn may_pass(&self, method: &Method) -> bool {
        match self {
            Self::Answered(_) => true,
            Self::Failed(failure) => match failure.at {
                Stage::Never => false,
                Stage::Connecting => true,
                Stage::Sent => method.is_idempotent(),
            },
        }
    }

    /// The seconds of a `Retry-After`, if they are bearable.
    fn asks_for(&self) -> Option<Duration> {
        let Self::Answered(answer) = self else { return None };
        let seconds = answer.head.headers.get(RETRY_AFTER)?.to_str().ok()?.parse().ok()?;
        Some(Duration::from_secs(seconds).min(LONGEST))
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Answered(answer) => write!(f, "the answer is {}", answer.head.status),
            Self::Failed(failure) => failure.error.fmt(f),
        }
    }
}
