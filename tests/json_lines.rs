//! Lines of JSON: what is signed is what arrives, what cannot be framed right is refused, and no answer shows a secret.

#![cfg(feature = "json")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may panic"
)]

use data_encoding::BASE64;
use serde_json::{Value, json};
use sigv4a::{
    config::{Ambient, Environment, ProfileName, SharedFiles},
    json::{sign_line, verify_line},
};

const ID: &str = "AKIDEXAMPLE";
const SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
const TIME: &str = "20150830T123600Z";
/// Algorithm, and what a streaming payload is called there.
const ALGORITHMS: [(&str, &str); 2] =
    [("sigv4", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"), ("sigv4a", "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD")];

/// Nothing is configured.
fn nobody() -> Ambient {
    let environment = Environment::from_variables(std::iter::empty::<(&str, &str)>());
    let profile = ProfileName::choose(None, &environment);
    Ambient::new(&profile, &environment, &SharedFiles::parse(&profile, "", "").unwrap()).unwrap()
}

fn answer_to(line: &str) -> Value {
    serde_json::to_value(sign_line(line, &nobody(), || panic!("the line has a time"))).unwrap()
}

/// Signs for `h.example`, unless more is said.
fn sign(algorithm: &str, more: &Value) -> Value {
    let mut line = json!({
        "id": "x", "method": "GET", "url": "https://h.example/key", "algorithm": algorithm, "service": "execute-api",
        "region": "us-east-1", "time": TIME, "access_key_id": ID, "secret_access_key": SECRET,
    });
    for (name, value) in more.as_object().unwrap() {
        line[name] = value.clone();
    }
    answer_to(&line.to_string())
}

fn error(answer: &Value) -> (&str, &str) {
    assert!(answer["error"].is_object(), "{answer}");
    (answer["error"]["kind"].as_str().unwrap(), answer["error"]["message"].as_str().unwrap())
}

/// Verifies what `sign` answered, as it would arrive.
fn verify(signed: &Value, more: &Value) -> Value {
    assert!(signed["error"].is_null(), "{signed}");
    let mut line = json!({
        "method": signed["method"], "url": signed["url"], "headers": signed["headers"], "now": TIME,
        "service": "execute-api", "region": "us-east-1",
        "keys": [{"access_key_id": ID, "secret_access_key": SECRET}],
    });
    if signed["body_base64"].is_string() {
        line["body_base64"] = signed["body_base64"].clone();
    }
    for (name, value) in more.as_object().unwrap() {
        line[name] = value.clone();
    }
    let verdict = verify_line(&line.to_string(), &nobody(), || panic!("the line has a time"));
    serde_json::to_value(verdict).unwrap()
}

fn header<'a>(answer: &'a Value, name: &str) -> Vec<&'a str> {
    let headers = answer["headers"].as_array().unwrap_or_else(|| panic!("{answer}"));
    let named = headers.iter().filter(|pair| pair[0].as_str().unwrap().eq_ignore_ascii_case(name));
    named.map(|pair| pair[1].as_str().unwrap()).collect()
}

#[test]
fn the_host_header_tells_the_endpoint() {
    let host = |host: &str| json!({"url": "http://localhost:8443/a", "headers": [["host", host]], "service": null, "region": null});
    let scope = |answer: &Value| answer["string_to_sign"].as_str().unwrap().lines().nth(2).unwrap().to_owned();
    let api = sign("sigv4", &host("abc.execute-api.us-west-2.amazonaws.com"));
    assert_eq!(scope(&api), "20150830/us-west-2/execute-api/aws4_request", "{api}");
    let bucket = sign("sigv4", &host("bucket.s3.eu-west-1.amazonaws.com"));
    assert_eq!(scope(&bucket), "20150830/eu-west-1/s3/aws4_request", "{bucket}");
    let mrap = sign("auto", &host("mfzwi23gnjvgw.mrap.accesspoint.s3-global.amazonaws.com"));
    assert_eq!((scope(&mrap).as_str(), mrap["algorithm"].as_str()), ("20150830/s3/aws4_request", Some("sigv4a")));
    // And it arrives there.
    for (algorithm, _) in ALGORITHMS {
        let signed = sign(algorithm, &json!({"headers": [["host", "abc.execute-api.us-east-1.amazonaws.com"]]}));
        assert_eq!(verify(&signed, &json!({}))["ok"], true, "{signed}");
        let with_port = sign(algorithm, &json!({"headers": [["host", "h.example:443"]]}));
        assert_eq!(verify(&with_port, &json!({}))["ok"], true, "{with_port}");
    }
}

