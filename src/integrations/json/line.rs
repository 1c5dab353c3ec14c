//! What lines of JSON have in common.

use data_encoding::BASE64;
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::value::RawValue;

use super::answer::Failure;
use crate::error::{ParseError, ParseErrorKind};

/// Reads one line. A line that is JSON but no description may still say who it is.
pub(super) fn read<T: DeserializeOwned>(
    line: &str,
    take_id: impl FnOnce(&mut T) -> Option<Box<RawValue>>,
) -> (Option<Box<RawValue>>, Result<T, Failure>) {
    let line = line.trim_end_matches(['\r', '\n']);
    // serde takes an array for an object whose fields stand in their order.
    if !line.trim_start().starts_with('{') {
        let message = "expected a JSON object that describes a request, found no `{` at the beginning of the line";
        return (None, Err(Failure::new("invalid_description", message.to_owned())));
    }
    match serde_json::from_str::<T>(line) {
        Ok(mut description) => (take_id(&mut description).map(on_one_line), Ok(description)),
        Err(error) => {
            let id = serde_json::from_str::<Who>(line).ok().and_then(|who| who.id);
            (id.map(on_one_line), Err(Failure::new("invalid_description", describe(&error))))
        }
    }
}

/// All that is read of a line with a mistake.
#[derive(Deserialize)]
struct Who {
    id: Option<Box<RawValue>>,
}

/// An answer is one line, also to a description that was written on several, or with a carriage return within. JSON has these
/// between its tokens only, where they mean nothing.
fn on_one_line(id: Box<RawValue>) -> Box<RawValue> {
    const BREAKS: [char; 2] = ['\r', '\n'];
    match id.get().contains(BREAKS) {
        true => RawValue::from_string(id.get().replace(BREAKS, "")).unwrap_or(id),
        false => id,
    }
}

/// The mistake and its column; the line is known to whoever sent it.
fn describe(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let message = text.rsplit_once(" at line ").map_or(text.as_str(), |(message, _)| message);
    let message = without_value(message);
    let place = match error.line() {
        0 | 1 => format!("column {}", error.column()),
        line => format!("line {line}, column {}", error.column()),
    };
    format!("expected a JSON object that describes a request, found a mistake at {place}: {message}")
}

/// What serde quotes of the line may be a secret at the wrong place. What our own types quote is a region or the like.
fn without_value(message: &str) -> String {
    for quoted in ["invalid type: string ", "invalid value: string ", "unknown variant "] {
        if let Some(rest) = message.strip_prefix(quoted)
            && let Some((_, expected)) = rest.rsplit_once(", expected ")
        {
            return format!("{}, expected {expected}", quoted.trim_end());
        }
    }
    message.to_owned()
}

/// The one `Host` header; several are for others to refuse.
pub(super) fn host_header(headers: &[(String, String)]) -> Option<&str> {
    let mut values = headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case("host"));
    let (_, first) = values.next()?;
    values.next().is_none().then(|| first.trim())
}

/// The body, given as text or in base64.
pub(super) fn body(text: Option<&str>, base64: Option<&str>) -> Result<Vec<u8>, ParseError> {
    match (text, base64) {
        (Some(_), Some(_)) => {
            Err(ParseError::new(ParseErrorKind::PayloadHash, "`body` or `body_base64`").found("both"))
        }
        (Some(text), None) => Ok(text.as_bytes().to_vec()),
        (None, Some(encoded)) => BASE64.decode(encoded.as_bytes()).map_err(|error| {
            ParseError::new(ParseErrorKind::PayloadHash, "base64 with padding in `body_base64`").at(error.position)
        }),
        (None, None) => Ok(Vec::new()),
    }
}
