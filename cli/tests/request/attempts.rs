//! Requests that are sent more than once: signed anew each time.

use std::{
    fs,
    time::{Duration, Instant, SystemTime},
};

use crate::{
    Scratch, TOKEN, arguments, nobody, request,
    support::{
        ALGORITHMS, Run, TIME,
        canned::{Canned, HANG_UP, answer, sent},
        command,
    },
    verified, with_token,
};

#[test]
fn a_redirect_is_followed_when_asked_and_gives_nothing_away() {
    for algorithm in ALGORITHMS {
        let (to, from) = (Canned::answering(&[&answer("200 OK", "", "there")]), Canned::answering(&[""]));
        let secrets = ["-H", "cookie: hunter2", "-H", "x-api-key: hunter2", "-H", "x-amz-meta-a: hunter2"];
        let url = format!("{}/here", from.url);
        let follow = arguments(&url, algorithm, &[&secrets[..], &["-v", "-L", "-X", "PUT"]].concat());
        let with_body = [&follow[..], &["--data-raw", "body"]].concat();

        from.then(&[&answer("307 Temporary Redirect", &format!("location: {}/there?a=b\r\n", to.url), "")]);
        let kept = Run::of(&mut with_token(&arguments(&url, algorithm, &["-i"]))).ok();
        assert!(kept.stdout.starts_with("HTTP/1.1 307 ") && to.requests().is_empty());
        let run = Run::of(&mut with_token(&follow)).ok();
        assert_eq!(run.stdout, "there");
        assert!(run.stderr.contains("unsigned, another origin"), "{}", run.stderr);
        let arrived = to.requests().remove(0);
        assert!(arrived.starts_with("PUT /there?a=b HTTP/1.1\r\n") && arrived.ends_with("\r\n\r\n"), "{arrived}");
        for ours in ["authorization", "x-amz-", "hunter2", TOKEN, "AKIDEXAMPLE", "cookie", "x-api-key"] {
            assert!(!arrived.to_ascii_lowercase().contains(&ours.to_ascii_lowercase()), "{ours} in:\n{arrived}");
        }

        // A body is of ours too.
        let stopped = Run::of(&mut with_token(&[&with_body[..], &["-i"]].concat())).ok();
        assert!(stopped.stdout.starts_with("HTTP/1.1 307 ") && to.requests().len() == 1, "{}", stopped.stdout);
        assert!(stopped.stderr.contains("asks for the body at another origin"), "{}", stopped.stderr);
        let words = ["a redirect that can be followed, found 307", "signed, to the URL in `Location`"];
        let failed = Run::of(&mut with_token(&[&with_body[..], &["-f"]].concat()));
        assert!(failed.code == 5 && words.iter().all(|word| failed.stderr.contains(word)), "{}", failed.stderr);
        let file = Scratch::new(&format!("elsewhere-{algorithm}"), b"body");
        let upload = Run::of(&mut with_token(&arguments(&url, algorithm, &["-L", "-f", "-T", file.path()])));
        assert!(upload.code == 5 && upload.stderr.contains(words[1]), "{}", upload.stderr);
        assert_eq!(to.requests().len(), 1);

        let before = from.requests().len();
        from.then(&[&answer("307 Temporary Redirect", "location: /there?a=b\r\n", ""), &answer("200 OK", "", "same")]);
        let run = Run::of(&mut with_token(&with_body)).ok();
        assert!(run.stdout == "same" && run.stderr.contains("signed anew"), "{}", run.stderr);
        let asked = from.requests();
        let [first, second] = &asked[before..] else { unreachable!() };
        assert!(first.starts_with("PUT /here ") && second.starts_with("PUT /there?a=b "), "{second}");
        assert_ne!(sent(first, "authorization"), sent(second, "authorization"));
        verified(first);
        verified(second);
    }
}

