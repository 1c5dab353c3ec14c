//! The JSON of a POST policy.

use std::fmt;

use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{Error as _, MapAccess, SeqAccess, Visitor},
    ser::{SerializeMap as _, SerializeSeq as _},
};

use super::{PostCondition, PostPolicy, Rule, check_name, error};
use crate::{
    error::{ParseError, ParseErrorKind},
    types::Timestamp,
};

/// The two members S3 knows; it refuses others, and these in other letter case.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    expiration: String,
    conditions: Vec<PostCondition>,
}

pub(super) fn read(json: &str) -> Result<PostPolicy, ParseError> {
    let document: Document = serde_json::from_str(json).map_err(|error| {
        // It quotes what it does not expect, which comes from a stranger.
        let reason: String = error.to_string().replace(char::is_control, " ").chars().take(SHOWN).collect();
        ParseError::new(ParseErrorKind::PostPolicy, format!("JSON with `expiration` and `conditions` ({reason})"))
    })?;
    Ok(PostPolicy { expires_at: read_expiration(&document.expiration)?, conditions: document.conditions })
}

pub(super) fn write(policy: &PostPolicy) -> String {
    let document = Document {
        // Milliseconds, as in AWS's documentation.
        expiration: format!("{}.000Z", policy.expires_at.rfc3339().trim_end_matches('Z')),
        conditions: policy.conditions.clone(),
    };
    // Strings and numbers can always be written.
    serde_json::to_string(&document).unwrap_or_default()
}

/// ISO 8601 in UTC, with or without parts of a second, which are dropped. S3 reads no other zone and no blank for the `T`.
fn read_expiration(text: &str) -> Result<Timestamp, ParseError> {
    let refused = || error("an expiration such as `2015-12-30T12:00:00.000Z`").found(text);
    let without_zone = text.strip_suffix('Z').ok_or_else(refused)?;
    let (seconds, fraction) = without_zone.split_once('.').unwrap_or((without_zone, "0"));
    let has_shape = seconds.len() == 19
        && seconds.bytes().zip(b"0000-00-00T00:00:00").all(|(byte, model)| match model {
            b'0' => byte.is_ascii_digit(),
            other => byte == *other,
        })
        && !fraction.is_empty()
        && fraction.bytes().all(|byte| byte.is_ascii_digit());
    match has_shape {
        true => format!("{seconds}Z").parse().map_err(|_| refused()),
        false => Err(refused()),
    }
}

/// The form in which S3 shows a condition that failed.
pub(super) fn write_array(condition: &PostCondition, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let quoted = |text: &str| serde_json::to_string(text).map_err(|_| fmt::Error);
    let name = |field: &str| quoted(&format!("${field}"));
    match &condition.0 {
        Rule::Equals { field, value } => write!(f, r#"["eq", {}, {}]"#, name(field)?, quoted(value)?),
        Rule::StartsWith { field, prefix } => write!(f, r#"["starts-with", {}, {}]"#, name(field)?, quoted(prefix)?),
        Rule::ContentLengthRange { min, max } => write!(f, r#"["content-length-range", {min}, {max}]"#),
    }
}

impl Serialize for PostCondition {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.0 {
            Rule::Equals { field, value } => {
                let mut map = serializer.serialize_map(Some(1))?;
                map.serialize_entry(field, value)?;
                map.end()
            }
            Rule::StartsWith { field, prefix } => {
                let mut list = serializer.serialize_seq(Some(3))?;
                list.serialize_element("starts-with")?;
                list.serialize_element(&format!("${field}"))?;
                list.serialize_element(prefix)?;
                list.end()
            }
            Rule::ContentLengthRange { min, max } => {
                let mut list = serializer.serialize_seq(Some(3))?;
                list.serialize_element("content-length-range")?;
                list.serialize_element(min)?;
                list.serialize_element(max)?;
                list.end()
            }
        }
    }
}

impl<'de> Deserialize<'de> for PostCondition {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ConditionVisitor)
    }
}

struct ConditionVisitor;

impl<'de> Visitor<'de> for ConditionVisitor {
    type Value = PostCondition;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a condition: an object or a list")
    }

    /// Not shown: it may be the value of a condition, at a wrong place.
    fn visit_str<E: serde::de::Error>(self, _: &str) -> Result<PostCondition, E> {
        Err(E::custom("expected a condition as an object or a list, found a text"))
    }

    /// `{"acl": "public-read"}`
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<PostCondition, A::Error> {
        let one = || A::Error::custom("expected exactly one property in a simple condition");
        let (field, value) = map.next_entry::<String, String>()?.ok_or_else(one)?;
        check_name(&field).map_err(A::Error::custom)?;
        match map.next_key::<String>()? {
            None => Ok(PostCondition::equals(&field, &value)),
            Some(_) => Err(one()),
        }
    }

    /// `["starts-with", "$key", "user/"]`
    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<PostCondition, A::Error> {
        let operation: String = next(&mut list)?;
        let condition = match operation.to_ascii_lowercase().as_str() {
            "eq" => PostCondition::equals(&next_field(&mut list)?, &next::<String, A>(&mut list)?),
            "starts-with" => PostCondition(Rule::StartsWith {
                field: next_field(&mut list)?.into(),
                prefix: next::<String, A>(&mut list)?.into(),
            }),
            "content-length-range" => {
                let (Bound(min), Bound(max)) = (next(&mut list)?, next(&mut list)?);
                PostCondition::content_length_range(min, max).map_err(A::Error::custom)?
            }
            _ => return Err(A::Error::custom("expected `eq`, `starts-with` or `content-length-range`")),
        };
        match list.next_element::<serde::de::IgnoredAny>()? {
            None => Ok(condition),
            Some(_) => Err(A::Error::custom("expected a list of three")),
        }
    }
}

fn next<'de, T: Deserialize<'de>, A: SeqAccess<'de>>(list: &mut A) -> Result<T, A::Error> {
    list.next_element()?.ok_or_else(|| A::Error::custom("expected a list of three"))
}

/// A name after its `$`.
fn next_field<'de, A: SeqAccess<'de>>(list: &mut A) -> Result<String, A::Error> {
    let name: String = next(list)?;
    let field = name.strip_prefix('$').ok_or_else(|| A::Error::custom("expected a field such as `$key`"))?;
    check_name(field).map_err(A::Error::custom)?;
    Ok(field.to_owned())
}

/// A number of bytes; S3 takes one in quotes too.
struct Bound(u64);

impl<'de> Deserialize<'de> for Bound {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct BoundVisitor;
        impl Visitor<'_> for BoundVisitor {
            type Value = Bound;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a number of bytes")
            }

            fn visit_u64<E: serde::de::Error>(self, number: u64) -> Result<Bound, E> {
                Ok(Bound(number))
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Bound, E> {
                let is_number = text.bytes().all(|byte| byte.is_ascii_digit());
                let number = text.parse().ok().filter(|_| is_number);
                number.map(Bound).ok_or_else(|| E::custom("expected a number of bytes"))
            }
        }
        deserializer.deserialize_any(BoundVisitor)
    }
}

/// More than the longest reason that quotes nothing.
const SHOWN: usize = 200;
