//! `verify`: what `sign` makes is accepted, what is changed is not.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test panics where the command must not"
)]

mod support;

use serde_json::{Value, json};
use support::{ALGORITHMS, API, ID, MRAP, SECRET, TIME, command, fed, fixed, run, with_keys};

const SERVER: [&str; 6] = ["--service", "execute-api", "--region", "eu-west-1", "--now", TIME];

/// A request as it goes over the wire.
fn http(algorithm: &str, more: &[&str]) -> Vec<u8> {
    let arguments = [&["sign", API, "--algorithm", algorithm, "-o", "http", "-d", "a=1"], more].concat();
    fixed(&arguments).ok().bytes
}

fn verify(request: &[u8], more: &[&str]) -> support::Run {
    fed(with_keys(&[&["verify", "-"], more].concat()), request)
}

#[test]
fn what_sign_prints_is_accepted() {
    for algorithm in ALGORITHMS {
        let run = verify(&http(algorithm, &[]), &SERVER).ok();
        assert!(
            run.stdout.starts_with(&format!("ok: {ID} signed with {algorithm} at {TIME}, scope 2015")),
            "{}",
            run.stdout
        );
        assert_eq!(run.stdout.lines().count(), 1);
        // Service and region are told by the host.
        verify(&http(algorithm, &[]), &["--now", TIME]).ok();
    }
}

/// Both algorithms, signed and unsigned chunks, with trailers and without: what `sign -T` prints, and what is changed in it.
#[test]
fn a_body_in_chunks_is_decoded_and_checked() {
    let file = std::env::temp_dir().join(format!("sigv4a-cli-verify-{}", std::process::id()));
    // Two chunks and the empty one.
    std::fs::write(&file, "a".repeat(65536) + "bcd").unwrap();
    let path = file.display().to_string();
    let s3 = "https://b.s3.us-east-1.amazonaws.com/k";
    let server = ["--now", TIME];
    let modes: [(&[&str], &str); 4] = [
        (&[], "chunk_signature_mismatch"),
        (&["--checksum", "crc32c"], "chunk_signature_mismatch"),
        (&["--trailer", "x-amz-meta-a: b"], "chunk_signature_mismatch"),
        (&["--unsigned-chunks", "--checksum", "sha256"], "checksum_mismatch"),
    ];
    for algorithm in ALGORITHMS {
        for (mode, refusal) in &modes {
            let request = fixed(&[&["sign", s3, "-T", &path, "--algorithm", algorithm], *mode].concat()).ok().bytes;
            let run = verify(&request, &server).ok();
            assert!(run.stdout.starts_with(&format!("ok: {ID} signed with {algorithm}")), "{}", run.stdout);
            let text = String::from_utf8(request).unwrap();
            let wrong = verify(text.replace("bcd", "bce").as_bytes(), &server);
            assert_eq!((wrong.code, wrong.stdout.lines().count()), (1, 1), "{}", wrong.stderr);
            assert!(wrong.stdout.contains(&format!("[{refusal}; AWS: 4")), "{}", wrong.stdout);
            // The canonical request is right: to show it would mislead.
            assert_eq!(wrong.stderr, "");
            let (head, body) = text.split_once("\r\n\r\n").unwrap();
            let cut = body.strip_suffix("\r\n").unwrap();
            let cut = format!("{head}\r\n\r\n{cut}")
                .replace(&format!("content-length: {}", body.len()), &format!("content-length: {}", cut.len()));
            let refused = verify(cut.as_bytes(), &server);
            assert!(refused.stdout.contains("[signature_mismatch;"), "{}", refused.stdout);
        }
    }
    // One chunk that is larger than a server would hold.
    let large = vec![b'x'; 17 * 1024 * 1024];
    std::fs::write(&file, &large).unwrap();
    let request = fixed(&["sign", s3, "-T", &path, "--chunk-size", "20000000"]).ok().bytes;
    verify(&request, &server).ok();
    std::fs::remove_file(&file).unwrap();
}