#[test]
fn an_upload_is_sent_again_from_its_beginning() {
    let content = vec![b'x'; 20_000];
    let file = Scratch::new("again", &content);
    for algorithm in ALGORITHMS {
        let server = Canned::answering(&[
            &answer("307 Temporary Redirect", "location: /there\r\n", ""),
            &answer("503 Slow Down", "retry-after: 0\r\n", ""),
            &answer("200 OK", "", "done"),
        ]);
        let more = ["-L", "-T", file.path(), "--chunk-size", "10000", "--checksum", "sha1", "--retry", "1"];
        assert_eq!(request(&format!("{}/here", server.url), algorithm, &more).ok().stdout, "done");
        let asked = server.requests();
        assert_eq!(asked.len(), 3);
        for (request, path) in asked.iter().zip(["/here", "/there", "/here"]) {
            assert!(request.starts_with(&format!("PUT {path} HTTP/1.1\r\n")), "{request}");
            assert_eq!(request.matches(";chunk-signature=").count(), 3);
            assert_eq!(
                request.matches('x').count() - request.split_once("\r\n\r\n").unwrap().0.matches('x').count(),
                20_002
            );
            assert!(request.contains("x-amz-checksum-sha1:") && request.ends_with("\r\n\r\n"));
        }
    }
}

/// The object must not be replaced by nothing.
#[test]
fn a_file_that_is_gone_is_not_sent() {
    for algorithm in ALGORITHMS {
        let chunks = ["--unsigned-chunks", "--checksum", "crc32"];
        let unsigned = ["--unsigned-payload"];
        for (manner, content) in [(&unsigned[..], None), (&unsigned, Some("more than it was")), (&chunks, None)] {
            let file = Scratch::new(&format!("vanishes-{algorithm}"), b"content");
            let path = file.path().to_owned();
            let answers = [answer("503 Slow Down", "retry-after: 0\r\n", ""), answer("200 OK", "", "")];
            let server = Canned::answering_after(&[&answers[0], &answers[1]], move |before| match content {
                _ if before > 0 => {}
                None => fs::remove_file(&path).unwrap(),
                Some(content) => fs::write(&path, content).unwrap(),
            });
            let run = request(&server.url, algorithm, &[&["-T", file.path(), "--retry", "2"], manner].concat());
            assert!(run.code == 4 && run.stderr.contains("error: expected to read the body from"), "{}", run.stderr);
            assert_eq!(server.requests().len(), 1, "{manner:?} {content:?}");
        }
    }
}

#[test]
#[expect(clippy::disallowed_methods, reason = "the clock that is off by twenty minutes is the system's")]
fn a_clock_that_is_off_is_corrected_once() {
    for (algorithm, (sign, word)) in
        ALGORITHMS.iter().flat_map(|name| [(1, "behind"), (-1, "ahead of")].map(|way| (name, way)))
    {
        let now = SystemTime::now();
        let off = Duration::from_secs(20 * 60);
        let theirs = httpdate::fmt_http_date(if sign > 0 { now + off } else { now - off });
        let refused = "<Error><Code>RequestTimeTooSkewed</Code></Error>";
        let refused = answer("403 Forbidden", &format!("date: {theirs}\r\n"), refused);
        let server = Canned::answering(&[&refused, &answer("200 OK", &format!("date: {theirs}\r\n"), "done")]);
        let run = request(&server.url, algorithm, &[]).ok();
        assert_eq!(run.stdout, "done");
        assert!(run.stderr.contains(&format!("minutes {word} that of 127.0.0.1")), "{}", run.stderr);
        let asked = server.requests();
        let times: Vec<_> = asked
            .iter()
            .map(|request| sigv4a::Timestamp::parse_amz_date(sent(request, "x-amz-date").unwrap()).unwrap().as_unix())
            .collect();
        assert!((times[1] - times[0] - sign * 1200).abs() < 10, "{times:?}");

        // Whoever names a time gets that time.
        server.then(&[&refused]);
        let run = request(&server.url, algorithm, &["--time", TIME]).ok();
        assert!(run.stdout.contains("RequestTimeTooSkewed") && run.stderr.is_empty(), "{}", run.stderr);
        assert_eq!(sent(&server.requests()[2], "x-amz-date"), Some(TIME));
        assert_eq!(server.requests().len(), 3);
        let date = ["-v", "-H", "date: Sun, 30 Aug 2015 12:36:00 GMT"];
        let run = request(&server.url, algorithm, &date).ok();
        assert!(run.stderr.contains(&format!("* time             {TIME}   (from: Date header)")), "{}", run.stderr);
        assert_eq!(sent(&server.requests()[3], "x-amz-date"), Some(TIME));
    }
}

