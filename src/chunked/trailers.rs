//! Trailers: headers that come after the body.

use super::lines::LINE_END;

/// Writes `name:value` and a line end for each trailer, in their order.
pub(super) fn write_wire<'a>(text: &mut Vec<u8>, trailers: impl Iterator<Item = (&'a str, &'a str)>) {
    for (name, value) in trailers {
        for part in [name, ":", value, LINE_END] {
            text.extend_from_slice(part.as_bytes());
        }
    }
}

/// What is signed: sorted by name, each line ended by a single line feed.
pub(super) fn canonical<'a>(trailers: impl Iterator<Item = (&'a str, &'a str)>) -> Vec<u8> {
    let mut sorted: Vec<(&str, &str)> = trailers.collect();
    sorted.sort_by_key(|(name, _)| *name);
    let mut text = Vec::new();
    for (name, value) in sorted {
        for part in [name, ":", value, "\n"] {
            text.extend_from_slice(part.as_bytes());
        }
    }
    text
}
