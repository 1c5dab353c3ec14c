//! A server that answers what it is told to, and remembers what it was asked.

use std::{
    collections::VecDeque,
    io::{Read as _, Write as _},
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
};

pub(crate) struct Canned {
    pub(crate) url: String,
    answers: Arc<Mutex<VecDeque<String>>>,
    requests: Arc<Mutex<Vec<String>>>,
}

/// No answer, and the connection stays.
pub(crate) const SILENCE: &str = "silence";
/// No answer, and the connection ends.
pub(crate) const HANG_UP: &str = "";

impl Canned {
    /// Gives these answers one after the other; the last one for ever.
    pub(crate) fn answering(answers: &[&str]) -> Self {
        Self::answering_after(answers, |_| ())
    }

    /// The same, but something happens before each answer, which is told how many there were.
    pub(crate) fn answering_after(answers: &[&str], happens: impl Fn(usize) + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let answers: VecDeque<String> = answers.iter().map(|answer| (*answer).to_owned()).collect();
        let (answers, requests) = (Arc::new(Mutex::new(answers)), Arc::new(Mutex::new(Vec::new())));
        let server = Self { url, answers: Arc::clone(&answers), requests: Arc::clone(&requests) };
        thread::spawn(move || {
            let mut silent = Vec::new();
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let Some(request) = read(&mut stream) else { continue };
                let before = requests.lock().unwrap().len();
                requests.lock().unwrap().push(request);
                happens(before);
                let answer = {
                    let mut answers = answers.lock().unwrap();
                    if answers.len() > 1 { answers.pop_front().unwrap() } else { answers.front().unwrap().clone() }
                };
                match answer.as_str() {
                    SILENCE => silent.push(stream),
                    answer => stream.write_all(answer.as_bytes()).unwrap(),
                }
            }
        });
        server
    }

    pub(crate) fn then(&self, answers: &[&str]) {
        *self.answers.lock().unwrap() = answers.iter().map(|answer| (*answer).to_owned()).collect();
    }

    /// What was asked so far: heads and bodies.
    pub(crate) fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }
}

/// A whole answer.
pub(crate) fn answer(status: &str, headers: &str, body: &str) -> String {
    format!("HTTP/1.1 {status}\r\nconnection: close\r\ncontent-length: {}\r\n{headers}\r\n{body}", body.len())
}

/// A header of a request.
pub(crate) fn sent<'a>(request: &'a str, name: &str) -> Option<&'a str> {
    let (head, _) = request.split_once("\r\n\r\n")?;
    head.lines().filter_map(|line| line.split_once(": ")).find(|(known, _)| *known == name).map(|(_, value)| value)
}

fn read(stream: &mut TcpStream) -> Option<String> {
    let mut bytes = Vec::new();
    let mut piece = [0; 4096];
    loop {
        // Who speaks TLS here is not understood.
        let text = String::from_utf8(bytes.clone()).ok()?;
        if let Some((_, body)) = text.split_once("\r\n\r\n")
            && body.len() >= sent(&text, "content-length").map_or(0, |length| length.parse().unwrap())
        {
            return Some(text);
        }
        match stream.read(&mut piece).unwrap() {
            0 => return None,
            read => bytes.extend(&piece[..read]),
        }
    }
}
