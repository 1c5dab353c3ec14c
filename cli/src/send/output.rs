//! Where the answer goes.

use std::{
    fs::File,
    io::{self, BufWriter, IsTerminal as _, Write},
    path::Path,
};

use http::header::CONTENT_LENGTH;
use http_body_util::BodyExt as _;

use super::{
    answer::Answer,
    conversation::status_line,
    failure::{Failure, Way},
};
use crate::{args::SendArgs, error, error::CliError, progress};

/// Writes an answer byte for byte as it arrives. A file is opened now, and not before: there is something to put into it.
pub(super) async fn write(answer: Answer, args: &SendArgs) -> Result<(), CliError> {
    let file = args.show.output.as_deref().filter(|path| *path != Path::new("-"));
    let mut sink = match file {
        Some(path) => Sink::File(BufWriter::new(File::create(path).map_err(|error| to_file(path, error))?), path),
        None => Sink::Stdout { ended_line: true },
    };
    if args.show.include || args.common.request.head {
        let mut head = format!("{}\r\n", status_line(&answer.head)).into_bytes();
        for (name, value) in &answer.head.headers {
            for part in [name.as_str().as_bytes(), b": ", value.as_bytes(), b"\r\n"] {
                head.extend_from_slice(part);
            }
        }
        head.extend_from_slice(b"\r\n");
        sink.write(&head)?;
    }
    let length = answer.head.headers.get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
    let bar = progress::bar(length, file.is_none() || args.upload.no_progress);
    let host = answer.sent.parts.uri.authority().map(ToString::to_string).unwrap_or_default();
    let mut body = answer.body;
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|error| Failure::of(&error, &format!("{host} to its end"), Way::SENT).error)?;
        if let Some(data) = frame.data_ref() {
            sink.write(data)?;
            bar.inc(u64::try_from(data.len()).unwrap_or(u64::MAX));
        }
    }
    bar.finish_and_clear();
    sink.finish()
}

enum Sink<'a> {
    Stdout { ended_line: bool },
    File(BufWriter<File>, &'a Path),
}

impl Sink<'_> {
    fn write(&mut self, bytes: &[u8]) -> Result<(), CliError> {
        match self {
            Self::Stdout { ended_line } => {
                let mut stdout = io::stdout().lock();
                *ended_line = bytes.last().map_or(*ended_line, |last| *last == b'\n');
                stdout.write_all(bytes).and_then(|()| stdout.flush()).map_err(CliError::output)
            }
            Self::File(file, path) => file.write_all(bytes).map_err(|error| to_file(path, error)),
        }
    }

    fn finish(self) -> Result<(), CliError> {
        match self {
            // What follows on standard error begins a line of its own, where both are one terminal.
            Self::Stdout { ended_line: false } if io::stdout().is_terminal() => error::note(""),
            Self::Stdout { .. } => {}
            Self::File(mut file, path) => file.flush().map_err(|error| to_file(path, error))?,
        }
        Ok(())
    }
}

fn to_file(path: &Path, source: io::Error) -> CliError {
    CliError::Io { what: format!("expected to write the answer to `{}`", path.display()), source }
}
