//! What a reader of an object asks for.

use std::{fs, process};

use crate::{Servers, etag, header, put, support::run, whole};

#[test]
fn a_range_is_answered_with_its_bytes() {
    let servers = Servers::start("range");
    servers.each(|server, algorithm| {
        put(server, algorithm, "/bucket/ten", "0123456789");
        for (range, status, told, body) in [
            ("bytes=2-4", 206, Some("bytes 2-4/10"), "234"),
            ("bytes=7-", 206, Some("bytes 7-9/10"), "789"),
            ("bytes=-3", 206, Some("bytes 7-9/10"), "789"),
            ("bytes=8-100", 206, Some("bytes 8-9/10"), "89"),
            ("bytes=0-1,4-5", 200, None, "0123456789"),
            ("bytes=4-2", 200, None, "0123456789"),
            ("bytes=10-", 416, Some("bytes */10"), "<Code>InvalidRange</Code>"),
        ] {
            let range = format!("range: {range}");
            for method in ["GET", "HEAD"] {
                let more = if method == "HEAD" { &["-I", "-H", &range][..] } else { &["-H", &range] };
                let (head, found) = whole(server, algorithm, "/bucket/ten", more);
                assert!(head.starts_with(&format!("http/1.1 {status} ")), "{method} {range}: {head}");
                assert_eq!(header(&head, "content-range").as_deref(), told, "{method} {range}");
                let length = header(&head, "content-length").unwrap();
                if status < 400 {
                    assert_eq!(header(&head, "accept-ranges").as_deref(), Some("bytes"));
                    assert_eq!(length, body.len().to_string(), "{method} {range}");
                }
                match method {
                    "HEAD" => assert_eq!(found, "", "{range}"),
                    _ if status == 416 => {
                        let told = "<ActualObjectSize>10</ActualObjectSize>";
                        assert!(found.contains(body) && found.contains(told), "{found}");
                    }
                    _ => assert_eq!(found, body, "{range}"),
                }
            }
        }
        let now = format!("if-range: {}", etag(server, "/bucket/ten"));
        for (condition, body) in [(now.as_str(), "234"), ("if-range: \"other\"", "0123456789")] {
            let more = ["-H", "range: bytes=2-4", "-H", condition];
            assert_eq!(whole(server, algorithm, "/bucket/ten", &more).1, body, "{condition}");
        }
    });
}

/// As the AWS CLI and boto3 read a large file: in parts, side by side.
#[test]
fn a_large_object_is_the_same_in_parts() {
    const PART: usize = 1 << 20;
    let content: String = (0..400_000).map(|number| format!("{number:08}")).collect();
    let file = std::env::temp_dir().join(format!("sigv4a-cli-serve-large-{}", process::id()));
    fs::write(&file, &content).unwrap();
    let servers = Servers::start("parts");
    servers.each(|server, algorithm| {
        let upload = ["-X", "PUT", "--data-binary", &format!("@{}", file.display())];
        assert_eq!(server.send("/bucket/large", algorithm, &upload).0, 200);
        let mut read = String::new();
        while read.len() < content.len() {
            let range = format!("range: bytes={}-{}", read.len(), read.len() + PART - 1);
            read.push_str(&whole(server, algorithm, "/bucket/large", &["-H", &range]).1);
        }
        assert!(read == content);
    });
    fs::remove_file(file).unwrap();
}

#[test]
fn a_reader_chooses_headers() {
    let servers = Servers::start("response");
    servers.each(|server, algorithm| {
        put(server, algorithm, "/bucket/key", "text");
        let url = format!(
            "{}/bucket/key?response-content-type=text/html&response-content-disposition=attachment",
            server.url
        );
        let presign = ["presign", &url, "--service", "s3", "--region", "us-east-1", "--region-set", "*"];
        let url = run(&[&presign[..], &["--algorithm", algorithm]].concat()).ok().stdout;
        let target = url.trim().strip_prefix(&server.url).unwrap();
        let answer = server.whole(format!("GET {target} HTTP/1.1\r\nhost: {}\r\n\r\n", server.address()).as_bytes());
        assert!(answer.starts_with("HTTP/1.1 200 ") && answer.ends_with("\r\n\r\ntext"), "{answer}");
        for line in ["content-type: text/html", "content-disposition: attachment"] {
            assert!(answer.contains(&format!("\r\n{line}\r\n")), "{answer}");
        }
    });
}

#[test]
fn a_read_heeds_its_conditions() {
    let servers = Servers::start("read");
    servers.each(|server, algorithm| {
        put(server, algorithm, "/bucket/key", "text");
        let tag = etag(server, "/bucket/key");
        let (past, future) = ("Sun, 06 Nov 1994 08:49:37 GMT", "Fri, 31 Dec 9999 23:59:59 GMT");
        for (condition, status) in [
            (format!("if-match: {tag}"), 200),
            (format!("if-match: \"other\", {tag}"), 200),
            ("if-match: *".to_owned(), 200),
            ("if-match: \"other\"".to_owned(), 412),
            (format!("if-none-match: {tag}"), 304),
            ("if-none-match: *".to_owned(), 304),
            ("if-none-match: \"other\"".to_owned(), 200),
            (format!("if-modified-since: {past}"), 200),
            (format!("if-modified-since: {future}"), 304),
            (format!("if-unmodified-since: {past}"), 412),
            (format!("if-unmodified-since: {future}"), 200),
        ] {
            let (found, body) = server.send("/bucket/key", algorithm, &["-H", &condition]);
            assert_eq!(found, status, "{condition}");
            let expected = match status {
                200 => body == "text",
                412 => body.contains("<Code>PreconditionFailed</Code>"),
                _ => body.is_empty(),
            };
            assert!(expected, "{condition}: {body}");
            assert_eq!(server.send("/bucket/key", algorithm, &["-I", "-H", &condition]), (status, String::new()));
        }
    });
}
