//! What a caller sees of signing and presigning, with both algorithms: what changes in a request, what does not, and what
//! the answer says.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may panic")]

use sigv4a::{
    Algorithm, Credentials, EndpointCheck, ExpiresIn, PayloadHash, Provider, Region, RegionSet, Service, SigV4, SigV4a,
    SignErrorKind, SignedHeaderPolicy, Signer, SignerExt, SigningOptions, SigningRequest, Timestamp, UriPolicy,
};

const SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

fn at() -> Timestamp {
    Timestamp::parse_amz_date("20150830T123600Z").unwrap()
}

fn credentials() -> Credentials {
    Credentials::new("AKIDEXAMPLE", SECRET).unwrap()
}

fn signers_of(credentials: &Credentials, options: &SigningOptions, service: &str) -> [Box<dyn Signer>; 2] {
    let service = Service::new(service).unwrap();
    let region = Region::new("us-east-1").unwrap();
    [
        Box::new(SigV4::new(credentials.clone(), region, service.clone()).with_options(options.clone())),
        Box::new(
            SigV4a::new(credentials.clone(), RegionSet::all(), service)
                .with_provider(Provider::rust_crypto())
                .with_options(options.clone()),
        ),
    ]
}

fn signers(service: &str) -> [Box<dyn Signer>; 2] {
    let options = SigningOptions::for_service(&Service::new(service).unwrap());
    signers_of(&credentials(), &options, service)
}

#[test]
fn a_request_is_signed_in_place_and_keeps_what_it_had() {
    for signer in signers("s3") {
        let mut request = http::Request::put("https://b.s3.us-east-1.amazonaws.com/a+b?tagging&x=a+b")
            .header("Content-Type", "text/plain")
            .header("user-agent", "test/1")
            .header("x-amz-meta-a", "one")
            .header("x-amz-meta-a", "two")
            .body(b"Welcome to Amazon S3.".to_vec())
            .unwrap();
        signer.sign_request(&mut request, at()).unwrap();
        assert_eq!(request.uri(), "https://b.s3.us-east-1.amazonaws.com/a%2Bb?tagging=&x=a%20b");
        assert_eq!(request.headers()["user-agent"], "test/1");
        assert_eq!(request.headers().get_all("x-amz-meta-a").iter().count(), 2);
        // The hash of AWS's documented example with this body.
        let hash = "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072";
        assert_eq!(request.headers()["x-amz-content-sha256"], hash);
        let authorization = request.headers()["authorization"].clone();
        assert!(authorization.is_sensitive());
        let authorization = authorization.to_str().unwrap().to_owned();
        assert!(!authorization.contains("user-agent") && authorization.contains("content-type;host;"));
        assert!(!request.headers().contains_key("host"), "the client adds it");

        // Parts with the same payload, given as its hash, are signed the same.
        let (mut parts, body) = request.into_parts();
        let digest: [u8; 32] = base16ct::lower::decode_vec(hash).unwrap().try_into().unwrap();
        signer.sign_parts(&mut parts, PayloadHash::Sha256(digest), at()).unwrap();
        assert_eq!(parts.headers["authorization"], authorization);
        assert_eq!(body.len(), 21);
    }
}

#[test]
fn nothing_is_changed_when_signing_fails() {
    let options = SigningOptions::for_service(&Service::S3).with_uri_policy(UriPolicy::Reject);
    for signer in signers_of(&credentials(), &options, "s3") {
        let mut request = http::Request::get("https://h.example/a+b").header("x-amz-date", "stale").body("").unwrap();
        assert!(signer.sign_request(&mut request, at()).is_err());
        assert_eq!((request.uri().path(), request.headers().len()), ("/a+b", 1));
        assert_eq!(request.headers()["x-amz-date"], "stale");
    }
}

#[test]
fn the_signed_host_is_the_one_that_is_sent() {
    for (url, header, expected) in [
        ("https://h.example:443/", None, "h.example"),
        ("http://h.example:80/", None, "h.example"),
        ("http://h.example:443/", None, "h.example:443"),
        ("https://h.example:8443/", None, "h.example:8443"),
        ("http://[::1]:9000/", None, "[::1]:9000"),
        (
            "https://vpce-1.execute-api.us-east-1.vpce.amazonaws.com/",
            Some("abc.execute-api.us-east-1.amazonaws.com"),
            "abc.execute-api.us-east-1.amazonaws.com",
        ),
        ("/relative", Some("h.example:443"), "h.example:443"),
    ] {
        for signer in signers("execute-api") {
            let mut builder = http::Request::get(url);
            if let Some(header) = header {
                builder = builder.header("Host", header);
            }
            let request = builder.body("").unwrap();
            let signed = signer.sign(&SigningRequest::from_request(&request).unwrap(), at()).unwrap();
            assert_eq!(signed.host(), expected, "{url}");
            let line = format!("\nhost:{expected}\n");
            assert!(signed.trace().canonical_request().as_str().contains(&line), "{url}");
        }
    }
}

