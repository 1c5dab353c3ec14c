//! Any line is answered by one line of valid JSON, without the secret: as a description by a signature or an error, as a
//! received request by a verdict.

#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use serde::Serialize;
use serde_json::Value;
use sigv4a::{
    Timestamp,
    config::{Ambient, Environment, ProfileName, SharedFiles},
    json,
};

const SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

static AMBIENT: LazyLock<Ambient> = LazyLock::new(|| {
    let environment = Environment::from_variables([
        ("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE"),
        ("AWS_SECRET_ACCESS_KEY", SECRET),
        ("AWS_REGION", "us-east-1"),
    ]);
    Ambient::new(&ProfileName::Default, &environment, &SharedFiles::default()).unwrap()
});

fuzz_target!(|line: &str| {
    let now = || Timestamp::parse_amz_date("20150830T123600Z");
    let answer = one_line(line, &json::sign_line(line, &AMBIENT, now));
    assert!(answer.get("error").is_some() != answer.get("signature").is_some(), "{answer}");
    let verdict = one_line(line, &json::verify_line(line, &AMBIENT, now));
    assert_eq!(verdict["ok"] == false, verdict.get("error").is_some(), "{verdict}");
});

/// What the answer is to those who read it.
fn one_line(line: &str, answer: &impl Serialize) -> Value {
    let text = serde_json::to_string(answer).expect("an answer is JSON");
    assert!(!text.contains(['\r', '\n']), "{text:?}");
    assert!(line.contains(SECRET) || !text.contains(SECRET));
    serde_json::from_str(&text).expect("an answer is JSON")
}
