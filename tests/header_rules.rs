//! The header rules that users of requests-aws4auth and requests-aws-iam-auth know, one test for each row of the table in
//! `docs/from-requests-aws4auth.md`: `SignMiddleware` in front of a real client, an endpoint that verifies what comes, both
//! algorithms.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may panic"
)]

#[path = "support/endpoint.rs"]
mod endpoint;

use std::sync::{
    Arc,
    atomic::{AtomicI64, AtomicUsize, Ordering},
};

use endpoint::{Endpoint, KEY_ID, Received, SECRET, credentials};
use http::{Extensions, HeaderValue, StatusCode};
use reqwest::{Body, Client, Request, Response, redirect::Policy};
use reqwest_middleware::{ClientBuilder, ClientWithMiddleware, Middleware, Next, RequestBuilder};
use sigv4a::{
    Algorithm, AlgorithmChoice, Credentials, Region, Service, SignError, SignerConfig, SignerExt as _, SigningOptions,
    Timestamp, VerificationKey,
    client::RequestSigner,
    config::now,
    credentials::{CachedCredentials, CredentialsProvider, from_fn},
    reqwest::SignMiddleware,
};

const ALGORITHMS: [Algorithm; 2] = [Algorithm::SigV4, Algorithm::SigV4a];
const SERVICES: [Service; 2] = [Service::EXECUTE_API, Service::S3];
const EMPTY: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

fn config(algorithm: Algorithm, service: Service) -> SignerConfig {
    let config = SignerConfig::default().with_service(service).with_region(Region::new("us-east-1").unwrap());
    config.with_algorithm(AlgorithmChoice::Always(algorithm))
}

fn client_of(signer: RequestSigner) -> ClientWithMiddleware {
    SignMiddleware::new(signer).into_client(Client::builder()).unwrap()
}

fn client(algorithm: Algorithm, service: Service) -> ClientWithMiddleware {
    client_of(RequestSigner::new(config(algorithm, service), credentials()))
}

fn send(request: RequestBuilder) -> Result<Response, reqwest_middleware::Error> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let response = request.send().await?;
        let status = response.status();
        let text = response.text().await?;
        Ok(http::Response::builder().status(status).body(text).unwrap().into())
    })
}

/// Sends what `make` makes, for every algorithm and kind of service; it must be accepted.
fn each(make: impl Fn(&ClientWithMiddleware, String) -> RequestBuilder, check: impl Fn(&Endpoint, &Received)) {
    for service in SERVICES {
        let endpoint = Endpoint::start(service.clone());
        for algorithm in ALGORITHMS {
            let request = make(&client(algorithm, service.clone()), endpoint.url("/path?a=b"));
            assert_eq!(send(request).unwrap().status(), StatusCode::OK, "{service} {algorithm}");
            let received = endpoint.take_one();
            assert_eq!(received.verified.algorithm(), algorithm);
            check(&endpoint, &received);
        }
    }
}

#[test]
fn host_is_derived_from_the_url_and_signed() {
    each(
        |client, url| client.get(url),
        |endpoint, received| {
            assert_eq!(received.header("host"), Some(&*endpoint.address.to_string()));
            assert_eq!(received.verified.host(), endpoint.address.to_string());
            assert!(received.signs("host"));
        },
    );
}

#[test]
fn an_explicit_host_is_honoured() {
    each(
        |client, url| client.get(url).header("Host", "abc123.execute-api.us-east-1.amazonaws.com"),
        |_, received| {
            assert_eq!(received.header("host"), Some("abc123.execute-api.us-east-1.amazonaws.com"));
            assert_eq!(received.verified.host(), "abc123.execute-api.us-east-1.amazonaws.com");
            assert_eq!(received.parts.headers.get_all("host").iter().count(), 1);
        },
    );
}

/// As `Date` has it, without weekdays to compute.
fn http_date(at: Timestamp) -> String {
    let time = jiff::Timestamp::from_second(at.as_unix()).unwrap();
    jiff::fmt::rfc2822::DateTimePrinter::new().timestamp_to_rfc9110_string(&time).unwrap()
}

#[test]
fn a_date_header_is_the_time_of_the_signature() {
    let at = Timestamp::from_unix(now().unwrap().as_unix() - 200).unwrap();
    let date = http_date(at);
    each(
        |client, url| client.get(url).header("Date", &date),
        |_, received| {
            assert_eq!(received.verified.signed_at(), at);
            assert_eq!(received.header("date"), Some(&*date));
            assert!(received.signs("date"));
            // Servers choose `X-Amz-Date` where there are two: it says the same.
            assert_eq!(received.header("x-amz-date"), Some(at.amz_date()));
        },
    );
}

