//! `explain` shows every box, and no secret.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test panics where the command must not")]

mod support;

use support::{ALGORITHMS, API, MRAP, Run, SECRET, TIME, endpoint::Server, fed, fixed, run, with_keys};

const BOXES: [&str; 7] =
    ["Request as given", "Decided", "Wire request", "Canonical request", "String to sign", "Key", "Signature"];

/// The boxes: title and content.
fn boxes(text: &str) -> Vec<(&str, &str)> {
    text.split("── ")
        .skip(1)
        .map(|part| {
            let (title, content) = part.split_once('\n').unwrap();
            (title.trim_end_matches(['─', ' ']), content.trim_end())
        })
        .collect()
}

#[test]
fn all_boxes_in_both_forms() {
    for algorithm in ALGORITHMS {
        let url = format!("{API}/a b?z=1&b=2");
        let base = [&url, "--algorithm", algorithm, "-H", "User-Agent: me", "-d", "x=1"];
        for (form, last) in [(&[][..], "Headers to send"), (&["--expires", "15m"], "URL to send")] {
            let explained = fixed(&[&["explain"], &base[..], form].concat()).ok();
            let subcommand = if form.is_empty() { "sign" } else { "presign" };
            let json = fixed(&[&[subcommand], &base[..], form, &["-o", "json"]].concat()).json();
            let boxes = boxes(&explained.stdout);
            let titles: Vec<_> = boxes.iter().map(|(title, _)| *title).collect();
            assert_eq!(titles, BOXES.into_iter().chain([last]).collect::<Vec<_>>());
            let content = |title: &str| boxes.iter().find(|(found, _)| *found == title).unwrap().1;

            assert!(content("Request as given").starts_with(&format!("POST {url}\nUser-Agent: me\n")));
            assert!(content("Decided").contains("sent unsigned    user-agent"));
            assert!(content("Wire request").starts_with("POST /prod/a%20b?z=1&b=2"));
            assert!(!content("Wire request").contains(json["signature"].as_str().unwrap()));
            assert_eq!(content("Canonical request"), json["canonical_request"]);
            assert_eq!(content("String to sign"), json["string_to_sign"]);
            assert_eq!(content("Signature"), json["signature"]);
            assert!(content(last).contains(json["signature"].as_str().unwrap()));
            if last == "URL to send" {
                assert!(content(last).starts_with(json["url"].as_str().unwrap()));
                assert!(content(last).ends_with("(expires at 20150830T125100Z)"));
            }
            assert!(!explained.stdout.contains(SECRET) && !explained.stderr.contains(SECRET));
        }
    }
}

#[test]
fn the_key_is_told_but_not_shown() {
    let credentials = sigv4a::Credentials::new(support::ID, SECRET).unwrap();
    let text = fixed(&["explain", API, "--algorithm", "sigv4"]).ok().stdout;
    assert!(text.contains("kRegion          = HMAC-SHA256(kDate, \"eu-west-1\")"), "{text}");
    let region = sigv4a::Region::new("eu-west-1").unwrap();
    let signer = sigv4a::SigV4::new(credentials.clone(), region, sigv4a::Service::EXECUTE_API);
    let key = signer.signing_key(sigv4a::Timestamp::parse_amz_date(TIME).unwrap());
    let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    assert!(!text.contains(&hex(&*key)));

    let text = fixed(&["explain", MRAP]).ok().stdout;
    let signer = sigv4a::SigV4a::new(credentials, sigv4a::RegionSet::all(), sigv4a::Service::S3);
    let point = signer.verifying_key().unwrap().to_sec1();
    assert!(text.contains(&format!("public key       {}\n", hex(&point))), "{text}");
    assert!(text.contains("region set       *"));
}

#[test]
fn every_decision_has_its_source() {
    let decided = |arguments: &[&str], variables: &[(&str, &str)]| {
        let mut command = with_keys(&[&["explain"], arguments].concat());
        let explained = Run::of(command.envs(variables.iter().copied())).ok();
        explained.stdout.lines().filter(|line| line.contains("(from: ")).map(str::to_owned).collect::<Vec<_>>()
    };
    let has = |lines: &[String], name: &str, value: &str, from: &str| {
        let line = format!("{name:<16} {value}   (from: {from})");
        assert!(lines.contains(&line), "expected `{line}` in {lines:#?}");
    };
    let lines = decided(&[API], &[("AWS_REGION", "us-east-1")]);
    has(&lines, "algorithm", "sigv4", "auto: what the host prefers");
    has(&lines, "service", "execute-api", "host");
    has(&lines, "region", "eu-west-1", "host");
    has(&lines, "host", "abc123.execute-api.eu-west-1.amazonaws.com", "URL");
    let lines = decided(&[MRAP, "--time", TIME], &[]);
    has(&lines, "algorithm", "sigv4a", "auto: what the host prefers");
    has(&lines, "region set", "*", "host");
    has(&lines, "time", TIME, "flag");
    let lines = decided(&[MRAP], &[("AWS_SIGV4A_SIGNING_REGION_SET", "us-*")]);
    has(&lines, "region set", "us-*", "environment or profile");
    let other = "https://api.example.com/";
    let lines = decided(&[other, "--service", "execute-api"], &[("AWS_REGION", "us-east-1")]);
    has(&lines, "service", "execute-api", "flag");
    has(&lines, "region", "us-east-1", "environment or profile");
    let lines = decided(&[other, "--service", "execute-api", "--region", "eu-west-3", "--algorithm", "sigv4a"], &[]);
    has(&lines, "algorithm", "sigv4a", "flag");
    has(&lines, "region set", "eu-west-3", "the region");
    let lines = decided(&[API], &[("SIGV4A_ALGORITHM", "sigv4a")]);
    has(&lines, "algorithm", "sigv4a", "environment or profile");
    let lines = decided(&[API], &[("AWS_AUTH_SCHEME_PREFERENCE", "sigv4a")]);
    has(&lines, "algorithm", "sigv4a", "auto: the preference and what the endpoint accepts");
    let lines = decided(&["http://localhost/", "--host", "sts.eu-west-1.amazonaws.com"], &[]);
    has(&lines, "host", "sts.eu-west-1.amazonaws.com", "flag");
}

