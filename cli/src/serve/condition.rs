//! The conditions of a request: `If-Match` and its kin.
//!
//! See [RFC 9110, section 13](https://www.rfc-editor.org/rfc/rfc9110#section-13) and [S3's conditional
//! requests](https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-requests.html).

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use http::{
    HeaderMap, HeaderName,
    header::{IF_MATCH, IF_MODIFIED_SINCE, IF_NONE_MATCH, IF_RANGE, IF_UNMODIFIED_SINCE},
};

use super::store::Entry;

/// What must be there for a key to be written.
pub(super) enum Condition {
    Always,
    /// No object yet.
    Absent,
    /// An object with one of these entity tags.
    Match(String),
}

/// Why a key is not written.
pub(super) enum Unmet {
    /// There is no object that could match.
    Nothing,
    Another,
}

impl Condition {
    /// The condition of a write; `None` is one that S3 knows no more than we do.
    pub(super) fn of_write(headers: &HeaderMap) -> Option<Self> {
        match (text(headers, &IF_MATCH), text(headers, &IF_NONE_MATCH)) {
            (None, None) => Some(Self::Always),
            (Some(tags), None) => Some(Self::Match(tags)),
            (None, Some(tags)) if tags.trim() == "*" => Some(Self::Absent),
            _ => None,
        }
    }

    pub(super) fn check(&self, current: Option<&Entry>) -> Result<(), Unmet> {
        match (self, current) {
            (Self::Always, _) | (Self::Absent, None) => Ok(()),
            (Self::Match(_), None) => Err(Unmet::Nothing),
            (Self::Match(tags), Some(entry)) if names(tags, &entry.etag) => Ok(()),
            (Self::Absent | Self::Match(_), Some(_)) => Err(Unmet::Another),
        }
    }
}

/// What the conditions of a read come to.
pub(super) enum Read {
    Go,
    NotModified,
    Failed,
}

impl Read {
    /// In the order of RFC 9110, section 13.2.2: an entity tag tells more than a date.
    pub(super) fn of(headers: &HeaderMap, entry: &Entry) -> Self {
        let is_later = |name: &HeaderName| Some(seconds(entry.modified) > seconds(date(headers, name)?));
        let has_failed = match text(headers, &IF_MATCH) {
            Some(tags) => !names(&tags, &entry.etag),
            None => is_later(&IF_UNMODIFIED_SINCE) == Some(true),
        };
        let is_known = match text(headers, &IF_NONE_MATCH) {
            Some(tags) => names(&tags, &entry.etag),
            None => is_later(&IF_MODIFIED_SINCE) == Some(false),
        };
        match (has_failed, is_known) {
            (true, _) => Self::Failed,
            (false, true) => Self::NotModified,
            (false, false) => Self::Go,
        }
    }
}

/// Whether a range is of this object, and not of one that was there before.
pub(super) fn range_holds(headers: &HeaderMap, entry: &Entry) -> bool {
    match (text(headers, &IF_RANGE), date(headers, &IF_RANGE)) {
        (None, _) => true,
        (Some(_), Some(date)) => seconds(entry.modified) == seconds(date),
        (Some(tag), None) => tag.trim() == entry.etag,
    }
}

/// A list that is not text names nothing.
fn text(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    let values: Vec<&str> = headers.get_all(name).iter().map(|value| value.to_str().unwrap_or_default()).collect();
    (!values.is_empty()).then(|| values.join(","))
}

/// As S3 does, without being strict about quotes.
fn names(tags: &str, etag: &str) -> bool {
    let bare = |tag: &str| tag.trim().trim_start_matches("W/").trim_matches('"').to_owned();
    tags.trim() == "*" || tags.split(',').any(|tag| bare(tag) == bare(etag))
}

fn date(headers: &HeaderMap, name: &HeaderName) -> Option<SystemTime> {
    httpdate::parse_http_date(headers.get(name)?.to_str().ok()?).ok()
}

/// A date of HTTP has no fractions.
fn seconds(time: SystemTime) -> u64 {
    time.duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO).as_secs()
}
