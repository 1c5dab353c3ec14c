//! `request`, over real connections.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test panics where the command must not"
)]

mod support;

use std::{
    fs,
    io::Read as _,
    net::TcpListener,
    path::PathBuf,
    process::Command,
    time::{Duration, Instant, SystemTime},
};

use support::{
    ALGORITHMS, Run, SECRET, TIME,
    canned::{Canned, HANG_UP, SILENCE, answer, sent},
    command,
    endpoint::Server,
    fed, run,
    tls::TlsServer,
    with_keys,
};

const TOKEN: &str = "SESSIONTOKENEXAMPLE";

/// For S3 in Virginia.
fn arguments<'a>(url: &'a str, algorithm: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    let place = ["--service", "s3", "--region", "us-east-1", "--region-set", "us-*"];
    [&["request", url, "--algorithm", algorithm], &place[..], more].concat()
}

#[track_caller]
fn request(url: &str, algorithm: &str, more: &[&str]) -> Run {
    run(&arguments(url, algorithm, more))
}

fn with_token(arguments: &[&str]) -> Command {
    let mut command = with_keys(arguments);
    command.env("AWS_SESSION_TOKEN", TOKEN);
    command
}

/// A file of this test's own.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str, content: &[u8]) -> Self {
        let path = std::env::temp_dir().join(format!("sigv4a-cli-request-{}-{name}", std::process::id()));
        fs::write(&path, content).unwrap();
        Self(path)
    }

    fn path(&self) -> &str {
        self.0.to_str().unwrap()
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

/// Bytes that are no text and do not repeat soon.
fn noise(length: usize) -> Vec<u8> {
    let mut state = 1_u32;
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        state.to_be_bytes()[0]
    };
    (0..length).map(|_| next()).collect()
}

#[test]
fn objects_come_and_go() {
    let server = Server::start(&["--style", "s3"]);
    for algorithm in ALGORITHMS {
        let url = format!("{}/bucket/a key+é?versionId", server.url);
        let put = request(&url, algorithm, &["-X", "PUT", "--data-raw", "first"]).ok();
        assert_eq!((put.stdout.as_str(), put.stderr.as_str()), ("", ""));
        assert_eq!(request(&url, algorithm, &[]).ok().stdout, "first");
        let shown = request(&url, algorithm, &["-i"]).ok().stdout;
        let (head, body) = shown.split_once("\r\n\r\n").unwrap();
        assert!(head.starts_with("HTTP/1.1 200 OK\r\n") && head.contains("\r\ncontent-length: 5"), "{head}");
        assert_eq!(body, "first");
        let head = request(&url, algorithm, &["-I"]).ok().stdout;
        assert!(head.starts_with("HTTP/1.1 200 OK\r\n") && head.ends_with("\r\n\r\n"), "{head}");
        assert_eq!(request(&url, algorithm, &["-X", "DELETE", "-f"]).ok().stdout, "");
        let gone = request(&url, algorithm, &["-f"]).failed(5, &["expected a status below 400, found 404 Not Found"]);
        assert!(gone.stdout.contains("<Code>NoSuchKey</Code>"), "{}", gone.stdout);
        assert_eq!(request(&url, algorithm, &[]).ok().stderr, "");
    }
}

/// Who sends it writes the host in lower case.
#[test]
fn a_host_in_capitals_is_signed_as_it_is_sent() {
    let server = Server::start(&["--style", "s3"]);
    let url = server.url.replace("127.0.0.1", "LocalHost") + "/bucket/key";
    for algorithm in ALGORITHMS {
        assert_eq!(request(&url, algorithm, &["-X", "PUT", "-d", "hello", "-f"]).ok().stdout, "");
        assert_eq!(request(&url, algorithm, &["-f"]).ok().stdout, "hello");
    }
}

#[test]
fn a_body_goes_and_comes_byte_for_byte() {
    let server = Server::start(&["--style", "s3"]);
    let (content, old) = (noise(300_000), Scratch::new("bytes-old", b"old"));
    let file = Scratch::new("bytes", &content);
    for algorithm in ALGORITHMS {
        let url = format!("{}/noise", server.url);
        request(&url, algorithm, &["-X", "PUT", "--data-binary", &format!("@{}", file.path())]).ok();
        assert!(request(&url, algorithm, &[]).ok().bytes == content);
        assert!(request(&url, algorithm, &["-o", "-"]).ok().bytes == content);
        assert_eq!(request(&url, algorithm, &["-o", old.path()]).ok().stdout, "");
        assert!(fs::read(&old.0).unwrap() == content);
    }
}

