//! Lists of objects.

use std::fs;

use crate::{Servers, between, put};

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
