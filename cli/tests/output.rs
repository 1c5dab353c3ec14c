//! What each format prints, signed and presigned, with both algorithms.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test panics where the command must not")]

mod support;

use support::{ALGORITHMS, API, MRAP, Run, SECRET, TIME, fed, fixed, run, with_keys};

/// What a shell hands to curl.
#[derive(Debug, Default)]
struct Curl {
    method: Option<String>,
    headers: Vec<String>,
    data: Vec<(String, String)>,
    flags: Vec<String>,
    url: Option<String>,
}

impl Curl {
    #[track_caller]
    fn parse(text: &str) -> Self {
        let mut words = shell_words::split(text).unwrap().into_iter();
        assert_eq!(words.next().as_deref(), Some("curl"));
        let mut curl = Self::default();
        while let Some(word) = words.next() {
            match word.as_str() {
                "-X" => curl.method = words.next(),
                "-H" => curl.headers.push(words.next().unwrap()),
                "--data-raw" | "--data-binary" => curl.data.push((word, words.next().unwrap())),
                flag if flag.starts_with('-') => curl.flags.push(word),
                _ => assert_eq!(curl.url.replace(word), None),
            }
        }
        curl
    }
}

#[test]
fn curl_gives_back_the_request() {
    let url = format!("{API}/it's $HOME/[x]*?q=`a`&b=\"");
    let nasty = "@it's\n$HOME \\ \"q\" `x`";
    for algorithm in ALGORITHMS {
        let base = ["sign", &url, "--algorithm", algorithm, "-H", "X-Nasty: it's \"$HOME\" `x`", "-H", "X-Empty;"];
        let arguments = [&base[..], &["-X", "PUT", "--data-raw", nasty, "-H", "content-type: text/plain"]].concat();
        let json = fixed(&[&arguments[..], &["-o", "json"]].concat()).json();
        let text = fixed(&[&arguments[..], &["-o", "curl"]].concat()).ok().stdout;
        assert!(!text.contains(SECRET));
        let curl = Curl::parse(&text);
        assert_eq!(curl.flags, ["--globoff", "--path-as-is"]);
        assert_eq!(curl.method.as_deref(), Some("PUT"));
        assert_eq!(curl.url.as_deref(), json["url"].as_str());
        assert_eq!(curl.data, [("--data-raw".to_owned(), nasty.to_owned())]);
        let sent: Vec<_> = curl
            .headers
            .iter()
            .map(|header| match header.strip_suffix(';') {
                Some(name) if !header.contains(':') => serde_json::json!([name, ""]),
                _ => header.split_once(": ").map(|(name, value)| serde_json::json!([name, value])).unwrap(),
            })
            .collect();
        assert_eq!(serde_json::Value::from(sent), json["headers"]);
    }
}

#[test]
fn curl_and_its_traps() {
    for algorithm in ALGORITHMS {
        let curl = |arguments: &[&str]| {
            let base = ["sign", API, "-o", "curl", "--algorithm", algorithm];
            Curl::parse(&fixed(&[&base, arguments].concat()).ok().stdout)
        };
        // -X HEAD would wait for a body.
        let head = curl(&["-I"]);
        assert!(head.flags.contains(&"--head".to_owned()) && head.method.is_none());
        // Without data curl sends no content-length; with data it claims a form.
        let empty = curl(&["-X", "POST"]);
        assert_eq!(empty.data, [("--data-raw".to_owned(), String::new())]);
        assert!(empty.headers.contains(&"content-type:".to_owned()));
        assert_eq!(curl(&[]).data, []);
        let is_content_type = |header: &&String| header.to_lowercase().starts_with("content-type");
        for arguments in
            [&["-d", "a"][..], &["-d", "a", "-H", "Content-Type: x/y"], &["-d", "a", "-H", "content-type:"]]
        {
            assert_eq!(curl(arguments).headers.iter().filter(is_content_type).count(), 1, "{arguments:?}");
        }
        // The bytes of a file stay in the file, unless they were changed.
        let path = std::env::temp_dir().join(format!("sigv4a cli {}-{algorithm}", std::process::id()));
        std::fs::write(&path, "a\nb").unwrap();
        let at = format!("@{}", path.display());
        assert_eq!(curl(&["--data-binary", &at]).data, [("--data-binary".to_owned(), at.clone())]);
        assert_eq!(curl(&["--data", &at]).data, [("--data-raw".to_owned(), "ab".to_owned())]);
        std::fs::remove_file(path).unwrap();
        // What no argument can hold goes through a pipe.
        let piped = with_keys(&["sign", API, "-o", "curl", "--algorithm", algorithm, "--data-binary", "@-"]);
        let text = fed(piped, b"a\0%\xff").ok().stdout;
        let (printf, rest) = text.split_once(" | ").unwrap();
        assert_eq!(printf, r"printf '\141\000\045\377'");
        assert_eq!(Curl::parse(rest).data, [("--data-binary".to_owned(), "@-".to_owned())]);
    }
}

