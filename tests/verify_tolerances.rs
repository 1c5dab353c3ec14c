//! What is accepted: the many ways in which right requests are signed and sent.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may panic"
)]

mod support;

use sigv4a::{
    ContentType, PayloadHash, Placement, PlusSign, ReceivedRequest, Region, SignedHeaderPolicy, SignerExt as _,
    SigningRequest, VerificationKey, VerifyErrorKind as Kind,
};
use support::{
    by_hand::{self, EMPTY},
    fixture::{DATE, GET, HOST, ID, POST, Plain, TOKEN, credentials, now, server, signers, v4, v4a, with_token},
    sent::Sent,
    signature::{Part, encode, other_s, part, with_part},
};

/// A request signed by hand for `h.example`.
fn by_hand(sent: &Sent, canonical_request: &str, service: &str) -> Sent {
    sent.with_header("authorization", by_hand::authorization(canonical_request, service))
}

#[test]
fn signed_headers_in_any_order_and_letter_case() {
    for signer in signers("execute-api", &credentials(), |options| options) {
        let sent = POST.sign(&*signer);
        let names = part(&sent, Part::SignedHeaders);
        let reversed: Vec<&str> = names.split(';').rev().collect();
        for list in [names.to_ascii_uppercase(), reversed.join(";"), format!("{names};host")] {
            let verified = server("execute-api").judge(&with_part(&sent, Part::SignedHeaders, &list)).unwrap();
            assert_eq!(verified.signed_headers().as_str(), names, "{list}");
        }
    }
    // In a presigned URL the list is signed as it stands there.
    let query = |list: &str| {
        let credential = encode(&format!("{ID}/20150830/us-east-1/execute-api/aws4_request"));
        format!(
            "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential={credential}&X-Amz-Date={DATE}&X-Amz-Expires=60&X-Amz-SignedHeaders={list}"
        )
    };
    let query = query("X-Custom%3BHost");
    let canonical = format!("GET\n/\n{query}\nhost:h.example\nx-custom:1\n\nhost;x-custom\n{EMPTY}");
    let signature = by_hand::signature(&canonical, "execute-api");
    let sent = Sent::new("GET", &format!("/?{query}&X-Amz-Signature={signature}"))
        .with_header("host", HOST)
        .with_header("x-custom", "1");
    assert_eq!(server("execute-api").judge(&sent).unwrap().placement(), Placement::Query);
}

#[test]
fn the_date_header_in_both_forms() {
    for date in ["Sun, 30 Aug 2015 12:36:00 GMT", DATE] {
        let sent = Sent::new("GET", "/").with_header("host", HOST).with_header("Date", date);
        let canonical = format!("GET\n/\n\ndate:{date}\nhost:h.example\n\ndate;host\n{EMPTY}");
        let sent = by_hand(&sent, &canonical, "execute-api");
        assert_eq!(server("execute-api").judge(&sent).unwrap().signed_at(), now());
        // `X-Amz-Date` wins.
        let both = sent.with_header("x-amz-date", "20150830T123601Z");
        assert_eq!(server("execute-api").judge(&both).unwrap_err().kind(), Kind::DateNotSigned);
    }
}

