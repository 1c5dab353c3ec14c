//! The time of a signature. There is no clock here: time is an argument.

use std::{fmt, str::FromStr, time::SystemTime};

use jiff::tz::Offset;

use crate::error::{ParseError, ParseErrorKind};

/// A point in time in seconds, as SigV4 writes it: `X-Amz-Date: 20150830T123600Z`.
///
/// Made from seconds since 1970, from a [`SystemTime`], or from text. Years 0000 to 9999.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Timestamp {
    unix_seconds: i64,
    amz_date: [u8; 16],
}

/// A day, `YYYYMMDD`.
pub(crate) type Day = [u8; 8];

impl Timestamp {
    /// A point in time, in seconds since 1970-01-01T00:00:00Z.
    ///
    /// # Errors
    /// [`Timestamp`](ParseErrorKind::Timestamp) outside the years 0000 to 9999.
    pub fn from_unix(seconds: i64) -> Result<Self, ParseError> {
        let error =
            || ParseError::new(ParseErrorKind::Timestamp, "a year from 0000 to 9999").found(seconds.to_string());
        let time = jiff::Timestamp::from_second(seconds).map_err(|_| error())?;
        Self::from_civil(Offset::UTC.to_datetime(time), seconds).ok_or_else(error)
    }

    /// Reads the *amz-date* form, `20150830T123600Z`, and nothing else.
    ///
    /// # Errors
    /// [`Timestamp`](ParseErrorKind::Timestamp).
    pub fn parse_amz_date(text: &str) -> Result<Self, ParseError> {
        let error = || {
            ParseError::new(ParseErrorKind::Timestamp, "ISO 8601 basic form in UTC such as `20150830T123600Z`")
                .found(text)
        };
        // `strptime` alone would take signs, blanks and fewer digits.
        let shape = |(index, byte): (usize, u8)| match index {
            8 => byte == b'T',
            15 => byte == b'Z',
            _ => byte.is_ascii_digit(),
        };
        if text.len() != 16 || !text.bytes().enumerate().all(shape) || text.get(13..15) == Some("60") {
            return Err(error());
        }
        let civil = jiff::civil::DateTime::strptime("%Y%m%dT%H%M%SZ", text).map_err(|_| error())?;
        let seconds = Offset::UTC.to_timestamp(civil).map_err(|_| error())?.as_second();
        Self::from_civil(civil, seconds).ok_or_else(error)
    }

    /// Reads the form of HTTP's `Date` header, `Sun, 30 Aug 2015 12:36:00 GMT`, as [RFC
    /// 9110](https://www.rfc-editor.org/rfc/rfc9110#section-5.6.7) has it.
    ///
    /// # Errors
    /// [`Timestamp`](ParseErrorKind::Timestamp).
    pub fn parse_http_date(text: &str) -> Result<Self, ParseError> {
        let parsed = jiff::fmt::rfc2822::parse(text).map_err(|_| {
            ParseError::new(ParseErrorKind::Timestamp, "an HTTP date such as `Sun, 30 Aug 2015 12:36:00 GMT`")
                .found(text)
        })?;
        Self::from_unix(parsed.timestamp().as_second())
    }

    fn from_civil(civil: jiff::civil::DateTime, unix_seconds: i64) -> Option<Self> {
        let year = u8::try_from(civil.year() / 100).ok().zip(u8::try_from(civil.year() % 100).ok())?;
        let fields = [
            year.0,
            year.1,
            u8::try_from(civil.month()).ok()?,
            u8::try_from(civil.day()).ok()?,
            u8::try_from(civil.hour()).ok()?,
            u8::try_from(civil.minute()).ok()?,
            u8::try_from(civil.second()).ok()?,
        ];
        let mut amz_date = *b"00000000T000000Z";
        let (date, time) = amz_date.split_at_mut(9);
        let pairs = date.chunks_exact_mut(2).take(4).chain(time.chunks_exact_mut(2));
        for (pair, value) in pairs.zip(fields) {
            pair.copy_from_slice(&[b'0' + value / 10, b'0' + value % 10]);
        }
        Some(Self { unix_seconds, amz_date })
    }

