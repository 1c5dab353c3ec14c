//! Runs the command with an environment of its own.

#![allow(dead_code, reason = "every test file uses another part")]

pub(crate) mod canned;
pub(crate) mod endpoint;
pub(crate) mod tls;

use std::{
    io::Write as _,
    process::{Command, Output, Stdio},
};

pub(crate) const ID: &str = "AKIDEXAMPLE";
pub(crate) const SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
pub(crate) const TIME: &str = "20150830T123600Z";
pub(crate) const API: &str = "https://abc123.execute-api.eu-west-1.amazonaws.com/prod";
pub(crate) const MRAP: &str = "https://mfzwi23gnjvgw.mrap.accesspoint.s3-global.amazonaws.com";
pub(crate) const ALGORITHMS: [&str; 2] = ["sigv4", "sigv4a"];

pub(crate) fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sigv4a"));
    command.env_clear().args(arguments).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// With credentials, and a command line of its own.
pub(crate) fn with_keys(arguments: &[&str]) -> Command {
    let mut command = command(arguments);
    command.env("AWS_ACCESS_KEY_ID", ID).env("AWS_SECRET_ACCESS_KEY", SECRET);
    command
}

#[track_caller]
pub(crate) fn run(arguments: &[&str]) -> Run {
    Run::of(&mut with_keys(arguments))
}

/// At a fixed time, with signatures that can be repeated.
#[track_caller]
pub(crate) fn fixed(arguments: &[&str]) -> Run {
    run(&[arguments, &["--time", TIME, "--provider", "rust-crypto"]].concat())
}

#[track_caller]
pub(crate) fn fed(mut command: Command, input: &[u8]) -> Run {
    let mut child = command.stdin(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(input).unwrap();
    Run::from(child.wait_with_output().unwrap())
}

pub(crate) struct Run {
    pub(crate) code: i32,
    pub(crate) bytes: Vec<u8>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Run {
    #[track_caller]
    pub(crate) fn of(command: &mut Command) -> Self {
        Self::from(command.output().unwrap())
    }

    /// The JSON on standard output, after a success.
    #[track_caller]
    pub(crate) fn json(&self) -> serde_json::Value {
        assert_eq!(self.code, 0, "{}", self.stderr);
        serde_json::from_str(&self.stdout).unwrap()
    }

    #[track_caller]
    pub(crate) fn ok(self) -> Self {
        assert_eq!(self.code, 0, "{}", self.stderr);
        self
    }

    /// Failed with this code, and said these words.
    #[track_caller]
    pub(crate) fn failed(self, code: i32, words: &[&str]) -> Self {
        assert_eq!(self.code, code, "{}", self.stderr);
        assert!(self.stderr.starts_with("error: "), "{}", self.stderr);
        for word in words {
            assert!(self.stderr.contains(word), "expected `{word}` in:\n{}", self.stderr);
        }
        assert!(!self.stderr.contains(SECRET) && !self.stdout.contains(SECRET));
        self
    }
}

impl From<Output> for Run {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code().unwrap_or(-1),
            stdout: text(&output.stdout),
            bytes: output.stdout,
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

/// The text, or its escaped bytes.
fn text(bytes: &[u8]) -> String {
    str::from_utf8(bytes).map_or_else(|_| bytes.escape_ascii().to_string(), str::to_owned)
}

/// The value of a header in a JSON answer.
pub(crate) fn header<'a>(answer: &'a serde_json::Value, name: &str) -> Option<&'a str> {
    let headers = answer["headers"].as_array().unwrap();
    headers.iter().find(|header| header[0] == name).and_then(|header| header[1].as_str())
}
