//! Flags that say which algorithm, service and region, and what a host tells of them.

use crate::{
    canonical, check_signature,
    support::{ALGORITHMS, API, MRAP, Run, TIME, fixed, header, run, with_keys},
};

#[test]
fn algorithm_service_and_regions() {
    let other = "https://api.example.com/";
    let chosen = |arguments: &[&str]| {
        let answer = fixed(&[&["sign", other, "-o", "json"], arguments].concat()).json();
        let scope = answer["string_to_sign"].as_str().unwrap().lines().nth(2).unwrap().to_owned();
        (
            answer["algorithm"].as_str().unwrap().to_owned(),
            scope,
            header(&answer, "x-amz-region-set").map(str::to_owned),
        )
    };
    let v4 = chosen(&["--service", "execute-api", "--region", "eu-west-3"]);
    assert_eq!(v4, ("sigv4".into(), "20150830/eu-west-3/execute-api/aws4_request".into(), None));
    let v4a = chosen(&["--service", "execute-api", "--region-set", "eu-*, us-east-1", "--algorithm", "sigv4a"]);
    assert_eq!(v4a, ("sigv4a".into(), "20150830/execute-api/aws4_request".into(), Some("eu-*,us-east-1".into())));
    assert_eq!(chosen(&["--service", "execute-api", "--region-set", "*", "--algorithm", "auto"]).0, "sigv4a");
    // A host that tells its region and prefers SigV4 changes nothing about that; nor does a default of the environment.
    let everywhere = ["--service", "execute-api", "--region-set", "*"];
    let here = fixed(&[&["explain", API], &everywhere[2..]].concat()).ok().stdout;
    assert!(here.contains("algorithm        sigv4a   (from: the region set given)"), "{here}");
    assert!(here.contains("region set       *   (from: flag)"), "{here}");
    let by_default = Run::of(with_keys(&["explain", API]).env("AWS_SIGV4A_SIGNING_REGION_SET", "*")).ok().stdout;
    assert!(by_default.contains("algorithm        sigv4   (from: auto: what the host prefers)"), "{by_default}");
    // What contradicts itself is refused, in every command.
    for command in [&["sign", API][..], &["presign", API], &["explain", API], &["request", API]] {
        run(&[command, &everywhere, &["--algorithm", "sigv4"]].concat())
            .failed(2, &["expected --region with --algorithm sigv4, found --region-set *", "--algorithm sigv4a"]);
    }
    let both = [&everywhere[..], &["--region", "us-east-1"]].concat();
    for (algorithm, chosen_one) in [("sigv4", "sigv4"), ("sigv4a", "sigv4a"), ("auto", "sigv4")] {
        assert_eq!(chosen(&[&both[..], &["--algorithm", algorithm]].concat()).0, chosen_one);
    }
    // Nothing is passed over without a word.
    for (flags, is_noted) in [(&[][..], true), (&["--algorithm", "auto"], false), (&["--algorithm", "sigv4"], false)] {
        let told = fixed(&[&["sign", API][..], &both, flags].concat()).ok().stderr;
        assert_eq!(told.contains("the region set * is for --algorithm sigv4a"), is_noted, "{told}");
    }
    run(&["sign", other]).failed(1, &["missing service", "api.example.com", "hint: give --service"]);
    run(&["sign", other, "--service", "s3", "--algorithm", "sigv4"])
        .failed(1, &["missing region", "hint: give --region"]);
    run(&["sign", other, "--service", "s3", "--algorithm", "sigv4a"]).failed(1, &["missing region", "--region-set"]);
    for (flag, wrong) in
        [("--algorithm", "sigv5"), ("--region", "eu west"), ("--region-set", "a,,b"), ("--service", "S 3")]
    {
        run(&["sign", API, flag, wrong]).failed(2, &[flag, wrong]);
    }
}

