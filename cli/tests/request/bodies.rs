//! What is sent and what comes back, byte for byte.

use std::{fs, io::Read as _};

use crate::{
    Scratch, arguments, nobody, noise, request,
    support::{
        ALGORITHMS, Run, TIME,
        canned::{Canned, answer},
        command,
        endpoint::Server,
        run, with_keys,
    },
    with_token,
};

#[test]
fn objects_come_and_go() {
    let server = Server::start(&["--style", "s3"]);
    for algorithm in ALGORITHMS {
        let url = format!("{}/bucket/a key+é?x-id", server.url);
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

/// What is signed is what the client sends of them.
#[test]
fn marks_that_have_no_place_in_a_url_are_encoded() {
    let sent = Canned::answering(&[&answer("200 OK", "", "")]);
    for (service, style) in [("execute-api", "api-gateway"), ("s3", "s3")] {
        let server = Server::start(&["--style", style]);
        for algorithm in ALGORITHMS {
            for url in [&server.url, &sent.url] {
                let url = format!("{url}/bucket/a b/{{x}}/\"\\|^`<>[]é?q={{y}}\"|'[]\\");
                let place = ["--service", service, "--region", "us-east-1", "--region-set", "us-east-1"];
                run(&[&["request", &url, "--algorithm", algorithm, "-f", "-X", "PUT"], &place[..]].concat()).ok();
            }
            assert!(sent.requests().pop().unwrap().starts_with("PUT /bucket/a%20b/%7Bx%7D/%22%5C"));
        }
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
        request(&dots, algorithm, &[]).failed(2, &["dot segments", "/a/../b", "sigv4a sign -o curl"]);
        let marks = format!("{}/{{x}}", server.url);
        let as_given = ["--uri-policy", "as-given"];
        request(&marks, algorithm, &as_given).failed(2, &["as they are signed", "/{x}", "percent-encodes"]);
        request("ftp://example.com/", algorithm, &[]).failed(1, &["scheme"]);
    }
    assert!(server.requests().is_empty());
    run(&["request"]).failed(2, &["<URL>"]);
    let help = run(&["curl", "--help"]).ok().stdout;
    assert!(help.contains("Exit codes: ") && help.contains("--connect-to") && !help.contains("--insecure"), "{help}");
    let main = run(&["--help"]).ok().stdout;
    assert!(main.contains("\n  5    ") && main.contains("\n  6    "), "{main}");
}
