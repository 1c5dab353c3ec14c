//! Every flag, with both algorithms.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test panics where the command must not")]

mod place;
#[path = "../support/mod.rs"]
mod support;

use serde_json::Value;
use sigv4a::{
    Credentials, RegionSet, Service, SigV4a, Signature,
    config::{Ambient, Environment},
};
use support::{ALGORITHMS, API, ID, Run, SECRET, TIME, fed, fixed, header, run, with_keys};

/// The JSON answer to a URL and flags, under one algorithm.
#[track_caller]
fn answer(algorithm: &str, arguments: &[&str]) -> Value {
    let answer = fixed(&[&["sign", API, "-o", "json", "--algorithm", algorithm], arguments].concat()).json();
    assert_eq!(answer["algorithm"], algorithm);
    check_signature(&answer);
    answer
}

/// The signature has the shape of its algorithm; that of SigV4a is one over the string to sign.
#[track_caller]
fn check_signature(answer: &Value) {
    let hex = answer["signature"].as_str().unwrap();
    if answer["algorithm"] == "sigv4" {
        assert_eq!(hex.len(), 64);
        return;
    }
    let signer = SigV4a::new(Credentials::new(ID, SECRET).unwrap(), RegionSet::all(), Service::S3);
    let signature = Signature::parse(hex).unwrap();
    let text = answer["string_to_sign"].as_str().unwrap();
    assert!(signer.verifying_key().unwrap().verifies(text.as_bytes(), &signature));
}

fn canonical(answer: &Value) -> Vec<&str> {
    answer["canonical_request"].as_str().unwrap().split('\n').collect()
}

#[track_caller]
fn payload_of(body: &str) -> String {
    let line = format!(
        r#"{{"method":"POST","url":"{API}","time":"{TIME}","access_key_id":"a","secret_access_key":"b","body":{}}}"#,
        Value::from(body)
    );
    let ambient = Ambient::load(None, &Environment::default()).unwrap();
    let answer = serde_json::to_value(sigv4a::json::sign_line(&line, &ambient, sigv4a::config::now)).unwrap();
    canonical(&answer).last().unwrap().to_string()
}

#[test]
fn the_answer_is_that_of_a_described_request() {
    for algorithm in ALGORITHMS {
        let line = serde_json::json!({"method": "PUT", "url": format!("{API}/a b?z&a=%ff"), "time": TIME, "body": "x=1",
            "algorithm": algorithm, "access_key_id": ID, "secret_access_key": SECRET,
            "headers": [["Accept", "a  b"], ["content-type", "text/plain"]]});
        let ambient = Ambient::load(None, &Environment::default()).unwrap();
        let library = sigv4a::json::sign_line(&line.to_string(), &ambient, sigv4a::config::now);
        let mut library = serde_json::to_value(library).unwrap();
        let url = format!("{API}/a b?z&a=%ff");
        let arguments =
            ["-X", "PUT", "-H", "Accept: a  b", "-H", "content-type: text/plain", "-d", "x=1", "-o", "json"];
        let mut ours = fixed(&[&["sign", &url, "--algorithm", algorithm], &arguments[..]].concat()).json();
        if algorithm == "sigv4a" {
            // Signed with other nonces.
            for answer in [&mut ours, &mut library] {
                check_signature(answer);
                answer["signature"].take();
                answer["headers"].as_array_mut().unwrap().pop().unwrap();
            }
        }
        assert_eq!(ours, library);
    }
}

#[test]
fn methods() {
    for algorithm in ALGORITHMS {
        let method = |arguments: &[&str]| canonical(&answer(algorithm, arguments))[0].to_owned();
        assert_eq!(method(&[]), "GET");
        assert_eq!(method(&["-X", "DELETE"]), "DELETE");
        assert_eq!(method(&["--request", "PATCH"]), "PATCH");
        assert_eq!(method(&["-I"]), "HEAD");
        assert_eq!(method(&["--head"]), "HEAD");
        assert_eq!(method(&["-d", "a"]), "POST");
        assert_eq!(method(&["-d", "a", "-X", "PUT"]), "PUT");
        assert_eq!(method(&["-G", "-d", "a"]), "GET");
        assert_eq!(method(&["-G", "-I", "-d", "a"]), "HEAD");
        fixed(&["sign", API, "-I", "-d", "a", "--algorithm", algorithm]).failed(2, &["--head", "POST", "-G"]);
        fixed(&["sign", API, "-X", "GE T", "--algorithm", algorithm]).failed(1, &["method", "GE T"]);
    }
}