#[test]
fn http_is_what_goes_over_the_wire() {
    for algorithm in ALGORITHMS {
        let url = format!("{API}/a b?z");
        let arguments = ["sign", &url, "--algorithm", algorithm, "--json", "{\"é\":1}", "-H", "X-First: 1", "-o"];
        let text = fixed(&[&arguments[..], &["http"]].concat()).ok().stdout;
        let json = fixed(&[&arguments[..], &["json"]].concat()).json();
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        let mut lines = head.split("\r\n");
        assert_eq!(lines.next(), Some("POST /prod/a%20b?z= HTTP/1.1"));
        assert_eq!(lines.next(), Some("host: abc123.execute-api.eu-west-1.amazonaws.com"));
        assert_eq!(lines.next(), Some("X-First: 1"));
        assert_eq!(lines.clone().filter(|line| line.starts_with("host:")).count(), 0);
        assert!(lines.clone().any(|line| line == "content-length: 8"));
        assert_eq!(lines.count(), json["headers"].as_array().unwrap().len() + 1 - 2);
        assert_eq!(body, "{\"é\":1}");
        assert!(!head.replace("\r\n", "").contains(['\r', '\n']));

        let http =
            |arguments: &[&str]| fixed(&[&["sign", API, "-o", "http", "--algorithm", algorithm], arguments].concat());
        assert!(!http(&[]).ok().stdout.contains("content-length"));
        assert!(http(&["-X", "PUT"]).ok().stdout.contains("\r\ncontent-length: 0\r\n"));
        assert_eq!(
            http(&["-d", "a", "-H", "Content-Length: 1"])
                .ok()
                .stdout
                .to_lowercase()
                .matches("content-length: 1")
                .count(),
            1
        );
        http(&["-d", "a", "-H", "Content-Length: 2"]).failed(2, &["expected `content-length: 1`, found `2`"]);
        http(&["-d", "a", "-H", "Transfer-Encoding: chunked"]).failed(2, &["transfer-encoding"]);
    }
}

#[test]
fn headers_are_those_to_add() {
    for algorithm in ALGORITHMS {
        let text = fixed(&["sign", API, "-H", "x-mine: 1", "-d", "a", "--algorithm", algorithm]).ok().stdout;
        let names: Vec<_> = text.lines().map(|line| line.split_once(": ").unwrap().0).collect();
        let region_set = (algorithm == "sigv4a").then_some("x-amz-region-set");
        let expected: Vec<_> =
            ["content-type", "x-amz-date"].into_iter().chain(region_set).chain(["authorization"]).collect();
        assert_eq!(names, expected);
        assert!(text.contains(";x-mine, "), "the caller's header is signed: {text}");
        let url = fixed(&["sign", &format!("{API}/a b"), "-o", "url", "--algorithm", algorithm]).ok();
        assert_eq!((url.stdout, url.stderr.as_str()), (format!("{API}/a%20b\n"), ""));
    }
}