#[test]
fn http_2_has_no_host_header() {
    for signer in signers("execute-api", &credentials(), |options| options) {
        let sent = POST.sign(&*signer).without_header("host");
        assert_eq!(server("execute-api").judge(&sent).unwrap_err().kind(), Kind::InvalidHost);
        let with_authority = sent.with_target(format!("https://{HOST}{}", sent.target));
        assert_eq!(server("execute-api").judge(&with_authority).unwrap().host(), HOST);
        let mut request = http::Request::builder().method("POST").uri(&with_authority.target);
        for (name, value) in &sent.headers {
            request = request.header(name, value.as_slice());
        }
        let request = request.body("hello").unwrap();
        let received = ReceivedRequest::from_request(&request).unwrap();
        assert_eq!(server("execute-api").judge_request(&received).unwrap().host(), HOST);
        let (parts, body) = request.into_parts();
        let received = ReceivedRequest::from_parts(&parts).unwrap();
        assert_eq!(server("execute-api").judge_request(&received).unwrap_err().kind(), Kind::BodyNeeded);
        let received = received.with_body(body.as_bytes());
        assert_eq!(server("execute-api").judge_request(&received).unwrap().host(), HOST);
    }
    let canonical = format!("GET\n/\n\n:authority:h.example\nx-amz-date:{DATE}\n\n:authority;x-amz-date\n{EMPTY}");
    let sent = by_hand(&Sent::new("GET", "https://h.example/").with_header("x-amz-date", DATE), &canonical, "sts");
    assert_eq!(server("sts").judge(&sent).unwrap().host(), HOST);
}

#[test]
fn hosts_behind_a_proxy_in_their_order() {
    let sent = GET.sign(&v4("execute-api", &credentials()));
    let behind = sent.with_header_instead("host", "10.0.0.1:8080");
    let judge = |hosts: &[&str]| server("execute-api").judge_request(&behind.received().unwrap().with_hosts(hosts));
    for hosts in [&[HOST][..], &["other.example", HOST], &[HOST, "other.example"]] {
        assert_eq!(judge(hosts).unwrap().host(), HOST);
    }
    for hosts in [&[][..], &["other.example"]] {
        assert_eq!(judge(hosts).unwrap_err().kind(), Kind::SignatureMismatch);
    }
    // A default port that only one of the two names.
    for (host, target) in
        [(HOST, "https://h.example:443/"), ("h.example:443", "https://h.example/"), (HOST, "https://H.Example/")]
    {
        let sent = sent.with_header_instead("host", host).with_target(target);
        assert_eq!(server("execute-api").judge(&sent).unwrap().host(), HOST, "{host} {target}");
    }
}

#[test]
fn another_region_that_this_server_answers_to() {
    let mut server = server("s3");
    let auto = sigv4a::SigV4::new(credentials(), Region::new("auto").unwrap(), sigv4a::Service::S3);
    let sent = GET.sign(&auto);
    assert_eq!(server.judge(&sent).unwrap_err().kind(), Kind::ScopeRegion);
    server.verifier = server.verifier.with_region_alias(Region::new("auto").unwrap());
    server.judge(&sent).unwrap();
    server.judge(&GET.sign(&v4("s3", &credentials()))).unwrap();
}

#[test]
fn a_plus_sign_is_a_space_or_itself() {
    for (rule, canonical_query) in [(PlusSign::Space, "a=b%20c"), (PlusSign::Plus, "a=b%2Bc")] {
        let canonical =
            format!("GET\n/\n{canonical_query}\nhost:h.example\nx-amz-date:{DATE}\n\nhost;x-amz-date\n{EMPTY}");
        let sent = Sent::new("GET", "/?a=b+c").with_header("host", HOST).with_header("x-amz-date", DATE);
        let sent = by_hand(&sent, &canonical, "execute-api");
        for set in [PlusSign::Space, PlusSign::Plus] {
            let mut server = server("execute-api");
            server.verifier = server.verifier.with_plus_sign(set);
            assert_eq!(server.judge(&sent).is_ok(), set == rule, "{set:?} {rule:?}");
        }
    }
}

