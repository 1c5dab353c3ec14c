//! What is told on the way: everything but secrets, and what a refusal is about.

use crate::{
    Scratch, TOKEN, arguments,
    support::{
        ALGORITHMS, Run, SECRET, TIME,
        canned::{Canned, answer, sent},
        endpoint::Server,
        run, with_keys,
    },
    with_token,
};

#[test]
fn verbose_tells_everything_but_secrets() {
    for algorithm in ALGORITHMS {
        let server = Canned::answering(&[&answer("200 OK", "x-amz-id: \"é\"\r\nset-cookie: a=hunter2\r\n", "hello")]);
        let arguments = arguments(&server.url, algorithm, &["-v", "-H", "cookie: hunter2", "-d", "a=b"]);
        let run = Run::of(&mut with_token(&arguments)).ok();
        let asked = server.requests().remove(0);
        let signature = sent(&asked, "authorization").unwrap().split_once("Signature=").unwrap().1;
        assert!(signature.len() >= 64 && sent(&asked, "x-amz-security-token") == Some(TOKEN));
        for secret in [SECRET, TOKEN, signature, "hunter2"] {
            assert!(!run.stderr.contains(secret), "{secret} in:\n{}", run.stderr);
        }
        assert_eq!(run.stdout, "hello");
        let name = if algorithm == "sigv4" { "HMAC-SHA256" } else { "ECDSA-P256-SHA256" };
        for told in [
            &format!("* algorithm        {algorithm}   (from: flag)\n"),
            "* service          s3   (from: flag)\n",
            "   (from: clock)\n",
            "\n> POST / HTTP/1.1\n> host: 127.0.0.1:",
            "\n> content-length: 3\n",
            "\n> x-amz-security-token: (hidden)\n",
            &format!("\n> authorization: AWS4-{name} Credential=AKIDEXAMPLE/"),
            ", Signature=(hidden)\n",
            "\n>\n< HTTP/1.1 200 OK\n",
            "\n< x-amz-id: \"é\"\n",
            "\n< set-cookie: (hidden)\n",
        ] {
            assert!(run.stderr.contains(told), "expected `{told}` in:\n{}", run.stderr);
        }
        // All that is said to be sent is sent.
        for line in
            run.stderr.lines().filter_map(|line| line.strip_prefix("> ")).filter(|line| !line.contains("(hidden)"))
        {
            assert!(asked.contains(&format!("{line}\r\n")), "{line} in:\n{asked}");
        }
        assert_eq!(run.stderr.matches("\n> ").count(), asked.split_once("\r\n\r\n").unwrap().0.lines().count());
    }
}

#[test]
fn a_wrong_secret_is_recognised() {
    for (style, service) in [("s3", "s3"), ("api-gateway", "execute-api")] {
        let server = Server::start(&["--style", style]);
        for algorithm in ALGORITHMS {
            let url = format!("{}/prod/a key?b=1&a", server.url);
            let arguments = arguments(&url, algorithm, &["-d", "it's"]);
            let arguments: Vec<_> = arguments.iter().map(|word| if *word == "s3" { service } else { word }).collect();
            let run = Run::of(with_keys(&arguments).env("AWS_SECRET_ACCESS_KEY", "another")).ok();
            assert!(run.stderr.starts_with("note: the server computed over the same"), "{}", run.stderr);
            assert!(run.stderr.contains("hint: the secret access key is not the one of this access key ID"));
            assert!(run.stdout.contains("signature we calculated does not match"), "{}", run.stdout);
        }
        let silent = Server::start(&["--style", style, "--no-echo"]);
        let arguments = ["request", &silent.url, "--service", service, "--region", "us-east-1"];
        let run = Run::of(with_keys(&arguments).env("AWS_SECRET_ACCESS_KEY", "another")).ok();
        assert!(run.stderr.contains("hint: the server does not say what it computed"), "{}", run.stderr);
    }
}

/// No header says so: the service has none for it.
#[test]
fn a_payload_that_was_left_out_is_recognised() {
    let server = Server::start(&["--style", "api-gateway"]);
    let file = Scratch::new("left-out", b"it's");
    for algorithm in ALGORITHMS {
        for body in [["-d", "it's"], ["-T", file.path()]] {
            let place = ["--service", "execute-api", "--region", "us-east-1", "--region-set", "us-*"];
            let start = ["request", &server.url, "--algorithm", algorithm, "--unsigned-payload"];
            let run = run(&[&start[..], &place, &body].concat()).ok();
            for words in [
                "note: the payload, in the last line of the canonical request, is not the one",
                "\n  - UNSIGNED-PAYLOAD\n",
                "hint: this service wants the body hashed",
            ] {
                assert!(run.stderr.contains(words), "expected `{words}` in:\n{}", run.stderr);
            }
            assert!(!run.stderr.contains("secret access key") && !run.stderr.contains("try --unsigned-payload"));
        }
    }
}