/// What a client sent that changed a header after signing, and what the server made of it.
#[test]
fn the_answer_of_a_server_is_compared() {
    for (style, service) in [("s3", "s3"), ("api-gateway", "execute-api")] {
        let server = Server::start(&["--style", style]);
        let url = format!("{}/bucket/a%20key?b=1", server.url);
        for algorithm in ALGORITHMS {
            let base =
                [&url, "--algorithm", algorithm, "--service", service, "--region", "us-east-1", "--region-set", "*"];
            let with = |meta: &str, more: &[&str]| {
                [&base[..], &["-d", "body", "-H"], &[&format!("x-amz-meta-a: {meta}")], more]
                    .concat()
                    .into_iter()
                    .map(str::to_owned)
                    .collect::<Vec<String>>()
            };
            let run_with = |command: &str, words: &[String], input: &[u8]| {
                let words: Vec<&str> = words.iter().map(String::as_str).collect();
                fed(with_keys(&[&[command], &words[..]].concat()), input)
            };
            let request = run_with("sign", &with("signed", &["-o", "http"]), b"").ok().stdout;
            let (status, answer) =
                server.exchange(request.replace("x-amz-meta-a: signed", "x-amz-meta-a: sent").as_bytes());
            assert_eq!(status, 403, "{answer}");

            let compared = run_with("explain", &with("signed", &["--compare", "-"]), answer.as_bytes());
            assert_eq!(compared.code, 1, "{}", compared.stderr);
            for words in [
                "the header `x-amz-meta-a` is not the one that was signed\n",
                "\n  - x-amz-meta-a:signed\n  + x-amz-meta-a:sent\n",
                "hint: something on the way changed `x-amz-meta-a`",
            ] {
                assert!(compared.stdout.contains(words), "expected `{words}` in:\n{}", compared.stdout);
            }
            assert!(
                compared.stderr.starts_with("note: signed at the time of the server's values, 20"),
                "{}",
                compared.stderr
            );

            // It is the same request that the server saw, also when the head was saved with it.
            let with_head = format!("HTTP/1.1 403 Forbidden\r\ndate: now\r\n\r\n{answer}");
            for answer in [&answer, &with_head] {
                let same = run_with("explain", &with("sent", &["--compare", "-"]), answer.as_bytes()).ok();
                assert!(same.stdout.starts_with("the server computed over the same"), "{}", same.stdout);
                assert!(same.stdout.ends_with("derived from this ID\n"), "{}", same.stdout);
            }

            let other = if algorithm == "sigv4" { "sigv4a" } else { "sigv4" };
            let words: Vec<String> = with("sent", &["--compare", "-"]);
            let words: Vec<String> =
                words.into_iter().map(|word| if word == algorithm { other.into() } else { word }).collect();
            let compared = run_with("explain", &words, answer.as_bytes());
            assert!(compared.stdout.starts_with("the algorithm is not the one"), "{}", compared.stdout);
            let late = run_with("explain", &with("sent", &["--compare", "-", "--time", TIME]), answer.as_bytes());
            assert!(late.code == 1 && late.stdout.contains("--time"), "{}", late.stdout);
            assert!(
                late.stderr.contains("as --time says; the request that was refused was signed at 20"),
                "{}",
                late.stderr
            );
        }
    }
}

#[test]
fn a_presigned_url_is_compared_without_its_token() {
    let server = Server::start(&["--style", "s3"]);
    for algorithm in ALGORITHMS {
        let place = ["--service", "s3", "--region", "us-east-1", "--region-set", "*", "--algorithm", algorithm];
        let with_token = |words: &[&str], input: &str| {
            let mut command = with_keys(&[words, &place].concat());
            command.env("AWS_SESSION_TOKEN", "SESSIONTOKENEXAMPLE");
            fed(command, input.as_bytes())
        };
        let url = format!("{}/key", server.url);
        let request = with_token(&["presign", &url, "--expires", "900", "-o", "http"], "").ok().stdout;
        let (status, answer) = server.exchange(request.replacen("/key", "/other", 1).as_bytes());
        assert_eq!(status, 403, "{answer}");
        let compared = with_token(&["explain", &url, "--expires", "900", "--compare", "-"], &answer);
        assert!(compared.code == 1 && compared.stdout.starts_with("the path is not"), "{}", compared.stdout);
        assert!(compared.stdout.contains("\n  - /key\n  + /other\n"), "{}", compared.stdout);
        assert!(!compared.stdout.contains("SESSIONTOKENEXAMPLE"), "{}", compared.stdout);
        let forgotten = with_token(&["explain", &url, "--compare", "-"], &answer);
        assert!(forgotten.stderr.contains("presigned URL: compare with one by --expires"), "{}", forgotten.stderr);
    }
}

#[test]
fn an_answer_that_shows_nothing_is_no_comparison() {
    for text in ["", "<Error><Code>AccessDenied</Code></Error>", "{\"message\":\"Forbidden\"}", "{}"] {
        let compared = fed(with_keys(&["explain", API, "--compare", "-"]), text.as_bytes());
        compared.failed(2, &["expected an answer that shows the canonical request", "standard input", "hint: "]);
    }
    run(&["explain", API, "--compare", "/no/such/file"]).failed(4, &["the server's answer from `/no/such/file`"]);
}