/// Dial one host, sign for another.
#[test]
fn a_chosen_host_is_signed_and_sent() {
    let options = SigningOptions::for_service(&Service::EXECUTE_API).with_host("api.example.com:8443").unwrap();
    for signer in signers_of(&credentials(), &options, "execute-api") {
        let mut request = http::Request::get("http://127.0.0.1:9000/x").header("host", "old").body("").unwrap();
        signer.sign_request(&mut request, at()).unwrap();
        assert_eq!(request.headers()["host"], "api.example.com:8443");
        assert_eq!(request.uri(), "http://127.0.0.1:9000/x");
    }
    assert!(SigningOptions::for_service(&Service::S3).with_host("a/b").is_err());
}

#[test]
fn signed_headers_can_be_edited_and_the_rest_is_still_sent() {
    let policies = [
        (SignedHeaderPolicy::standard(), "cache-control;host;range;x-amz-date"),
        (SignedHeaderPolicy::minimal(), "host;range;x-amz-date"),
        (SignedHeaderPolicy::standard().without("Cache-Control").unwrap(), "host;range;x-amz-date"),
        (SignedHeaderPolicy::minimal().with("Via").unwrap(), "host;range;via;x-amz-date"),
    ];
    for (policy, expected) in policies {
        let options = SigningOptions::for_service(&Service::EXECUTE_API).with_signed_headers(policy);
        for signer in signers_of(&credentials(), &options, "execute-api") {
            let mut request = SigningRequest::new("GET", "https://h.example/").unwrap();
            for name in ["Via", "Cache-Control", "Range", "X-Forwarded-For", "Connection", "X-Amzn-Trace-Id"] {
                request = request.with_header(name, "value").unwrap();
            }
            let signed = signer.sign(&request, at()).unwrap();
            let signed_headers = signed.trace().signed_headers().replace(";x-amz-region-set", "");
            assert_eq!(signed_headers, expected);
            let wire: Vec<String> = signed.wire_headers(&request).into_iter().map(|(name, _)| name).collect();
            assert_eq!(
                wire[..7],
                ["Via", "Cache-Control", "Range", "X-Forwarded-For", "Connection", "X-Amzn-Trace-Id", "host"]
            );
        }
    }
    assert!(SignedHeaderPolicy::standard().without("no good").is_err());
}

#[test]
fn a_presigned_url_names_what_must_be_sent_and_when_it_ends() {
    let ends = at().saturating_add(600);
    for (expiry, lifetime, expected) in [(None, 900, 900), (Some(ends), 900, 600), (Some(ends), 300, 300)] {
        let mut credentials = credentials();
        if let Some(expiry) = expiry {
            credentials = credentials.with_expiry(expiry);
        }
        for signer in signers_of(&credentials, &SigningOptions::for_service(&Service::S3), "s3") {
            let request = SigningRequest::new("PUT", "https://b.s3.us-east-1.amazonaws.com/k?versionId=1").unwrap();
            let request =
                request.with_header("Content-Length", "33").unwrap().with_header("Accept-Encoding", "br").unwrap();
            let presigned = signer.presign(&request, ExpiresIn::from_secs(lifetime).unwrap(), at()).unwrap();
            let url = presigned.url();
            assert!(url.contains("X-Amz-SignedHeaders=content-length%3Bhost&"), "{url}");
            assert!(!url.contains("Content-Length=") && url.contains("?versionId=1&X-Amz-Algorithm="), "{url}");
            let to_send: Vec<_> = presigned
                .headers_to_send()
                .iter()
                .map(|(name, value)| (name.as_str(), value.to_str().unwrap()))
                .collect();
            assert_eq!(to_send, [("content-length", "33")]);
            assert_eq!(presigned.expires_at(), at().saturating_add(expected));
            assert!(presigned.trace().canonical_request().as_str().ends_with("\nUNSIGNED-PAYLOAD"));
            assert_eq!(presigned.to_uri().unwrap().to_string(), url);
            assert!(!format!("{presigned:?}").contains(&presigned.trace().signature().to_hex()));
        }
    }
}

