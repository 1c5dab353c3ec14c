//! `examples/private_api.rs` as it is deployed: a process with the private route, another that calls it, and curl.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may panic"
)]

#[path = "support/endpoint.rs"]
mod endpoint;
#[path = "support/example.rs"]
mod example;

use std::{
    io::Write as _,
    process::{Command, Stdio},
};

use endpoint::{KEY_ID, SECRET};
use example::{KEYS, Running, example, text};

const TOKEN: (&str, &str) = ("AWS_SESSION_TOKEN", "a+session/token==");
const HI: &str = "Hi from AWS_IAM auth enabled API";

fn serve(arguments: &[&str], variables: &[(&str, &str)]) -> (Running, String) {
    let mut command = example("private_api", variables);
    command.args(["--listen", "127.0.0.1:0"]).args(arguments);
    let running = Running::start(command);
    let url = running.first_line.split_once(" at ").expect("it says where it is").1.to_owned();
    (running, url)
}

/// Status, `x-amzn-errortype` and body that curl gets; `None` without curl.
fn curl(arguments: &[&str], input: &str) -> Option<(u16, String, String)> {
    let mut command = Command::new("curl");
    command.args(["--silent", "--show-error", "--write-out", "\n%{http_code}", "--dump-header", "-", "--output", "-"]);
    command.args(["--noproxy", "*"]).args(arguments);
    let spawned = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
    let mut child = match spawned {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            println!("skipped: there is no curl");
            return None;
        }
        spawned => spawned.unwrap(),
    };
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let output = text(child.wait_with_output().unwrap());
    let (answer, status) = output.rsplit_once('\n').unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    let kind = head.lines().find_map(|line| line.strip_prefix("x-amzn-errortype: ")).unwrap_or_default();
    Some((status.parse().unwrap(), kind.to_owned(), body.to_owned()))
}

#[test]
fn the_open_route_of_one_process_calls_the_private_one_of_another() {
    let variables = [&KEYS[..], &[TOKEN]].concat();
    let (_private, private) = serve(&[], &variables);
    for algorithm in ["sigv4", "sigv4a"] {
        let arguments = ["--algorithm", algorithm, "--private-url", &format!("{private}/private")];
        let (_public, public) = serve(&arguments, &variables);
        let Some(answer) = curl(&[&format!("{public}/public")], "") else { return };
        assert_eq!(answer, (200, String::new(), HI.to_owned()), "{algorithm}");

        // One that has another secret passes on what it is told.
        let forged = [("AWS_ACCESS_KEY_ID", KEY_ID), ("AWS_SECRET_ACCESS_KEY", "another")];
        let (_forger, forger) = serve(&arguments, &forged);
        let (status, _, body) = curl(&[&format!("{forger}/public")], "").unwrap();
        assert_eq!(status, 403);
        assert!(body.starts_with(r#"{"message":"The request signature we calculated does not match"#), "{body}");
    }
}

#[test]
fn unsigned_calls_get_the_answer_of_api_gateway() {
    let (_private, url) = serve(&[], &KEYS);
    let private = format!("{url}/private");
    for arguments in [&[&*private][..], &["--request", "GET", "--header", "x-api-key: 1", &private]] {
        let Some(answer) = curl(arguments, "") else { return };
        let missing = r#"{"message":"Missing Authentication Token"}"#;
        assert_eq!(answer, (403, "MissingAuthenticationTokenException".to_owned(), missing.to_owned()));
    }
}

#[test]
fn curl_signs_with_sigv4_itself() {
    for (variables, token) in [(KEYS.to_vec(), None), ([&KEYS[..], &[TOKEN]].concat(), Some(TOKEN.1))] {
        let (_private, url) = serve(&[], &variables);
        let private = format!("{url}/private");
        let token = token.map(|token| format!("x-amz-security-token: {token}"));
        let token: Vec<&str> = token.iter().flat_map(|header| ["--header", header.as_str()]).collect();
        let send = |secret: &str, region: &str| {
            let user = format!("{KEY_ID}:{secret}");
            let scheme = format!("aws:amz:{region}:execute-api");
            let arguments = [&["--user", &user, "--aws-sigv4", &scheme, &private][..], &token].concat();
            curl(&arguments, "")
        };
        let Some(answer) = send(SECRET, "us-east-1") else { return };
        assert_eq!(answer, (200, String::new(), HI.to_owned()));
        let (status, kind, _) = send("another", "us-east-1").unwrap();
        assert_eq!((status, &*kind), (403, "InvalidSignatureException"));
        let (status, _, body) = send(SECRET, "eu-west-1").unwrap();
        assert!(status == 403 && body.contains("valid region"), "{body}");
    }
}

/// curl has no SigV4a: it sends the headers that an example prints.
#[test]
fn curl_sends_headers_that_were_signed_with_either_algorithm() {
    for variables in [KEYS.to_vec(), [&KEYS[..], &[TOKEN]].concat()] {
        let (_private, url) = serve(&[], &variables);
        let private = format!("{url}/private");
        for algorithm in ["sigv4a", "sigv4"] {
            let headers = |url: &str, region: &str| {
                let mut command = example("get_headers", &variables);
                let command = command.env("SIGV4A_ALGORITHM", algorithm).args(["execute-api", region, "GET", url]);
                text(command.output().unwrap())
            };
            let send = |headers: &str| curl(&["--header", "@-", &private], headers);
            let Some(answer) = send(&headers(&private, "us-east-1")) else { return };
            assert_eq!(answer, (200, String::new(), HI.to_owned()), "{algorithm}");
            let (status, _, _) = send(&headers(&private, "eu-west-1")).unwrap();
            assert_eq!(status, 403, "{algorithm}: signed for another region");
            let (status, _, _) = send(&headers(&format!("{url}/other"), "us-east-1")).unwrap();
            assert_eq!(status, 403, "{algorithm}: signed for another path");
        }
    }
}
