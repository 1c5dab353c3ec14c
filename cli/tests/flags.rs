//! Every flag, with both algorithms.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test panics where the command must not")]

mod support;

use serde_json::Value;
use sigv4a::{
    Credentials, RegionSet, Service, SigV4a, Signature,
    config::{Ambient, Environment},
};
use support::{ALGORITHMS, API, ID, MRAP, Run, SECRET, TIME, fed, fixed, header, run, with_keys};

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
fn algorithm_service_and_regions() {
    let other = "https://api.example.com/";
    let chosen = |arguments: &[&str]| {
        let answer = fixed(&[&["sign", other, "-o", "json"], arguments].concat()).json();
        let scope = answer["string_to_sign"].as_str().unwrap().lines().nth(2).unwrap().to_owned();
        (
            answer["algorithm"].as_str().unwrap().to_owned(),
            scope,
            header(&answer, "x-amz-region-set").map(str::to_owned),
        )
    };
    let v4 = chosen(&["--service", "execute-api", "--region", "eu-west-3"]);
    assert_eq!(v4, ("sigv4".into(), "20150830/eu-west-3/execute-api/aws4_request".into(), None));
    let v4a = chosen(&["--service", "execute-api", "--region-set", "eu-*, us-east-1", "--algorithm", "sigv4a"]);
    assert_eq!(v4a, ("sigv4a".into(), "20150830/execute-api/aws4_request".into(), Some("eu-*,us-east-1".into())));
    assert_eq!(chosen(&["--service", "execute-api", "--region-set", "*", "--algorithm", "auto"]).0, "sigv4a");
    // A host that tells its region and prefers SigV4 changes nothing about that; nor does a default of the environment.
    let everywhere = ["--service", "execute-api", "--region-set", "*"];
    let here = fixed(&[&["explain", API], &everywhere[2..]].concat()).ok().stdout;
    assert!(here.contains("algorithm        sigv4a   (from: the region set given)"), "{here}");
    assert!(here.contains("region set       *   (from: flag)"), "{here}");
    let by_default = Run::of(with_keys(&["explain", API]).env("AWS_SIGV4A_SIGNING_REGION_SET", "*")).ok().stdout;
    assert!(by_default.contains("algorithm        sigv4   (from: auto: what the host prefers)"), "{by_default}");
    // What contradicts itself is refused, in every command.
    for command in [&["sign", API][..], &["presign", API], &["explain", API], &["request", API]] {
        run(&[command, &everywhere, &["--algorithm", "sigv4"]].concat())
            .failed(2, &["expected --region with --algorithm sigv4, found --region-set *", "--algorithm sigv4a"]);
    }
    let both = [&everywhere[..], &["--region", "us-east-1"]].concat();
    for (algorithm, chosen_one) in [("sigv4", "sigv4"), ("sigv4a", "sigv4a"), ("auto", "sigv4")] {
        assert_eq!(chosen(&[&both[..], &["--algorithm", algorithm]].concat()).0, chosen_one);
    }
    // Nothing is passed over without a word.
    for (flags, is_noted) in [(&[][..], true), (&["--algorithm", "auto"], false), (&["--algorithm", "sigv4"], false)] {
        let told = fixed(&[&["sign", API][..], &both, flags].concat()).ok().stderr;
        assert_eq!(told.contains("the region set * is for --algorithm sigv4a"), is_noted, "{told}");
    }
    run(&["sign", other]).failed(1, &["missing service", "api.example.com", "hint: give --service"]);
    run(&["sign", other, "--service", "s3", "--algorithm", "sigv4"])
        .failed(1, &["missing region", "hint: give --region"]);
    run(&["sign", other, "--service", "s3", "--algorithm", "sigv4a"]).failed(1, &["missing region", "--region-set"]);
    for (flag, wrong) in
        [("--algorithm", "sigv5"), ("--region", "eu west"), ("--region-set", "a,,b"), ("--service", "S 3")]
    {
        run(&["sign", API, flag, wrong]).failed(2, &[flag, wrong]);
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
fn host() {
    let url = "http://localhost:8080/x";
    let host = "abc123.execute-api.eu-west-1.amazonaws.com";
    for algorithm in ALGORITHMS {
        for arguments in [["--host", host], ["-H", &format!("Host: {host}")]] {
            let signed =
                fixed(&[&["sign", url, "-o", "json", "--algorithm", algorithm], &arguments[..]].concat()).json();
            assert!(canonical(&signed).contains(&format!("host:{host}").as_str()));
            assert_eq!(signed["url"], url);
            assert_eq!(header(&signed, "host").or_else(|| header(&signed, "Host")), Some(host));
        }
        let printed = fixed(&["sign", url, "--host", host, "--algorithm", algorithm]).ok().stdout;
        assert!(printed.contains(&format!("host: {host}\n")), "{printed}");
        let presigned = fixed(&["presign", url, "--host", host, "--algorithm", algorithm]).ok();
        assert!(presigned.stderr.contains(&format!("host: {host}\n")), "{}", presigned.stderr);
        run(&["sign", url, "--host", "a b", "--algorithm", algorithm]).failed(1, &["host"]);
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

/// AWS IoT takes the token beside the signature of a WebSocket, not under it; a token of a database is for `rds-db`.
#[test]
fn web_sockets_of_iot_and_tokens_of_databases() {
    let url = "wss://abc-ats.iot.us-east-1.amazonaws.com/mqtt";
    let host = ["-H", "Host: abc-ats.iot.us-east-1.amazonaws.com"];
    for same_or_other in [&[][..], &host, &["--host", "xyz-ats.iot.us-east-1.amazonaws.com"]] {
        let explained = fixed(&[&["explain", url, "--expires", "60"], same_or_other].concat()).ok().stdout;
        assert!(explained.contains("service          iotdevicegateway   (from: host)"), "{explained}");
    }
    let mut presign = with_keys(&["presign", url, "--expires", "60", "--time", TIME, "-o", "json"]);
    let presigned = Run::of(presign.env("AWS_SESSION_TOKEN", "the-token")).json();
    assert!(!presigned["canonical_request"].as_str().unwrap().contains("Security-Token"), "{presigned}");
    assert!(presigned["url"].as_str().unwrap().contains("&X-Amz-Security-Token=the-token"), "{presigned}");
    let database = "https://mydb.abc.us-east-1.rds.amazonaws.com:3306/?Action=connect&DBUser=me";
    let token = fixed(&["presign", database, "--expires", "15m"]).ok().stdout;
    assert!(token.contains("%2Fus-east-1%2Frds-db%2Faws4_request&"), "{token}");
}

#[test]
fn force() {
    let url = format!("{MRAP}/key");
    let arguments = ["sign", &url, "--algorithm", "sigv4", "--region", "us-east-1"];
    run(&arguments).failed(1, &["algorithm refused", "Multi-Region Access Point", "--force"]);
    let forced = fixed(&[&arguments[..], &["--force"]].concat()).ok();
    assert!(forced.stdout.contains("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/s3/"));
    let auto = fixed(&["sign", &url, "--force"]).ok();
    assert!(auto.stdout.contains("AWS4-ECDSA-P256-SHA256"));
}

#[test]
fn provider() {
    let signature = |algorithm: &str, provider: &str| {
        let base = ["sign", API, "-o", "json", "--time", TIME, "--algorithm", algorithm, "--provider", provider];
        let answer = run(&base).json();
        check_signature(&answer);
        answer["signature"].as_str().unwrap().to_owned()
    };
    for algorithm in ALGORITHMS {
        assert_eq!(signature(algorithm, "rust-crypto"), signature(algorithm, "rust-crypto"));
    }
    assert_eq!(signature("sigv4", "ring"), signature("sigv4", "rust-crypto"));
    assert_ne!(signature("sigv4a", "ring"), signature("sigv4a", "ring"));
}

#[test]
fn profile() {
    let file = std::env::temp_dir().join(format!("sigv4a-cli-credentials-{}", std::process::id()));
    std::fs::write(&file, "[other]\naws_access_key_id = AKOTHER\naws_secret_access_key = secret\n").unwrap();
    for algorithm in ALGORITHMS {
        let signed = |arguments: &[&str]| {
            let mut command = with_keys(&[&["sign", API, "--algorithm", algorithm], arguments].concat());
            Run::of(command.env("AWS_SHARED_CREDENTIALS_FILE", &file))
        };
        assert!(signed(&["--profile", "other"]).ok().stdout.contains("Credential=AKOTHER/"));
        assert!(signed(&[]).ok().stdout.contains("Credential=AKIDEXAMPLE/"));
        signed(&["--profile", "absent"]).failed(3, &["configuration", "absent"]);
    }
    std::fs::remove_file(file).unwrap();
}