#[test]
fn two_host_headers_are_refused() {
    for (algorithm, _) in ALGORITHMS {
        let twice = sign(algorithm, &json!({"headers": [["Host", "h.example"], ["host", "h.example"]]}));
        assert_eq!(
            error(&twice),
            ("ambiguous_host", "ambiguous host: expected one `Host`, found `h.example` and `h.example`")
        );
    }
}

#[test]
fn a_framed_body_says_that_it_is_framed() {
    for (algorithm, sentinel) in ALGORITHMS {
        for (service, rest) in [("execute-api", json!({})), ("s3", json!({"content_sha256_header": false}))] {
            let mut more = json!({"method": "PUT", "service": service, "body": "hello", "payload": sentinel});
            for (name, value) in rest.as_object().unwrap() {
                more[name] = value.clone();
            }
            let signed = sign(algorithm, &more);
            assert_eq!(header(&signed, "x-amz-content-sha256"), [sentinel]);
            let verdict = verify(&signed, &json!({"service": service}));
            assert_eq!(verdict["decoded_body_base64"], BASE64.encode(b"hello"), "{verdict}");
        }
        // Who takes unsigned bodies only would store the frames.
        let lattice = sign(
            algorithm,
            &json!({"method": "PUT", "service": "vpc-lattice-svcs", "body": "hello", "payload": sentinel}),
        );
        assert_eq!(error(&lattice).0, "unsupported");
    }
}

#[test]
fn framing_loses_no_coding_and_sends_no_trailer_twice() {
    for (algorithm, sentinel) in ALGORITHMS {
        let encodings = json!([["content-encoding", "gzip"], ["Content-Encoding", "br"]]);
        let signed = sign(
            algorithm,
            &json!({"method": "PUT", "service": "s3", "headers": encodings, "body": "hello", "payload": sentinel}),
        );
        assert_eq!(header(&signed, "content-encoding"), ["aws-chunked,gzip,br"]);
        assert_eq!(verify(&signed, &json!({"service": "s3"}))["ok"], true);
        let crc = "x-amz-checksum-crc32";
        for twice in [
            json!([[crc, "AAAAAA=="], [crc, null]]),
            json!([[crc, null], [crc, "AAAAAA=="]]),
            json!([[crc, null], ["X-Amz-Checksum-CRC32", null]]),
        ] {
            let payload = format!("{sentinel}-TRAILER");
            let more =
                json!({"method": "PUT", "service": "s3", "body": "hello", "payload": payload, "trailers": twice});
            let refused = sign(algorithm, &more);
            assert!(error(&refused).1.contains("each trailer once"), "{refused}");
        }
        let tab = json!([["x-amz-meta-a", "a\tb"]]);
        let payload = format!("{sentinel}-TRAILER");
        let more = json!({"method": "PUT", "service": "s3", "body": "hello", "payload": payload, "trailers": tab});
        assert!(error(&sign(algorithm, &more)).1.contains("visible ASCII"));
    }
}