#[test]
fn a_token_that_may_be_of_the_wrong_kind_is_noted() {
    let refused = answer("400 Bad Request", "", "<Error><Code>InvalidToken</Code></Error>");
    let server = Canned::answering(&[&refused]);
    let run = Run::of(&mut with_token(&arguments(&server.url, "sigv4a", &[]))).ok();
    assert!(
        run.stderr.starts_with("note: SigV4a takes session tokens of regional STS endpoints only"),
        "{}",
        run.stderr
    );
    assert!(run.stdout.contains("InvalidToken"));
    assert_eq!(Run::of(&mut with_token(&arguments(&server.url, "sigv4", &[]))).ok().stderr, "");
}

#[test]
fn credentials_that_have_expired_are_read_again() {
    let keys = |id: &str| {
        format!("[default]\naws_access_key_id={id}\naws_secret_access_key=secret\naws_session_token=token-of-{id}\n")
    };
    for algorithm in ALGORITHMS {
        let expired = answer("403 Forbidden", "", "<Error><Code>ExpiredToken</Code></Error>");
        let file = Scratch::new("renewed", keys("ASIAOLD").as_bytes());
        let (path, renewed) = (file.path().to_owned(), keys("ASIANEW"));
        // Somebody renews the file while the first request is under way.
        let server = Canned::answering_after(&[&expired, &answer("200 OK", "", "done")], move |before| {
            if before == 0 {
                fs::write(&path, &renewed).unwrap();
            }
        });
        let run = || {
            let mut command = command(&arguments(&server.url, algorithm, &[]));
            Run::of(command.env("AWS_SHARED_CREDENTIALS_FILE", file.path())).ok()
        };
        let renewed = run();
        assert_eq!((renewed.stdout.as_str(), server.requests().len()), ("done", 2));
        assert!(renewed.stderr.contains("says that the session token has expired"), "{}", renewed.stderr);
        assert!(server.requests()[1].contains("Credential=ASIANEW/"), "{}", server.requests()[1]);
        // There are no others: it is the answer.
        server.then(&[&expired]);
        let refused = run();
        assert!(refused.stdout.contains("ExpiredToken") && refused.stderr.is_empty(), "{}", refused.stderr);
        assert_eq!(server.requests().len(), 3);
    }
}

#[test]
fn it_tries_again_when_that_can_help() {
    let busy = answer("503 Slow Down", "retry-after: 0\r\n", "busy");
    for algorithm in ALGORITHMS {
        let server = Canned::answering(&[&busy, HANG_UP, &answer("200 OK", "", "done")]);
        let run = request(&server.url, algorithm, &["--retry", "2"]).ok();
        assert_eq!((run.stdout.as_str(), server.requests().len()), ("done", 3));
        assert!(
            run.stderr.contains("note: the answer is 503 Service Unavailable; again in 0.0 s (1 of 2)\n"),
            "{}",
            run.stderr
        );
        server.requests().iter().for_each(|request| assert!(sent(request, "authorization").is_some()));

        // The last answer is shown, whatever it is.
        server.then(&[&busy]);
        let run = request(&server.url, algorithm, &["--retry", "1", "-f"]);
        assert_eq!((run.code, run.stdout.as_str(), server.requests().len()), (5, "busy", 5));
        assert_eq!(request(&server.url, algorithm, &[]).ok().stdout, "busy");
        // A POST may have been done.
        server.then(&[HANG_UP]);
        let before = server.requests().len();
        request(&server.url, algorithm, &["--retry", "3", "-d", "order"]).failed(6, &["connection", "hint: "]);
        assert_eq!(server.requests().len(), before + 1);
        // What is refused is refused again.
        server.then(&[&answer("404 Not Found", "", "")]);
        request(&server.url, algorithm, &["--retry", "3"]).ok();
        assert_eq!(server.requests().len(), before + 2);
    }
    let start = Instant::now();
    let refused = request(&nobody(), "sigv4", &["--retry", "1", "-d", "order"]);
    assert!(refused.code == 6 && refused.stderr.matches("nobody listening").count() == 2, "{}", refused.stderr);
    assert!(start.elapsed() >= Duration::from_millis(400));
}
