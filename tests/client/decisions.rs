//! What a request signer decides: for whom it signs, and how.

use sigv4a::{
    Credentials, SignErrorKind, SignedHeaderPolicy, SignerConfig, Timestamp, client::RequestSigner,
    reqwest::sign_request,
};

use crate::support::{ALGORITHMS, Clock, NOON, config, credentials, signer, time};

const MRAP: &str = "https://mfzwi23gnjvgw.mrap.accesspoint.s3-global.amazonaws.com/a%20key";
const API: &str = "https://abc123.execute-api.eu-west-1.amazonaws.com/prod/orders";

async fn authorization(signer: &RequestSigner, url: &str, host: Option<&str>) -> Result<String, SignErrorKind> {
    let mut request = http::Request::get(url).body("").unwrap();
    if let Some(host) = host {
        request.headers_mut().insert("host", host.parse().unwrap());
    }
    signer.sign_request(&mut request).await.map_err(|error| error.kind())?;
    Ok(request.headers()["authorization"].to_str().unwrap().to_owned())
}

#[tokio::test]
async fn one_signer_serves_every_host() {
    let signer = RequestSigner::new(SignerConfig::default(), credentials()).with_clock(|| Ok(time(NOON)));
    for _ in 0..2 {
        let of = async |url, host| authorization(&signer, url, host).await;
        assert!(
            of(MRAP, None).await.unwrap().starts_with("AWS4-ECDSA-P256-SHA256 Credential=AKIDEXAMPLE/20150830/s3/")
        );
        assert!(of(API, None).await.unwrap().contains("/20150830/eu-west-1/execute-api/"));
        // A private API: dialled at the endpoint in the VPC, signed for the host in the header.
        let vpce = "https://vpce-0a1b2c3d-e4f5.execute-api.us-east-2.vpce.amazonaws.com/prod";
        let private = Some("abc123.execute-api.us-east-2.amazonaws.com");
        assert!(of(vpce, private).await.unwrap().contains("/20150830/us-east-2/execute-api/"));
        assert_eq!(of("https://api.example.com/", None).await, Err(SignErrorKind::MissingService));
        assert_eq!(of("/only/a/path", None).await, Err(SignErrorKind::MissingHost));
    }
}

#[tokio::test]
async fn hosts_that_are_not_named_are_refused() {
    for algorithm in ALGORITHMS {
        let config = config(algorithm, sigv4a::Service::EXECUTE_API);
        let signer = RequestSigner::new(config, credentials())
            .with_clock(|| Ok(time(NOON)))
            .with_hosts(["api.example.com", "*.internal.example.com", "localhost:8080"])
            .unwrap();
        for (url, allowed) in [
            ("https://api.example.com/", true),
            ("https://API.example.com:443/", true),
            ("https://a.internal.example.com/", true),
            ("https://a.b.internal.example.com/", true),
            ("https://internal.example.com/", false),
            ("https://evilinternal.example.com/", false),
            ("https://api.example.com.evil.org/", false),
            ("http://localhost:8080/", true),
            ("http://localhost:8081/", false),
        ] {
            let outcome = authorization(&signer, url, None).await;
            assert_eq!(outcome.is_ok(), allowed, "{url}: {outcome:?}");
            assert!(allowed || outcome == Err(SignErrorKind::HostNotAllowed));
        }
        // What is signed counts, not what is dialled.
        let outcome = authorization(&signer, "https://api.example.com/", Some("evil.org")).await;
        assert_eq!(outcome, Err(SignErrorKind::HostNotAllowed));
    }
    assert!(RequestSigner::new(SignerConfig::default(), credentials()).with_hosts(["a b"]).is_err());
}

#[tokio::test]
async fn options_hold_for_every_host_from_when_they_are_set() {
    for algorithm in ALGORITHMS {
        let signer = signer(algorithm, credentials(), &Clock::at(NOON));
        let before = authorization(&signer, "https://api.example.com/", None).await.unwrap();
        let policy = SignedHeaderPolicy::minimal().with("accept").unwrap();
        let signer = signer.with_options(move |options| options.with_signed_headers(policy.clone()));
        let mut request = http::Request::get("https://api.example.com/")
            .header("accept", "a/b")
            .header("x-mine", "1")
            .body("")
            .unwrap();
        signer.sign_request(&mut request).await.unwrap();
        let after = request.headers()["authorization"].to_str().unwrap();
        assert!(after.contains("SignedHeaders=accept;host;x-amz-date"), "{before} {after}");
    }
}

#[tokio::test]
async fn credentials_that_the_server_holds_for_ended_are_asked_for_again() {
    // Our clock is an hour slow, and says that they have half an hour left.
    for algorithm in ALGORITHMS {
        let asked = std::sync::Arc::new(std::sync::atomic::AtomicI64::new(0));
        let counter = asked.clone();
        let provider = sigv4a::credentials::from_fn(move || {
            let number = counter.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
            let credentials =
                Credentials::new("ASIA", "secret").unwrap().with_expiry(time(NOON + 1800 + 7200 * number));
            async { Ok(credentials) }
        });
        let ours = Clock::at(NOON);
        let cache = sigv4a::credentials::CachedCredentials::new(provider).with_clock(ours.source());
        let signer = signer(algorithm, cache, &ours);
        let mut request = http::Request::get("https://api.example.com/").body("").unwrap();
        let attempt = signer.sign_request(&mut request).await.unwrap();
        let answer =
            http::Response::builder().header("date", crate::support::http_date(time(NOON + 3600))).body(()).unwrap();
        signer.learn(&attempt, answer.status(), answer.headers(), b"");
        signer.sign_request(&mut request).await.unwrap();
        assert_eq!(request.headers()["x-amz-date"], "20150830T130000Z");
        assert_eq!(asked.load(std::sync::atomic::Ordering::SeqCst), 2);
    }
}

#[test]
fn a_single_request_of_reqwest_is_signed() {
    for algorithm in ALGORITHMS {
        let signer = config(algorithm, sigv4a::Service::S3)
            .signer("https://bucket.s3.us-east-1.amazonaws.com/", credentials())
            .unwrap();
        let at = Timestamp::parse_amz_date("20150830T123600Z").unwrap();
        let client = reqwest::Client::new();
        let url = "https://bucket.s3.us-east-1.amazonaws.com/a+b (c)*'d'?x=1 2&y=%FF&z";
        let mut request = client.put(url).body("hello").build().unwrap();
        for _ in 0..2 {
            sign_request(&signer, &mut request, at).unwrap();
            // As S3 computes it: nothing that reqwest could send otherwise.
            assert_eq!(request.url().path(), "/a%2Bb%20%28c%29%2A%27d%27");
            assert_eq!(request.url().query(), Some("x=1%202&y=%FF&z="));
            assert_eq!(request.headers().get_all("authorization").iter().count(), 1);
            let sha256 = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";
            assert_eq!(request.headers()["x-amz-content-sha256"], sha256);
        }
        let stream = reqwest::Body::wrap_stream(futures_util::stream::iter([Ok::<_, std::io::Error>("x")]));
        let mut request = client.put(url).body(stream).build().unwrap();
        assert_eq!(sign_request(&signer, &mut request, at).unwrap_err().kind(), SignErrorKind::Body);
        assert!(!request.headers().contains_key("authorization"));
        assert_eq!(signer.algorithm(), algorithm);
    }
}