#[test]
fn host() {
    let url = "http://localhost:8080/x";
    let host = "abc123.execute-api.eu-west-1.amazonaws.com";
    for algorithm in ALGORITHMS {
        for arguments in [["--host", host], ["-H", &format!("Host: {host}")]] {
            let signed =
                fixed(&[&["sign", url, "-o", "json", "--algorithm", algorithm], &arguments[..]].concat()).json();
            assert!(canonical(&signed).contains(&format!("host:{host}").as_str()));
            assert_eq!(signed["url"], url);
            assert_eq!(header(&signed, "host").or_else(|| header(&signed, "Host")), Some(host));
        }
        let printed = fixed(&["sign", url, "--host", host, "--algorithm", algorithm]).ok().stdout;
        assert!(printed.contains(&format!("host: {host}\n")), "{printed}");
        let presigned = fixed(&["presign", url, "--host", host, "--algorithm", algorithm]).ok();
        assert!(presigned.stderr.contains(&format!("host: {host}\n")), "{}", presigned.stderr);
        run(&["sign", url, "--host", "a b", "--algorithm", algorithm]).failed(1, &["host"]);
    }
}

/// AWS IoT takes the token beside the signature of a WebSocket, not under it; a token of a database is for `rds-db`.
#[test]
fn web_sockets_of_iot_and_tokens_of_databases() {
    let url = "wss://abc-ats.iot.us-east-1.amazonaws.com/mqtt";
    let host = ["-H", "Host: abc-ats.iot.us-east-1.amazonaws.com"];
    for same_or_other in [&[][..], &host, &["--host", "xyz-ats.iot.us-east-1.amazonaws.com"]] {
        let explained = fixed(&[&["explain", url, "--expires", "60"], same_or_other].concat()).ok().stdout;
        assert!(explained.contains("service          iotdevicegateway   (from: host)"), "{explained}");
    }
    let mut presign = with_keys(&["presign", url, "--expires", "60", "--time", TIME, "-o", "json"]);
    let presigned = Run::of(presign.env("AWS_SESSION_TOKEN", "the-token")).json();
    assert!(!presigned["canonical_request"].as_str().unwrap().contains("Security-Token"), "{presigned}");
    assert!(presigned["url"].as_str().unwrap().contains("&X-Amz-Security-Token=the-token"), "{presigned}");
    let database = "https://mydb.abc.us-east-1.rds.amazonaws.com:3306/?Action=connect&DBUser=me";
    let token = fixed(&["presign", database, "--expires", "15m"]).ok().stdout;
    assert!(token.contains("%2Fus-east-1%2Frds-db%2Faws4_request&"), "{token}");
}

#[test]
fn force() {
    let url = format!("{MRAP}/key");
    let arguments = ["sign", &url, "--algorithm", "sigv4", "--region", "us-east-1"];
    run(&arguments).failed(1, &["algorithm refused", "Multi-Region Access Point", "--force"]);
    let forced = fixed(&[&arguments[..], &["--force"]].concat()).ok();
    assert!(forced.stdout.contains("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/s3/"));
    let auto = fixed(&["sign", &url, "--force"]).ok();
    assert!(auto.stdout.contains("AWS4-ECDSA-P256-SHA256"));
}

#[test]
fn provider() {
    let signature = |algorithm: &str, provider: &str| {
        let base = ["sign", API, "-o", "json", "--time", TIME, "--algorithm", algorithm, "--provider", provider];
        let answer = run(&base).json();
        check_signature(&answer);
        answer["signature"].as_str().unwrap().to_owned()
    };
    for algorithm in ALGORITHMS {
        assert_eq!(signature(algorithm, "rust-crypto"), signature(algorithm, "rust-crypto"));
    }
    assert_eq!(signature("sigv4", "ring"), signature("sigv4", "rust-crypto"));
    assert_ne!(signature("sigv4a", "ring"), signature("sigv4a", "ring"));
}

#[test]
fn profile() {
    let file = std::env::temp_dir().join(format!("sigv4a-cli-credentials-{}", std::process::id()));
    std::fs::write(&file, "[other]\naws_access_key_id = AKOTHER\naws_secret_access_key = secret\n").unwrap();
    for algorithm in ALGORITHMS {
        let signed = |arguments: &[&str]| {
            let mut command = with_keys(&[&["sign", API, "--algorithm", algorithm], arguments].concat());
            Run::of(command.env("AWS_SHARED_CREDENTIALS_FILE", &file))
        };
        assert!(signed(&["--profile", "other"]).ok().stdout.contains("Credential=AKOTHER/"));
        assert!(signed(&[]).ok().stdout.contains("Credential=AKIDEXAMPLE/"));
        signed(&["--profile", "absent"]).failed(3, &["configuration", "absent"]);
    }
    std::fs::remove_file(file).unwrap();
}
