//! `serve`, over real connections.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test panics where the command must not"
)]

mod support;

use std::{
    io::{Read as _, Write as _},
    net::TcpStream,
};

use support::{ALGORITHMS, Run, endpoint::Server, run, with_keys};

fn objects(server: &Server) {
    for algorithm in ALGORITHMS {
        let put = |key: &str, body: &str| server.send(key, algorithm, &["-X", "PUT", "--data-raw", body]);
        let get = |key: &str| server.send(key, algorithm, &[]);
        assert_eq!(put("/bucket/a key+é", "first"), (200, String::new()));
        assert_eq!(put("/bucket/b/c", "second").0, 200);
        assert_eq!(get("/bucket/a key+é"), (200, "first".to_owned()));
        assert_eq!(server.send("/bucket/b/c", algorithm, &["-I"]), (200, String::new()));
        let (status, listed) = get("/bucket?list-type=2&prefix=b/");
        assert!(
            status == 200
                && listed.contains("<KeyCount>1</KeyCount>")
                && listed.contains("<Key>b/c</Key><LastModified>2"),
            "{listed}"
        );
        assert!(get("/").1.contains("<Key>bucket/a key+é</Key>"));
        assert_eq!(server.send("/bucket/b/c", algorithm, &["-X", "DELETE"]).0, 204);
        let (status, missing) = get("/bucket/b/c");
        assert!(status == 404 && missing.contains("<Code>NoSuchKey</Code>"), "{missing}");
        assert_eq!(get("/bucket?acl").0, 501);
        let copy = ["-X", "PUT", "-H", "x-amz-copy-source: /bucket/a"];
        assert!(server.send("/bucket/d", algorithm, &copy).1.contains("NotImplemented"));
    }
}

#[test]
fn objects_are_kept_in_memory() {
    objects(&Server::start(&["--style", "s3"]));
}

