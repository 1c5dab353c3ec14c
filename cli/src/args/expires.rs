//! The lifetime of a presigned URL, as people write it.

use sigv4a::ExpiresIn;

/// Plain seconds, or a duration such as `15m` or `1h 30m`.
pub(super) fn parse(text: &str) -> Result<ExpiresIn, String> {
    let seconds = match text.parse::<u64>() {
        Ok(seconds) => seconds,
        Err(_) => humantime::parse_duration(text)
            .map_err(|error| format!("expected seconds, or a duration such as `15m` or `1h 30m` ({error})"))?
            .as_secs(),
    };
    ExpiresIn::from_secs(seconds).map_err(|error| error.to_string())
}
