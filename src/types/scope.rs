//! The credential scope: the only place that writes or reads `…/aws4_request`.

use std::{fmt, sync::Arc};

use crate::{
    error::{ParseError, ParseErrorKind},
    types::{Day, Region, Service, Timestamp},
};

/// What a signature is bound to: `20150830/us-east-1/iam/aws4_request` for SigV4, and without the region,
/// `20150830/s3/aws4_request`, for SigV4a.
///
/// See [Elements of an AWS API request
/// signature](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-signing-elements.html).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct CredentialScope {
    /// Shared: a signer gives the same one out for a whole day.
    text: Arc<str>,
    region_len: usize,
}

const DATE_LEN: usize = 8;
const TERMINATOR: &str = "aws4_request";

impl CredentialScope {
    /// The SigV4 scope of a day, a region and a service.
    #[must_use]
    pub fn sigv4(at: Timestamp, region: &Region, service: &Service) -> Self {
        Self::write(at.date_stamp(), Some(region.as_str()), service.as_str())
    }

    /// The SigV4a scope of a day and a service.
    #[must_use]
    pub fn sigv4a(at: Timestamp, service: &Service) -> Self {
        Self::write(at.date_stamp(), None, service.as_str())
    }

    /// Reads a scope; three parts are SigV4a's, four SigV4's.
    ///
    /// # Errors
    /// [`CredentialScope`](ParseErrorKind::CredentialScope) unless it is `date[/region]/service/aws4_request`.
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        let error = || {
            ParseError::new(
                ParseErrorKind::CredentialScope,
                "`YYYYMMDD/REGION/SERVICE/aws4_request`, or without the region for SigV4a",
            )
            .found(text)
        };
        let mut parts = text.split('/').rev();
        let (terminator, service) = (parts.next(), parts.next());
        let (region, date) = match (parts.next(), parts.next(), parts.next()) {
            (Some(date), None, None) => (None, date),
            (Some(region), Some(date), None) => (Some(Region::new(region).map_err(|_| error())?), date),
            _ => return Err(error()),
        };
        let service = Service::new(service.unwrap_or_default()).map_err(|_| error())?;
        if terminator != Some(TERMINATOR) || date.len() != DATE_LEN || !date.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(error());
        }
        Ok(Self::write(date, region.as_ref().map(Region::as_str), service.as_str()))
    }

    fn write(date: &str, region: Option<&str>, service: &str) -> Self {
        let region_len = region.map_or(0, str::len);
        let mut text = String::with_capacity(DATE_LEN + region_len + service.len() + TERMINATOR.len() + 3);
        text.push_str(date);
        text.push('/');
        if let Some(region) = region {
            text.push_str(region);
            text.push('/');
        }
        text.push_str(service);
        text.push('/');
        text.push_str(TERMINATOR);
        Self { text: text.into(), region_len }
    }

    /// The scope as it is signed and sent.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The day, `YYYYMMDD`.
    #[must_use]
    pub fn date_stamp(&self) -> &str {
        self.text.get(..DATE_LEN).unwrap_or_default()
    }

    /// The day, to compare.
    pub(crate) fn day(&self) -> Day {
        self.text.as_bytes().first_chunk().copied().unwrap_or_default()
    }

    /// The region; a SigV4a scope has none.
    #[must_use]
    pub fn region(&self) -> Option<&str> {
        match self.region_len {
            0 => None,
            len => self.text.get(DATE_LEN + 1..DATE_LEN + 1 + len),
        }
    }

    /// The service (signing name).
    #[must_use]
    pub fn service(&self) -> &str {
        let start = match self.region_len {
            0 => DATE_LEN + 1,
            len => DATE_LEN + 1 + len + 1,
        };
        let end = self.text.len().saturating_sub(TERMINATOR.len() + 1);
        self.text.get(start..end).unwrap_or_default()
    }
}

impl fmt::Display for CredentialScope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scope_is_read_back_as_it_was_written() {
        let at = Timestamp::parse_amz_date("20150830T123600Z").unwrap();
        let (region, service) = (Region::new("us-east-1").unwrap(), Service::new("iam").unwrap());
        for scope in [CredentialScope::sigv4(at, &region, &service), CredentialScope::sigv4a(at, &service)] {
            assert_eq!(CredentialScope::parse(scope.as_str()).unwrap(), scope);
            assert_eq!((scope.date_stamp(), scope.service()), ("20150830", "iam"));
        }
        assert_eq!(CredentialScope::parse("20150830/us-east-1/iam/aws4_request").unwrap().region(), Some("us-east-1"));
        assert_eq!(CredentialScope::parse("20150830/iam/aws4_request").unwrap().region(), None);
    }

    #[test]
    fn a_malformed_scope_is_refused() {
        for refused in [
            "",
            "aws4_request",
            "iam/aws4_request",
            "20150830/us-east-1/iam/aws5_request",
            "20150830/us-east-1/iam/aws4_request/",
            "2015083/us-east-1/iam/aws4_request",
            "20150830//iam/aws4_request",
            "20150830/us-east-1//aws4_request",
            "AKID/20150830/us-east-1/iam/aws4_request",
        ] {
            assert_eq!(
                CredentialScope::parse(refused).unwrap_err().kind(),
                ParseErrorKind::CredentialScope,
                "{refused}"
            );
        }
    }
}
