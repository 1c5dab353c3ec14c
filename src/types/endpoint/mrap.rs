//! S3 Multi-Region Access Points.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::error::{ParseError, ParseErrorKind};

/// An [S3 Multi-Region Access
/// Point](https://docs.aws.amazon.com/AmazonS3/latest/userguide/MultiRegionAccessPointRequests.html): one host for
/// buckets in many regions. Its requests are signed with SigV4a and region set `*`; no region is needed.
///
/// ```
/// # fn main() -> Result<(), sigv4a::ParseError> {
/// use sigv4a::MultiRegionAccessPoint;
/// let point = MultiRegionAccessPoint::parse_arn("arn:aws:s3::123456789012:accesspoint/mfzwi23gnjvgw.mrap")?;
/// assert_eq!(point.host(), "mfzwi23gnjvgw.mrap.accesspoint.s3-global.amazonaws.com");
/// assert_eq!(
///     point.url("a key"),
///     "https://mfzwi23gnjvgw.mrap.accesspoint.s3-global.amazonaws.com/a%20key"
/// );
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MultiRegionAccessPoint {
    alias: Box<str>,
    domain: &'static str,
}

/// Partitions with the domain of their S3 hosts.
const DOMAINS: &[(&str, &str)] = &[
    ("aws", "amazonaws.com"),
    ("aws-cn", "amazonaws.com.cn"),
    ("aws-us-gov", "amazonaws.com"),
    ("aws-iso", "c2s.ic.gov"),
    ("aws-iso-b", "sc2s.sgov.gov"),
    ("aws-iso-e", "cloud.adc-e.uk"),
    ("aws-iso-f", "csp.hci.ic.gov"),
    ("aws-eusc", "amazonaws.eu"),
];

/// An object key on the wire: everything but unreserved characters and `/` is encoded.
const KEY: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'/');

impl MultiRegionAccessPoint {
    /// Reads an ARN in either spelling: `arn:aws:s3::123456789012:accesspoint/ALIAS.mrap` or
    /// `…:accesspoint:ALIAS.mrap`.
    ///
    /// # Errors
    /// [`Arn`](ParseErrorKind::Arn).
    pub fn parse_arn(arn: &str) -> Result<Self, ParseError> {
        match Self::split(arn)? {
            (point, None) => Ok(point),
            (_, Some(_)) => Err(not_an_arn(arn)),
        }
    }

    /// Reads an ARN, and behind it and a `/` the key of an object: as the AWS CLI has it, with or without `s3://` before it.
    /// All of the rest is the key, in no encoding; it is `None` if there is no `/`.
    ///
    /// # Errors
    /// [`Arn`](ParseErrorKind::Arn).
    pub fn parse_object(text: &str) -> Result<(Self, Option<&str>), ParseError> {
        Self::split(text.strip_prefix("s3://").unwrap_or(text))
    }

    fn split(arn: &str) -> Result<(Self, Option<&str>), ParseError> {
        let error = || not_an_arn(arn);
        let mut parts = arn.splitn(6, ':');
        let mut part = || parts.next().unwrap_or_default();
        let (scheme, partition, service, region, account, resource) = (part(), part(), part(), part(), part(), part());
        let is_account = account.len() == 12 && account.bytes().all(|byte| byte.is_ascii_digit());
        if (scheme, service, region, is_account) != ("arn", "s3", "", true) {
            return Err(error());
        }
        let (_, domain) = DOMAINS.iter().find(|(known, _)| *known == partition).ok_or_else(error)?;
        let alias =
            resource.strip_prefix("accesspoint").and_then(|rest| rest.strip_prefix(['/', ':'])).ok_or_else(error)?;
        let (alias, key) = alias.split_once('/').map_or((alias, None), |(alias, key)| (alias, Some(key)));
        Ok((Self { domain, ..Self::from_alias(alias).map_err(|_| error())? }, key))
    }

    /// From the alias that S3 gave the access point, such as `mfzwi23gnjvgw.mrap`, in the `aws` partition.
    ///
    /// # Errors
    /// [`Arn`](ParseErrorKind::Arn).
    pub fn from_alias(alias: &str) -> Result<Self, ParseError> {
        let name = alias.strip_suffix(".mrap").filter(|name| {
            !name.is_empty()
                && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
        });
        match name {
            Some(_) => Ok(Self { alias: alias.into(), domain: "amazonaws.com" }),
            None => Err(ParseError::new(
                ParseErrorKind::Arn,
                "the alias of a Multi-Region Access Point such as `mfzwi23gnjvgw.mrap` (not its name)",
            )
            .found(alias)),
        }
    }

