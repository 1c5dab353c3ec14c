//! `sign -T`: what is printed is what was asked for, or nothing is.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test panics where the command must not")]

mod support;

use std::{fs, path::PathBuf};

use support::{ALGORITHMS, TIME, fed, fixed, run, with_keys};

const S3: &str = "https://b.s3.us-east-1.amazonaws.com/k";

/// A file of this test's own.
struct File(PathBuf);

impl File {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("sigv4a-cli-upload-{name}-{}", std::process::id()));
        fs::write(&path, "hello").unwrap();
        Self(path)
    }

    fn path(&self) -> &str {
        self.0.to_str().unwrap()
    }
}

impl Drop for File {
    fn drop(&mut self) {
        fs::remove_file(&self.0).unwrap();
    }
}

#[test]
fn another_method_is_refused() {
    let file = File::new("method");
    for command in ["sign", "request"] {
        for flag in ["--head", "--get"] {
            run(&[command, S3, "-T", file.path(), flag]).failed(2, &["'--upload-file <FILE>'", flag]);
        }
    }
    let posted = fixed(&["sign", S3, "-T", file.path(), "-X", "POST"]).ok().stdout;
    assert!(posted.starts_with("POST /k HTTP/1.1\r\n"), "{posted}");
}

#[test]
fn an_unsigned_file_goes_out_as_it_is() {
    let file = File::new("unsigned");
    for algorithm in ALGORITHMS {
        for unsigned in [&["--unsigned-payload"][..], &["-H", "x-amz-content-sha256: UNSIGNED-PAYLOAD"]] {
            let arguments = [&["sign", S3, "-T", file.path(), "--algorithm", algorithm], unsigned].concat();
            let request = fixed(&arguments).ok();
            let (head, body) = request.stdout.split_once("\r\n\r\n").unwrap();
            assert_eq!(body, "hello");
            for line in ["PUT /k HTTP/1.1", "content-length: 5", "x-amz-content-sha256: UNSIGNED-PAYLOAD"] {
                assert!(head.lines().any(|found| found == line), "expected `{line}` in {head}");
            }
            assert!(!head.contains("aws-chunked") && !head.contains("decoded"), "{head}");
            fed(with_keys(&["verify", "-", "--now", TIME]), &request.bytes).ok();
            for chunked in [&["--checksum", "sha1"][..], &["--trailer", "a: b"], &["--unsigned-chunks"]] {
                fixed(&[&arguments[..], chunked].concat())
                    .failed(2, &["expected --unsigned-payload without checksums"]);
            }
        }
        let hash = format!("x-amz-content-sha256: {}", "0".repeat(64));
        for command in ["sign", "request"] {
            run(&[command, S3, "-T", file.path(), "-H", &hash, "--algorithm", algorithm])
                .failed(2, &["expected no hash in the header `x-amz-content-sha256` with --upload-file"]);
        }
    }
}

#[test]
fn every_coding_of_the_content_is_kept() {
    let file = File::new("coding");
    let codings = ["-H", "Content-Encoding: gzip", "-H", "content-encoding: br"];
    for algorithm in ALGORITHMS {
        let arguments = [&["sign", S3, "-T", file.path(), "--algorithm", algorithm], &codings[..]].concat();
        let request = fixed(&arguments).ok();
        assert_eq!(request.stdout.matches("content-encoding:").count(), 1, "{}", request.stdout);
        assert!(request.stdout.contains("\r\ncontent-encoding: aws-chunked,gzip,br\r\n"), "{}", request.stdout);
        fed(with_keys(&["verify", "-", "--now", TIME]), &request.bytes).ok();
        let wrong = ["sign", S3, "-T", file.path(), "--algorithm", algorithm, "-H", "content-encoding: a\u{1}b"];
        fixed(&wrong).failed(1, &["header value", "content-encoding"]);
    }
}

#[test]
fn a_time_and_a_token_in_headers_count() {
    let file = File::new("told");
    for algorithm in ALGORITHMS {
        let told = ["-H", "Date: Sun, 30 Aug 2015 12:36:00 GMT", "-H", "x-amz-security-token: t"];
        let request = run(&[&["sign", S3, "-T", file.path(), "--algorithm", algorithm], &told[..]].concat()).ok();
        assert!(request.stdout.contains(&format!("\r\nx-amz-date: {TIME}\r\n")), "{}", request.stdout);
        assert!(request.stdout.contains("\r\nx-amz-security-token: t\r\n"), "{}", request.stdout);
        fed(with_keys(&["verify", "-", "--now", TIME]), &request.bytes).ok();
    }
}

#[test]
fn what_cannot_be_streamed_says_what_to_do() {
    let file = File::new("size");
    for size in ["10", "8191", "1073741825", "x"] {
        for command in ["sign", "request"] {
            run(&[command, S3, "-T", file.path(), "--chunk-size", size])
                .failed(2, &["'--chunk-size <BYTES>'", "8192 to 1073741824 bytes"]);
        }
    }
    for size in ["8192", "1073741824"] {
        fixed(&["sign", S3, "-T", file.path(), "--chunk-size", size]).ok();
    }
    for command in ["sign", "request"] {
        run(&[command, S3, "-T", "-"]).failed(2, &["length of standard input is not known", "--data-binary @-"]);
    }
}
