//! Headers that signing sets and the user wrote: what they say is done or refused, never dropped without a word.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test panics where the command must not")]

mod support;

use serde_json::Value;
use support::{ALGORITHMS, API, ID, Run, TIME, canned::Canned, fixed, header, run, with_keys};

const S3: &str = "https://b.s3.us-east-1.amazonaws.com/k";
const TOKEN: &str = "x-amz-security-token: the-token";
const DATE: &str = "Date: Sun, 30 Aug 2015 12:36:00 GMT";
/// Of `a=1`.
const HASH: &str = "c22fea5d7428e5cf47ef6354c97c9223c95d6dcdc3e0d2300ff79056b1ff3d85";

#[track_caller]
fn answer(arguments: &[&str]) -> Value {
    fixed(&[arguments, &["-o", "json"]].concat()).json()
}

#[test]
fn a_session_token_becomes_that_of_the_credentials() {
    for algorithm in ALGORITHMS {
        let arguments = ["sign", API, "--algorithm", algorithm, "-H", TOKEN];
        let signed = answer(&arguments);
        assert_eq!(header(&signed, "x-amz-security-token"), Some("the-token"));
        assert!(signed["signed_headers"].as_str().unwrap().contains("x-amz-security-token"), "{signed}");
        let url = fixed(&["presign", API, "--algorithm", algorithm, "-H", TOKEN]).ok().stdout;
        assert!(url.contains("&X-Amz-Security-Token=the-token&"), "{url}");
        // The same from both is one; two that differ are a mistake, and neither is shown.
        let with_own = |own: &str| Run::of(with_keys(&arguments).env("AWS_SESSION_TOKEN", own));
        assert!(with_own("the-token").ok().stdout.contains("x-amz-security-token: the-token\n"));
        let refused = with_own("OWNTOKEN").failed(2, &["expected one session token", "AWS_SESSION_TOKEN"]);
        assert!(!refused.stderr.contains("the-token") && !refused.stderr.contains("OWNTOKEN"), "{}", refused.stderr);
    }
    run(&["sign", API, "-H", "x-amz-security-token: a b"]).failed(3, &["session token"]);
    run(&["sign", API, "-H", TOKEN, "-H", "X-Amz-Security-Token: b"]).failed(2, &["expected one header", "found two"]);
    run(&["sign", API, "-H", "x-amz-s3session-token: a"]).failed(2, &["set from the credentials"]);
}

#[test]
fn a_payload_is_left_unsigned_or_is_what_was_hashed() {
    let hash = format!("x-amz-content-sha256: {HASH}");
    for algorithm in ALGORITHMS {
        for url in [API, S3] {
            let signed = |more: &[&str]| {
                answer(&[&["sign", url, "-d", "a=1", "--region", "us-east-1", "--algorithm", algorithm], more].concat())
            };
            let last =
                |signed: &Value| signed["canonical_request"].as_str().unwrap().lines().last().unwrap().to_owned();
            let unsigned = signed(&["-H", "x-amz-content-sha256: UNSIGNED-PAYLOAD"]);
            assert_eq!(header(&unsigned, "x-amz-content-sha256"), Some("UNSIGNED-PAYLOAD"));
            assert_eq!(last(&unsigned), "UNSIGNED-PAYLOAD");
            for given in [hash.clone(), hash.replace(HASH, &HASH.to_uppercase())] {
                let hashed = signed(&["-H", &given]);
                assert_eq!(header(&hashed, "x-amz-content-sha256"), Some(HASH));
                assert_eq!(last(&hashed), HASH);
            }
        }
        let lattice = "https://x.7d67968.vpc-lattice-svcs.us-west-2.on.aws/";
        run(&["sign", lattice, "-d", "a=1", "-H", &hash, "--algorithm", algorithm])
            .failed(2, &["expected no hash of the body: vpc-lattice-svcs takes unsigned ones only"]);
        // A presigned URL that S3 would leave the body out of binds this one.
        let presigned = fixed(&["presign", "-X", "PUT", S3, "-d", "a=1", "-H", &hash, "--algorithm", algorithm]).ok();
        assert!(presigned.stderr.contains(&format!("{hash}\n")), "{}", presigned.stderr);
        for command in ["sign", "presign", "explain", "request"] {
            let refused = |more: &[&str], words: &[&str]| {
                run(&[&[command, API, "--algorithm", algorithm], more].concat()).failed(2, words);
            };
            refused(&["-d", "a=2", "-H", &hash], &["expected the SHA-256 of the body, which has 3 bytes"]);
            refused(&["-d", "a=1", "-H", &hash, "--unsigned-payload"], &["--unsigned-payload or a hash", "found both"]);
            let streaming = "x-amz-content-sha256: STREAMING-UNSIGNED-PAYLOAD-TRAILER";
            refused(&["-H", streaming], &["expected UNSIGNED-PAYLOAD", "--upload-file"]);
        }
    }
}