#[test]
fn a_file_is_left_alone_until_there_is_an_answer() {
    let server = Server::start(&["--style", "s3"]);
    let kept = Scratch::new("kept", b"kept");
    for algorithm in ALGORITHMS {
        request(&nobody(), algorithm, &["-o", kept.path()]).failed(6, &["nobody listening"]);
        let failed =
            request(&format!("{}/none", server.url), algorithm, &["-f", "-o", kept.path()]).failed(5, &["404"]);
        assert_eq!(failed.stdout, "");
        assert_eq!(fs::read(&kept.0).unwrap(), b"kept");
        let nowhere = request(&format!("{}/none", server.url), algorithm, &["-o", "/no/such/folder/file"]);
        nowhere.failed(4, &["expected to write the answer to `/no/such/folder/file`"]);
    }
}

#[test]
fn a_large_file_is_streamed() {
    let server = Server::start(&["--style", "s3"]);
    let content = noise(3_000_000);
    let file = Scratch::new("large", &content);
    for algorithm in ALGORITHMS {
        let url = format!("{}/large", server.url);
        for more in [
            &[][..],
            &["--checksum", "crc64nvme", "--checksum", "sha256", "--chunk-size", "100000"],
            &["--unsigned-chunks", "--checksum", "crc32"],
        ] {
            let sent = request(&url, algorithm, &[&["-v", "-f", "-T", file.path()], more].concat()).ok();
            assert!(sent.stderr.contains("\n> content-encoding: aws-chunked\n"), "{}", sent.stderr);
            assert!(sent.stderr.contains("\n> x-amz-decoded-content-length: 3000000\n"), "{}", sent.stderr);
            assert!(request(&url, algorithm, &[]).ok().bytes == content);
            request(&url, algorithm, &["-X", "DELETE"]).ok();
        }
        let unsigned = ["-v", "-f", "-T", file.path(), "--unsigned-payload"];
        let sent = request(&url, algorithm, &unsigned).ok();
        assert!(sent.stderr.contains("\n> x-amz-content-sha256: UNSIGNED-PAYLOAD\n"), "{}", sent.stderr);
        assert!(request(&url, algorithm, &[]).ok().bytes == content);
        request(&url, algorithm, &[&unsigned[..], &["--checksum", "crc32"]].concat()).failed(2, &["--unsigned-chunks"]);
        request(&url, algorithm, &["-T", "/no/such/file"])
            .failed(4, &["expected to read the body from `/no/such/file`"]);
        let framed = ["-T", file.path(), "-H", "content-length: 5"];
        request(&url, algorithm, &framed).failed(2, &["expected no header `content-length`"]);
    }
}

#[test]
fn verbose_tells_everything_but_secrets() {
    for algorithm in ALGORITHMS {
        let server = Canned::answering(&[&answer("200 OK", "x-amz-id: \"é\"\r\nset-cookie: a=hunter2\r\n", "hello")]);
        let arguments = arguments(&server.url, algorithm, &["-v", "-H", "cookie: hunter2", "-d", "a=b"]);
        let run = Run::of(&mut with_token(&arguments)).ok();
        let asked = server.requests().remove(0);
        let signature = sent(&asked, "authorization").unwrap().split_once("Signature=").unwrap().1;
        assert!(signature.len() >= 64 && sent(&asked, "x-amz-security-token") == Some(TOKEN));
        for secret in [SECRET, TOKEN, signature, "hunter2"] {
            assert!(!run.stderr.contains(secret), "{secret} in:\n{}", run.stderr);
        }
        assert_eq!(run.stdout, "hello");
        let name = if algorithm == "sigv4" { "HMAC-SHA256" } else { "ECDSA-P256-SHA256" };
        for told in [
            &format!("* algorithm        {algorithm}   (from: flag)\n"),
            "* service          s3   (from: flag)\n",
            "   (from: clock)\n",
            "\n> POST / HTTP/1.1\n> host: 127.0.0.1:",
            "\n> content-length: 3\n",
            "\n> x-amz-security-token: (hidden)\n",
            &format!("\n> authorization: AWS4-{name} Credential=AKIDEXAMPLE/"),
            ", Signature=(hidden)\n",
            "\n>\n< HTTP/1.1 200 OK\n",
            "\n< x-amz-id: \"é\"\n",
            "\n< set-cookie: (hidden)\n",
        ] {
            assert!(run.stderr.contains(told), "expected `{told}` in:\n{}", run.stderr);
        }
        // All that is said to be sent is sent.
        for line in
            run.stderr.lines().filter_map(|line| line.strip_prefix("> ")).filter(|line| !line.contains("(hidden)"))
        {
            assert!(asked.contains(&format!("{line}\r\n")), "{line} in:\n{asked}");
        }
        assert_eq!(run.stderr.matches("\n> ").count(), asked.split_once("\r\n\r\n").unwrap().0.lines().count());
    }
}