#[test]
fn no_answer_shows_what_stands_at_the_wrong_place() {
    const HIDDEN: &str = "FwoGZXIvYXdzHUSH";
    for line in [
        format!(r#"{{"id":1,"method":"GET","url":"https://h.example/","headers":["x-amz-security-token: {HIDDEN}"]}}"#),
        format!(r#"{{"id":1,"method":"GET","url":"https://h.example/","presign":"{HIDDEN}"}}"#),
        format!(r#"{{"id":1,"method":"GET","url":"https://h.example/","session_token_mode":"{HIDDEN}"}}"#),
        format!(r#"{{"id":1,"method":"GET","url":"https://h.example/","normalize_path":"{HIDDEN}, expected"}}"#),
    ] {
        let answer = answer_to(&line);
        assert_eq!((answer["id"].as_u64(), error(&answer).0), (Some(1), "invalid_description"));
        let message = error(&answer).1;
        assert!(!message.contains("HUSH") && message.contains("column") && message.contains(", expected"), "{message}");
    }
    let line = format!(r#"{{"id":1,"method":"GET","url":"/","keys":["AKIDEXAMPLE:{HIDDEN}"]}}"#);
    let verdict = verify_line(&line, &nobody(), || panic!("not asked"));
    let verdict = serde_json::to_value(verdict).unwrap();
    assert!(!verdict.to_string().contains("HUSH"), "{verdict}");
    assert!(error(&verdict).1.contains("invalid type: string, expected struct Key"), "{verdict}");
}

#[test]
fn what_is_no_object_says_so_and_a_broken_line_where() {
    for (line, expected) in [
        ("{\"method\":\"GET\",\"url\":\"https://h.example/a\n", "column 42: EOF while parsing a string"),
        ("{\"method\":\"GET\",\r\n", "column 16: EOF while parsing a value"),
        // serde would take the fields of an object in an array.
        (&format!("[1,\"GET\",\"https://h.example/\"{}]", ",null".repeat(20)), "found no `{` at the beginning"),
        ("[]", "found no `{` at the beginning"),
        ("1", "found no `{` at the beginning"),
        ("\u{feff}{}", "found no `{` at the beginning"),
    ] {
        let answer = answer_to(line);
        assert!(error(&answer).1.contains(expected), "{answer}");
    }
}

#[test]
fn an_id_comes_back_to_the_letter() {
    for id in ["18446744073709551616", "1e2", "0.10", r#"{"b":1, "a":[null]}"#, r#""\u0041\/""#, "null"] {
        let signed = format!(r#"{{"id":{id},"method":"GET","url":"https://h.example/"}}"#);
        for line in [signed, format!(r#"{{"method":1,"id": {id} }}"#)] {
            let answer = serde_json::to_string(&sign_line(&line, &nobody(), || panic!("not asked"))).unwrap();
            assert!(answer.starts_with(&format!(r#"{{"id":{id},"error""#)), "{answer}");
            let verdict = serde_json::to_string(&verify_line(&line, &nobody(), || panic!("not asked"))).unwrap();
            assert!(verdict.starts_with(&format!(r#"{{"id":{id},"ok":false"#)), "{verdict}");
        }
    }
}

#[test]
fn an_answer_is_one_line() {
    let id = "{\n\"a\":\r\n[1,\r2]}";
    let signed = format!("{{\"id\":{id},\n\"method\":\"GET\",\n\"url\":\"https://h.example/\"}}\r\n");
    for line in [signed, format!("{{\"id\":{id},\n\"method\":1}}")] {
        for answer in [
            serde_json::to_string(&sign_line(&line, &nobody(), || panic!("not asked"))).unwrap(),
            serde_json::to_string(&verify_line(&line, &nobody(), || panic!("not asked"))).unwrap(),
        ] {
            assert!(answer.starts_with(r#"{"id":{"a":[1,2]},"#), "{answer}");
        }
    }
    let answer = answer_to("{\"id\":1,\n\"method\":1}");
    assert!(error(&answer).1.contains("at line 2, column 10: "), "{answer}");
}

#[test]
fn null_is_as_good_as_nothing() {
    for (algorithm, _) in ALGORITHMS {
        let signed = sign(algorithm, &json!({"headers": null, "presign": {"expires": null}, "trailers": null}));
        assert!(signed["url"].as_str().unwrap().contains("X-Amz-Expires=3600"), "{signed}");
        let verdict = verify(&signed, &json!({"headers": signed["headers"], "hosts": null, "unsigned_headers": null}));
        assert_eq!(verdict["ok"], true, "{verdict}");
    }
}

#[test]
fn a_uri_that_must_not_be_touched_is_not() {
    let url = |url: &str, policy: &str| json!({"url": url, "uri_policy": policy});
    for (algorithm, _) in ALGORITHMS {
        for untouched in ["https://h.example/a?b=2&&c=3", "https://h.example/a?", "https://h.example/a?&b"] {
            assert_eq!(sign(algorithm, &url(untouched, "as_given"))["url"], untouched);
            assert_eq!(error(&sign(algorithm, &url(untouched, "reject"))).0, "uri_not_canonical");
            assert_eq!(verify(&sign(algorithm, &url(untouched, "as_given")), &json!({}))["ok"], true);
        }
        // What an earlier signature left cannot be sent along.
        let left = "https://h.example/a?x-amz-date=1&b=2";
        assert_eq!(sign(algorithm, &url(left, "as_given"))["url"], "https://h.example/a?b=2");
        let refused = sign(algorithm, &url(left, "reject"));
        assert_eq!(error(&refused).0, "uri_not_canonical");
        assert!(error(&refused).1.contains("an earlier signature left in the query, found `x-amz-date`"), "{refused}");
    }
}

#[test]
fn rules_mean_the_same_to_both() {
    for (algorithm, _) in ALGORITHMS {
        // It takes unsigned payloads only, whatever its paths are like.
        let more = json!({"service": "vpc-lattice-svcs", "rules": "s3", "payload": "hash", "presign": {}});
        let lattice = sign(algorithm, &more);
        assert!(lattice["canonical_request"].as_str().unwrap().ends_with("\nUNSIGNED-PAYLOAD"), "{lattice}");
        for presign in [json!({}), Value::Null] {
            let more = json!({
                "service": "iotdevicegateway", "rules": "s3", "presign": presign, "session_token": "T",
            });
            let verdict = verify(&sign(algorithm, &more), &json!({"service": "iotdevicegateway", "rules": "s3"}));
            assert_eq!(verdict["ok"], true, "{verdict}");
        }
    }
}

#[test]
fn a_method_in_lower_case_is_signed_as_it_will_be_sent() {
    for (algorithm, _) in ALGORITHMS {
        let signed = sign(algorithm, &json!({"method": "get"}));
        assert_eq!(signed["method"], "GET");
        assert!(signed["canonical_request"].as_str().unwrap().starts_with("GET\n"));
        assert_eq!(verify(&signed, &json!({}))["ok"], true);
    }
}

#[test]
fn hex_digits_of_a_hash_have_no_case() {
    let upper = "2CF24DBA5FB0A30E26E83B2AC5B9E29E1B161E5C1FA7425E73043362938B9824";
    for (algorithm, _) in ALGORITHMS {
        let signed = sign(algorithm, &json!({"service": "s3", "payload": upper}));
        assert_eq!(header(&signed, "x-amz-content-sha256"), [upper.to_ascii_lowercase()]);
    }
}

#[test]
fn a_region_set_means_sigv4a_and_is_refused_beside_sigv4() {
    let at = |more: &Value| {
        let mut line = json!({
            "method": "GET", "url": "https://abc.execute-api.us-west-2.amazonaws.com/", "time": TIME,
            "access_key_id": ID, "secret_access_key": SECRET,
        });
        for (name, value) in more.as_object().unwrap() {
            line[name] = value.clone();
        }
        answer_to(&line.to_string())
    };
    for more in [json!({"region_set": "*"}), json!({"region_set": "*", "algorithm": "auto"})] {
        let signed = at(&more);
        assert_eq!(signed["algorithm"], "sigv4a", "{signed}");
        assert_eq!(header(&signed, "x-amz-region-set"), ["*"]);
    }
    // A place for each algorithm: the endpoint decides.
    assert_eq!(at(&json!({"region_set": "*", "region": "us-west-2", "algorithm": "auto"}))["algorithm"], "sigv4");
    let refused = at(&json!({"region_set": "us-*", "algorithm": "sigv4"}));
    let (kind, message) = error(&refused);
    assert_eq!(kind, "invalid_config");
    assert!(message.contains("no region set, which is for SigV4a, found `us-*`"), "{message}");
}

#[test]
fn events_are_no_body() {
    let asked = |more: Value| {
        let mut line =
            json!({"method": "POST", "payload": "STREAMING-AWS4-HMAC-SHA256-EVENTS", "service": "transcribe"});
        for (name, value) in more.as_object().unwrap() {
            line[name] = value.clone();
        }
        sign("sigv4", &line)
    };
    for body in [json!({"body": "an event"}), json!({"body_base64": BASE64.encode(b"an event")})] {
        let refused = asked(body);
        let (kind, message) = error(&refused);
        assert_eq!(kind, "invalid_payload");
        assert!(message.contains("`EventSigner`") && message.contains("found `8 bytes`"), "{message}");
    }
    // The request that opens the stream has none.
    for none in [json!({}), json!({"body": ""})] {
        assert_eq!(header(&asked(none), "x-amz-content-sha256"), ["STREAMING-AWS4-HMAC-SHA256-EVENTS"]);
    }
}

#[test]
fn a_web_socket_to_iot_is_one_with_any_host_header_too() {
    let host = "abc-ats.iot.us-east-1.amazonaws.com";
    for headers in [json!([]), json!([["host", host]]), json!([["host", "xyz-ats.iot.us-east-1.amazonaws.com"]])] {
        let line = json!({
            "method": "GET", "url": format!("wss://{host}/mqtt"), "headers": headers, "presign": {}, "time": TIME,
            "access_key_id": ID, "secret_access_key": SECRET, "session_token": "the-token",
        });
        let signed = answer_to(&line.to_string());
        assert!(signed["string_to_sign"].as_str().unwrap().contains("/us-east-1/iotdevicegateway/"), "{signed}");
        assert!(!signed["canonical_request"].as_str().unwrap().contains("the-token"), "{signed}");
    }
}
