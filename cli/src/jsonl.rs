//! `sign --jsonl` and `verify --jsonl`: one description per line in, one answer per line out.

use std::{
    fs::File,
    io::{self, BufRead as _, BufReader, BufWriter, Read, Write},
    path::Path,
    process::ExitCode,
};

use serde::Serialize;
use sigv4a::{
    config::{self, Ambient},
    json::{self, Answer, Failure, Outcome, Verdict, VerdictOutcome},
};

use crate::error::CliError;

const BUFFER: usize = 64 * 1024;

/// Signs what every line of a file, or of standard input for `-`, describes.
pub(crate) fn sign(source: &Path, ambient: &Ambient) -> Result<ExitCode, CliError> {
    run(source, |line, number| {
        let mut answer = match line {
            Ok(line) => json::sign_line(line, ambient, config::now),
            Err(failure) => Answer::new(None, Err(failure)),
        };
        if let (None, Outcome::Failed { error }) = (&answer.id, &mut answer.outcome) {
            tell_line(&mut error.message, number);
        }
        let is_signed = matches!(answer.outcome, Outcome::Signed(_));
        (answer, is_signed)
    })
}

/// Verifies what every line describes.
pub(crate) fn verify(source: &Path, ambient: &Ambient) -> Result<ExitCode, CliError> {
    run(source, |line, number| {
        let mut verdict = match line {
            Ok(line) => json::verify_line(line, ambient, config::now),
            Err(failure) => Verdict::unread(failure),
        };
        if let (None, VerdictOutcome::Refused { error }) = (&verdict.id, &mut verdict.outcome) {
            tell_line(&mut error.message, number);
        }
        let is_ok = verdict.ok;
        (verdict, is_ok)
    })
}

/// An answer without an `id` says which line it is for.
fn tell_line(message: &mut String, number: usize) {
    message.insert_str(0, &format!("line {number}: "));
}

/// `answer` gives the answer to a line and its number, and whether it is what was asked for.
fn run<A: Serialize>(
    source: &Path,
    answer: impl Fn(Result<&str, Failure>, usize) -> (A, bool),
) -> Result<ExitCode, CliError> {
    let stdout = io::stdout().lock();
    let are_all_good = if source == Path::new("-") {
        answer_all(io::stdin().lock(), "standard input", stdout, answer)?
    } else {
        let name = format!("`{}`", source.display());
        let file = File::open(source).map_err(|error| CliError::input(&name, error))?;
        answer_all(file, &name, stdout, answer)?
    };
    Ok(if are_all_good { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

/// Whether every line was answered with what was asked for. Holds one line at a time.
fn answer_all<A: Serialize>(
    input: impl Read,
    name: &str,
    output: impl Write,
    answer: impl Fn(Result<&str, Failure>, usize) -> (A, bool),
) -> Result<bool, CliError> {
    let mut input = BufReader::with_capacity(BUFFER, input);
    let mut output = BufWriter::with_capacity(BUFFER, output);
    let mut line = Vec::new();
    let mut number = 0;
    let mut are_all_good = true;
    loop {
        line.clear();
        if input.read_until(b'\n', &mut line).map_err(|error| CliError::input(name, error))? == 0 {
            break;
        }
        number += 1;
        if !line.iter().all(u8::is_ascii_whitespace) {
            let text = str::from_utf8(&line).map_err(|error| {
                let message = format!("expected UTF-8, found a byte that is not at {}", error.valid_up_to());
                Failure::new("invalid_description", message)
            });
            let (answer, is_good) = answer(text, number);
            serde_json::to_writer(&mut output, &answer).map_err(io::Error::from).map_err(CliError::output)?;
            output.write_all(b"\n").map_err(CliError::output)?;
            are_all_good &= is_good;
        }
        // Whoever waits for this answer before writing the next line must see it now.
        if !input.buffer().contains(&b'\n') {
            output.flush().map_err(CliError::output)?;
        }
    }
    output.flush().map_err(CliError::output)?;
    Ok(are_all_good)
}