#[test]
fn a_wrong_secret_is_recognised() {
    for (style, service) in [("s3", "s3"), ("api-gateway", "execute-api")] {
        let server = Server::start(&["--style", style]);
        for algorithm in ALGORITHMS {
            let url = format!("{}/prod/a key?b=1&a", server.url);
            let arguments = arguments(&url, algorithm, &["-d", "it's"]);
            let arguments: Vec<_> = arguments.iter().map(|word| if *word == "s3" { service } else { word }).collect();
            let run = Run::of(with_keys(&arguments).env("AWS_SECRET_ACCESS_KEY", "another")).ok();
            assert!(run.stderr.starts_with("note: the server computed over the same"), "{}", run.stderr);
            assert!(run.stderr.contains("hint: the secret access key is not the one of this access key ID"));
            assert!(run.stdout.contains("signature we calculated does not match"), "{}", run.stdout);
        }
        let silent = Server::start(&["--style", style, "--no-echo"]);
        let arguments = ["request", &silent.url, "--service", service, "--region", "us-east-1"];
        let run = Run::of(with_keys(&arguments).env("AWS_SECRET_ACCESS_KEY", "another")).ok();
        assert!(run.stderr.contains("hint: the server does not say what it computed"), "{}", run.stderr);
    }
}

#[test]
fn the_first_difference_is_named() {
    for algorithm in ALGORITHMS {
        let server = Canned::answering(&[""]);
        let url = format!("{}/a/b?x=1", server.url);
        let more = ["--time", TIME, "-H", "x-amz-meta-a: 'quoted'", "-H", "accept-language: en"];
        let signed = arguments(&url, algorithm, &[&more[..], &["-o", "json"]].concat());
        let signed = Run::of(with_token(&[&["sign"], &signed[1..]].concat()).env("X", "")).json();
        let (canonical, to_sign) =
            (signed["canonical_request"].as_str().unwrap(), signed["string_to_sign"].as_str().unwrap());
        for (from, to, named, hint) in [
            ("GET\n", "HEAD\n", "the method is not", "changed the method"),
            ("/a/b\n", "/a%2Fb\n", "the path is not", "encoded anew"),
            ("x=1\n", "utm=2&x=1\n", "the query is not", "a CDN"),
            ("host:127.0.0.1", "host:api.example.com", "the header `host` is not", "--host"),
            ("'quoted'", "quoted", "the header `x-amz-meta-a` is not", "--no-sign-header x-amz-meta-a"),
            ("x-amz-meta-a:'quoted'\n", "", "the server did not get it", "--no-sign-header x-amz-meta-a"),
            ("host:", "a:b\nhost:", "the server got more of the header `a`", "--no-sign-header a"),
            ("\n\naccept", "\n\naccepts", "the list of signed headers", "the Authorization header"),
            ("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", "UNSIGNED", "", ""),
        ] {
            let theirs = canonical.replacen(from, to, 1);
            let theirs = if named.is_empty() { canonical_with_payload(canonical, to) } else { theirs };
            let (named, hint) = if named.is_empty() { ("the payload", "--unsigned-payload") } else { (named, hint) };
            assert_ne!(theirs, canonical, "{from}");
            for body in [s3(&theirs, to_sign), api_gateway(&theirs, to_sign), query_protocol(&theirs, to_sign)] {
                server.then(&[&answer("403 Forbidden", "", &body)]);
                let run = Run::of(&mut with_token(&arguments(&url, algorithm, &more))).ok();
                assert_eq!(run.stdout, body);
                for words in
                    ["note: ", named, "canonical request, - as signed here", "\n  + ", "\n  - ", "hint: ", hint]
                {
                    let can_be_missing = words.starts_with('\n');
                    assert!(can_be_missing || run.stderr.contains(words), "expected `{words}` in:\n{}", run.stderr);
                }
                assert!(["\n  + ", "\n  - "].iter().any(|sign| run.stderr.contains(sign)), "{}", run.stderr);
                assert!(!run.stderr.contains(TOKEN) && run.stderr.contains("x-amz-security-token:(hidden)"));
            }
        }
        let elsewhere = to_sign.replace("/s3/", "/execute-api/");
        server.then(&[&answer("403 Forbidden", "", &s3(canonical, &elsewhere))]);
        let run = Run::of(&mut with_token(&arguments(&url, algorithm, &more))).ok();
        for words in ["the credential scope is not", "string to sign, -", "/execute-api/aws4_request", "--service"] {
            assert!(run.stderr.contains(words), "expected `{words}` in:\n{}", run.stderr);
        }
    }
}

