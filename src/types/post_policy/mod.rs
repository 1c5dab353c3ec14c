//! The POST policy of S3: what an upload by an HTML form must fulfil.

mod json;

use std::{fmt, ops::RangeInclusive};

use crate::{
    error::{ParseError, ParseErrorKind},
    types::{SECRET_FIELDS, Timestamp},
};

/// What a browser may upload with a form that someone else signed: until when, into which bucket, under which key, how
/// large, and with which values in the other fields.
///
/// See [POST policy](https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTConstructPolicy.html). Sign one with
/// [`sign`](Self::sign). Every field of the form needs a condition, but for the file and for names that start with
/// `x-ignore-`; signing adds those of its own fields. The names of fields are compared without regard to letter case,
/// as S3 does.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use sigv4a::{Credentials, PostPolicy, Region, Service, SigV4, Timestamp};
///
/// let now = Timestamp::parse_amz_date("20151229T000000Z")?;
/// let policy = PostPolicy::new("sigv4examplebucket", now.saturating_add(3600))
///     .with_field("acl", "public-read")?
///     .with_field_prefix("key", "user/user1/")?
///     .with_field_prefix("Content-Type", "image/")?
///     .with_content_length_range(1..=10_485_760)?;
///
/// let credentials = Credentials::new("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")?;
/// let signer = SigV4::new(credentials, Region::new("us-east-1")?, Service::S3);
/// // As they are: a value may hold anything, so whoever writes them into HTML has to escape them.
/// for (name, value) in policy.sign(&signer, now)?.fields() {
///     println!("{name}={value}");
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct PostPolicy {
    expires_at: Timestamp,
    conditions: Vec<PostCondition>,
}

impl PostPolicy {
    /// Uploads into a bucket, until `expires_at`.
    #[must_use]
    pub fn new(bucket: &str, expires_at: Timestamp) -> Self {
        Self { expires_at, conditions: vec![PostCondition::equals("bucket", bucket)] }
    }

    /// The field must have exactly this value.
    ///
    /// # Errors
    /// [`PostPolicy`](ParseErrorKind::PostPolicy) for a field that no condition can be about: the policy, its signature,
    /// the file.
    pub fn with_field(self, name: &str, value: &str) -> Result<Self, ParseError> {
        check_name(name)?;
        Ok(self.with(PostCondition::equals(name, value)))
    }

    /// The field must be there and its value start with `prefix`; with an empty one, it may be anything. Of a
    /// `Content-Type` with commas every part must.
    ///
    /// # Errors
    /// As [`with_field`](Self::with_field).
    pub fn with_field_prefix(self, name: &str, prefix: &str) -> Result<Self, ParseError> {
        check_name(name)?;
        Ok(self.with(PostCondition(Rule::StartsWith { field: name.into(), prefix: prefix.into() })))
    }

    /// The file must have so many bytes, both ends included.
    ///
    /// # Errors
    /// [`PostPolicy`](ParseErrorKind::PostPolicy) if no number is in the range.
    pub fn with_content_length_range(self, bytes: RangeInclusive<u64>) -> Result<Self, ParseError> {
        Ok(self.with(PostCondition::content_length_range(*bytes.start(), *bytes.end())?))
    }

    /// Reads a policy from its JSON text.
    ///
    /// It is read more strictly than S3 might: no unknown or repeated member, no trailing comma, no `\$` or `\v`.
    ///
    /// # Errors
    /// [`PostPolicy`](ParseErrorKind::PostPolicy).
    pub fn parse(json: &str) -> Result<Self, ParseError> {
        json::read(json)
    }

    /// The policy as JSON text, which is what is signed, in base64.
    #[must_use]
    pub fn to_json(&self) -> String {
        json::write(self)
    }

    /// The end of the policy.
    #[must_use]
    pub const fn expires_at(&self) -> Timestamp {
        self.expires_at
    }

    /// The conditions, each of which must be fulfilled.
    #[must_use]
    pub fn conditions(&self) -> &[PostCondition] {
        &self.conditions
    }