#[test]
fn without_a_date_header_there_is_x_amz_date() {
    let before = now().unwrap();
    each(
        // A time that an earlier signing left there is not honoured.
        |client, url| client.get(url).header("X-Amz-Date", "20150830T123600Z"),
        |_, received| {
            let at = received.verified.signed_at();
            assert!(before <= at && at <= now().unwrap());
            assert_eq!(received.header("x-amz-date"), Some(at.amz_date()));
            assert!(received.signs("x-amz-date") && received.header("date").is_none());
        },
    );
}

#[test]
fn a_date_that_is_none_is_an_error() {
    let endpoint = Endpoint::start(Service::EXECUTE_API);
    for algorithm in ALGORITHMS {
        let client = client(algorithm, Service::EXECUTE_API);
        let error = send(client.get(endpoint.url("/")).header("Date", "yesterday")).unwrap_err();
        let reqwest_middleware::Error::Middleware(error) = error else { panic!("{error}") };
        let error = error.downcast::<SignError>().unwrap().to_string();
        assert!(error.contains("`Date`") && error.contains("`yesterday`"), "{error}");
    }
    assert_eq!(endpoint.take().len(), 0);
}

#[test]
fn content_length_is_sent_and_signed_with_a_body() {
    each(
        |client, url| client.post(url).body("twelve bytes"),
        |_, received| {
            assert_eq!(received.header("content-length"), Some("12"));
            assert!(received.signs("content-length"));
        },
    );
    // What the caller writes there is put right.
    each(
        |client, url| client.put(url).header("Content-Length", "5").body("twelve bytes"),
        |_, received| assert_eq!((received.header("content-length"), received.body.len()), (Some("12"), 12)),
    );
}

#[test]
fn content_length_is_absent_without_a_body() {
    each(
        |client, url| client.get(url),
        |_, received| {
            assert_eq!((received.header("content-length"), received.header("transfer-encoding")), (None, None));
            assert!(!received.signs("content-length"));
        },
    );
}

fn check_payload(received: &Received, expected: &str) {
    assert_eq!(received.payload_line(), expected);
    let is_s3 = received.verified.scope().service() == "s3";
    assert_eq!(received.header("x-amz-content-sha256"), is_s3.then_some(expected));
    assert_eq!(received.signs("x-amz-content-sha256"), is_s3);
}

#[test]
fn the_payload_is_hashed_whatever_it_is() {
    const HELLO: &str = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";
    each(|client, url| client.get(url), |_, received| check_payload(received, EMPTY));
    each(|client, url| client.delete(url).body(""), |_, received| check_payload(received, EMPTY));
    each(|client, url| client.post(url).body("hello"), |_, received| check_payload(received, HELLO));
    // One that streams is read first.
    let streamed = || Body::wrap(http_body_util::Full::<bytes::Bytes>::from("hello"));
    each(|client, url| client.put(url).body(streamed()), |_, received| check_payload(received, HELLO));
    // A hash that the caller wrote is replaced.
    each(
        |client, url| client.post(url).header("X-Amz-Content-Sha256", EMPTY).body("hello"),
        |_, received| assert_eq!(received.payload_line(), HELLO),
    );
}

#[test]
fn content_type_is_signed() {
    each(
        |client, url| client.post(url).json(&serde_json::json!({"a": 1})),
        |_, received| {
            assert_eq!(received.header("content-type"), Some("application/json"));
            assert!(received.signs("content-type"));
            assert_eq!(&received.body[..], b"{\"a\":1}");
        },
    );
}

#[test]
fn the_session_token_is_sent_and_signed() {
    let temporary = credentials().with_session_token("to+ken/==").unwrap();
    for service in SERVICES {
        let endpoint = Endpoint::with_keys(service.clone(), [VerificationKey::from_credentials(&temporary)]);
        for algorithm in ALGORITHMS {
            let client = client_of(RequestSigner::new(config(algorithm, service.clone()), temporary.clone()));
            // One that is left over is not sent beside it.
            let request = client.get(endpoint.url("/")).header("X-Amz-Security-Token", "an old one");
            assert_eq!(send(request).unwrap().status(), StatusCode::OK);
            let received = endpoint.take_one();
            assert_eq!(received.header("x-amz-security-token"), Some("to+ken/=="));
            assert_eq!(received.parts.headers.get_all("x-amz-security-token").iter().count(), 1);
            assert!(received.signs("x-amz-security-token"));
        }
    }
}