/// Of a presigned request the server learns a payload of its own only from the header.
#[test]
fn a_presigned_payload_is_announced() {
    let digest = [7; 32];
    for signer in signers("s3") {
        let request = SigningRequest::new("PUT", "https://b.s3.us-east-1.amazonaws.com/k").unwrap();
        let request = request.with_payload(PayloadHash::Sha256(digest));
        let presigned = signer.presign(&request, ExpiresIn::MAX, at()).unwrap();
        assert_eq!(presigned.headers_to_send()[0].0, "x-amz-content-sha256");
        assert_eq!(presigned.trace().signed_headers(), "host");
    }
    for signer in signers("vpc-lattice-svcs") {
        let request =
            SigningRequest::new("POST", "https://x.vpc-lattice-svcs.us-east-1.on.aws/").unwrap().with_body(b"zzz");
        let presigned = signer.presign(&request, ExpiresIn::MAX, at()).unwrap();
        assert_eq!(presigned.headers_to_send()[0].1, "UNSIGNED-PAYLOAD");
        assert_eq!(presigned.trace().signed_headers(), "host;x-amz-content-sha256");
    }
    for signer in signers("execute-api") {
        let request = SigningRequest::new("POST", "https://h.example/").unwrap().with_body(b"zzz");
        let presigned = signer.presign(&request, ExpiresIn::MAX, at()).unwrap();
        assert!(presigned.headers_to_send().is_empty());
        assert!(!presigned.trace().canonical_request().as_str().ends_with("UNSIGNED-PAYLOAD"));
    }
}

/// T-71: an Iceberg REST catalog wants base64 in the header and hex in the canonical request.
#[test]
fn the_payload_header_may_differ_from_the_payload_line() {
    let base64 = "RBNvqjVTmPVKxMb2JvRv8VtVAAAAAAAAAAAAAAAAAAA=";
    for signer in signers("s3") {
        let request = SigningRequest::new("PUT", "https://h.example/k").unwrap().with_body(b"x");
        let request = request.with_content_sha256(base64).unwrap();
        let signed = signer.sign(&request, at()).unwrap();
        let canonical = signed.trace().canonical_request().as_str();
        assert!(canonical.contains(&format!("x-amz-content-sha256:{base64}\n")));
        assert!(canonical.ends_with("\n2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881"));
    }
}

#[test]
fn sigv4_at_an_mrap_host_is_refused_unless_forced() {
    let url = "https://X.MRAP.accesspoint.s3-global.amazonaws.com/";
    let [v4, v4a] = signers("s3");
    let request = SigningRequest::new("GET", url).unwrap();
    assert_eq!(v4.sign(&request, at()).unwrap_err().kind(), SignErrorKind::AlgorithmRefused);
    assert_eq!(v4.presign(&request, ExpiresIn::MAX, at()).unwrap_err().kind(), SignErrorKind::AlgorithmRefused);
    assert!(v4a.sign(&request, at()).is_ok());
    let forced = SigningOptions::for_service(&Service::S3).with_endpoint_check(EndpointCheck::Skip);
    assert!(signers_of(&credentials(), &forced, "s3")[0].sign(&request, at()).is_ok());
}

/// The seed requests of AWS's documented chunked uploads; the body's frames come with a later version.
#[test]
fn the_seed_of_a_streaming_upload() {
    let credentials = Credentials::new("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY").unwrap();
    let at = Timestamp::parse_amz_date("20130524T000000Z").unwrap();
    let [v4, v4a] = signers_of(&credentials, &SigningOptions::for_service(&Service::S3), "s3");
    for (signer, content_length, seed) in [
        (&v4, "66824", "4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9"),
        (
            &v4a,
            "67064",
            "3044022030d15a745cbfef07b4d2bf576dd49cc8401e60778136a40f47346203e5289dbe02200ff2cac48412d12f867a3da65e8f17d9487bae535ae752616016b647f50908f0",
        ),
    ] {
        let request = SigningRequest::new("PUT", "https://s3.amazonaws.com/examplebucket/chunkObject.txt")
            .unwrap()
            .with_header("content-encoding", "aws-chunked")
            .unwrap()
            .with_header("content-length", content_length)
            .unwrap()
            .with_header("x-amz-decoded-content-length", "66560")
            .unwrap()
            .with_header("x-amz-storage-class", "REDUCED_REDUNDANCY")
            .unwrap()
            .with_payload(PayloadHash::StreamingSigned);
        assert_eq!(signer.sign(&request, at).unwrap().trace().signature().to_hex(), seed);
    }
}

