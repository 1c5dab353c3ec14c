//! Keys, buckets and the files of a folder.

use std::fs;

use crate::{Servers, between, header, put, whole};

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
