//! The examples as processes. `cargo test` builds them; `cargo test --test NAME` does not: then they must have been built.

#![allow(dead_code, reason = "every test is a crate of its own and uses only some of it")]

use std::{
    io::{BufRead as _, BufReader},
    path::PathBuf,
    process::{Child, Command, Output, Stdio},
};

/// Runs an example in an environment that is empty but for these variables.
pub(crate) fn example(name: &str, variables: &[(&str, &str)]) -> Command {
    let test = std::env::current_exe().unwrap();
    let folder = test.parent().and_then(|deps| deps.parent()).unwrap().join("examples");
    let path: PathBuf = folder.join(format!("{name}{}", std::env::consts::EXE_SUFFIX));
    assert!(path.exists(), "expected {}: run `cargo build --example {name}` first", path.display());
    let mut command = Command::new(path);
    command.env_clear().env("HOME", "/nonexistent").envs(variables.iter().copied());
    command
}

/// The variables of the key that the endpoint knows.
pub(crate) const KEYS: [(&str, &str); 2] =
    [("AWS_ACCESS_KEY_ID", super::endpoint::KEY_ID), ("AWS_SECRET_ACCESS_KEY", super::endpoint::SECRET)];

pub(crate) fn text(output: Output) -> String {
    assert!(output.status.success(), "{} {}", output.status, String::from_utf8(output.stderr).unwrap());
    String::from_utf8(output.stdout).unwrap()
}

/// A process that ends with the test.
pub(crate) struct Running {
    child: Child,
    pub(crate) first_line: String,
}

impl Running {
    /// Starts it, and waits for the first line it prints.
    pub(crate) fn start(mut command: Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::inherit()).spawn().unwrap();
        let mut first_line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut first_line).unwrap();
        Self { child, first_line: first_line.trim_end().to_owned() }
    }

    /// Starts one that prints nothing.
    pub(crate) fn start_silent(mut command: Command) -> Self {
        Self { child: command.stdout(Stdio::null()).spawn().unwrap(), first_line: String::new() }
    }

    pub(crate) fn has_ended(&mut self) -> bool {
        self.child.try_wait().unwrap().is_some()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
