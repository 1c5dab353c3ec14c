//! `explain --compare`: what is signed here beside what a server computed.

use std::{
    io::{self, Read as _},
    path::Path,
    process::ExitCode,
};

use sigv4a::config::Ambient;

use crate::{
    args::ExplainArgs,
    error::{self, CliError},
    mismatch::{Comparison, Difference, ServersView},
    signed::{Form, Signed},
};

/// Prints the first difference, and is done if there is none. Without a time of the user's own the server's counts: every
/// line would differ by it.
pub(crate) fn run(source: &Path, args: &mut ExplainArgs, ambient: &Ambient) -> Result<ExitCode, CliError> {
    let theirs = read(source)?;
    let time = &mut args.common.signing.time;
    match (*time, theirs.signed_at()) {
        (None, Some(at)) => {
            error::note(&format!("note: signed at the time of the server's values, {at}; --time names another"));
            *time = Some(at);
        }
        (Some(given), Some(at)) if given != at => {
            error::note(&format!(
                "note: signed at {given} as --time says; the request that was refused was signed at {at}"
            ));
        }
        (None, None) => error::note("note: the server's values tell no time: signed now; --time names another"),
        (Some(_), _) => {}
    }
    if theirs.is_presigned() && args.expires.is_none() {
        error::note("note: the server's values are those of a presigned URL: compare with one by --expires");
    }
    let form = args.expires.map_or(Form::Headers, Form::Query);
    let signed = Signed::new(&args.url, &args.common, ambient, form)?;
    let comparison = Comparison::new(signed.trace(), &theirs);
    crate::write_stdout(format!("{comparison}\n").as_bytes())?;
    Ok(match comparison.difference() {
        Difference::None => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    })
}

/// Reads the body of an answer, also one that was saved with its head.
fn read(source: &Path) -> Result<ServersView, CliError> {
    let is_stdin = source == Path::new("-");
    let name = if is_stdin { "standard input".to_owned() } else { format!("`{}`", source.display()) };
    let mut bytes = Vec::new();
    let outcome = match is_stdin {
        true => io::stdin().lock().read_to_end(&mut bytes).map(|_| ()),
        false => std::fs::read(source).map(|read| bytes = read),
    };
    outcome.map_err(|error| CliError::input(format!("the server's answer from {name}"), error))?;
    ServersView::read(without_head(&bytes)).ok_or_else(|| {
        CliError::usage(
            format!("expected an answer that shows the canonical request which the server computed, found none in {name}"),
            "save the body of the 403 answer as it came: S3 has it in <CanonicalRequest>, API Gateway after \"The Canonical \
             String for this request should have been\"; other refusals, and some services, show nothing",
        )
    })
}

fn without_head(bytes: &[u8]) -> &[u8] {
    const EMPTY_LINES: [&[u8]; 2] = [b"\r\n\r\n", b"\n\n"];
    if !bytes.starts_with(b"HTTP/") {
        return bytes;
    }
    let end = |line: &[u8]| Some(bytes.windows(line.len()).position(|window| window == line)? + line.len());
    EMPTY_LINES.into_iter().find_map(end).and_then(|end| bytes.get(end..)).unwrap_or(bytes)
}