    /// Seconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub const fn as_unix(&self) -> i64 {
        self.unix_seconds
    }

    /// `20150830T123600Z`: the value of `X-Amz-Date`.
    #[must_use]
    pub fn amz_date(&self) -> &str {
        // Only ASCII is ever stored.
        str::from_utf8(&self.amz_date).unwrap_or_default()
    }

    /// `2015-08-30T12:36:00Z`.
    #[must_use]
    pub fn rfc3339(&self) -> String {
        jiff::Timestamp::from_second(self.unix_seconds).map_or_else(|_| self.to_string(), |time| time.to_string())
    }

    /// The same in bytes.
    pub(crate) const fn amz_date_bytes(&self) -> &[u8] {
        &self.amz_date
    }

    /// `20150830`, to compare days.
    pub(crate) fn day(&self) -> Day {
        self.amz_date.first_chunk().copied().unwrap_or_default()
    }

    /// `20150830`: the day in the credential scope.
    #[must_use]
    pub fn date_stamp(&self) -> &str {
        self.amz_date().get(..8).unwrap_or_default()
    }

    /// This time and `seconds` more; the last second of the year 9999 at most.
    #[must_use]
    pub fn saturating_add(self, seconds: u32) -> Self {
        const END: i64 = 253_402_207_200; // the last instant jiff can hold
        let sum = self.unix_seconds.saturating_add(i64::from(seconds));
        Self::from_unix(sum.min(END)).unwrap_or(self)
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Timestamp({self})")
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.amz_date())
    }
}

/// Reads `20150830T123600Z`, or RFC 3339 such as `2015-08-30T14:36:00+02:00` (parts of a second are dropped).
impl FromStr for Timestamp {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        // RFC 3339 has hyphens; jiff would take other spellings of the basic form too.
        match text.parse::<jiff::Timestamp>() {
            Ok(time) if text.contains('-') => Self::from_unix(time.as_second()),
            _ => Self::parse_amz_date(text).map_err(|error| {
                let expected = "a time in UTC such as `20150830T123600Z` or `2015-08-30T12:36:00Z`";
                ParseError::new(error.kind(), expected).found(text)
            }),
        }
    }
}

impl TryFrom<SystemTime> for Timestamp {
    type Error = ParseError;

    fn try_from(time: SystemTime) -> Result<Self, ParseError> {
        let time = jiff::Timestamp::try_from(time)
            .map_err(|_| ParseError::new(ParseErrorKind::Timestamp, "a system time in the years 0000 to 9999"))?;
        Self::from_unix(time.as_second())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_and_seconds_agree() {
        for (text, seconds) in [
            ("19700101T000000Z", 0),
            ("20150830T123600Z", 1_440_938_160),
            ("20240229T235959Z", 1_709_251_199),
            ("19691231T235959Z", -1),
        ] {
            let timestamp = Timestamp::parse_amz_date(text).unwrap();
            assert_eq!(timestamp.as_unix(), seconds);
            assert_eq!(Timestamp::from_unix(seconds).unwrap(), timestamp);
            assert_eq!((timestamp.amz_date(), timestamp.date_stamp()), (text, &text[..8]));
        }
        assert_eq!("2015-08-30T14:36:00.9+02:00".parse::<Timestamp>().unwrap().amz_date(), "20150830T123600Z");
    }

    #[test]
    fn other_forms_are_refused() {
        for refused in [
            "",
            "20150830",
            "20150830T123600",
            "20150230T123600Z",
            "20150830T246000Z",
            "20150830T123660Z",
            "+0150830T123600Z",
            "2015 830T123600Z",
            "20150830T123600Z ",
            "２0150830T12360Z",
        ] {
            let error = refused.parse::<Timestamp>().unwrap_err();
            assert_eq!(error.kind(), ParseErrorKind::Timestamp, "{refused}");
        }
        for refused in ["20150830t123600z", "2015-08-30T12:36:00Z"] {
            assert!(Timestamp::parse_amz_date(refused).is_err(), "{refused}: only `from_str` takes other forms");
        }
        assert!(Timestamp::from_unix(i64::MAX).is_err());
        assert!(Timestamp::from_unix(-62_200_000_000).is_err());
    }

    #[test]
    fn the_end_of_time_is_reached_not_passed() {
        let late = Timestamp::from_unix(253_402_207_000).unwrap();
        assert_eq!(late.saturating_add(u32::MAX).as_unix(), 253_402_207_200);
    }
}
