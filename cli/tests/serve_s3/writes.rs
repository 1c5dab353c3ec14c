//! What must hold for an object to be written.

use std::{sync::Barrier, thread};

use crate::{Servers, etag, put};

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