/// A DER signature is as long as its two integers need: every length must verify, with every back end.
#[test]
fn ecdsa_signatures_of_every_length_verify() {
    for provider in Provider::all() {
        let signer = SigV4a::new(credentials(), RegionSet::all(), Service::S3).with_provider(provider);
        let key = signer.verifying_key().unwrap();
        let mut lengths = std::collections::BTreeSet::new();
        for number in 0..1500 {
            let url = format!("https://h.example/{number}");
            let signed = signer.sign(&SigningRequest::new("GET", &url).unwrap(), at()).unwrap();
            let (message, signature) = (signed.trace().string_to_sign(), signed.trace().signature());
            assert!(key.verifies(message.as_bytes(), signature), "{provider:?}: {url}");
            lengths.insert(signature.as_bytes().len());
        }
        assert!(lengths.len() >= 3 && lengths.iter().all(|length| *length <= 72), "{provider:?}: {lengths:?}");
    }
}

/// RFC 6979 signatures of the suite's `get-vanilla`, as `aws-sigv4` and Python's `cryptography` compute them.
#[test]
fn rust_crypto_signatures_are_deterministic() {
    for (set, signature) in [
        (
            "us-east-1",
            "304502206c8e97f7ed2541ed924ade73b4acf7c40156ee796b1f57156c77319278c93042022100f933779aa3fcbd0279217cd671618552026d099cd2e1770225a5167ac5b6bcfd",
        ),
        (
            "*",
            "304402207b1ab579cb0614453229bed763957ebf126d3bf8bac782af346814dced28687102207821be17efdf1a6e75bd6095089d82ac6ef5400f5828cd89244fedcebe7dc714",
        ),
        (
            "us-east-1, us-west-2",
            "304402202c3deeb69293de886f5ba49db48c8a201ce8ed1894a67d0bae3a265dd033058a02205791a269c81f1a1cecc20a7423d6a333e5effca2d976e0cc02fd1f02f8cc9232",
        ),
    ] {
        let signer = SigV4a::new(credentials(), RegionSet::new(set).unwrap(), Service::new("service").unwrap())
            .with_provider(Provider::rust_crypto());
        let signed = signer.sign(&SigningRequest::new("GET", "https://example.amazonaws.com/").unwrap(), at()).unwrap();
        assert_eq!(signed.trace().signature().to_hex(), signature, "{set}");
        assert_eq!(signed.trace().algorithm(), Algorithm::SigV4a);
    }
}

/// A profile of one's own names its token header: one that HTTP cannot carry is an error, a stale one is replaced.
#[test]
fn a_token_header_of_ones_own_is_checked_and_replaced() {
    let credentials = credentials().with_session_token("TOKEN").unwrap();
    for (name, is_valid) in [("x-my-token", true), ("X-My-Token", true), ("x my token", false), ("", false)] {
        let mut profile = sigv4a::ServiceProfile::STANDARD;
        profile.session_token_header = name;
        for signer in signers_of(&credentials, &SigningOptions::new(profile), "mine") {
            let mut request = http::Request::get("https://h.example/").header("x-my-token", "stale").body("").unwrap();
            let outcome = signer.sign_request(&mut request, at());
            assert_eq!(outcome.is_ok(), is_valid, "{name}");
            if is_valid {
                assert_eq!(request.headers().get_all("x-my-token").iter().collect::<Vec<_>>(), ["TOKEN"]);
                let again = signer.sign(&SigningRequest::from_request(&request).unwrap(), at()).unwrap();
                assert!(again.trace().canonical_request().as_str().contains("\nx-my-token:TOKEN\n"));
            }
        }
    }
}

#[test]
fn a_request_to_sign_shows_neither_query_nor_headers_nor_body() {
    let request = SigningRequest::new("PUT", "https://h.example/k?X-Amz-Signature=hush1").unwrap();
    let key = "x-amz-server-side-encryption-customer-key";
    let request = request.with_header(key, "hush2").unwrap().with_body(b"hush3");
    let shown = format!("{request:?}");
    assert!(shown.contains("/k") && !shown.contains("hush"), "{shown}");
}

/// Signers and outcomes go between threads, and a signer is used behind a pointer.
#[test]
fn public_types_are_send_and_sync() {
    fn check<T: Send + Sync>() {}
    check::<Box<dyn Signer>>();
    check::<(SigV4, SigV4a, SigningOptions, Credentials)>();
    check::<(sigv4a::SignedRequest, sigv4a::PresignedRequest, sigv4a::SigningTrace)>();
    check::<(sigv4a::SignError, sigv4a::ParseError, sigv4a::KeyCache, sigv4a::VerifyingKey)>();
    let [signer, _] = signers("s3");
    let shared: std::sync::Arc<dyn Signer> = std::sync::Arc::from(signer);
    assert!(shared.presign_url("GET", "https://h.example/", ExpiresIn::MAX, at()).is_ok());
    assert!((&*shared).sign(&SigningRequest::new("GET", "https://h.example/").unwrap(), at()).is_ok());
}
