//! `serve --style s3`: what S3 does with a request that is signed rightly.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test panics where the command must not"
)]

mod support;

use std::{fs, path::PathBuf, process, sync::Barrier, thread};

use support::{ALGORITHMS, endpoint::Server, run};

/// A server in memory, and one in a folder: they answer alike.
struct Servers {
    servers: [Server; 2],
    folder: PathBuf,
}

impl Servers {
    fn start(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("sigv4a-cli-serve-{name}-{}", process::id()));
        fs::create_dir(&folder).unwrap();
        let in_folder = Server::start(&["--style", "s3", "--folder", folder.to_str().unwrap()]);
        Self { servers: [Server::start(&["--style", "s3"]), in_folder], folder }
    }

    /// Every server with every algorithm.
    fn each(&self, mut test: impl FnMut(&Server, &str)) {
        for server in &self.servers {
            ALGORITHMS.iter().for_each(|algorithm| test(server, algorithm));
        }
    }
}

impl Drop for Servers {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.folder).unwrap();
    }
}

fn put(server: &Server, algorithm: &str, path: &str, body: &str) {
    let sent = server.send(path, algorithm, &["-X", "PUT", "--data-raw", body]);
    assert_eq!(sent, (200, String::new()), "{path}");
}

/// Head and body of an answer.
fn whole(server: &Server, algorithm: &str, path: &str, more: &[&str]) -> (String, String) {
    let answer = server.whole(&server.signed(path, algorithm, more));
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    (head.to_ascii_lowercase(), body.to_owned())
}

fn header(head: &str, name: &str) -> Option<String> {
    let line = head.split("\r\n").find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
    line.map(str::to_owned)
}

fn etag(server: &Server, path: &str) -> String {
    header(&whole(server, "sigv4", path, &["-I"]).0, "etag").unwrap()
}

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
fn what_a_query_asks_for_is_never_passed_over() {
    const OBJECT: [&str; 17] = [
        "acl",
        "attributes",
        "versionId=old",
        "versionId",
        "partNumber=1",
        "torrent",
        "tagging",
        "legal-hold",
        "retention",
        "restore",
        "uploads",
        "uploadId=1&partNumber=1",
        "x-amz-copy-source=/bucket/other",
        "renameObject",
        "annotation",
        "list-type=2&max-keys=1",
        "prefix=a",
    ];
    const BUCKET: [&str; 13] = [
        "versioning",
        "versions",
        "location",
        "ownershipControls",
        "publicAccessBlock",
        "policyStatus",
        "metadataTable",
        "intelligent-tiering&id=1",
        "accelerate",
        "lifecycle",
        "list-type=1",
        "delimiter=/",
        "list-type=2&versions",
    ];
    let servers = Servers::start("query");
    servers.each(|server, algorithm| {
        put(server, algorithm, "/bucket/key", "kept");
        for (path, queries) in [("/bucket/key", &OBJECT[..]), ("/bucket", &BUCKET)] {
            for query in queries {
                for method in ["GET", "PUT", "DELETE"] {
                    let is_read = method == "GET" && query.starts_with("list-type=2&m");
                    if is_read {
                        continue;
                    }
                    let body: &[&str] = if method == "PUT" { &["--data-raw", "<X/>"] } else { &[] };
                    let url = format!("{path}?{query}");
                    let (status, answer) = server.send(&url, algorithm, &[&["-X", method], body].concat());
                    assert!(
                        status == 501 && answer.contains("<Code>NotImplemented</Code>"),
                        "{method} {url}: {answer}"
                    );
                }
            }
        }
        let (_, listed) = server.send("/bucket?list-type=2", algorithm, &[]);
        assert!(listed.contains("<KeyCount>1</KeyCount>") && listed.contains("<Key>key</Key>"), "{listed}");
        for query in [
            "x-id=GetObject",
            "x-amz-user-agent=some-sdk",
            "X-Amz-Meta-Note=a",
            "anything",
            "response-content-type=text/html",
        ] {
            assert_eq!(
                server.send(&format!("/bucket/key?{query}"), algorithm, &[]),
                (200, "kept".to_owned()),
                "{query}"
            );
        }
    });
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

fn between<'a>(text: &'a str, start: &str, end: &str) -> Vec<&'a str> {
    text.split(start).skip(1).map(|rest| rest.split(end).next().unwrap()).collect()
}

