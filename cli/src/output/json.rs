//! The answer in the JSON of `DESIGN.md`.

use sigv4a::json::{Answer, Failure, SignedAnswer};

use crate::{error::CliError, signed::Signed};

pub(super) fn render(signed: &Signed) -> Result<Vec<u8>, CliError> {
    let headers =
        signed.wire_headers().iter().map(|(name, value)| (name.clone(), value.clone().into_bytes())).collect();
    let answer = SignedAnswer::new(&signed.request.method, signed.url(), headers, signed.trace());
    line(&Answer::new(None, Ok(answer)))
}

/// The answer when there is no signature.
pub(crate) fn failure(error: &CliError) -> Result<Vec<u8>, CliError> {
    line(&Answer::new(None, Err(Failure::new(error.code(), error.to_string()))))
}

fn line(answer: &Answer) -> Result<Vec<u8>, CliError> {
    let mut bytes = serde_json::to_vec(answer).map_err(|error| CliError::output(error.into()))?;
    bytes.push(b'\n');
    Ok(bytes)
}