#[test]
fn refreshable_credentials_are_used() {
    let keys = ["AKIDFIRST", "AKIDSECOND"].map(|id| VerificationKey::new(id, SECRET).unwrap());
    let endpoint = Endpoint::with_keys(Service::EXECUTE_API, keys);
    for algorithm in ALGORITHMS {
        let (asked, hours) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicI64::new(0)));
        let count = Arc::clone(&asked);
        let role = from_fn(move || {
            let id = if count.fetch_add(1, Ordering::SeqCst) == 0 { "AKIDFIRST" } else { "AKIDSECOND" };
            let hours: u32 = if id == "AKIDFIRST" { 1 } else { 9 };
            async move {
                let end = now().unwrap().saturating_add(3600 * hours);
                Ok(Credentials::new(id, SECRET).unwrap().with_expiry(end))
            }
        });
        let clock = Arc::clone(&hours);
        let cached = CachedCredentials::new(role)
            .with_clock(move || Timestamp::from_unix(now()?.as_unix() + 3600 * clock.load(Ordering::SeqCst)));
        let client = client_of(RequestSigner::new(config(algorithm, Service::EXECUTE_API), cached));
        let who = || {
            assert_eq!(send(client.get(endpoint.url("/"))).unwrap().status(), StatusCode::OK);
            endpoint.take_one().verified.access_key_id().as_str().to_owned()
        };
        assert_eq!((who(), who(), asked.load(Ordering::SeqCst)), ("AKIDFIRST".into(), "AKIDFIRST".into(), 1));
        hours.store(2, Ordering::SeqCst);
        assert_eq!((who(), who(), asked.load(Ordering::SeqCst)), ("AKIDSECOND".into(), "AKIDSECOND".into(), 2));
    }
}

/// The server knows better than the clock: it says that the token has expired, and the request is signed with the next.
#[test]
fn credentials_that_the_service_calls_expired_are_replaced() {
    let old = Credentials::new("ASIAOLD", SECRET).unwrap().with_session_token("old").unwrap();
    let new = Credentials::new("ASIANEW", SECRET).unwrap().with_session_token("new").unwrap();
    let ended = Timestamp::from_unix(now().unwrap().as_unix() - 60).unwrap();
    let keys = [VerificationKey::from_credentials(&old).with_expiry(ended), VerificationKey::from_credentials(&new)];
    let endpoint = Endpoint::with_keys(Service::EXECUTE_API, keys);
    for algorithm in ALGORITHMS {
        let asked = AtomicUsize::new(0);
        let all = [old.clone(), new.clone()];
        let role = from_fn(move || {
            let credentials = all[asked.fetch_add(1, Ordering::SeqCst).min(1)].clone();
            async move { Ok(credentials) }
        });
        let provider: Arc<dyn CredentialsProvider> = Arc::new(CachedCredentials::new(role));
        let client = client_of(RequestSigner::new(config(algorithm, Service::EXECUTE_API), provider));
        assert_eq!(send(client.post(endpoint.url("/")).body("x")).unwrap().status(), StatusCode::OK);
        let received = endpoint.take_one();
        assert_eq!((received.verified.access_key_id().as_str(), &received.body[..]), ("ASIANEW", &b"x"[..]));
    }
}

const ON_THE_WAY: [(&str, &str); 9] = [
    ("accept-encoding", "gzip"),
    ("user-agent", "client/1.0"),
    ("via", "1.1 client"),
    ("forwarded", "for=192.0.2.1"),
    ("x-forwarded-for", "192.0.2.1"),
    ("x-amzn-trace-id", "Root=1-67891233-abcdef012345678912345678"),
    ("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"),
    ("te", "trailers"),
    ("keep-alive", "timeout=5"),
];

/// What a proxy does after signing.
struct Proxy;

#[async_trait::async_trait]
impl Middleware for Proxy {
    async fn handle(
        &self,
        mut request: Request,
        extensions: &mut Extensions,
        next: Next<'_>,
    ) -> reqwest_middleware::Result<Response> {
        for (name, _) in ON_THE_WAY {
            let value = format!("{}, changed", request.headers()[name].to_str().unwrap());
            request.headers_mut().insert(name, HeaderValue::try_from(value).unwrap());
        }
        request.headers_mut().insert("x-forwarded-proto", HeaderValue::from_static("https"));
        next.run(request, extensions).await
    }
}

#[test]
fn what_proxies_change_is_sent_and_not_signed() {
    let with_all = |request: RequestBuilder| {
        ON_THE_WAY.iter().fold(request, |request, (name, value)| request.header(*name, *value))
    };
    each(
        |client, url| with_all(client.get(url)),
        |_, received| {
            for (name, value) in ON_THE_WAY {
                assert_eq!(received.header(name), Some(value));
                assert!(!received.signs(name), "{name}");
            }
        },
    );
    let endpoint = Endpoint::start(Service::EXECUTE_API);
    for algorithm in ALGORITHMS {
        let signer = RequestSigner::new(config(algorithm, Service::EXECUTE_API), credentials());
        let client = Client::builder().redirect(Policy::none()).build().unwrap();
        let client = ClientBuilder::new(client).with(SignMiddleware::new(signer)).with(Proxy).build();
        assert_eq!(send(with_all(client.get(endpoint.url("/")))).unwrap().status(), StatusCode::OK);
        assert_eq!(endpoint.take_one().header("via"), Some("1.1 client, changed"));
    }
}

