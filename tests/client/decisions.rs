//! What a request signer decides: for whom it signs, and how.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use sigv4a::{
    Credentials, SignErrorKind, SignedHeaderPolicy, SignerConfig, Timestamp,
    client::{Reason, RequestSigner, Verdict},
    credentials::{CachedCredentials, from_fn},
    reqwest::sign_request,
};

use crate::support::{ALGORITHMS, Clock, NOON, config, credentials, http_date, signer, time};

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
        // What is signed counts, and what is dialled: a redirect keeps the header and changes the URL.
        for (url, host, allowed) in [
            ("https://api.example.com/", "evil.org", false),
            ("https://evil.org/any?path", "api.example.com", false),
            ("https://a.internal.example.com/", "api.example.com", true),
        ] {
            let outcome = authorization(&signer, url, Some(host)).await;
            assert_eq!(outcome.is_ok(), allowed, "{url} {host}: {outcome:?}");
            assert!(allowed || outcome == Err(SignErrorKind::HostNotAllowed));
        }
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
    // By our clock they have half an hour left.
    for algorithm in ALGORITHMS {
        let asked = Arc::new(AtomicI64::new(0));
        let counter = asked.clone();
        let provider = from_fn(move || {
            let number = counter.fetch_add(1, Ordering::SeqCst);
            let credentials =
                Credentials::new("ASIA", "secret").unwrap().with_expiry(time(NOON + 1800 + 7200 * number));
            async { Ok(credentials) }
        });
        let ours = Clock::at(NOON);
        let signer = signer(algorithm, CachedCredentials::new(provider).with_clock(ours.source()), &ours);
        let mut request = http::Request::get("https://api.example.com/").body("").unwrap();
        let mut send = async |status: u16, date: i64| {
            let attempt = signer.sign_request(&mut request).await.unwrap();
            let answer = answer(status, &http_date(time(date)));
            let verdict = signer.learn(&attempt, answer.status(), answer.headers(), b"");
            (request.headers()["x-amz-date"].to_str().unwrap().to_owned(), verdict, asked.load(Ordering::SeqCst))
        };
        // It is twenty minutes slow. In ten they have ended, before it says so.
        assert_eq!(send(200, NOON + 1200).await, ("20150830T120000Z".into(), Verdict::Final, 1));
        ours.set(NOON + 600);
        assert_eq!(send(200, NOON + 1800).await, ("20150830T123000Z".into(), Verdict::Final, 2));

        // It is three hours slow: what they have is over, and then the time is off.
        let again = Verdict::SignAgain;
        ours.set(NOON + 1200);
        let past = NOON + 1200 + 10_800;
        assert_eq!(send(403, past).await, ("20150830T124000Z".into(), again(Reason::CredentialsExpired), 2));
        assert_eq!(send(403, past).await, ("20150830T124000Z".into(), again(Reason::ClockSkew), 3));
        assert_eq!(send(200, past).await, ("20150830T152000Z".into(), Verdict::Final, 3));
    }
}

fn answer(status: u16, date: &str) -> http::Response<()> {
    http::Response::builder().status(status).header("date", date).body(()).unwrap()
}

/// A server that is wrong about the time must not end the use of its host.
#[tokio::test]
async fn a_date_by_which_fresh_credentials_have_ended_corrects_nothing() {
    const LAST: &str = "Fri, 31 Dec 9999 23:59:59 GMT";
    for algorithm in ALGORITHMS {
        let asked = Arc::new(AtomicI64::new(0));
        let counter = asked.clone();
        let provider = from_fn(move || {
            counter.fetch_add(1, Ordering::SeqCst);
            async { Ok(credentials().with_expiry(time(NOON + 3600))) }
        });
        let ours = Clock::at(NOON);
        let signer = signer(algorithm, CachedCredentials::new(provider).with_clock(ours.source()), &ours);
        let mut request = http::Request::get("https://api.example.com/").body("").unwrap();
        let mut send = async |status: u16, date: &str| {
            let attempt = signer.sign_request(&mut request).await.unwrap();
            let answer = answer(status, date);
            let verdict = signer.learn(&attempt, answer.status(), answer.headers(), b"");
            (request.headers()["x-amz-date"].to_str().unwrap().to_owned(), verdict)
        };
        // Two hours ahead, and at the end of the calendar.
        for date in [&http_date(time(NOON + 7200)), LAST] {
            for _ in 0..3 {
                assert_eq!(send(200, date).await, ("20150830T120000Z".into(), Verdict::Final), "{date}");
            }
        }
        assert_eq!(asked.load(Ordering::SeqCst), 1, "healthy credentials stay");

        // Fifty minutes are possible. Where that leads past the end of all there are, it was wrong after all.
        assert_eq!(send(200, &http_date(time(NOON + 3000))).await.0, "20150830T120000Z");
        assert_eq!(send(200, &http_date(time(NOON + 3000))).await.0, "20150830T125000Z");
        ours.set(NOON + 700);
        assert_eq!(send(200, LAST).await.0, "20150830T121140Z");
        assert_eq!(asked.load(Ordering::SeqCst), 2);
    }
    for algorithm in ALGORITHMS {
        let ours = Clock::at(NOON);
        let signer = signer(algorithm, credentials(), &ours);
        let mut request = http::Request::get("https://api.example.com/").body("").unwrap();
        let attempt = signer.sign_request(&mut request).await.unwrap();
        let answer = answer(200, LAST);
        signer.learn(&attempt, answer.status(), answer.headers(), b"");
        ours.advance(60);
        signer.sign_request(&mut request).await.unwrap();
        assert_eq!(request.headers()["x-amz-date"], "20150830T120100Z", "what leads out of the calendar");
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