#[test]
fn every_refusal_is_one_line_with_its_kind_and_awss_code() {
    let other_region = ["--service", "execute-api", "--region", "us-east-1", "--now", TIME];
    let late = ["--service", "execute-api", "--region", "eu-west-1", "--now", "20150830T140000Z"];
    for algorithm in ALGORITHMS {
        let text = String::from_utf8(http(algorithm, &[])).unwrap();
        let scope = if algorithm == "sigv4" { "scope_region" } else { "region_set_mismatch" };
        for (request, server, kind) in [
            (text.clone(), &SERVER, ""),
            (text.replace("a=1", "a=2"), &SERVER, "signature_mismatch"),
            (text.replace("POST ", "PUT "), &SERVER, "signature_mismatch"),
            (text.replace("/prod", "/test"), &SERVER, "signature_mismatch"),
            (text.replace("\r\n\r\n", "\r\nx-amz-acl: public\r\n\r\n"), &SERVER, "header_not_signed"),
            (text.clone(), &other_region, scope),
            (text.clone(), &late, "request_expired"),
        ] {
            let run = verify(request.as_bytes(), server);
            if kind.is_empty() {
                run.ok();
                continue;
            }
            assert_eq!((run.code, run.stdout.lines().count()), (1, 1), "{}{}", run.stdout, run.stderr);
            assert!(run.stdout.starts_with("refused: "), "{}", run.stdout);
            assert!(run.stdout.contains(&format!("[{kind}; AWS: 403 InvalidSignatureException]")), "{}", run.stdout);
            assert_eq!(run.stderr.contains("The canonical request of the server:\nP"), kind == "signature_mismatch");
            assert!(!run.stderr.contains(SECRET) && !run.stdout.contains(SECRET));
        }
    }
}

#[test]
fn clocks_may_differ_by_what_is_given() {
    for algorithm in ALGORITHMS {
        let request = http(algorithm, &[]);
        let after = |now: &str, skew: &str| {
            verify(&request, &["--service", "execute-api", "--region", "eu-west-1", "--now", now, "--max-skew", skew])
        };
        for skew in ["600", "10m", "9m 60s"] {
            after("20150830T124600Z", skew).ok();
            assert!(after("20150830T124601Z", skew).stdout.contains("[request_expired;"));
        }
    }
    for wrong in ["x", "1.5", "1500ms", "200years"] {
        run(&["verify", "-", "--max-skew", wrong])
            .failed(2, &["--max-skew", "whole seconds, or a duration such as `10m`"]);
    }
}

#[test]
fn without_a_key_the_flag_for_keys_is_named() {
    let keyless = fed(command(&[&["verify", "-"], &SERVER[..]].concat()), &http("sigv4", &[]));
    keyless.failed(3, &["missing credentials", "--keys FILE", "--profile NAME"]);
}

#[test]
fn a_public_key_is_enough_for_sigv4a() {
    // Of AKIDEXAMPLE, from `vectors/keys.jsonl`.
    let point = "04b6618f6a65740a99e650b33b6b4b5bd0d43b176d721a3edfea7e7d2d56d936b1\
                 865ed22a7eadc9c5cb9d2cbaca1b3699139fedc5043dc6661864218330c8e518";
    let file = std::env::temp_dir().join(format!("sigv4a-cli-keys-{}", std::process::id()));
    std::fs::write(&file, json!([{"access_key_id": ID, "public_key": point}]).to_string()).unwrap();
    let path = file.display().to_string();
    let with_file = [&SERVER[..], &["--keys", &path]].concat();
    let checked = |algorithm| fed(command(&[&["verify", "-"], &with_file[..]].concat()), &http(algorithm, &[]));
    checked("sigv4a").ok();
    let refused = checked("sigv4");
    assert_eq!(refused.code, 1);
    assert!(refused.stdout.contains("[key_cannot_verify; AWS: 403 UnrecognizedClientException]"), "{}", refused.stdout);
    std::fs::write(&file, format!("[{{\"access_key_id\":\"A\",\"secret_access_key\":\"{SECRET}\",\"x\":1}}]")).unwrap();
    checked("sigv4").failed(2, &["expected a JSON array of keys in", "line 1, column"]);
    std::fs::write(&file, json!([{"access_key_id": ID}]).to_string()).unwrap();
    checked("sigv4").failed(3, &["`secret_access_key` or `public_key`"]);
    std::fs::remove_file(&file).unwrap();
    checked("sigv4").failed(4, &["expected to read the keys from"]);
}