#[test]
fn the_first_difference_is_named() {
    for algorithm in ALGORITHMS {
        let server = Canned::answering(&[""]);
        let url = format!("{}/a/b?x=1", server.url);
        let more = ["--time", TIME, "-H", "x-amz-meta-a: 'quoted'", "-H", "accept-language: en"];
        let signed = arguments(&url, algorithm, &[&more[..], &["-o", "json"]].concat());
        let signed = Run::of(with_token(&[&["sign"], &signed[1..]].concat()).env("X", "")).json();
        let (canonical, to_sign) =
            (signed["canonical_request"].as_str().unwrap(), signed["string_to_sign"].as_str().unwrap());
        for (from, to, named, hint) in [
            ("GET\n", "HEAD\n", "the method is not", "changed the method"),
            ("/a/b\n", "/a%2Fb\n", "the path is not", "encoded anew"),
            ("x=1\n", "utm=2&x=1\n", "the query is not", "a CDN"),
            ("host:127.0.0.1", "host:api.example.com", "the header `host` is not", "--host"),
            ("'quoted'", "quoted", "the header `x-amz-meta-a` is not", "--no-sign-header x-amz-meta-a"),
            ("x-amz-meta-a:'quoted'\n", "", "the server did not get it", "--no-sign-header x-amz-meta-a"),
            ("host:", "a:b\nhost:", "the server got more of the header `a`", "--no-sign-header a"),
            ("\n\naccept", "\n\naccepts", "the list of signed headers", "the Authorization header"),
            ("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", "UNSIGNED", "", ""),
        ] {
            let theirs = canonical.replacen(from, to, 1);
            let theirs = if named.is_empty() { canonical_with_payload(canonical, to) } else { theirs };
            let (named, hint) = if named.is_empty() { ("the payload", "--unsigned-payload") } else { (named, hint) };
            assert_ne!(theirs, canonical, "{from}");
            for body in [s3(&theirs, to_sign), api_gateway(&theirs, to_sign), query_protocol(&theirs, to_sign)] {
                server.then(&[&answer("403 Forbidden", "", &body)]);
                let run = Run::of(&mut with_token(&arguments(&url, algorithm, &more))).ok();
                assert_eq!(run.stdout, body);
                for words in
                    ["note: ", named, "canonical request, - as signed here", "\n  + ", "\n  - ", "hint: ", hint]
                {
                    let can_be_missing = words.starts_with('\n');
                    assert!(can_be_missing || run.stderr.contains(words), "expected `{words}` in:\n{}", run.stderr);
                }
                assert!(["\n  + ", "\n  - "].iter().any(|sign| run.stderr.contains(sign)), "{}", run.stderr);
                assert!(!run.stderr.contains(TOKEN) && run.stderr.contains("x-amz-security-token:(hidden)"));
            }
        }
        let elsewhere = to_sign.replace("/s3/", "/execute-api/");
        server.then(&[&answer("403 Forbidden", "", &s3(canonical, &elsewhere))]);
        let run = Run::of(&mut with_token(&arguments(&url, algorithm, &more))).ok();
        for words in ["the credential scope is not", "string to sign, -", "/execute-api/aws4_request", "--service"] {
            assert!(run.stderr.contains(words), "expected `{words}` in:\n{}", run.stderr);
        }
    }
}

fn canonical_with_payload(canonical: &str, payload: &str) -> String {
    format!("{}\n{payload}", canonical.rsplit_once('\n').unwrap().0)
}

fn xml(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('\'', "&apos;")
}

fn s3(canonical: &str, to_sign: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>SignatureDoesNotMatch</Code><Message>It does not</Message>\
         <StringToSign>{}</StringToSign><CanonicalRequest>{}</CanonicalRequest></Error>",
        xml(to_sign),
        xml(canonical)
    )
}

fn message(canonical: &str, to_sign: &str) -> String {
    format!(
        "The request signature we calculated does not match the signature you provided.\n\nThe Canonical String for this \
         request should have been\n'{canonical}'\n\nThe String-to-Sign should have been\n'{to_sign}'\n"
    )
}

fn api_gateway(canonical: &str, to_sign: &str) -> String {
    serde_json::json!({ "message": message(canonical, to_sign) }).to_string()
}

fn query_protocol(canonical: &str, to_sign: &str) -> String {
    format!(
        "<ErrorResponse xmlns=\"http://iam.amazonaws.com/doc/2010-05-08/\"><Error><Code>SignatureDoesNotMatch</Code><Message>\
         {}</Message></Error></ErrorResponse>",
        xml(&message(canonical, to_sign))
    )
}