#[test]
fn every_other_header_is_signed_and_the_choice_can_be_changed() {
    each(
        |client, url| {
            client.get(url).header("X-Tenant", "7").header("Accept", "text/plain").header("Range", "bytes=0-")
        },
        |_, received| assert!(["x-tenant", "accept", "range"].into_iter().all(|name| received.signs(name))),
    );
    // `include_hdrs`, and what it cannot do: leave one out.
    let change = |options: SigningOptions| {
        let policy = sigv4a::SignedHeaderPolicy::minimal().with("X-Tenant").unwrap().without("Range").unwrap();
        options.with_signed_headers(policy)
    };
    let endpoint = Endpoint::start(Service::EXECUTE_API);
    for algorithm in ALGORITHMS {
        let signer = RequestSigner::new(config(algorithm, Service::EXECUTE_API), credentials()).with_options(change);
        let request = client_of(signer).get(endpoint.url("/")).header("X-Tenant", "7").header("Accept", "text/plain");
        assert_eq!(send(request.header("Range", "bytes=0-")).unwrap().status(), StatusCode::OK);
        let received = endpoint.take_one();
        assert!(received.signs("x-tenant") && !received.signs("accept") && !received.signs("range"));
        assert_eq!((received.header("accept"), received.header("range")), (Some("text/plain"), Some("bytes=0-")));
    }
}

/// requests-aws4auth sorts the values of a repeated header, and parses quotes in values.
#[test]
fn values_are_signed_in_their_order_with_runs_of_blanks_as_one() {
    each(
        |client, url| client.get(url).header("X-Tag", "b").header("X-Tag", "a").header("X-Note", "it's  \"a   b\" "),
        |_, received| {
            assert!(received.canonical_request.contains("\nx-tag:b,a\n"), "{}", received.canonical_request);
            assert!(received.canonical_request.contains("\nx-note:it's \"a b\"\n"), "{}", received.canonical_request);
            assert_eq!(received.header("x-note").map(str::trim_end), Some("it's  \"a   b\""));
        },
    );
}

#[test]
fn signing_again_replaces_what_an_earlier_signing_left() {
    each(
        |client, url| {
            // Signed long ago, with the other key, by either algorithm.
            let mut stale = http::Request::put(&url).body("body").unwrap();
            let other = Credentials::new("AKIDOTHER", "another").unwrap().with_session_token("another").unwrap();
            for algorithm in ALGORITHMS {
                let signer = config(algorithm, Service::S3).signer(&url, other.clone()).unwrap();
                signer.sign_request(&mut stale, Timestamp::parse_amz_date("20150830T123600Z").unwrap()).unwrap();
            }
            assert!(stale.headers().contains_key("x-amz-region-set"));
            let headers = stale.headers().clone();
            client.put(url).headers(headers).body("body")
        },
        |_, received| {
            assert_eq!(received.verified.access_key_id().as_str(), KEY_ID);
            assert_eq!(received.parts.headers.get_all("authorization").iter().count(), 1);
            assert_eq!(received.header("x-amz-security-token"), None);
            let is_sigv4a = received.verified.algorithm() == Algorithm::SigV4a;
            assert_eq!(received.header("x-amz-region-set"), is_sigv4a.then_some("us-east-1"));
            assert_eq!(received.parts.headers.get_all("x-amz-date").iter().count(), 1);
        },
    );
    // Two layers: the inner one, which sees what is sent, has the last word.
    let endpoint = Endpoint::start(Service::EXECUTE_API);
    for (outer, inner) in [(Algorithm::SigV4, Algorithm::SigV4a), (Algorithm::SigV4a, Algorithm::SigV4)] {
        let [outer, inner] = [outer, inner].map(|algorithm| {
            SignMiddleware::new(RequestSigner::new(config(algorithm, Service::EXECUTE_API), credentials()))
        });
        let client = Client::builder().redirect(Policy::none()).build().unwrap();
        let client = ClientBuilder::new(client).with(outer).with(inner).build();
        assert_eq!(send(client.post(endpoint.url("/")).body("x")).unwrap().status(), StatusCode::OK);
        assert_eq!(endpoint.take_one().parts.headers.get_all("authorization").iter().count(), 1);
    }
}