fn canonical_with_payload(canonical: &str, payload: &str) -> String {
    format!("{}\n{payload}", canonical.rsplit_once('\n').unwrap().0)
}

fn xml(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('\'', "&apos;")
}

fn s3(canonical: &str, to_sign: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>SignatureDoesNotMatch</Code><Message>It does not</Message>\
         <StringToSign>{}</StringToSign><CanonicalRequest>{}</CanonicalRequest></Error>",
        xml(to_sign),
        xml(canonical)
    )
}

fn message(canonical: &str, to_sign: &str) -> String {
    format!(
        "The request signature we calculated does not match the signature you provided.\n\nThe Canonical String for this \
         request should have been\n'{canonical}'\n\nThe String-to-Sign should have been\n'{to_sign}'\n"
    )
}

fn api_gateway(canonical: &str, to_sign: &str) -> String {
    serde_json::json!({ "message": message(canonical, to_sign) }).to_string()
}

fn query_protocol(canonical: &str, to_sign: &str) -> String {
    format!(
        "<ErrorResponse xmlns=\"http://iam.amazonaws.com/doc/2010-05-08/\"><Error><Code>SignatureDoesNotMatch</Code><Message>\
         {}</Message></Error></ErrorResponse>",
        xml(&message(canonical, to_sign))
    )
}

/// What a server would say about a request that arrived.
#[track_caller]
fn verified(request: &str) {
    let verdict = fed(with_token(&["verify", "-", "--service", "s3", "--region", "us-east-1"]), request.as_bytes());
    assert!(verdict.code == 0 && verdict.stdout.starts_with("ok: AKIDEXAMPLE"), "{}\n{request}", verdict.stdout);
}

#[test]
fn a_redirect_is_followed_when_asked_and_gives_nothing_away() {
    for algorithm in ALGORITHMS {
        let (to, from) = (Canned::answering(&[&answer("200 OK", "", "there")]), Canned::answering(&[""]));
        let secrets = ["-H", "cookie: hunter2", "-H", "x-api-key: hunter2", "-H", "x-amz-meta-a: hunter2"];
        let url = format!("{}/here", from.url);
        let follow = [&secrets[..], &["-v", "-L", "-X", "PUT", "--data-raw", "body"]].concat();
        let follow = arguments(&url, algorithm, &follow);

        from.then(&[&answer("307 Temporary Redirect", &format!("location: {}/there?a=b\r\n", to.url), "")]);
        let kept = Run::of(&mut with_token(&arguments(&url, algorithm, &["-i"]))).ok();
        assert!(kept.stdout.starts_with("HTTP/1.1 307 ") && to.requests().is_empty());
        let run = Run::of(&mut with_token(&follow)).ok();
        assert_eq!(run.stdout, "there");
        assert!(run.stderr.contains("unsigned, another origin"), "{}", run.stderr);
        let arrived = to.requests().remove(0);
        assert!(arrived.starts_with("PUT /there?a=b HTTP/1.1\r\n") && arrived.ends_with("\r\n\r\nbody"), "{arrived}");
        for ours in ["authorization", "x-amz-", "hunter2", TOKEN, "AKIDEXAMPLE", "cookie", "x-api-key"] {
            assert!(!arrived.to_ascii_lowercase().contains(&ours.to_ascii_lowercase()), "{ours} in:\n{arrived}");
        }

        from.then(&[&answer("307 Temporary Redirect", "location: /there?a=b\r\n", ""), &answer("200 OK", "", "same")]);
        let run = Run::of(&mut with_token(&follow)).ok();
        assert!(run.stdout == "same" && run.stderr.contains("signed anew"), "{}", run.stderr);
        let asked = from.requests();
        let [.., first, second] = asked.as_slice() else { unreachable!() };
        assert!(first.starts_with("PUT /here ") && second.starts_with("PUT /there?a=b "), "{second}");
        assert_ne!(sent(first, "authorization"), sent(second, "authorization"));
        verified(first);
        verified(second);
    }
}