#[test]
fn a_list_is_given_page_by_page() {
    let servers = Servers::start("list");
    let keys = ["a", "a b&c", "b/1", "b/2", "b/c/3", "d", "e/4"];
    servers.each(|server, algorithm| {
        for key in keys {
            put(server, algorithm, &format!("/bucket/{key}"), key);
        }
        let list = |query: &str| {
            let (status, xml) = server.send(&format!("/bucket?list-type=2&{query}"), algorithm, &[]);
            assert_eq!(status, 200, "{query}: {xml}");
            xml
        };
        let found = |query: &str| {
            let xml = list(query);
            let keys = between(&xml, "<Key>", "</Key>").join(" ");
            let prefixes = between(&xml, "<CommonPrefixes><Prefix>", "</Prefix>").join(" ");
            assert_eq!(between(&xml, "<IsTruncated>", "<"), ["false"]);
            format!("{keys} | {prefixes}")
        };
        assert_eq!(found(""), "a a b&amp;c b/1 b/2 b/c/3 d e/4 | ");
        assert_eq!(found("delimiter=/"), "a a b&amp;c d | b/ e/");
        assert_eq!(found("delimiter=/&prefix=b/"), "b/1 b/2 | b/c/");
        assert_eq!(found("delimiter=/&prefix=b"), " | b/");
        assert_eq!(found("start-after=b/1"), "b/2 b/c/3 d e/4 | ");
        assert_eq!(found("start-after=b/1&delimiter=/"), "d | b/ e/");
        assert_eq!(found("encoding-type=url&prefix=a%20"), "a%20b%26c | ");
        assert_eq!(found("max-keys=0"), " | ");
        for delimiter in ["", "&delimiter=/"] {
            for most in 1..=8 {
                let (mut all, mut token) = (Vec::new(), String::new());
                loop {
                    let xml = list(&format!("max-keys={most}{delimiter}{token}"));
                    let mut page = between(&xml, "<Key>", "</Key>");
                    page.extend(between(&xml, "<CommonPrefixes><Prefix>", "</Prefix>"));
                    assert_eq!(between(&xml, "<KeyCount>", "<"), [page.len().to_string()]);
                    assert!(page.len() <= most && !page.is_empty(), "{xml}");
                    all.extend(page.into_iter().map(str::to_owned));
                    let next = between(&xml, "<NextContinuationToken>", "<");
                    assert_eq!(between(&xml, "<IsTruncated>", "<"), [(!next.is_empty()).to_string()]);
                    let Some(next) = next.first() else { break };
                    assert_eq!(all.len() % most, 0);
                    token = format!("&continuation-token={next}");
                }
                let mut expected = match delimiter {
                    "" => vec!["a", "a b&amp;c", "b/1", "b/2", "b/c/3", "d", "e/4"],
                    _ => vec!["a", "a b&amp;c", "b/", "d", "e/"],
                };
                all.sort();
                expected.sort_unstable();
                assert_eq!(all, expected, "{most} at once, {delimiter}");
            }
        }
        for wrong in ["max-keys=many", "max-keys=-1", "encoding-type=html", "continuation-token=%3F"] {
            let (status, xml) = server.send(&format!("/bucket?list-type=2&{wrong}"), algorithm, &[]);
            assert!(status == 400 && xml.contains("<Code>InvalidArgument</Code>"), "{wrong}: {xml}");
        }
    });
}