#[test]
fn objects_are_kept_in_a_folder() {
    let folder = std::env::temp_dir().join(format!("sigv4a-cli-serve-{}", std::process::id()));
    std::fs::create_dir(&folder).unwrap();
    {
        let server = Server::start(&["--style", "s3", "--folder", folder.to_str().unwrap()]);
        objects(&server);
        let outside = server.send("/../../outside", "sigv4", &["-X", "PUT", "--data-raw", "x"]);
        assert_eq!(outside.0, 200);
    }
    assert!(folder.join("%2E%2E/%2E%2E/outside").is_file());
    std::fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn what_is_not_signed_rightly_is_refused_in_s3s_words() {
    let server = Server::start(&["--style", "s3"]);
    for algorithm in ALGORITHMS {
        let wrong = with_keys(&[
            "sign",
            &format!("{}/key", server.url),
            "--algorithm",
            algorithm,
            "--service",
            "s3",
            "--region",
            "us-east-1",
            "--region-set",
            "us-east-1",
            "-o",
            "http",
        ])
        .env("AWS_SECRET_ACCESS_KEY", "another")
        .output()
        .map(Run::from)
        .unwrap();
        let (status, xml) = server.exchange(&wrong.ok().bytes);
        assert_eq!(status, 403);
        for expected in ["<Code>SignatureDoesNotMatch</Code>", "<CanonicalRequest>GET\n/key\n", "<StringToSign>AWS4-"] {
            assert!(xml.contains(expected), "{xml}");
        }
        let (status, xml) = server.send("/key", algorithm, &["--time", "20150830T123600Z"]);
        assert!(status == 403 && xml.contains("<Code>RequestTimeTooSkewed</Code>"), "{xml}");
    }
    let unsigned = format!("GET /key HTTP/1.1\r\nhost: {}\r\n\r\n", server.url.strip_prefix("http://").unwrap());
    assert!(server.exchange(unsigned.as_bytes()).1.contains("<Code>AccessDenied</Code>"));
    let url = run(&["presign", &format!("{}/key", server.url), "--service", "s3", "--region", "us-east-1"]).ok().stdout;
    let target = url.trim().strip_prefix(&server.url).unwrap();
    let host = server.url.strip_prefix("http://").unwrap();
    assert_eq!(server.exchange(format!("GET {target} HTTP/1.1\r\nhost: {host}\r\n\r\n").as_bytes()).0, 404);
}

#[test]
fn no_echo_tells_nothing() {
    let server = Server::start(&["--style", "s3", "--no-echo"]);
    let (status, xml) = server.send("/key", "sigv4", &["--session-token-mode", "append"]);
    assert_eq!(status, 404, "{xml}");
    let forged =
        run(&["sign", &format!("{}/key", server.url), "--service", "s3", "--region", "us-east-1", "-o", "http"]);
    let text = String::from_utf8(forged.ok().bytes).unwrap().replace("GET /key", "GET /other");
    let (status, xml) = server.exchange(text.as_bytes());
    assert!(status == 403 && !xml.contains("CanonicalRequest"), "{xml}");
}

#[test]
fn api_gateway_tells_who_sent_what() {
    let server = Server::start(&["--style", "api-gateway"]);
    let service = ["--service", "execute-api"];
    for algorithm in ALGORITHMS {
        let (status, told) = server.send("/prod/a?b=1", algorithm, &[&service[..], &["-d", "hello"]].concat());
        assert_eq!(status, 200, "{told}");
        let told: serde_json::Value = serde_json::from_str(&told).unwrap();
        assert_eq!(
            (&told["method"], &told["path"], &told["body"]),
            (&"POST".into(), &"/prod/a".into(), &"hello".into())
        );
        assert_eq!((&told["access_key_id"], &told["algorithm"]), (&"AKIDEXAMPLE".into(), &algorithm.into()));
        let unsigned = server.send(
            "/",
            algorithm,
            &[&service[..], &["--unsigned-payload", "-H", "x-amz-content-sha256: UNSIGNED-PAYLOAD"]].concat(),
        );
        assert_eq!(unsigned.0, 403, "{}", unsigned.1);
    }
    let host = server.url.strip_prefix("http://").unwrap();
    let (status, told) = server.exchange(format!("GET / HTTP/1.1\r\nhost: {host}\r\n\r\n").as_bytes());
    assert_eq!((status, told.as_str()), (403, "{\"message\":\"Missing Authentication Token\"}"));
}

#[test]
fn what_cannot_be_served_is_said() {
    let server = Server::start(&[]);
    let address = server.url.strip_prefix("http://").unwrap();
    run(&["serve", "--listen", address]).failed(4, &["expected to listen on", address]);
    run(&["serve", "--style", "api-gateway", "--folder", "/tmp"]).failed(2, &["expected --folder with --style s3"]);
    run(&["serve", "--folder", "/no/such/folder"]).failed(4, &["expected to read the folder"]);
    Run::of(&mut support::command(&["serve"])).failed(3, &["missing credentials"]);
}

#[test]
fn keys_of_nobody_are_refused() {
    let file = std::env::temp_dir().join(format!("sigv4a-cli-no-keys-{}", std::process::id()));
    std::fs::write(&file, "[]").unwrap();
    run(&["serve", "--keys", file.to_str().unwrap()]).failed(2, &["expected a JSON array of keys", "found none"]);
    std::fs::remove_file(file).unwrap();
}

/// The time at so many seconds from now, as a flag.
fn from_now(seconds: i64) -> String {
    let now = sigv4a::config::now().unwrap().as_unix();
    sigv4a::Timestamp::from_unix(now + seconds).unwrap().amz_date().to_owned()
}

#[test]
fn clocks_may_be_off_as_far_as_at_aws() {
    for (style, service, allowed) in [("s3", "s3", 15), ("api-gateway", "execute-api", 5)] {
        let server = Server::start(&["--style", style]);
        for algorithm in ALGORITHMS {
            let ask = |seconds| server.send("/", algorithm, &["--service", service, "--time", &from_now(seconds)]);
            for sign in [-1, 1] {
                assert_eq!(ask(sign * 60 * (allowed - 1)).0, 200, "{style} {algorithm}");
                let (status, answer) = ask(sign * 60 * (allowed + 1));
                assert_eq!(status, 403, "{answer}");
                let expected = match (style, sign) {
                    ("s3", _) => "<MaxAllowedSkewMilliseconds>900000<",
                    (_, -1) => " - 5 min.)",
                    _ => " + 5 min.)",
                };
                assert!(answer.contains(expected), "{answer}");
            }
        }
    }
}

#[test]
fn a_bearer_token_is_answered_as_by_api_gateway() {
    let server = Server::start(&["--style", "api-gateway"]);
    let request = format!("GET / HTTP/1.1\r\nhost: {}\r\nauthorization: Bearer x\r\n\r\n", server.address());
    let (status, told) = server.exchange(request.as_bytes());
    let message = "Invalid key=value pair (missing equal-sign) in Authorization header (hashed with SHA-256 and encoded with \
                   Base64): 'uTem/WB082UJMN2ajD6lH6UChGpTAddMJSx2iu923No='.";
    assert_eq!((status, told), (403, format!("{{\"message\":\"{message}\"}}")));
}

/// Who writes a whole body before it reads must not lose the answer to a reset connection.
#[test]
fn an_answer_before_the_body_reaches_the_client() {
    const LENGTH: usize = 20 << 20;
    let server = Server::start(&["--style", "s3"]);
    let piece = vec![b'x'; 1 << 20];
    for run in 0..20 {
        let algorithm = ALGORITHMS[run % 2];
        let signed = String::from_utf8(server.signed("/bucket/key", algorithm, &["-X", "PUT"])).unwrap();
        let signed = signed.replace("content-length: 0\r\n", "");
        let expected = match run % 4 {
            0 | 1 => "SignatureDoesNotMatch",
            _ => "AccessDenied",
        };
        let head = match expected {
            "SignatureDoesNotMatch" => signed.replace("/bucket/key", "/bucket/other"),
            _ => format!("PUT /bucket/key HTTP/1.1\r\nhost: {}\r\n\r\n", server.address()),
        };
        let head = head.replacen("\r\n", &format!("\r\ncontent-length: {LENGTH}\r\n"), 1);
        let mut stream = TcpStream::connect(server.address()).unwrap();
        stream.write_all(head.as_bytes()).unwrap();
        for _ in 0..LENGTH / piece.len() {
            stream.write_all(&piece).unwrap();
        }
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 403 ") && answer.contains(expected), "run {run}: {answer}");
        assert!(answer.to_ascii_lowercase().contains("\r\nconnection: close\r\n"), "run {run}: {answer}");
    }
}

#[test]
fn nobody_is_told_to_send_a_body_that_is_refused() {
    let server = Server::start(&["--style", "s3"]);
    let host = server.address();
    let request =
        format!("PUT /bucket/key HTTP/1.1\r\nhost: {host}\r\nexpect: 100-continue\r\ncontent-length: 9\r\n\r\n");
    let mut stream = TcpStream::connect(host).unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    let mut start = [0; 12];
    stream.read_exact(&mut start).unwrap();
    assert_eq!(start.escape_ascii().to_string(), "HTTP/1.1 403");
}

#[test]
fn a_connection_stays_after_a_refusal_without_a_body() {
    let server = Server::start(&["--style", "s3"]);
    let mut stream = TcpStream::connect(server.address()).unwrap();
    for _ in 0..2 {
        stream.write_all(format!("GET /bucket/key HTTP/1.1\r\nhost: {}\r\n\r\n", server.address()).as_bytes()).unwrap();
        let mut answer = Vec::new();
        while !answer.ends_with(b"</Error>") {
            let mut byte = [0];
            stream.read_exact(&mut byte).unwrap();
            answer.extend(byte);
        }
        assert!(answer.starts_with(b"HTTP/1.1 403 "), "{}", answer.escape_ascii());
    }
}

/// As many files as a process may have are soon open: the server waits for some to be closed, and does not ask all the time.
#[cfg(target_os = "linux")]
#[test]
fn too_many_connections_cost_no_time() {
    use std::{process::Command, thread::sleep, time::Duration};

    let mut shell = Command::new("/bin/sh");
    let script = "ulimit -n 32; exec \"$0\" serve --listen 127.0.0.1:0 --region us-east-1 --quiet";
    shell.args(["-c", script, env!("CARGO_BIN_EXE_sigv4a")]).env_clear();
    shell.env("AWS_ACCESS_KEY_ID", support::ID).env("AWS_SECRET_ACCESS_KEY", support::SECRET);
    let mut server = Server::of(shell.stdout(std::process::Stdio::piped()));
    let used = |server: &Server| -> u64 {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", server.id())).unwrap();
        // Ticks in user and kernel mode, the 14th and 15th value; the second may hold blanks.
        let values: Vec<&str> = stat.rsplit_once(')').unwrap().1.split_whitespace().collect();
        values[11..13].iter().map(|ticks| ticks.parse::<u64>().unwrap()).sum()
    };
    let connections: Vec<TcpStream> = (0..60).map(|_| TcpStream::connect(server.address()).unwrap()).collect();
    sleep(Duration::from_millis(500));
    let before = used(&server);
    sleep(Duration::from_secs(2));
    let ticks = used(&server) - before;
    // A hundred are a second.
    assert!(ticks < 20, "{ticks} ticks in two seconds");
    drop(connections);
    assert_eq!(server.send("/", "sigv4", &[]).0, 200);
    let interrupted = Command::new("/bin/sh").args(["-c", &format!("kill -INT {}", server.id())]).status().unwrap();
    assert!(interrupted.success());
    assert_eq!(server.wait(), Some(0));
}
