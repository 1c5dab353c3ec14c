//! The `Range` of a request: which bytes of an object are asked for.
//!
//! See [RFC 9110, section 14](https://www.rfc-editor.org/rfc/rfc9110#section-14).

use std::ops::Range;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Asked {
    /// All of them. So are several ranges answered by S3, and what cannot be read, as HTTP wants it.
    Whole,
    /// Some of those there are.
    Part(Range<u64>),
    /// None of those there are.
    Nothing,
}

impl Asked {
    /// Reads the value of the header, for an object of this length.
    pub(super) fn read(value: &str, length: u64) -> Self {
        let Some((unit, range)) = value.split_once('=') else { return Self::Whole };
        let Some((first, last)) = range.trim().split_once('-') else { return Self::Whole };
        if !unit.trim().eq_ignore_ascii_case("bytes") {
            return Self::Whole;
        }
        let range = match (Position::read(first), Position::read(last)) {
            (Position::At(first), Position::Absent) => first..length,
            (Position::At(first), Position::At(last)) if first <= last => first..last.saturating_add(1).min(length),
            (Position::Absent, Position::At(count)) => length.saturating_sub(count)..length,
            _ => return Self::Whole,
        };
        if range.is_empty() { Self::Nothing } else { Self::Part(range) }
    }
}

enum Position {
    At(u64),
    Absent,
    Malformed,
}

impl Position {
    /// A number too large for us is beyond every end.
    fn read(text: &str) -> Self {
        match text.bytes().all(|byte| byte.is_ascii_digit()) {
            true if text.is_empty() => Self::Absent,
            true => Self::At(text.parse().unwrap_or(u64::MAX)),
            false => Self::Malformed,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Asked::{self, Nothing, Part, Whole};

    #[test]
    fn one_range_is_cut_to_what_there_is() {
        for (value, expected) in [
            ("bytes=0-0", Part(0..1)),
            ("bytes=2-4", Part(2..5)),
            ("bytes=9-9", Part(9..10)),
            ("bytes=2-", Part(2..10)),
            ("bytes=0-", Part(0..10)),
            ("bytes=5-99", Part(5..10)),
            ("bytes=5-18446744073709551615", Part(5..10)),
            ("bytes=5-99999999999999999999999", Part(5..10)),
            ("bytes=-3", Part(7..10)),
            ("bytes=-10", Part(0..10)),
            ("bytes=-99999999999999999999999", Part(0..10)),
            ("Bytes = 1-2 ", Part(1..3)),
            ("bytes=10-", Nothing),
            ("bytes=10-12", Nothing),
            ("bytes=99999999999999999999999-", Nothing),
            ("bytes=-0", Nothing),
        ] {
            assert_eq!(Asked::read(value, 10), expected, "{value}");
        }
        for value in ["bytes=0-", "bytes=0-0", "bytes=-1"] {
            assert_eq!(Asked::read(value, 0), Nothing, "{value}");
        }
    }

    #[test]
    fn what_is_no_single_range_is_the_whole() {
        for value in [
            "",
            "bytes",
            "bytes=",
            "bytes=-",
            "bytes=3",
            "bytes=4-2",
            "bytes=0-1,3-4",
            "bytes=a-b",
            "bytes=+1-2",
            "bytes=1--2",
            "bytes=0x1-2",
            "bytes=1 - 2",
            "bytes=--3",
            "lines=0-1",
            "=0-1",
            "bytes 0-1",
        ] {
            assert_eq!(Asked::read(value, 10), Whole, "{value}");
        }
    }
}
