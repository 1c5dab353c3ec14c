//! `examples/reqwest_client.rs` and `examples/tower_client.rs` as processes: to their own server, and to a URL.

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

use endpoint::{Endpoint, KEY_ID, greeting};
use example::{KEYS, example, text};
use sigv4a::{Algorithm, Service};

const URL: &str = "http://abc123.execute-api.us-east-1.amazonaws.com/private?name=a%20b";

#[test]
fn to_the_server_of_their_own() {
    for client in ["reqwest_client", "tower_client"] {
        let output = text(example(client, &[]).output().unwrap());
        for algorithm in [Algorithm::SigV4, Algorithm::SigV4a] {
            for sent in [
                format!("GET /hello?name=a%20b with {algorithm} and \"\""),
                format!("POST /hello with {algorithm} and \"It is me.\""),
            ] {
                let line = format!("200 Hello AKIDEXAMPLE, you sent {sent}\n");
                assert!(output.contains(&line), "{client}: expected {line} in\n{output}");
            }
        }
        let is_refused = output.contains(r#"403 {"message":"Missing Authentication Token"}"#);
        assert_eq!(is_refused, client == "reqwest_client", "{output}");
    }
}

/// Signed for a host of AWS's, which tells service and region, and sent to it through a proxy: the endpoint.
#[test]
fn to_a_host_that_tells_everything() {
    let endpoint = Endpoint::start(Service::EXECUTE_API);
    let proxy = format!("http://{}", endpoint.address);
    for (more, algorithm) in [
        (&[][..], Algorithm::SigV4),
        (&[("SIGV4A_ALGORITHM", "sigv4a"), ("AWS_REGION", "eu-west-1")][..], Algorithm::SigV4a),
    ] {
        let variables = [&KEYS[..], &[("http_proxy", &*proxy)], more].concat();
        let output = text(example("reqwest_client", &variables).arg(URL).output().unwrap());
        assert_eq!(output, format!("200 {}\n", greeting(KEY_ID, algorithm, "GET", "")));
        let received = endpoint.take_one();
        assert_eq!(received.verified.host(), "abc123.execute-api.us-east-1.amazonaws.com");
        assert!(received.parts.uri.path_and_query().unwrap() == "/private?name=a%20b");
    }
}

#[test]
fn what_is_missing_is_said() {
    for client in ["reqwest_client", "tower_client"] {
        for (variables, url, expected) in
            [(&[][..], URL, "AWS_ACCESS_KEY_ID"), (&KEYS[..], "http://127.0.0.1:9/private", "give the service")]
        {
            let output = example(client, variables).arg(url).output().unwrap();
            let message = String::from_utf8(output.stderr).unwrap();
            assert!(!output.status.success() && message.contains(expected), "{client}: {message}");
        }
    }
}
