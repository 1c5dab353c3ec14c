//! The query of a request to S3: what it asks for besides the object.

use std::borrow::Cow;

use http::HeaderName;
use percent_encoding::percent_decode_str;

/// In a header, or in the query of a presigned URL, as any header may be.
pub(super) const COPY_SOURCE: HeaderName = HeaderName::from_static("x-amz-copy-source");

/// The parameters, decoded.
pub(super) struct Query(Vec<(String, String)>);

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

    /// The first parameter that asks for something else than an object and is not among those that are `honoured`. What S3
    /// does not know either, it passes over.
    pub(super) fn unserved(&self, honoured: impl Fn(&str) -> bool) -> Option<&str> {
        self.pairs().map(|(name, _)| name).find(|name| {
            let is_copy = name.eq_ignore_ascii_case(COPY_SOURCE.as_str());
            (is_copy || ELSEWHERE.contains(name)) && !honoured(name)
        })
    }
}

/// The parameters that make another operation of a request, or choose another part or version of an object: those of
/// [every operation](https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations_Amazon_Simple_Storage_Service.html), and of
/// both lists.
const ELSEWHERE: [&str; 53] = [
    "abac",
    "accelerate",
    "acl",
    "analytics",
    "annotation",
    "attributes",
    "continuation-token",
    "cors",
    "delete",
    "delimiter",
    "encoding-type",
    "encryption",
    "fetch-owner",
    "intelligent-tiering",
    "inventory",
    "key-marker",
    "legal-hold",
    "lifecycle",
    "list-type",
    "location",
    "logging",
    "marker",
    "max-keys",
    "metadataConfiguration",
    "metadataInventoryTable",
    "metadataJournalTable",
    "metadataTable",
    "metrics",
    "notification",
    "object-lock",
    "ownershipControls",
    "partNumber",
    "policy",
    "policyStatus",
    "prefix",
    "publicAccessBlock",
    "renameObject",
    "replication",
    "requestPayment",
    "restore",
    "retention",
    "select",
    "session",
    "start-after",
    "tagging",
    "torrent",
    "uploadId",
    "uploads",
    "version-id-marker",
    "versionId",
    "versioning",
    "versions",
    "website",
];
