//! Like API Gateway in front of a function that tells what it got.

use http::{StatusCode, request::Parts};
use serde_json::json;
use sigv4a::Verified;

use super::{Answer, answer::typed};

/// What was sent, and by whom. A body that is not text is in `body_base64`.
pub(super) fn answer(parts: &Parts, body: &[u8], verified: &Verified) -> Answer {
    let mut told = json!({
        "method": parts.method.as_str(),
        "path": parts.uri.path(),
        "query": parts.uri.query(),
        "access_key_id": verified.access_key_id().as_str(),
        "algorithm": verified.algorithm().name(),
    });
    let body = match str::from_utf8(body) {
        Ok(text) => ("body", text.to_owned()),
        Err(_) => ("body_base64", data_encoding::BASE64.encode(body)),
    };
    if let Some(told) = told.as_object_mut() {
        told.insert(body.0.to_owned(), body.1.into());
    }
    typed(StatusCode::OK, "application/json", told.to_string())
}