#[test]
fn an_s3_path_signed_as_it_is_sent_and_signed_anew() {
    for (wire, canonical) in [
        ("/a%2Fb", "/a%2Fb"),
        ("/a%2Fb", "/a/b"),
        ("/a%2fb", "/a%2fb"),
        ("/a=b", "/a=b"),
        ("/a=b", "/a%3Db"),
        ("/a%7Eb", "/a~b"),
        ("/a%7Eb", "/a%7Eb"),
        ("//a/../b", "//a/../b"),
    ] {
        let canonical = format!(
            "GET\n{canonical}\n\nhost:h.example\nx-amz-content-sha256:{EMPTY}\nx-amz-date:{DATE}\n\nhost;x-amz-content-sha256;x-amz-date\n{EMPTY}"
        );
        let sent = Sent::new("GET", wire)
            .with_header("host", HOST)
            .with_header("x-amz-date", DATE)
            .with_header("x-amz-content-sha256", EMPTY);
        let sent = by_hand(&sent, &canonical, "s3");
        server("s3").judge(&sent).unwrap_or_else(|error| panic!("{wire}: {error}"));
        for other in ["/a/c", "/a%252Fb", "/b"] {
            assert_eq!(server("s3").judge(&sent.with_target(other)).unwrap_err().kind(), Kind::SignatureMismatch);
        }
    }
}

/// JavaScript's SDK moves the header into the query, its name in lower case.
#[test]
fn content_sha256_in_the_query() {
    let credential = encode(&format!("{ID}/20150830/us-east-1/execute-api/aws4_request"));
    let body = by_hand::sha256_hex("hello");
    for (value, is_right) in [(body.as_str(), true), (EMPTY, false)] {
        let start = format!(
            "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential={credential}&X-Amz-Date={DATE}&X-Amz-Expires=60&X-Amz-SignedHeaders=host"
        );
        let query = format!("{start}&x-amz-content-sha256={value}");
        let canonical = format!("PUT\n/\n{query}\nhost:h.example\n\nhost\n{value}");
        let signature = by_hand::signature(&canonical, "execute-api");
        let sent = Sent::new("PUT", &format!("/?{query}&X-Amz-Signature={signature}")).with_header("host", HOST);
        let outcome = server("execute-api").judge(&sent.with_body("hello")).map_err(|error| error.kind());
        assert_eq!(outcome.map(drop), if is_right { Ok(()) } else { Err(Kind::PayloadMismatch) });
    }
}

#[test]
fn a_token_that_iot_wants_appended() {
    for signer in signers("iotdevicegateway", &with_token(), |options| options) {
        let sent = GET.presign(&*signer, 60);
        let mut iot = server("iotdevicegateway");
        iot.keys = vec![VerificationKey::from_credentials(&with_token())];
        let verified = iot.judge(&sent).unwrap();
        assert_eq!(verified.session_token().map(sigv4a::SessionToken::expose), Some(TOKEN));
        iot.judge(&GET.sign(&*signer)).unwrap();
        // It is not signed: the key must know it.
        let other = support::signature::with_parameter(&sent, "X-Amz-Security-Token", Some("OTHER"));
        assert_eq!(iot.judge(&other).unwrap_err().kind(), Kind::InvalidSessionToken);
    }
}

#[test]
fn lattice_knows_unsigned_payloads_only() {
    for signer in signers("vpc-lattice-svcs", &credentials(), |options| options) {
        for sent in [POST.sign(&*signer), POST.presign(&*signer, 60)] {
            let verified = server("vpc-lattice-svcs").judge(&sent.with_body("anything")).unwrap();
            assert_eq!(verified.payload(), PayloadHash::Unsigned);
        }
    }
}

/// Iceberg REST catalogs want the digest in base64 in the header, and in hex in the canonical request.
#[test]
fn content_sha256_in_base64() {
    let digest = "LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=";
    for signer in signers("s3tables-iceberg", &credentials(), |options| options) {
        let url = format!("https://{HOST}/");
        let request =
            SigningRequest::new("POST", &url).unwrap().with_body(b"hello").with_content_sha256(digest).unwrap();
        let sent = Sent::signed("POST", &request, &signer.sign(&request, now()).unwrap(), b"hello");
        assert_eq!(sent.header("x-amz-content-sha256"), Some(digest));
        server("s3tables-iceberg").judge(&sent).unwrap();
        let kind = |sent: &Sent| server("s3tables-iceberg").judge(sent).unwrap_err().kind();
        assert_eq!(kind(&sent.with_body("hullo")), Kind::SignatureMismatch);
        assert_eq!(
            kind(&POST.presign(&*signer, 60).with_header("x-amz-content-sha256", digest)),
            Kind::MalformedPayloadHash
        );
    }
}