    /// The sizes that every `content-length-range` allows; any size without one.
    #[must_use]
    pub fn content_length_range(&self) -> RangeInclusive<u64> {
        self.conditions.iter().fold(0..=u64::MAX, |all, condition| match condition.0 {
            Rule::ContentLengthRange { min, max } => min.max(*all.start())..=max.min(*all.end()),
            _ => all,
        })
    }

    pub(crate) fn with(mut self, condition: PostCondition) -> Self {
        self.conditions.push(condition);
        self
    }

    /// Drops the conditions on a field.
    pub(crate) fn without(mut self, field: &str) -> Self {
        self.conditions.retain(|condition| !condition.is_about(field));
        self
    }
}

impl fmt::Debug for PostPolicy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PostPolicy")
            .field("expires_at", &self.expires_at)
            .field("conditions", &self.conditions)
            .finish()
    }
}

/// One condition of a [`PostPolicy`].
///
/// `Display` writes it as a JSON array, as S3 does when it says which one failed; a session token or a key
/// of the client's (SSE-C) is left out.
#[derive(Clone, PartialEq, Eq)]
pub struct PostCondition(Rule);

/// The three matching types.
#[derive(Clone, PartialEq, Eq)]
enum Rule {
    Equals { field: Box<str>, value: Box<str> },
    StartsWith { field: Box<str>, prefix: Box<str> },
    ContentLengthRange { min: u64, max: u64 },
}

impl PostCondition {
    pub(crate) fn equals(field: &str, value: &str) -> Self {
        Self(Rule::Equals { field: field.into(), value: value.into() })
    }

    fn content_length_range(min: u64, max: u64) -> Result<Self, ParseError> {
        match min <= max {
            true => Ok(Self(Rule::ContentLengthRange { min, max })),
            false => Err(error("a `content-length-range` that holds a number").found(format!("{min} to {max}"))),
        }
    }

    /// The field it is about; `None` for the size of the file.
    #[must_use]
    pub fn field(&self) -> Option<&str> {
        match &self.0 {
            Rule::Equals { field, .. } | Rule::StartsWith { field, .. } => Some(field),
            Rule::ContentLengthRange { .. } => None,
        }
    }

    /// The only value it allows, if there is only one.
    #[must_use]
    pub fn exact_value(&self) -> Option<&str> {
        match &self.0 {
            Rule::Equals { value, .. } => Some(value),
            _ => None,
        }
    }

    /// Whether it is about a field, in whatever letter case.
    pub(crate) fn is_about(&self, field: &str) -> bool {
        self.field().is_some_and(|own| own.eq_ignore_ascii_case(field))
    }

    /// Whether a field may have this value. Letter case matters here.
    pub(crate) fn allows(&self, value: &str) -> bool {
        match &self.0 {
            Rule::Equals { value: only, .. } => value == &**only,
            Rule::StartsWith { prefix, .. } if self.is_about("Content-Type") => {
                value.split(',').all(|part| part.starts_with(&**prefix))
            }
            Rule::StartsWith { prefix, .. } => value.starts_with(&**prefix),
            Rule::ContentLengthRange { .. } => true,
        }
    }

    fn is_secret(&self) -> bool {
        SECRET_FIELDS.iter().any(|field| self.is_about(field))
    }
}

impl fmt::Display for PostCondition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.is_secret() {
            true => json::write_array(&self.clone().redacted(), f),
            false => json::write_array(self, f),
        }
    }
}

impl PostCondition {
    fn redacted(mut self) -> Self {
        if let Rule::Equals { value: text, .. } | Rule::StartsWith { prefix: text, .. } = &mut self.0 {
            *text = "…".into();
        }
        self
    }
}

impl fmt::Debug for PostCondition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Fields that the signature or nothing covers.
const NO_CONDITION: [&str; 3] = ["policy", "x-amz-signature", "file"];

fn check_name(name: &str) -> Result<(), ParseError> {
    let is_possible = !name.is_empty() && NO_CONDITION.iter().all(|other| !name.eq_ignore_ascii_case(other));
    match is_possible {
        true => Ok(()),
        false => Err(error("a field other than `policy`, `x-amz-signature` and `file`").found(name)),
    }
}

fn error(expected: &'static str) -> ParseError {
    ParseError::new(ParseErrorKind::PostPolicy, expected)
}
