//! `serve`, over real connections.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test panics where the command must not"
)]

mod support;

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
