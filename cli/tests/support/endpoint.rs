//! `sigv4a serve`, over real connections.

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::TcpStream,
    process::{Child, Command, Stdio},
};

use super::{run, with_keys};

/// A running endpoint, ended with the test.
pub(crate) struct Server {
    child: Child,
    pub(crate) url: String,
}

impl Server {
    pub(crate) fn start(arguments: &[&str]) -> Self {
        let arguments = [&["serve", "--listen", "127.0.0.1:0", "--region", "us-east-1", "--quiet"], arguments].concat();
        Self::of(&mut with_keys(&arguments))
    }

    /// A command that becomes an endpoint.
    pub(crate) fn of(command: &mut Command) -> Self {
        let mut child = command.stderr(Stdio::null()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let url = line.strip_prefix("listening on ").unwrap().trim_end().to_owned();
        Self { child, url }
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// The exit code, once it has ended.
    pub(crate) fn wait(&mut self) -> Option<i32> {
        self.child.wait().unwrap().code()
    }

    pub(crate) fn address(&self) -> &str {
        self.url.strip_prefix("http://").unwrap()
    }

    /// Signs with the command, and sends what it prints.
    pub(crate) fn send(&self, path: &str, algorithm: &str, more: &[&str]) -> (u16, String) {
        self.exchange(&self.signed(path, algorithm, more))
    }

    /// What the command prints.
    pub(crate) fn signed(&self, path: &str, algorithm: &str, more: &[&str]) -> Vec<u8> {
        let url = format!("{}{path}", self.url);
        let service = if more.contains(&"--service") { vec![] } else { vec!["--service", "s3"] };
        let region = ["--region", "us-east-1", "--region-set", "us-*"];
        let arguments = [&["sign", &url, "--algorithm", algorithm, "-o", "http"], &service[..], &region, more].concat();
        run(&arguments).ok().bytes
    }

    pub(crate) fn exchange(&self, request: &[u8]) -> (u16, String) {
        let answer = self.whole(request);
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        (head[9..12].parse().unwrap(), body.to_owned())
    }

    /// The answer, as it came over the wire.
    pub(crate) fn whole(&self, request: &[u8]) -> String {
        let mut stream = TcpStream::connect(self.address()).unwrap();
        // The answer ends with the connection.
        let text = String::from_utf8(request.to_vec()).unwrap();
        stream.write_all(text.replacen("\r\n", "\r\nconnection: close\r\n", 1).as_bytes()).unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        String::from_utf8(answer).unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended before.
        let _ = self.child.kill();
        self.child.wait().unwrap();
    }
}
