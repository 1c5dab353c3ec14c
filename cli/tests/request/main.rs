//! `request`, over real connections.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test panics where the command must not"
)]

mod attempts;
mod bodies;
mod connections;
#[path = "../support/mod.rs"]
mod support;
mod told;

use std::{fs, net::TcpListener, path::PathBuf, process::Command};

use support::{Run, fed, run, with_keys};

const TOKEN: &str = "SESSIONTOKENEXAMPLE";

/// For S3 in Virginia.
fn arguments<'a>(url: &'a str, algorithm: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    let place = ["--service", "s3", "--region", "us-east-1", "--region-set", "us-*"];
    [&["request", url, "--algorithm", algorithm], &place[..], more].concat()
}

#[track_caller]
fn request(url: &str, algorithm: &str, more: &[&str]) -> Run {
    run(&arguments(url, algorithm, more))
}

fn with_token(arguments: &[&str]) -> Command {
    let mut command = with_keys(arguments);
    command.env("AWS_SESSION_TOKEN", TOKEN);
    command
}

/// A file of this test's own.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str, content: &[u8]) -> Self {
        let path = std::env::temp_dir().join(format!("sigv4a-cli-request-{}-{name}", std::process::id()));
        fs::write(&path, content).unwrap();
        Self(path)
    }

    fn path(&self) -> &str {
        self.0.to_str().unwrap()
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

/// Bytes that are no text and do not repeat soon.
fn noise(length: usize) -> Vec<u8> {
    let mut state = 1_u32;
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        state.to_be_bytes()[0]
    };
    (0..length).map(|_| next()).collect()
}

/// What a server would say about a request that arrived.
#[track_caller]
fn verified(request: &str) {
    let verdict = fed(with_token(&["verify", "-", "--service", "s3", "--region", "us-east-1"]), request.as_bytes());
    assert!(verdict.code == 0 && verdict.stdout.starts_with("ok: AKIDEXAMPLE"), "{}\n{request}", verdict.stdout);
}

/// A URL where nobody listens.
fn nobody() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    format!("http://{}", listener.local_addr().unwrap())
}
