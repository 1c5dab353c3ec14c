//! The `sigv4a` command: signs, presigns, sends, explains and verifies AWS requests with SigV4 and SigV4a.

mod args;
mod body;
mod compare;
mod decision;
mod error;
mod explain;
mod jsonl;
mod keys;
mod manner;
mod mismatch;
mod output;
mod progress;
mod query_secrets;
mod raw_request;
mod request;
mod secret_flag;
mod send;
mod serve;
mod signature_headers;
mod signed;
mod upload;
mod verify;

use std::{
    io::{self, Write as _},
    process::ExitCode,
};

use clap::Parser as _;
use sigv4a::{
    Timestamp,
    config::{Ambient, Environment},
};

use crate::{
    args::{Cli, Command, CommonArgs, ExplainArgs, OutputFormat, PresignArgs, SignArgs},
    error::CliError,
    signed::{Form, Signed},
};

fn main() -> ExitCode {
    let mut cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return refused(&error),
    };
    let outcome = match &mut cli.command {
        Command::Sign(args) => sign(args),
        Command::Presign(args) => presign(args),
        Command::Request(args) => send::run(args),
        Command::Explain(args) => explain(args),
        Command::Verify(args) => verify::run(args),
        Command::Serve(args) => serve::run(args),
    };
    outcome.unwrap_or_else(|error| {
        error.report();
        error.exit_code()
    })
}

/// What the command line asks of clap: help, the version, or a mistake explained.
fn refused(error: &clap::Error) -> ExitCode {
    if let Some(error) = secret_flag::explain(error) {
        error.report();
        return error.exit_code();
    }
    // Nobody is left to tell when this cannot be printed.
    let _ = error.print();
    u8::try_from(error.exit_code()).map_or(ExitCode::FAILURE, ExitCode::from)
}

fn sign(args: &SignArgs) -> Result<ExitCode, CliError> {
    if let Some(source) = &args.jsonl {
        return jsonl::sign(source, &ambient(args.profile.as_deref())?);
    }
    if let Some(path) = &args.upload.upload_file {
        return upload::run(path, args, &ambient(args.profile.as_deref())?);
    }
    let url = args.url.as_deref().unwrap_or_default();
    let format = args.output.unwrap_or(OutputFormat::Headers);
    finish(signed(url, &args.common, args.profile.as_deref(), Form::Headers), format)
}

fn presign(args: &PresignArgs) -> Result<ExitCode, CliError> {
    let format = args.output.unwrap_or(OutputFormat::Url);
    finish(signed(&args.url, &args.common, args.profile.as_deref(), Form::Query(args.expires)), format)
}

fn explain(args: &mut ExplainArgs) -> Result<ExitCode, CliError> {
    let ambient = ambient(args.profile.as_deref())?;
    if let Some(source) = args.compare.take() {
        return compare::run(&source, args, &ambient);
    }
    let form = args.expires.map_or(Form::Headers, Form::Query);
    let signed = Signed::new(&args.url, &args.common, &ambient, form)?;
    let decision = decision::Decision::new(&signed, &args.common, &ambient);
    write_stdout(explain::explain(&signed, &decision)?.as_bytes())?;
    Ok(ExitCode::SUCCESS)
}

fn signed(url: &str, common: &CommonArgs, profile: Option<&str>, form: Form) -> Result<Signed, CliError> {
    Signed::new(url, common, &ambient(profile)?, form)
}

/// Prints the outcome; a program that reads JSON gets the error as JSON too.
fn finish(outcome: Result<Signed, CliError>, format: OutputFormat) -> Result<ExitCode, CliError> {
    match outcome {
        Ok(signed) => {
            write_stdout(&output::render(&signed, format)?)?;
            output::notes(&signed, format).iter().for_each(|note| error::note(note));
            Ok(ExitCode::SUCCESS)
        }
        Err(error) => {
            if format == OutputFormat::Json {
                write_stdout(&output::json::failure(&error)?)?;
            }
            Err(error)
        }
    }
}

fn ambient(profile: Option<&str>) -> Result<Ambient, CliError> {
    Ok(Ambient::load(profile, &Environment::of_process())?)
}

fn now() -> Result<Timestamp, CliError> {
    Ok(sigv4a::config::now()?)
}

fn write_stdout(bytes: &[u8]) -> Result<(), CliError> {
    let mut stdout = io::stdout().lock();
    stdout.write_all(bytes).and_then(|()| stdout.flush()).map_err(CliError::output)
}
