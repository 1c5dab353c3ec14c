//! Any line is answered by one line of valid JSON, a signature or an error, without the secret and the token.

#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
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
    let answer = json::sign_line(line, &AMBIENT, || Timestamp::parse_amz_date("20150830T123600Z"));
    let text = serde_json::to_string(&answer).expect("an answer is JSON");
    assert!(!text.contains('\n'));
    let value: serde_json::Value = serde_json::from_str(&text).expect("an answer is JSON");
    let has = |field| value.get(field).is_some();
    assert!(has("error") != has("signature"), "{text}");
    if !line.contains(SECRET) {
        assert!(!text.contains(SECRET));
    }
});
