//! `explain` shows every box, and no secret.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test panics where the command must not")]

mod support;

use support::{ALGORITHMS, API, MRAP, Run, SECRET, TIME, fixed, with_keys};

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