#[test]
fn an_upload_is_sent_again_from_its_beginning() {
    let content = vec![b'x'; 20_000];
    let file = Scratch::new("again", &content);
    for algorithm in ALGORITHMS {
        let server = Canned::answering(&[
            &answer("307 Temporary Redirect", "location: /there\r\n", ""),
            &answer("503 Slow Down", "retry-after: 0\r\n", ""),
            &answer("200 OK", "", "done"),
        ]);
        let more = ["-L", "-T", file.path(), "--chunk-size", "10000", "--checksum", "sha1", "--retry", "1"];
        assert_eq!(request(&format!("{}/here", server.url), algorithm, &more).ok().stdout, "done");
        let asked = server.requests();
        assert_eq!(asked.len(), 3);
        for (request, path) in asked.iter().zip(["/here", "/there", "/here"]) {
            assert!(request.starts_with(&format!("PUT {path} HTTP/1.1\r\n")), "{request}");
            assert_eq!(request.matches(";chunk-signature=").count(), 3);
            assert_eq!(
                request.matches('x').count() - request.split_once("\r\n\r\n").unwrap().0.matches('x').count(),
                20_002
            );
            assert!(request.contains("x-amz-checksum-sha1:") && request.ends_with("\r\n\r\n"));
        }
    }
}

#[test]
#[expect(clippy::disallowed_methods, reason = "the clock that is off by twenty minutes is the system's")]
fn a_clock_that_is_off_is_corrected_once() {
    for (algorithm, (sign, word)) in
        ALGORITHMS.iter().flat_map(|name| [(1, "behind"), (-1, "ahead of")].map(|way| (name, way)))
    {
        let now = SystemTime::now();
        let off = Duration::from_secs(20 * 60);
        let theirs = httpdate::fmt_http_date(if sign > 0 { now + off } else { now - off });
        let refused = "<Error><Code>RequestTimeTooSkewed</Code></Error>";
        let refused = answer("403 Forbidden", &format!("date: {theirs}\r\n"), refused);
        let server = Canned::answering(&[&refused, &answer("200 OK", &format!("date: {theirs}\r\n"), "done")]);
        let run = request(&server.url, algorithm, &[]).ok();
        assert_eq!(run.stdout, "done");
        assert!(run.stderr.contains(&format!("minutes {word} that of 127.0.0.1")), "{}", run.stderr);
        let asked = server.requests();
        let times: Vec<_> = asked
            .iter()
            .map(|request| sigv4a::Timestamp::parse_amz_date(sent(request, "x-amz-date").unwrap()).unwrap().as_unix())
            .collect();
        assert!((times[1] - times[0] - sign * 1200).abs() < 10, "{times:?}");

        // Whoever names a time gets that time.
        server.then(&[&refused]);
        let run = request(&server.url, algorithm, &["--time", TIME]).ok();
        assert!(run.stdout.contains("RequestTimeTooSkewed") && run.stderr.is_empty(), "{}", run.stderr);
        assert_eq!(sent(&server.requests()[2], "x-amz-date"), Some(TIME));
        assert_eq!(server.requests().len(), 3);
        let date = ["-v", "-H", "date: Sun, 30 Aug 2015 12:36:00 GMT"];
        let run = request(&server.url, algorithm, &date).ok();
        assert!(run.stderr.contains(&format!("* time             {TIME}   (from: Date header)")), "{}", run.stderr);
        assert_eq!(sent(&server.requests()[3], "x-amz-date"), Some(TIME));
    }
}