    /// The alias, such as `mfzwi23gnjvgw.mrap`.
    #[must_use]
    pub const fn alias(&self) -> &str {
        &self.alias
    }

    /// The host of its requests.
    #[must_use]
    pub fn host(&self) -> String {
        format!("{}.accesspoint.s3-global.{}", self.alias, self.domain)
    }

    /// The URL of an object, its key percent-encoded for the wire. An empty key is the access point itself.
    #[must_use]
    pub fn url(&self, key: &str) -> String {
        format!("https://{}/{}", self.host(), utf8_percent_encode(key, KEY))
    }
}

fn not_an_arn(found: &str) -> ParseError {
    ParseError::new(ParseErrorKind::Arn, "`arn:PARTITION:s3::ACCOUNT:accesspoint/ALIAS.mrap`, without a region")
        .found(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_spellings_and_every_partition() {
        for (arn, host) in [
            ("arn:aws:s3::123456789012:accesspoint/x.mrap", "x.mrap.accesspoint.s3-global.amazonaws.com"),
            ("arn:aws:s3::123456789012:accesspoint:x.mrap", "x.mrap.accesspoint.s3-global.amazonaws.com"),
            ("arn:aws-cn:s3::123456789012:accesspoint/x.mrap", "x.mrap.accesspoint.s3-global.amazonaws.com.cn"),
            ("arn:aws-eusc:s3::123456789012:accesspoint/x.mrap", "x.mrap.accesspoint.s3-global.amazonaws.eu"),
        ] {
            assert_eq!(MultiRegionAccessPoint::parse_arn(arn).unwrap().host(), host);
        }
        assert!(MultiRegionAccessPoint::from_alias("x.mrap").unwrap().url("a=b/ü +").ends_with("/a%3Db/%C3%BC%20%2B"));
    }

    #[test]
    fn a_key_is_all_that_is_behind_an_arn() {
        for arn in ["arn:aws:s3::123456789012:accesspoint/x.mrap", "s3://arn:aws:s3::123456789012:accesspoint:x.mrap"] {
            for (rest, key) in [("", None), ("/", Some("")), ("/a:b//%20?c#.mrap/", Some("a:b//%20?c#.mrap/"))] {
                let text = format!("{arn}{rest}");
                let (point, found) = MultiRegionAccessPoint::parse_object(&text).unwrap();
                assert_eq!((point.alias(), found), ("x.mrap", key), "{text}");
            }
        }
        for refused in ["x.mrap/key", "s3://bucket/key", "arn:aws:s3::123456789012:accesspoint/x/y.mrap"] {
            assert_eq!(MultiRegionAccessPoint::parse_object(refused).unwrap_err().kind(), ParseErrorKind::Arn);
        }
        assert!(MultiRegionAccessPoint::parse_arn("s3://arn:aws:s3::123456789012:accesspoint/x.mrap").is_err());
    }

    #[test]
    fn other_resources_are_refused() {
        for refused in [
            "",
            "x.mrap",
            "arn:aws:s3:us-east-1:123456789012:accesspoint/x.mrap",
            "arn:aws:s3::12345678901:accesspoint/x.mrap",
            "arn:aws:s3::123456789012:accesspoint/x",
            "arn:aws:s3::123456789012:accesspoint/x.mrap/object/key",
            "arn:aws:s3::123456789012:accesspointx.mrap",
            "arn:gcp:s3::123456789012:accesspoint/x.mrap",
            "arn:aws:s3:::bucket",
        ] {
            let error = MultiRegionAccessPoint::parse_arn(refused).unwrap_err();
            assert_eq!(error.kind(), ParseErrorKind::Arn, "{refused}");
        }
        for refused in ["", ".mrap", "x.evil.com/.mrap", "X.mrap", "my-access-point"] {
            assert!(MultiRegionAccessPoint::from_alias(refused).is_err(), "{refused}");
        }
    }
}