#[test]
fn what_is_no_request_is_explained() {
    for (request, words) in [
        ("", "no empty line after the headers"),
        ("GET / HTTP/1.1\r\nhost: h\r\n", "no empty line after the headers"),
        ("\u{1}\r\n\r\n", "found"),
        ("PUT / HTTP/1.1\r\nhost: h\r\ncontent-length: 5\r\n\r\nabc", "3 of 5 bytes of the body"),
        ("PUT / HTTP/1.1\r\nhost: h\r\ntransfer-encoding: chunked\r\n\r\n", "transfer encoding"),
    ] {
        verify(request.as_bytes(), &SERVER).failed(2, &["expected an HTTP/1.1 request", words]);
    }
    let unknown = "GET / HTTP/1.1\r\nhost: api.example.com\r\n\r\n";
    verify(unknown.as_bytes(), &[]).failed(2, &["expected the server's service", "give --service"]);
    verify(unknown.as_bytes(), &["--service", "execute-api"]).failed(2, &["give --region"]);
    let refused = verify(unknown.as_bytes(), &SERVER);
    assert!(refused.stdout.contains("[missing_authentication; AWS: 403 MissingAuthenticationTokenException]"));
    // An editor's line ends, and a line break after the body, change nothing.
    let text = String::from_utf8(http("sigv4", &[])).unwrap();
    let edited = text.replace("\r\n", "\n") + "\n";
    assert!(text.contains("content-length: 3"), "{text}");
    verify(edited.as_bytes(), &SERVER).ok();
}

fn received(algorithm: &str, url: &str, presign: bool) -> Value {
    let mut asked = json!({"method": "GET", "url": url, "time": TIME, "algorithm": algorithm});
    if presign {
        asked["presign"] = json!({"expires": 60});
    }
    let signed = fed(with_keys(&["sign", "--jsonl"]), asked.to_string().as_bytes()).json();
    json!({
        "id": algorithm, "method": signed["method"], "url": signed["url"], "headers": signed["headers"],
        "now": TIME, "region": "eu-west-1", "keys": [{"access_key_id": ID, "secret_access_key": SECRET}],
    })
}

#[test]
fn lines_of_json_get_a_verdict_each() {
    let mut lines = Vec::new();
    for (algorithm, url) in [("sigv4", API), ("sigv4a", API), ("sigv4a", MRAP)] {
        for presign in [false, true] {
            lines.push((received(algorithm, url, presign), None));
            let mut wrong = received(algorithm, url, presign);
            wrong["method"] = "DELETE".into();
            lines.push((wrong, Some("signature_mismatch")));
            let mut unknown = received(algorithm, url, presign);
            unknown["keys"][0]["access_key_id"] = "AKIDOTHER".into();
            lines.push((unknown, Some("unknown_access_key")));
        }
    }
    lines.push((json!({"id": 7, "method": "GET"}), Some("invalid_description")));
    lines.push((json!({"id": 8, "method": "GET", "url": "/", "service": "s3"}), Some("invalid_config")));
    let input: String = lines.iter().map(|(line, _)| format!("{line}\n")).collect();
    let run = fed(command(&["verify", "--jsonl"]), input.as_bytes());
    assert_eq!(run.code, 1, "{}", run.stderr);
    let verdicts: Vec<Value> = run.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(verdicts.len(), lines.len());
    for ((line, kind), verdict) in lines.iter().zip(&verdicts) {
        assert_eq!(verdict["id"], line["id"]);
        assert_eq!(verdict["ok"], kind.is_none(), "{line} {verdict}");
        match kind {
            None => {
                assert_eq!((&verdict["access_key_id"], &verdict["algorithm"]), (&ID.into(), &line["id"]), "{verdict}");
                assert_eq!(verdict["presigned"], line["url"].as_str().unwrap().contains("X-Amz-Signature"));
                assert!(verdict["scope"].as_str().unwrap().ends_with("/aws4_request"));
                assert!(verdict["signed_headers"].as_str().unwrap().starts_with("host"));
            }
            Some(kind) => {
                assert_eq!(verdict["error"]["kind"], *kind, "{verdict}");
                let is_request = !kind.starts_with("invalid");
                assert_eq!(verdict["error"]["status"], if is_request { json!(403) } else { Value::Null });
            }
        }
    }
}
