//! `sign --jsonl`: one description per line in, one answer per line out.

use std::{
    fs::File,
    io::{self, BufRead as _, BufReader, BufWriter, Read, Write},
    path::Path,
    process::ExitCode,
};

use sigv4a::{
    config::{self, Ambient},
    json::{self, Answer, Failure, Outcome},
};

use crate::error::CliError;

const BUFFER: usize = 64 * 1024;

/// Answers every line of a file, or of standard input for `-`.
pub(crate) fn run(source: &Path, ambient: &Ambient) -> Result<ExitCode, CliError> {
    let stdout = io::stdout().lock();
    let are_all_signed = if source == Path::new("-") {
        answer_all(io::stdin().lock(), "standard input", stdout, ambient)?
    } else {
        let name = format!("`{}`", source.display());
        let file = File::open(source).map_err(|error| CliError::input(&name, error))?;
        answer_all(file, &name, stdout, ambient)?
    };
    Ok(if are_all_signed { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

/// Whether every line was answered with a signature. Holds one line at a time.
fn answer_all(input: impl Read, name: &str, output: impl Write, ambient: &Ambient) -> Result<bool, CliError> {
    let mut input = BufReader::with_capacity(BUFFER, input);
    let mut output = BufWriter::with_capacity(BUFFER, output);
    let mut line = Vec::new();
    let mut are_all_signed = true;
    loop {
        line.clear();
        if input.read_until(b'\n', &mut line).map_err(|error| CliError::input(name, error))? == 0 {
            break;
        }
        if !line.iter().all(u8::is_ascii_whitespace) {
            are_all_signed &= answer(&line, &mut output, ambient)?;
        }
        // Whoever waits for this answer before writing the next line must see it now.
        if !input.buffer().contains(&b'\n') {
            output.flush().map_err(CliError::output)?;
        }
    }
    output.flush().map_err(CliError::output)?;
    Ok(are_all_signed)
}

/// Writes the answer to one line; whether it is a signature.
fn answer(line: &[u8], output: &mut impl Write, ambient: &Ambient) -> Result<bool, CliError> {
    match str::from_utf8(line) {
        Ok(line) => {
            let answer = json::sign_line(line, ambient, config::now);
            write_line(output, &answer)?;
            Ok(matches!(answer.outcome, Outcome::Signed(_)))
        }
        Err(error) => {
            let message = format!("expected UTF-8, found a byte that is not at {}", error.valid_up_to());
            write_line(output, &Answer::new(None, Err(Failure::new("invalid_description", message))))?;
            Ok(false)
        }
    }
}

fn write_line(output: &mut impl Write, answer: &Answer) -> Result<(), CliError> {
    serde_json::to_writer(&mut *output, answer).map_err(io::Error::from).map_err(CliError::output)?;
    output.write_all(b"\n").map_err(CliError::output)
}
