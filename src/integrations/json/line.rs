//! What lines of JSON have in common.

use data_encoding::BASE64;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::answer::Failure;
use crate::error::{ParseError, ParseErrorKind};

/// Reads one line. A line that is JSON but no description may still say who it is.
pub(super) fn read<T: DeserializeOwned>(
    line: &str,
    take_id: impl FnOnce(&mut T) -> Option<Value>,
) -> (Option<Value>, Result<T, Failure>) {
    match serde_json::from_str::<T>(line) {
        Ok(mut description) => (take_id(&mut description), Ok(description)),
        Err(error) => {
            let value = serde_json::from_str::<Value>(line);
            let id = value.ok().and_then(|mut value| value.get_mut("id").map(Value::take));
            (id, Err(Failure::new("invalid_description", describe(&error))))
        }
    }
}

/// The mistake and its column; the line is known to whoever sent it.
fn describe(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let message = text.rsplit_once(" at line ").map_or(text.as_str(), |(message, _)| message);
    format!("expected a JSON object that describes a request, found a mistake at column {}: {message}", error.column())
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