#[test]
fn what_a_client_signs_beyond_the_rules() {
    let headers = [("User-Agent", "curl/8"), ("accept-encoding", "gzip"), ("x-custom", "a"), ("X-Custom", "b")];
    let given = Plain { headers: &headers, ..GET };
    let all = |options: sigv4a::SigningOptions| {
        let policy = SignedHeaderPolicy::standard().with("user-agent").unwrap().with("accept-encoding").unwrap();
        options.with_signed_headers(policy)
    };
    for signer in signers("execute-api", &credentials(), all) {
        let sent = given.sign(&*signer);
        let verified = server("execute-api").judge(&sent).unwrap();
        assert!(verified.signed_headers().contains("user-agent"));
        let other = sent.with_header_instead("user-agent", "curl/9");
        assert_eq!(server("execute-api").judge(&other).unwrap_err().kind(), Kind::SignatureMismatch);
    }
}

#[test]
fn headers_that_may_be_unsigned_by_choice() {
    let sent = GET.sign(&v4("execute-api", &credentials())).with_header("content-type", "text/plain");
    let mut server = server("execute-api");
    assert_eq!(server.judge(&sent).unwrap_err().kind(), Kind::HeaderNotSigned);
    server.verifier = server.verifier.with_content_type(ContentType::MayBeUnsigned);
    server.judge(&sent).unwrap();
    let sent = sent.with_header("x-amz-meta-note", "1");
    assert_eq!(server.judge(&sent).unwrap_err().kind(), Kind::HeaderNotSigned);
    server.verifier = server.verifier.with_unsigned_header("X-Amz-Meta-Note").unwrap();
    server.judge(&sent).unwrap();
    server.verifier = server.verifier.without_unsigned_header("x-amz-meta-NOTE");
    assert_eq!(server.judge(&sent).unwrap_err().kind(), Kind::HeaderNotSigned);
}

/// S3 takes the value of `x-amz-content-sha256` into the canonical request; as a header it need not be signed.
#[test]
fn content_sha256_unsigned_at_s3() {
    let canonical = format!("GET\n/\n\nhost:h.example\nx-amz-date:{DATE}\n\nhost;x-amz-date\n{EMPTY}");
    let sent = Sent::new("GET", "/").with_header("host", HOST).with_header("x-amz-date", DATE);
    let sent = by_hand(&sent, &canonical, "s3").with_header("x-amz-content-sha256", EMPTY);
    let mut s3 = server("s3");
    s3.judge(&sent).unwrap();
    let unsigned = sent.with_header_instead("x-amz-content-sha256", "UNSIGNED-PAYLOAD");
    assert_eq!(s3.judge(&unsigned).unwrap_err().kind(), Kind::SignatureMismatch);
    s3.verifier = s3.verifier.without_unsigned_header("x-amz-content-sha256");
    assert_eq!(s3.judge(&sent).unwrap_err().kind(), Kind::HeaderNotSigned);
}

/// Both forms of an ECDSA signature are right, and count as one.
#[test]
fn a_high_s() {
    for _ in 0..8 {
        let sent = GET.sign(&v4a("s3", &credentials()));
        let signature = part(&sent, Part::Signature);
        let other = other_s(&signature);
        assert_ne!(signature, other);
        let other = with_part(&sent, Part::Signature, &other);
        let [one, two] = [sent, other].map(|sent| server("s3").judge(&sent).unwrap().replay_id());
        assert_eq!(one, two, "whoever sends a request twice cannot hide it");
    }
}