#[test]
fn headers() {
    for algorithm in ALGORITHMS {
        let arguments = ["-H", "X-One:  a  b ", "-H", "X-Empty;", "--header", "x-none:", "-H", "Range: bytes=0-1"];
        let signed = answer(algorithm, &arguments);
        assert_eq!(header(&signed, "X-One"), Some("a  b"));
        assert_eq!(header(&signed, "X-Empty"), Some(""));
        assert_eq!(header(&signed, "x-none"), None);
        let lines = canonical(&signed);
        assert!(lines.contains(&"x-one:a b") && lines.contains(&"x-empty:") && lines.contains(&"range:bytes=0-1"));
        for wrong in ["foo", "", ": a", "a b: c", "a b;"] {
            fixed(&["sign", API, "-H", wrong, "--algorithm", algorithm])
                .failed(2, &["-H: expected `Name: value`", wrong]);
        }
        fixed(&["sign", API, "-H", "a: é", "--algorithm", algorithm]).failed(1, &["header value", "hint: "]);
    }
}

#[test]
fn data() {
    let file = std::env::temp_dir().join(format!("sigv4a-cli-{}", std::process::id()));
    std::fs::write(&file, "a\r\nb\n\0").unwrap();
    let at = format!("@{}", file.display());
    for algorithm in ALGORITHMS {
        let form = "application/x-www-form-urlencoded";
        for (arguments, body, content_type) in [
            (vec!["-d", "a=1"], "a=1", form),
            (vec!["-d", ""], "", form),
            (vec!["-d", "-a", "--data-binary", "b", "--data", "c"], "-a&b&c", form),
            (vec!["--data-binary", "b", "-d", "a"], "b&a", form),
            (vec!["-d", &at], "ab", form),
            (vec!["--data-binary", &at], "a\r\nb\n\0", form),
            (vec!["--data-raw", "@x"], "@x", form),
            (vec!["--json", "{", "--json", "}"], "{}", "application/json"),
            (vec!["-d", "a", "-H", "Content-Type: text/plain"], "a", "text/plain"),
        ] {
            let signed = answer(algorithm, &arguments);
            assert_eq!(*canonical(&signed).last().unwrap(), payload_of(body), "{arguments:?}");
            let found = header(&signed, "content-type").or_else(|| header(&signed, "Content-Type"));
            assert_eq!(found, Some(content_type), "{arguments:?}");
        }
        let signed = answer(algorithm, &["--json", "{}", "-H", "accept: text/html"]);
        assert_eq!(header(&signed, "accept"), Some("text/html"));
        assert_eq!(header(&answer(algorithm, &["-d", "a", "-H", "content-type:"]), "content-type"), None);

        let piped = with_keys(&["sign", API, "-o", "json", "--algorithm", algorithm, "--data-binary", "@-"]);
        assert_eq!(*canonical(&fed(piped, b"from\nstdin").json()).last().unwrap(), payload_of("from\nstdin"));
        fixed(&["sign", API, "-d", "@/does/not/exist", "--algorithm", algorithm]).failed(4, &["/does/not/exist"]);
    }
    std::fs::remove_file(file).unwrap();
}

#[test]
fn data_in_the_query() {
    for algorithm in ALGORITHMS {
        let signed = answer(algorithm, &["-G", "-d", "b=1#2", "-d", "a=x y"]);
        assert_eq!(signed["url"], format!("{API}?b=1%232&a=x%20y"));
        assert_eq!(header(&signed, "content-type"), None);
        let url = format!("{API}?z#f");
        let signed = fixed(&["sign", &url, "-G", "-d", "a=1", "-o", "json", "--algorithm", algorithm]).json();
        assert_eq!(signed["url"], format!("{API}?z=&a=1"));
    }
}

