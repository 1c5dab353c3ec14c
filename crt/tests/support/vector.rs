//! The vectors of the library.

use std::{fs, path::Path};

use serde::{Deserialize, de::DeserializeOwned};
use serde_json::Value;
use sigv4a::{
    Credentials, Resolved, SignError, Signer,
    config::{Ambient, Environment, ProfileName, SharedFiles},
    json::sign_line_with,
};

#[derive(Deserialize)]
pub struct Vector {
    pub id: String,
    pub request: Value,
    pub answer: Answer,
}

#[derive(Deserialize, PartialEq, Debug, Clone)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    #[serde(default)]
    pub id: Value,
    pub method: String,
    pub url: String,
    pub headers: Vec<(String, String)>,
    pub algorithm: String,
    pub signed_headers: String,
    pub canonical_request: String,
    pub string_to_sign: String,
    pub signature: String,
    /// In SigV4a vectors: the uncompressed point in hex, to verify with.
    pub public_key: Option<String>,
}

/// The files with requests, and how many are in each.
pub const REQUESTS: [(&str, usize); 3] = [("aws-documented.jsonl", 8), ("sigv4.jsonl", 310), ("sigv4a.jsonl", 325)];

/// Every so many vectors are run: all, unless `CRT_EVERY` says otherwise, as it does under valgrind.
pub fn every() -> usize {
    #[expect(clippy::disallowed_methods, reason = "a test that can be shortened")]
    std::env::var("CRT_EVERY").map_or(1, |text| text.parse().unwrap())
}

/// The vectors of a file, of which there are so many; with `CRT_EVERY`, some of them.
pub fn requests((file, expected): (&str, usize)) -> impl Iterator<Item = Vector> {
    let vectors: Vec<Vector> = lines(file);
    assert_eq!(vectors.len(), expected, "{file}");
    vectors.into_iter().step_by(every())
}

pub fn lines<T: DeserializeOwned>(file: &str) -> Vec<T> {
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../vectors").join(file)).unwrap();
    let read =
        |(index, line)| serde_json::from_str(line).unwrap_or_else(|error| panic!("{file}:{}: {error}", index + 1));
    text.lines().enumerate().map(read).collect()
}

impl Vector {
    /// What a signer answers to this request.
    pub fn sign(&self, signer: impl FnOnce(Resolved, Credentials) -> Result<Box<dyn Signer>, SignError>) -> Answer {
        let ambient = Ambient::new(&ProfileName::Default, &Environment::default(), &SharedFiles::default()).unwrap();
        let answer = sign_line_with(&self.request.to_string(), &ambient, || panic!("{}: has no time", self.id), signer);
        let answer = serde_json::to_value(&answer).unwrap();
        let mut answer: Answer =
            serde_json::from_value(answer.clone()).unwrap_or_else(|_| panic!("{}: {answer}", self.id));
        answer.id = Value::Null;
        answer
    }
}

impl Answer {
    /// Without what is random in it: a SigV4a signature, which stands in the URL or in a header too.
    pub fn without_signature(mut self) -> Self {
        let signature = std::mem::replace(&mut self.signature, "random".to_owned());
        self.url = self.url.replace(&signature, "random");
        for (_, value) in &mut self.headers {
            *value = value.replace(&signature, "random");
        }
        self.public_key = None;
        self
    }
}