#[test]
fn a_write_heeds_its_conditions() {
    let servers = Servers::start("write");
    servers.each(|server, algorithm| {
        let write = |method: &str, key: &str, condition: &str| {
            let body: &[&str] = if method == "PUT" { &["--data-raw", "new"] } else { &[] };
            server.send(&format!("/bucket/{key}"), algorithm, &[&["-X", method, "-H", condition], body].concat())
        };
        let refused = |(status, xml): (u16, String), expected: u16, code: &str| {
            assert!(status == expected && xml.contains(&format!("<Code>{code}</Code>")), "{status} {xml}");
        };
        put(server, algorithm, "/bucket/key", "old");
        let tag = etag(server, "/bucket/key");
        refused(write("PUT", "key", "if-none-match: *"), 412, "PreconditionFailed");
        refused(write("PUT", "key", "if-match: \"other\""), 412, "PreconditionFailed");
        refused(write("PUT", "none", "if-match: \"other\""), 404, "NoSuchKey");
        refused(write("PUT", "key", &format!("if-none-match: {tag}")), 501, "NotImplemented");
        refused(write("DELETE", "key", "if-match: \"other\""), 412, "PreconditionFailed");
        refused(write("DELETE", "none", "if-match: *"), 412, "PreconditionFailed");
        assert_eq!(server.send("/bucket/key", algorithm, &[]).1, "old");
        assert_eq!(server.send("/bucket/none", algorithm, &[]).0, 404);
        assert_eq!(write("PUT", "key", &format!("if-match: {tag}")).0, 200);
        assert_eq!(server.send("/bucket/key", algorithm, &[]).1, "new");
        refused(write("DELETE", "key", &format!("if-match: {tag}")), 412, "PreconditionFailed");
        assert_eq!(write("DELETE", "key", &format!("if-match: {}", etag(server, "/bucket/key"))).0, 204);
        assert_eq!(write("PUT", "key", "if-none-match: *").0, 200);
    });
}

