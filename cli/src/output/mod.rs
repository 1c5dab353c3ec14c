//! What is printed about a signed request.

mod curl;
mod headers;
mod http;
pub(crate) mod json;
mod notes;

pub(crate) use self::notes::notes;
use crate::{args::OutputFormat, error::CliError, signed::Signed};

/// The bytes for standard output.
pub(crate) fn render(signed: &Signed, format: OutputFormat) -> Result<Vec<u8>, CliError> {
    match format {
        OutputFormat::Headers => Ok(headers::render(&signed.headers_to_add()).into_bytes()),
        OutputFormat::Curl => Ok(curl::render(signed).into_bytes()),
        OutputFormat::Http => http::render(signed),
        OutputFormat::Json => json::render(signed),
        OutputFormat::Url => Ok(format!("{}\n", signed.url()).into_bytes()),
    }
}
