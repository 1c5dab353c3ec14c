//! What standard error says beside the output.

use std::time::{Duration, SystemTime};

use sigv4a::Timestamp;

use crate::{args::OutputFormat, signed::Signed};

/// One line each: when a presigned URL ends, and what must be sent that the output does not show.
pub(crate) fn notes(signed: &Signed, format: OutputFormat) -> Vec<String> {
    let mut notes = Vec::new();
    if let Some((expires_at, asked)) = signed.expiry() {
        let reason = match expires_at < signed.at.saturating_add(asked.as_secs()) {
            true => ", when the credentials end",
            false => "",
        };
        notes.push(format!("expires at {}{reason}", readable(expires_at)));
        if format == OutputFormat::Url {
            notes.extend(signed.headers_to_add().iter().map(|(name, value)| format!("{name}: {value}")));
        }
    } else if format == OutputFormat::Headers {
        let url = signed.url();
        if signed.request.is_of_arn {
            notes.push(format!("note: the URL of the object is {url}"));
        } else if url != without_fragment(&signed.request.url) && !is_root_of(&url, &signed.request.url) {
            notes.push(format!("note: the signature is for the URL in wire form: send {url}"));
        }
    }
    notes
}

/// `https://host` and `https://host/` are one URL to every client.
fn is_root_of(url: &str, given: &str) -> bool {
    url.strip_suffix('/') == Some(without_fragment(given))
}

fn without_fragment(url: &str) -> &str {
    url.split_once('#').map_or(url, |(url, _)| url)
}

fn readable(time: Timestamp) -> String {
    let since_1970 = u64::try_from(time.as_unix()).map(Duration::from_secs);
    match since_1970.ok().and_then(|since| SystemTime::UNIX_EPOCH.checked_add(since)) {
        Some(time) => humantime::format_rfc3339_seconds(time).to_string(),
        None => time.to_string(),
    }
}