#[test]
fn time() {
    for algorithm in ALGORITHMS {
        for time in [TIME, "2015-08-30T12:36:00Z", "2015-08-30T14:36:00+02:00"] {
            let signed = run(&["sign", API, "-o", "json", "--algorithm", algorithm, "--time", time]).json();
            assert_eq!(header(&signed, "x-amz-date"), Some(TIME));
        }
        run(&["sign", API, "--algorithm", algorithm, "--time", "yesterday"]).failed(2, &["--time", "yesterday"]);
        let signed = run(&["sign", API, "-o", "json", "--algorithm", algorithm]).json();
        assert_ne!(header(&signed, "x-amz-date"), Some(TIME));
    }
}

#[test]
fn unsigned_payload() {
    for algorithm in ALGORITHMS {
        let signed = answer(algorithm, &["-d", "a", "--unsigned-payload"]);
        assert_eq!(canonical(&signed).last(), Some(&"UNSIGNED-PAYLOAD"));
    }
}

#[test]
fn uri_policy() {
    let given = "https://bucket.s3.eu-west-1.amazonaws.com/a=b";
    for algorithm in ALGORITHMS {
        let signed = |policy: &str| {
            let arguments = ["sign", given, "-o", "json", "--algorithm", algorithm, "--uri-policy", policy];
            fixed(&arguments)
        };
        assert_eq!(signed("rewrite").json()["url"], "https://bucket.s3.eu-west-1.amazonaws.com/a%3Db");
        assert_eq!(signed("as-given").json()["url"], given);
        let refused = signed("reject").failed(1, &["/a%3Db", "found `/a=b`", "--uri-policy rewrite"]);
        let error: Value = serde_json::from_str(&refused.stdout).unwrap();
        assert_eq!(error["error"]["kind"], "uri_not_canonical");
        // Whoever sends the typed URL with these headers would be refused: it is said.
        let noted = fixed(&["sign", given, "--algorithm", algorithm]).ok();
        assert!(noted.stderr.contains("send https://bucket.s3.eu-west-1.amazonaws.com/a%3Db"), "{}", noted.stderr);
        for silent in ["https://bucket.s3.eu-west-1.amazonaws.com", "https://bucket.s3.eu-west-1.amazonaws.com/a#f"] {
            assert_eq!(fixed(&["sign", silent, "--algorithm", algorithm]).ok().stderr, "");
        }
    }
}

#[test]
fn signed_headers() {
    let given = ["-H", "cache-control: a", "-H", "user-agent: b", "-H", "range: c"];
    for algorithm in ALGORITHMS {
        let names = |arguments: &[&str]| {
            let signed = answer(algorithm, &[&given, arguments].concat());
            let names = signed["signed_headers"].as_str().unwrap().replace(";x-amz-region-set", "");
            assert_eq!(header(&signed, "user-agent"), Some("b"));
            names
        };
        assert_eq!(names(&[]), "cache-control;host;range;x-amz-date");
        assert_eq!(names(&["--signed-headers", "standard"]), "cache-control;host;range;x-amz-date");
        assert_eq!(names(&["--signed-headers", "minimal"]), "host;range;x-amz-date");
        assert_eq!(names(&["--sign-header", "User-Agent"]), "cache-control;host;range;user-agent;x-amz-date");
        assert_eq!(names(&["--no-sign-header", "range", "--no-sign-header", "Cache-Control"]), "host;x-amz-date");
        fixed(&["sign", API, "--sign-header", "a b", "--algorithm", algorithm]).failed(1, &["header name"]);
    }
}

#[test]
fn session_token_mode() {
    for algorithm in ALGORITHMS {
        let signed = |arguments: &[&str]| {
            let base = ["sign", API, "-o", "json", "--algorithm", algorithm];
            let mut command = with_keys(&[&base, arguments].concat());
            let answer = Run::of(command.env("AWS_SESSION_TOKEN", "the-token")).json();
            assert_eq!(header(&answer, "x-amz-security-token"), Some("the-token"));
            answer["signed_headers"].as_str().unwrap().contains("x-amz-security-token")
        };
        assert!(signed(&[]) && signed(&["--session-token-mode", "sign"]));
        assert!(!signed(&["--session-token-mode", "append"]));
    }
}