#[test]
fn a_token_that_may_be_of_the_wrong_kind_is_noted() {
    let refused = answer("400 Bad Request", "", "<Error><Code>InvalidToken</Code></Error>");
    let server = Canned::answering(&[&refused]);
    let run = Run::of(&mut with_token(&arguments(&server.url, "sigv4a", &[]))).ok();
    assert!(
        run.stderr.starts_with("note: SigV4a takes session tokens of regional STS endpoints only"),
        "{}",
        run.stderr
    );
    assert!(run.stdout.contains("InvalidToken"));
    assert_eq!(Run::of(&mut with_token(&arguments(&server.url, "sigv4", &[]))).ok().stderr, "");
}

#[test]
fn credentials_that_have_expired_are_read_again() {
    let keys = |id: &str| {
        format!("[default]\naws_access_key_id={id}\naws_secret_access_key=secret\naws_session_token=token-of-{id}\n")
    };
    for algorithm in ALGORITHMS {
        let expired = answer("403 Forbidden", "", "<Error><Code>ExpiredToken</Code></Error>");
        let file = Scratch::new("renewed", keys("ASIAOLD").as_bytes());
        let (path, renewed) = (file.path().to_owned(), keys("ASIANEW"));
        // Somebody renews the file while the first request is under way.
        let server = Canned::answering_after(&[&expired, &answer("200 OK", "", "done")], move |before| {
            if before == 0 {
                fs::write(&path, &renewed).unwrap();
            }
        });
        let run = || {
            let mut command = command(&arguments(&server.url, algorithm, &[]));
            Run::of(command.env("AWS_SHARED_CREDENTIALS_FILE", file.path())).ok()
        };
        let renewed = run();
        assert_eq!((renewed.stdout.as_str(), server.requests().len()), ("done", 2));
        assert!(renewed.stderr.contains("says that the session token has expired"), "{}", renewed.stderr);
        assert!(server.requests()[1].contains("Credential=ASIANEW/"), "{}", server.requests()[1]);
        // There are no others: it is the answer.
        server.then(&[&expired]);
        let refused = run();
        assert!(refused.stdout.contains("ExpiredToken") && refused.stderr.is_empty(), "{}", refused.stderr);
        assert_eq!(server.requests().len(), 3);
    }
}

/// A URL where nobody listens.
fn nobody() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    format!("http://{}", listener.local_addr().unwrap())
}

#[test]
fn no_answer_is_explained() {
    let server = Canned::answering(&[SILENCE]);
    for algorithm in ALGORITHMS {
        let url = nobody();
        request(&url, algorithm, &[])
            .failed(6, &["nobody listening there", &url["http://".len()..], "hint: check host"]);
        let unknown = "https://no-such-host.invalid/";
        request(unknown, algorithm, &[]).failed(6, &["no-such-host.invalid", "no address for its name", "--resolve"]);
        let start = Instant::now();
        request(&server.url, algorithm, &["--max-time", "0.3"]).failed(6, &["within 300ms", "--max-time"]);
        assert!(start.elapsed() < Duration::from_secs(5));
        let talker = Server::start(&["--style", "s3"]);
        let plain_talker = talker.url.replace("http:", "https:");
        request(&plain_talker, algorithm, &["--max-time", "5s"])
            .failed(6, &["no TLS that both sides speak", "`http://`"]);
        let asleep = TcpListener::bind("127.0.0.1:0").unwrap();
        let asleep = (format!("https://{}/", asleep.local_addr().unwrap()), asleep);
        request(&asleep.0, algorithm, &["--connect-timeout", "300ms"]).failed(6, &["no connection in time", "VPC"]);
        let broken = Canned::answering(&["HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nbroken"]);
        let broken = request(&broken.url, algorithm, &[]).failed(6, &["127.0.0.1", "to its end"]);
        assert_eq!(broken.stdout, "broken");
    }
    request(&server.url, "auto", &["--max-time", "0"]).failed(2, &["more than nothing"]);
    request(&server.url, "auto", &["--cacert", "/no/such/file"]).failed(4, &["the certificates from `/no/such/file`"]);
    let no_pem = Scratch::new("no-pem", b"no certificate");
    request(&server.url, "auto", &["--cacert", no_pem.path()]).failed(2, &["in PEM"]);
}

