//! What is not done here, and old signatures.

use crate::{Servers, put, support::endpoint::Server};

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
