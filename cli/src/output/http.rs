//! The request as HTTP/1.1 writes it.

use crate::{error::CliError, signed::Signed};

/// `Host` first, as RFC 9110 section 7.2 asks; then the other headers in their order, the length and the body.
pub(super) fn render(signed: &Signed) -> Result<Vec<u8>, CliError> {
    let body = &signed.request.body.bytes;
    let mut head = format!("{} {} HTTP/1.1\r\nhost: {}\r\n", signed.request.method, signed.target(), signed.host());
    let mut has_length = false;
    for (name, value) in signed.wire_headers() {
        match name.to_ascii_lowercase().as_str() {
            "host" => continue,
            "transfer-encoding" => {
                return Err(CliError::usage(
                    "expected no `transfer-encoding` with --output http: the body is written as it is",
                    "leave the header out",
                ));
            }
            "content-length" if value.parse() != Ok(body.len()) => {
                return Err(CliError::usage(
                    format!("expected `content-length: {}`, found `{value}`", body.len()),
                    "leave the header out: it is written by itself",
                ));
            }
            "content-length" => has_length = true,
            _ => {}
        }
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    let wants_length = !body.is_empty() || matches!(signed.request.method.as_str(), "POST" | "PUT" | "PATCH");
    if wants_length && !has_length {
        head.push_str(&format!("content-length: {}\r\n", body.len()));
    }
    head.push_str("\r\n");
    let mut bytes = head.into_bytes();
    bytes.extend_from_slice(body);
    Ok(bytes)
}