#[test]
fn it_tries_again_when_that_can_help() {
    let busy = answer("503 Slow Down", "retry-after: 0\r\n", "busy");
    for algorithm in ALGORITHMS {
        let server = Canned::answering(&[&busy, HANG_UP, &answer("200 OK", "", "done")]);
        let run = request(&server.url, algorithm, &["--retry", "2"]).ok();
        assert_eq!((run.stdout.as_str(), server.requests().len()), ("done", 3));
        assert!(
            run.stderr.contains("note: the answer is 503 Service Unavailable; again in 0.0 s (1 of 2)\n"),
            "{}",
            run.stderr
        );
        server.requests().iter().for_each(|request| assert!(sent(request, "authorization").is_some()));

        // The last answer is shown, whatever it is.
        server.then(&[&busy]);
        let run = request(&server.url, algorithm, &["--retry", "1", "-f"]);
        assert_eq!((run.code, run.stdout.as_str(), server.requests().len()), (5, "busy", 5));
        assert_eq!(request(&server.url, algorithm, &[]).ok().stdout, "busy");
        // A POST may have been done.
        server.then(&[HANG_UP]);
        let before = server.requests().len();
        request(&server.url, algorithm, &["--retry", "3", "-d", "order"]).failed(6, &["connection", "hint: "]);
        assert_eq!(server.requests().len(), before + 1);
        // What is refused is refused again.
        server.then(&[&answer("404 Not Found", "", "")]);
        request(&server.url, algorithm, &["--retry", "3"]).ok();
        assert_eq!(server.requests().len(), before + 2);
    }
    let start = Instant::now();
    let refused = request(&nobody(), "sigv4", &["--retry", "1", "-d", "order"]);
    assert!(refused.code == 6 && refused.stderr.matches("nobody listening").count() == 2, "{}", refused.stderr);
    assert!(start.elapsed() >= Duration::from_millis(400));
}

#[test]
fn it_connects_where_it_is_told_to() {
    let server = Server::start(&["--style", "api-gateway"]);
    let (_, port) = server.url.rsplit_once(':').unwrap();
    let api = ["--service", "execute-api", "--region", "us-east-1", "--region-set", "us-east-1"];
    for algorithm in ALGORITHMS {
        let told =
            |url: &str, more: &[&str]| run(&[&["request", url, "--algorithm", algorithm], &api[..], more].concat());
        let plain = "http://abc123.execute-api.us-east-1.amazonaws.com/prod";
        for route in [
            format!("::127.0.0.1:{port}"),
            format!("abc123.execute-api.us-east-1.amazonaws.com:80:127.0.0.1:{port}"),
            format!(":80:localhost:{port}"),
        ] {
            let run = told(plain, &["-v", "--connect-to", &route]).ok();
            assert!(run.stdout.contains("\"access_key_id\":\"AKIDEXAMPLE\""), "{}", run.stdout);
            assert!(run.stderr.contains("\n> host: abc123.execute-api.us-east-1.amazonaws.com\n"), "{}", run.stderr);
        }
        let with_port = format!("http://api.example.com:{port}/prod");
        told(&with_port, &["--resolve", &format!("api.example.com:{port}:127.0.0.1"), "-f"]).ok();
        // Signed for another host than the one that is dialled.
        let tunnelled = told(&format!("{}/prod", server.url), &["-v", "--host", "api.example.com", "-f"]).ok();
        assert!(tunnelled.stderr.contains("\n> host: api.example.com\n"), "{}", tunnelled.stderr);
        told(&format!("{}/prod", server.url), &["-H", "Host: api.example.com", "-f"]).ok();

        let proxy = Canned::answering(&[&answer("200 OK", "", "by proxy")]);
        let through = [&["request", plain, "--algorithm", algorithm], &api[..]].concat();
        let run = Run::of(with_keys(&through).env("http_proxy", &proxy.url)).ok();
        assert_eq!(run.stdout, "by proxy");
        let asked = proxy.requests().remove(0);
        assert!(asked.starts_with(&format!("GET {plain} HTTP/1.1\r\n")), "{asked}");
        assert_eq!(sent(&asked, "host"), Some("abc123.execute-api.us-east-1.amazonaws.com"));
        let route = format!("::127.0.0.1:{port}");
        let around = [&through[..], &["--connect-to", &route]].concat();
        assert!(Run::of(with_keys(&around).env("http_proxy", &proxy.url)).ok().stdout.contains("AKIDEXAMPLE"));
        assert_eq!(proxy.requests().len(), 1);

        told(&with_port, &["--connect-to", "::127.0.0.1:1"]).failed(2, &["expected the port of the URL", "--host"]);
        told(&server.url, &["--connect-to", "::127.0.0.1:"]).failed(2, &["expected the name of a host", "--host"]);
        told(plain, &["--connect-to", "::no-such-host.invalid:"]).failed(6, &["no address for its name"]);
        told(plain, &["--connect-to", "localhost"]).failed(2, &["HOST:PORT:HOST2:PORT2"]);
        told(plain, &["--resolve", "a:80:b"]).failed(2, &["HOST:PORT:ADDRESS"]);
    }
}

