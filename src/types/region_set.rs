//! The region set of SigV4a.

use std::{fmt, str::FromStr};

use crate::{
    error::{ParseError, ParseErrorKind},
    types::{Region, region::is_region_byte},
};

/// The regions in which a SigV4a signature is valid: the value of `X-Amz-Region-Set`.
///
/// One region, a wildcard (`*`, `us-*`) or a list of these, separated by commas. Blanks around the commas are removed,
/// because verifiers disagree on them; the order is kept. `*` inside an entry matches any run of characters.
///
/// ```
/// # fn main() -> Result<(), sigv4a::ParseError> {
/// use sigv4a::{Region, RegionSet};
/// let set = RegionSet::new("us-*, eu-west-1")?;
/// assert_eq!(set.as_str(), "us-*,eu-west-1");
/// assert!(set.covers(&Region::new("us-east-2")?));
/// assert!(!set.covers(&Region::new("eu-west-2")?));
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct RegionSet(Box<str>);

impl RegionSet {
    /// Reads a region set.
    ///
    /// # Errors
    /// [`RegionSet`](ParseErrorKind::RegionSet) for an empty set, an empty entry or a character no region has.
    pub fn new(text: &str) -> Result<Self, ParseError> {
        let mut entries: Vec<&str> = Vec::new();
        let mut offset = 0;
        for entry in text.split(',') {
            let trimmed = entry.trim_matches([' ', '\t']);
            let refused = trimmed.bytes().position(|byte| byte != b'*' && !is_region_byte(byte));
            if trimmed.is_empty() || refused.is_some() {
                return Err(ParseError::new(
                    ParseErrorKind::RegionSet,
                    "`*` or regions separated by commas, such as `us-east-1,us-west-2` or `us-*`",
                )
                .found(text)
                .at(offset + refused.unwrap_or(0)));
            }
            entries.push(trimmed);
            offset += entry.len() + 1;
        }
        Ok(Self(entries.join(",").into()))
    }

    /// Every region: `*`, as S3 Multi-Region Access Points need.
    #[must_use]
    pub fn all() -> Self {
        Self("*".into())
    }

    /// The set as it is signed and sent.
    #[must_use]
    pub const fn as_str(&self) -> &str {
        &self.0
    }

    /// The entries in their order.
    pub fn entries(&self) -> impl Iterator<Item = &str> {
        self.0.split(',')
    }

    /// Whether a signature with this set is valid in `region`.
    #[must_use]
    pub fn covers(&self, region: &Region) -> bool {
        self.entries().any(|entry| matches(entry, region.as_str()))
    }
}

/// Matches `text` against `pattern`, in which `*` stands for any run of characters.
fn matches(pattern: &str, text: &str) -> bool {
    let Some((head, rest)) = pattern.split_once('*') else { return pattern == text };
    let Some(mut text) = text.strip_prefix(head) else { return false };
    let mut parts = rest.split('*').peekable();
    while let Some(part) = parts.next() {
        if parts.peek().is_none() {
            return text.ends_with(part);
        }
        // The leftmost match leaves the most for the parts that follow.
        let Some(found) = text.find(part) else { return false };
        text = text.get(found + part.len()..).unwrap_or_default();
    }
    true
}

impl From<&Region> for RegionSet {
    fn from(region: &Region) -> Self {
        Self(region.as_str().into())
    }
}

impl fmt::Display for RegionSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for RegionSet {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        Self::new(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blanks_after_commas_are_removed_and_empty_entries_refused() {
        assert_eq!(RegionSet::new("us-east-1, us-west-2").unwrap().as_str(), "us-east-1,us-west-2");
        for refused in ["", " ", ",", "us-east-1,", ",us-east-1", "us-east-1,,us-west-2", "us east-1", "a/b"] {
            let error = RegionSet::new(refused).unwrap_err();
            assert_eq!(error.kind(), ParseErrorKind::RegionSet, "{refused:?}");
        }
        let error = RegionSet::new("us-east-1,us west").unwrap_err();
        assert!(error.to_string().ends_with("found `us-east-1,us west` at byte 12"), "{error}");
    }

    #[test]
    fn wildcards_match_runs() {
        for (pattern, text, expected) in [
            ("*", "us-east-1", true),
            ("us-*", "us-east-1", true),
            ("us-*", "eu-west-1", false),
            ("us-*-1", "us-east-1", true),
            ("us-*-1", "us-east-2", false),
            ("*-*-1", "us-east-1", true),
            ("us-east-1", "us-east-1", true),
            ("us-east-1", "us-east-11", false),
            ("a*a", "a", false),
        ] {
            let set = RegionSet::new(pattern).unwrap();
            assert_eq!(set.covers(&Region::new(text).unwrap()), expected, "{pattern} {text}");
        }
    }
}