#[test]
fn a_region_set_is_one() {
    for more in [&[][..], &["--region-set", "us-*"], &["--algorithm", "sigv4a"]] {
        let signed = answer(&[&["sign", API, "-H", "X-Amz-Region-Set: us-*"], more].concat());
        assert_eq!((&signed["algorithm"], header(&signed, "x-amz-region-set")), (&"sigv4a".into(), Some("us-*")));
    }
    let given = ["explain", API, "-H", "x-amz-region-set: us-*"];
    let explained = fixed(&given).ok().stdout;
    assert!(explained.contains("region set       us-*   (from: X-Amz-Region-Set header)"), "{explained}");
    run(&[&given[..], &["--region-set", "*"]].concat()).failed(2, &["expected one region set", "--region-set *"]);
    run(&[&given[..], &["--algorithm", "sigv4"]].concat()).failed(2, &["which is for SigV4a"]);
    run(&["sign", API, "-H", "x-amz-region-set: a,,b"]).failed(1, &["region set"]);
}

#[test]
fn a_date_is_the_time_of_signing() {
    let amz_date = format!("X-Amz-Date: {TIME}");
    for algorithm in ALGORITHMS {
        for (given, source) in [(DATE, "Date header"), (&amz_date, "X-Amz-Date header")] {
            let explained = run(&["explain", API, "--algorithm", algorithm, "-H", given]).ok().stdout;
            assert!(explained.contains(&format!("time             {TIME}   (from: {source})")), "{explained}");
            let signed = run(&["sign", API, "--algorithm", algorithm, "-H", given, "-o", "json"]).json();
            assert_eq!(header(&signed, "x-amz-date"), Some(TIME));
            assert!(signed["string_to_sign"].as_str().unwrap().contains(TIME));
            let url = run(&["presign", API, "--algorithm", algorithm, "-H", given]).ok().stdout;
            assert!(url.contains(&format!("&X-Amz-Date={TIME}&")), "{url}");
            // What a flag says goes first, and it is said.
            let later = run(&["sign", API, "--algorithm", algorithm, "-H", given, "--time", "20160101T000000Z"]).ok();
            assert!(later.stdout.starts_with("x-amz-date: 20160101T000000Z\n"), "{}", later.stdout);
            assert_eq!(later.stderr, format!("note: signed at 20160101T000000Z (--time), not at {TIME} ({source})\n"));
        }
        for command in ["sign", "presign", "explain", "request"] {
            run(&[command, API, "--algorithm", algorithm, "-H", "Date: foo"]).failed(1, &["an HTTP date"]);
            run(&[command, API, "--algorithm", algorithm, "-H", "X-Amz-Date: 2015"]).failed(1, &["20150830T123600Z"]);
            let two = ["-H", DATE, "-H", "x-amz-date: 20150830T123601Z"];
            run(&[&[command, API, "--algorithm", algorithm], &two[..]].concat()).failed(2, &["expected one time"]);
        }
    }
}

#[test]
fn an_old_signature_is_left_out_and_another_authorization_refused() {
    for algorithm in ALGORITHMS {
        let old = ["-H", "Authorization: AWS4-HMAC-SHA256 Credential=old"];
        let signed = fixed(&[&["sign", API, "--algorithm", algorithm], &old[..]].concat()).ok();
        assert!(signed.stderr.contains("the signature in the header `authorization` that was given is left out"));
        assert!(!signed.stdout.contains("=old") && signed.stdout.contains(ID), "{}", signed.stdout);
        for command in ["sign", "presign", "explain", "request"] {
            let refused = run(&[command, API, "--algorithm", algorithm, "-H", "authorization: Bearer x"]);
            refused.failed(2, &["expected no header `authorization`", "where the signature goes"]);
        }
    }
}

/// `request` does as `sign` does.
#[test]
fn what_is_sent_is_what_they_say() {
    let server = Canned::answering(&["HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n"]);
    let amz_date = format!("x-amz-date: {TIME}");
    for algorithm in ALGORITHMS {
        let place = if algorithm == "sigv4" { ["--region", "us-east-1"] } else { ["--region-set", "us-*"] };
        let base = ["request", &server.url, "--service", "execute-api", "--algorithm", algorithm, "-d", "a=1"];
        let told = ["-H", TOKEN, "-H", &amz_date, "-H", "x-amz-content-sha256: UNSIGNED-PAYLOAD"];
        run(&[&base[..], &place, &told].concat()).ok();
    }
    for request in server.requests() {
        for line in [TOKEN, &amz_date, "x-amz-content-sha256: UNSIGNED-PAYLOAD"] {
            assert_eq!(request.matches(&format!("\r\n{line}\r\n")).count(), 1, "{request}");
        }
        assert!(request.contains("x-amz-content-sha256;x-amz-date;"), "{request}");
    }
    assert_eq!(server.requests().len(), 2);
}
