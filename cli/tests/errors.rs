//! Mistakes, secrets and help.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test panics where the command must not")]

mod support;

use support::{ALGORITHMS, API, ID, MRAP, Run, SECRET, command, run, with_keys};

#[test]
fn no_credentials() {
    for subcommand in ["sign", "presign", "explain", "request"] {
        for algorithm in ALGORITHMS {
            let arguments = [subcommand, API, "--algorithm", algorithm];
            let failed = Run::of(&mut command(&arguments)).failed(3, &["AWS_ACCESS_KEY_ID", "hint: ", "--profile"]);
            assert_eq!(failed.stdout, "");
            let half = Run::of(command(&arguments).env("AWS_ACCESS_KEY_ID", ID));
            half.failed(3, &["`AWS_SECRET_ACCESS_KEY` beside `AWS_ACCESS_KEY_ID`"]);
            let copied = Run::of(with_keys(&arguments).env("AWS_SECRET_ACCESS_KEY", format!("{SECRET} ")));
            copied.failed(3, &["secret access key"]);
        }
    }
}

#[test]
fn a_bad_request_is_told_before_credentials_are_missed() {
    for (url, code, words) in [
        ("api.example.com", 1, "expected `https://HOST/PATH` or `http://HOST/PATH`"),
        ("ftp://example.com/", 1, "scheme"),
        ("arn:aws:s3:us-east-1:123456789012:accesspoint/mine/key", 1, "accesspoint/ALIAS.mrap`, without a region"),
        ("arn:aws:s3:::bucket/key", 1, "found `arn:aws:s3:::bucket/key`"),
        ("https://user:hunter2@abc123.execute-api.eu-west-1.amazonaws.com/", 1, "no user name or password"),
        ("https://b.s3-website.eu-central-1.amazonaws.com/", 1, "websites take no signature"),
        ("https://api.example.com/", 1, "give the service"),
    ] {
        for subcommand in ["sign", "presign", "explain", "request"] {
            let failed = Run::of(&mut command(&[subcommand, url])).failed(code, &[words]);
            assert!(!failed.stderr.contains("hunter2"));
        }
    }
    let url = format!("{MRAP}/k");
    for subcommand in ["sign", "presign", "explain"] {
        run(&[subcommand, &url, "--algorithm", "sigv4"]).failed(1, &["--force", "Multi-Region"]);
        run(&[subcommand, &url, "--algorithm", "sigv4", "--region", "us-east-1", "--force"]).ok();
    }
}

#[test]
fn secrets_are_no_arguments() {
    for subcommand in [&["sign", API][..], &["presign", API], &["explain", API], &["request", API], &[]] {
        for flag in [
            &["--secret-access-key", "hunter2"][..],
            &["--secret-access-key=hunter2"],
            &["--access-key-id", "hunter2"],
            &["--secret-key=hunter2"],
            &["--session-token", "hunter2"],
            &["--aws-secret-access-key", "hunter2"],
            &["--user", "a:hunter2"],
            &["-u", "a:hunter2"],
            &["-ua:hunter2"],
        ] {
            let failed = run(&[subcommand, flag].concat());
            let failed = failed.failed(2, &["can read the arguments", "AWS_SECRET_ACCESS_KEY", "--profile"]);
            assert!(!failed.stderr.contains("hunter2"), "{}", failed.stderr);
        }
    }
    run(&["sign", API, "--no-such-flag"]).failed(2, &["--no-such-flag"]);
}

#[test]
fn help_has_examples_and_exit_codes() {
    let help = |arguments: &[&str]| Run::of(&mut command(arguments)).ok().stdout;
    let main = help(&["--help"]);
    for words in [
        "Exit codes:",
        "  0    done",
        "  1    ",
        "  2    ",
        "  3    ",
        "  4    ",
        "  5    ",
        "  6    ",
        "  141  ",
        "Examples:",
    ] {
        assert!(main.contains(words), "expected `{words}` in:\n{main}");
    }
    for subcommand in ["sign", "presign", "explain", "request"] {
        let text = help(&[subcommand, "--help"]);
        assert!(text.contains("Exit codes: ") && text.contains("Examples:"), "{text}");
        assert!(text.contains("execute-api") || text.contains("bucket.s3."), "an example of sigv4: {text}");
        assert!(text.contains(MRAP), "an example of sigv4a: {text}");
        assert!(!text.contains("--secret"));
    }
    assert!(help(&["--version"]).starts_with("sigv4a "));
    let nothing = run(&[]);
    assert_eq!(nothing.code, 2);
    assert!(nothing.stderr.contains("Usage: sigv4a <COMMAND>"), "{}", nothing.stderr);
}