#[test]
fn an_access_point_may_be_named_by_its_arn() {
    const ARN: &str = "arn:aws:s3::123456789012:accesspoint";
    let url = format!("{MRAP}/a%20%2520/b%3Fc%23");
    for arn in [format!("{ARN}/mfzwi23gnjvgw.mrap"), format!("s3://{ARN}:mfzwi23gnjvgw.mrap")] {
        let named = format!("{arn}/a %20/b?c#");
        for command in [&["sign", "-X", "PUT", "-d", "x"][..], &["presign"], &["explain"]] {
            let json = if command == ["explain"] { &[][..] } else { &["-o", "json"] };
            let of = |target: &str| fixed(&[command, &[target], json].concat()).ok().stdout;
            assert_eq!(of(&named), of(&url), "{command:?}");
        }
        let headers = fixed(&["sign", &named]).ok();
        assert_eq!(headers.stderr, format!("note: the URL of the object is {url}\n"));
        // Everything after the ARN is the key; a query has a flag of its own.
        let query = fixed(&["sign", &arn, "-G", "-d", "list-type=2", "-o", "url"]).ok().stdout;
        assert_eq!(query, format!("{MRAP}/?list-type=2\n"));
        run(&["sign", &arn, "--algorithm", "sigv4"]).failed(1, &["--force", "Multi-Region"]);
    }
}

#[test]
fn presigned_urls() {
    for (algorithm, url) in
        [("sigv4", "https://bucket.s3.eu-west-1.amazonaws.com/key"), ("sigv4a", &format!("{MRAP}/key"))]
    {
        let presign = |arguments: &[&str]| fixed(&[&["presign", url], arguments].concat());
        let presigned = presign(&["--expires", "15m", "-X", "PUT", "-H", "content-type: text/csv"]).ok();
        assert_eq!(presigned.stdout.lines().count(), 1);
        assert!(presigned.stdout.starts_with(&format!("{url}?X-Amz-Algorithm=")));
        assert!(presigned.stdout.contains("&X-Amz-Expires=900&") && presigned.stdout.contains("content-type%3Bhost"));
        assert_eq!(presigned.stdout.contains("X-Amz-Region-Set=%2A"), algorithm == "sigv4a");
        assert_eq!(presigned.stderr, "expires at 2015-08-30T12:51:00Z\ncontent-type: text/csv\n");
        assert!(presign(&[]).ok().stdout.contains("&X-Amz-Expires=3600&"));
        for (expires, seconds) in [("1", 1), ("1h 30m", 5400), ("7d", 604_800), ("604800", 604_800)] {
            assert!(presign(&["--expires", expires]).ok().stdout.contains(&format!("&X-Amz-Expires={seconds}&")));
        }
        for wrong in ["0", "604801", "8d", "500ms", "soon", "-1", "1 fortnight"] {
            presign(&[&format!("--expires={wrong}")]).failed(2, &["--expires"]);
        }
        presign(&["--expires", "8d"]).failed(2, &["1 to 604800 seconds", "691200"]);

        let curl = Curl::parse(&presign(&["-o", "curl", "-H", "x-amz-meta-a: 1"]).ok().stdout);
        assert!(curl.url.unwrap().contains("X-Amz-Signature=") && curl.headers.contains(&"x-amz-meta-a: 1".to_owned()));
        assert!(presign(&["-o", "http"]).ok().stdout.starts_with("GET /key?X-Amz-Algorithm="));
        let json = presign(&["-o", "json"]).json();
        assert!(json["url"].as_str().unwrap().ends_with(json["signature"].as_str().unwrap()));
        assert_eq!(presign(&["-o", "headers", "-H", "x-amz-meta-a: 1"]).ok().stdout, "x-amz-meta-a: 1\n");
    }
}

#[test]
fn a_url_ends_with_the_credentials() {
    for algorithm in ALGORITHMS {
        let base = ["presign", API, "--time", TIME, "--expires", "1h", "--algorithm", algorithm];
        let mut command = with_keys(&base);
        let presigned = Run::of(command.env("AWS_CREDENTIAL_EXPIRATION", "2015-08-30T12:46:00Z")).ok();
        assert_eq!(presigned.stderr, "expires at 2015-08-30T12:46:00Z, when the credentials end\n");
        let expired = Run::of(command.env("AWS_CREDENTIAL_EXPIRATION", "2015-08-30T12:00:00Z"));
        expired.failed(3, &["credentials expired", "hint: "]);
    }
}

#[test]
fn json_tells_errors_too() {
    for command in ["sign", "presign"] {
        let failed = run(&[command, "https://api.example.com/", "-o", "json"]).failed(1, &["missing service"]);
        let answer: serde_json::Value = serde_json::from_str(&failed.stdout).unwrap();
        assert_eq!(answer["error"]["kind"], "missing_service");
        assert!(answer["id"].is_null() && answer["error"]["message"].as_str().unwrap().contains("api.example.com"));
    }
}
