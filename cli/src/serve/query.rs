//! The query of a request to S3: what it asks for besides the object.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;

/// The parameters, decoded.
pub(super) struct Query(Vec<(String, String)>);

/// What changes nothing about the answer: the signature, and what SDKs tell about themselves.
const HARMLESS: [&str; 14] = [
    "x-amz-algorithm",
    "x-amz-checksum-algorithm",
    "x-amz-checksum-mode",
    "x-amz-content-sha256",
    "x-amz-credential",
    "x-amz-date",
    "x-amz-expires",
    "x-amz-region-set",
    "x-amz-s3session-token",
    "x-amz-sdk-checksum-algorithm",
    "x-amz-security-token",
    "x-amz-signature",
    "x-amz-signedheaders",
    "x-amz-user-agent",
];

impl Query {
    /// `None` if a parameter is not text.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let decode = |text: &str| {
            let spaced = text.replace('+', " ");
            percent_decode_str(&spaced).decode_utf8().map(Cow::into_owned).ok()
        };
        let pairs = text.split('&').filter(|pair| !pair.is_empty());
        let pairs = pairs.map(|pair| pair.split_once('=').unwrap_or((pair, "")));
        pairs.map(|(name, value)| Some((decode(name)?, decode(value)?))).collect::<Option<_>>().map(Self)
    }

    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    pub(super) fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// The first parameter that is neither harmless nor among those that are `honoured`: it asks for something else than
    /// an object.
    pub(super) fn unserved(&self, honoured: impl Fn(&str) -> bool) -> Option<&str> {
        self.pairs().map(|(name, _)| name).find(|name| {
            let is_harmless = *name == "x-id" || HARMLESS.iter().any(|known| known.eq_ignore_ascii_case(name));
            !is_harmless && !honoured(name)
        })
    }
}
