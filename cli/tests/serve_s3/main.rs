//! `serve --style s3`: what S3 does with a request that is signed rightly.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test panics where the command must not"
)]

mod keys;
mod lists;
mod reads;
mod refusals;
#[path = "../support/mod.rs"]
mod support;
mod writes;

use std::{fs, path::PathBuf, process};

use support::{ALGORITHMS, endpoint::Server};

/// A server in memory, and one in a folder: they answer alike.
struct Servers {
    servers: [Server; 2],
    folder: PathBuf,
}

impl Servers {
    fn start(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("sigv4a-cli-serve-{name}-{}", process::id()));
        fs::create_dir(&folder).unwrap();
        let in_folder = Server::start(&["--style", "s3", "--folder", folder.to_str().unwrap()]);
        Self { servers: [Server::start(&["--style", "s3"]), in_folder], folder }
    }

    /// Every server with every algorithm.
    fn each(&self, mut test: impl FnMut(&Server, &str)) {
        for server in &self.servers {
            ALGORITHMS.iter().for_each(|algorithm| test(server, algorithm));
        }
    }
}

impl Drop for Servers {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.folder).unwrap();
    }
}

fn put(server: &Server, algorithm: &str, path: &str, body: &str) {
    let sent = server.send(path, algorithm, &["-X", "PUT", "--data-raw", body]);
    assert_eq!(sent, (200, String::new()), "{path}");
}

/// Head and body of an answer.
fn whole(server: &Server, algorithm: &str, path: &str, more: &[&str]) -> (String, String) {
    let answer = server.whole(&server.signed(path, algorithm, more));
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    (head.to_ascii_lowercase(), body.to_owned())
}

fn header(head: &str, name: &str) -> Option<String> {
    let line = head.split("\r\n").find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
    line.map(str::to_owned)
}

fn etag(server: &Server, path: &str) -> String {
    header(&whole(server, "sigv4", path, &["-I"]).0, "etag").unwrap()
}

fn between<'a>(text: &'a str, start: &str, end: &str) -> Vec<&'a str> {
    text.split(start).skip(1).map(|rest| rest.split(end).next().unwrap()).collect()
}