#[test]
fn one_of_many_creates_an_object() {
    let servers = Servers::start("race");
    servers.each(|server, algorithm| {
        let create = ["-X", "PUT", "-H", "if-none-match: *", "--data-raw", "mine"];
        let request = server.signed(&format!("/bucket/{algorithm}"), algorithm, &create);
        let start = Barrier::new(8);
        let statuses: Vec<u16> = thread::scope(|scope| {
            let ask = || {
                start.wait();
                server.exchange(&request).0
            };
            let threads: Vec<_> = (0..8).map(|_| scope.spawn(ask)).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 1, "{statuses:?}");
        assert_eq!(statuses.iter().filter(|status| **status == 412).count(), 7, "{statuses:?}");
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

#[test]
fn a_body_is_held_against_its_digests() {
    // Over "hello", by openssl and CRC RevEng's models.
    const RIGHT: [(&str, &str); 6] = [
        ("Content-MD5", "XUFAKrxLKna5cZ2REBfFkg=="),
        ("x-amz-checksum-crc32", "NhCmhg=="),
        ("x-amz-checksum-crc32c", "mnG7TA=="),
        ("x-amz-checksum-crc64nvme", "M3eFcAZSQlc="),
        ("x-amz-checksum-sha1", "qvTGHdzF6KLavt4PO0gs2a6pQ00="),
        ("x-amz-checksum-sha256", "LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ="),
    ];
    let servers = Servers::start("digest");
    servers.each(|server, algorithm| {
        let write = |key: &str, body: &str, header: &str| {
            server.send(key, algorithm, &["-X", "PUT", "--data-raw", body, "-H", header])
        };
        for (name, value) in RIGHT {
            let key = format!("/bucket/{name}-{algorithm}");
            let header = format!("{name}: {value}");
            let (status, xml) = write(&key, "hallo", &header);
            assert!(status == 400 && xml.contains("<Code>BadDigest</Code>"), "{header}: {status} {xml}");
            let (status, xml) = write(&key, "hello", &format!("{name}: {}", &value[..value.len() - 4]));
            let code = if name == "Content-MD5" { "<Code>InvalidDigest</Code>" } else { "<Code>InvalidRequest</Code>" };
            assert!(status == 400 && xml.contains(code), "{header}: {status} {xml}");
            assert_eq!(server.send(&key, algorithm, &[]).0, 404);
            assert_eq!(write(&key, "hello", &header), (200, String::new()));
            if name != "Content-MD5" {
                let query = format!("{key}?{name}={}", value.replace('+', "%2B").replace('=', "%3D"));
                assert_eq!(write(&query, "hello", "x-amz-meta-a: b").0, 200);
                assert_eq!(write(&query, "hallo", "x-amz-meta-a: b").0, 400);
            }
        }
        assert_eq!(write("/bucket/unknown", "hello", "x-amz-checksum-sha3: AAAA").0, 501);
    });
}

#[test]
fn a_bucket_is_no_object() {
    const ELSEWHERE: &str = "<?xml version=\"1.0\"?>\n<CreateBucketConfiguration xmlns=\"http://s3.amazonaws.com/doc/\
                             2006-03-01/\"><LocationConstraint>eu-west-1</LocationConstraint></CreateBucketConfiguration>";
    let servers = Servers::start("bucket");
    servers.each(|server, algorithm| {
        for body in [&[][..], &["--data-raw", ELSEWHERE]] {
            let (head, _) = whole(server, algorithm, "/bucket", &[&["-X", "PUT"], body].concat());
            assert!(head.starts_with("http/1.1 200 "), "{head}");
            assert_eq!(header(&head, "location").as_deref(), Some("/bucket"));
            assert_eq!(server.send("/bucket", algorithm, &["-I"]), (200, String::new()));
            put(server, algorithm, "/bucket/key", "text");
            assert_eq!(server.send("/bucket", algorithm, &["-X", "DELETE"]).0, 204, "what made it");
            assert_eq!(server.send("/bucket", algorithm, &["-I"]), (200, String::new()));
            let (status, xml) = server.send("/bucket", algorithm, &["-X", "DELETE"]);
            assert!(status == 409 && xml.contains("<Code>BucketNotEmpty</Code>"), "{xml}");
            assert_eq!(server.send("/bucket/key", algorithm, &["-X", "DELETE"]).0, 204);
            assert_eq!(server.send("/bucket", algorithm, &["-X", "DELETE"]).0, 204);
            assert_eq!(server.send("/bucket", algorithm, &["-I"]).0, 404);
        }
    });
}

/// A host may be the bucket: then a path of one segment is a key like any other, and an object of nothing is one.
#[test]
fn a_key_of_one_segment_is_an_object() {
    let servers = Servers::start("segment");
    servers.each(|server, algorithm| {
        for content in ["", "text"] {
            assert_eq!(server.send("/missing", algorithm, &["-I"]).0, 404);
            let sent = ["-X", "PUT", "--data-raw", content];
            assert_eq!(server.send("/key?x=1&y", algorithm, &sent[..if content.is_empty() { 2 } else { 4 }]).0, 200);
            assert_eq!(server.send("/key?x=1", algorithm, &[]), (200, content.to_owned()));
            assert_eq!(server.send("/key", algorithm, &["-X", "DELETE"]).0, 204);
            assert_eq!(server.send("/key", algorithm, &[]).0, 404);
        }
    });
}

#[test]
fn a_key_and_those_below_it_are_objects_beside_each_other() {
    let servers = Servers::start("below");
    for keys in [["a", "a/b", "a/b/c", "a/"], ["a/b/c", "a/", "a/b", "a"]] {
        servers.each(|server, algorithm| {
            for key in keys {
                put(server, algorithm, &format!("/bucket/{key}"), key);
            }
            let (_, xml) = server.send("/bucket?list-type=2", algorithm, &[]);
            assert_eq!(between(&xml, "<Key>", "</Key>"), ["a", "a/", "a/b", "a/b/c"]);
            for key in keys {
                let path = format!("/bucket/{key}");
                assert_eq!(server.send(&path, algorithm, &[]), (200, key.to_owned()));
                assert_eq!(server.send(&path, algorithm, &["-X", "DELETE"]).0, 204);
                assert_eq!(server.send(&path, algorithm, &[]).0, 404);
            }
        });
    }
}

/// What was stored before, or put there by hand.
#[test]
fn a_folder_of_plain_files_is_served_as_it_is() {
    let servers = Servers::start("plain");
    fs::create_dir_all(servers.folder.join("bucket/b")).unwrap();
    fs::write(servers.folder.join("bucket/b/c"), "second").unwrap();
    fs::write(servers.folder.join("bucket/a"), "first").unwrap();
    let [_, server] = &servers.servers;
    put(server, "sigv4", "/bucket/b", "beside");
    put(server, "sigv4", "/bucket/a/x", "below");
    for (key, text) in [("a", "first"), ("b/c", "second"), ("b", "beside"), ("a/x", "below")] {
        assert_eq!(server.send(&format!("/bucket/{key}"), "sigv4", &[]), (200, text.to_owned()), "{key}");
    }
    assert!(servers.folder.join("bucket/a").is_file() && servers.folder.join("bucket/b").is_file());
}

#[test]
fn old_signatures_are_refused_in_s3s_words() {
    let server = Server::start(&["--style", "s3"]);
    for (target, authorization) in [
        ("/bucket/key", "authorization: AWS AKIDEXAMPLE:frJIUN8DYpKDtOLCwo//yllqDzg=\r\n"),
        ("/bucket/key?AWSAccessKeyId=AKIDEXAMPLE&Signature=vjbyPxybdZaNmGa%2ByT272YEAiv4%3D&Expires=1999999999", ""),
    ] {
        let request = format!("GET {target} HTTP/1.1\r\nhost: {}\r\n{authorization}\r\n", server.address());
        let (status, xml) = server.exchange(request.as_bytes());
        let message = "The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.";
        assert!(
            status == 400 && xml.contains("<Code>InvalidRequest</Code>") && xml.contains(message),
            "{status} {xml}"
        );
    }
}

#[test]
fn an_upload_by_a_form_is_not_implemented() {
    let server = Server::start(&["--style", "s3"]);
    let form = "--x\r\ncontent-disposition: form-data; name=\"key\"\r\n\r\nkey\r\n--x--\r\n";
    let request = format!(
        "POST /bucket HTTP/1.1\r\nhost: {}\r\ncontent-type: Multipart/Form-Data; boundary=x\r\ncontent-length: {}\r\n\r\n{form}",
        server.address(),
        form.len()
    );
    let (status, xml) = server.exchange(request.as_bytes());
    assert!(
        status == 501 && xml.contains("<Code>NotImplemented</Code>") && xml.contains("form-data"),
        "{status} {xml}"
    );
}

/// Only its hash is wanted: a file is read through piece by piece.
#[cfg(target_os = "linux")]
#[test]
fn a_list_holds_no_contents() {
    const LENGTH: u64 = 8 << 20;
    let servers = Servers::start("memory");
    let [_, server] = &servers.servers;
    fs::create_dir(servers.folder.join("bucket")).unwrap();
    for number in 0..4 {
        let file = fs::File::create(servers.folder.join(format!("bucket/{number}"))).unwrap();
        file.set_len(LENGTH).unwrap();
    }
    // The most memory there ever was, in kB.
    let most = || -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", server.id())).unwrap();
        between(&status, "VmHWM:", "kB")[0].trim().parse().unwrap()
    };
    let before = most();
    let (_, xml) = server.send("/bucket?list-type=2", "sigv4", &[]);
    assert_eq!(between(&xml, "<Size>", "<"), [LENGTH.to_string().as_str(); 4]);
    let more = most() - before;
    assert!(more < LENGTH / 1024, "{more} kB more");
}