#[test]
fn certificates_are_checked() {
    let TlsServer { port, pem } = TlsServer::start();
    let authority = Scratch::new("authority", pem.as_bytes());
    let url = format!("https://localhost:{port}/");
    for algorithm in ALGORITHMS {
        let trusted = request(&url, algorithm, &["-v", "--cacert", authority.path()]).ok();
        assert_eq!(trusted.stdout, format!("HTTP/2.0 localhost:{port} -"));
        assert!(trusted.stderr.contains("\n> GET /\n"), "the version is agreed on later: {}", trusted.stderr);
        request(&url, algorithm, &["--retry", "3"]).failed(6, &["a certificate that is not trusted", "--cacert"]);
        // HTTP/2 has one host, that of the URL: for another one it is not spoken.
        let other = ["-i", "--cacert", authority.path(), "--host", "api.example.com"];
        let other = request(&url, algorithm, &other).ok().stdout;
        assert!(
            other.starts_with("HTTP/1.1 200 OK\r\n") && other.ends_with("\r\n\r\nHTTP/1.1 - api.example.com"),
            "{other}"
        );
        // The name is that of the URL, wherever it leads.
        let resolve = format!("api.example.com:{port}:127.0.0.1");
        let other = ["--cacert", authority.path(), "--resolve", &resolve];
        request(&format!("https://api.example.com:{port}/"), algorithm, &other)
            .failed(6, &["a certificate that is not"]);
    }
}

#[test]
fn the_reader_may_go_away() {
    let server = Server::start(&["--style", "s3"]);
    let file = Scratch::new("gone", &noise(4_000_000));
    let url = format!("{}/large", server.url);
    request(&url, "sigv4", &["-T", file.path()]).ok();
    for algorithm in ALGORITHMS {
        let mut child = with_keys(&arguments(&url, algorithm, &[])).spawn().unwrap();
        let mut stdout = child.stdout.take().unwrap();
        stdout.read_exact(&mut [0; 10]).unwrap();
        drop(stdout);
        let run = Run::from(child.wait_with_output().unwrap());
        assert_eq!((run.code, run.stderr.as_str()), (141, ""));
    }
}

#[test]
fn nothing_is_sent_that_cannot_be_signed() {
    let server = Canned::answering(&[&answer("200 OK", "", "")]);
    for algorithm in ALGORITHMS {
        let arguments = arguments(&server.url, algorithm, &[]);
        let missing = Run::of(&mut command(&arguments)).failed(3, &["AWS_ACCESS_KEY_ID", "--profile"]);
        assert_eq!(missing.stdout, "");
        let expired = Run::of(with_token(&arguments).env("AWS_CREDENTIAL_EXPIRATION", "2015-08-30T12:36:00Z"));
        expired.failed(3, &["expired"]);
        run(&["request", &server.url, "--algorithm", algorithm]).failed(1, &["service", "--service"]);
        let date = ["-H", "date: Sun, 30 Aug 2015 12:36:00 GMT", "--time", TIME];
        request(&server.url, algorithm, &date).failed(2, &["expected one time"]);
        request(&server.url, algorithm, &["-H", "date: now"]).failed(1, &["an HTTP date"]);
        let dots = format!("{}/a/../b", server.url);
        request(&dots, algorithm, &[]).failed(2, &["/a/../b", "sigv4a sign -o curl"]);
        request("ftp://example.com/", algorithm, &[]).failed(1, &["scheme"]);
    }
    assert!(server.requests().is_empty());
    run(&["request"]).failed(2, &["<URL>"]);
    let help = run(&["curl", "--help"]).ok().stdout;
    assert!(help.contains("Exit codes: ") && help.contains("--connect-to") && !help.contains("--insecure"), "{help}");
    let main = run(&["--help"]).ok().stdout;
    assert!(main.contains("\n  5    ") && main.contains("\n  6    "), "{main}");
}
