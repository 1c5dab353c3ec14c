//! The signing Lambda, `examples/lambda.rs`, as Lambda runs it: a process that asks the runtime API for events. The API is
//! a stand-in here; what the function signs goes to an endpoint that verifies it.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may panic"
)]

#[path = "support/endpoint.rs"]
mod endpoint;
#[path = "support/example.rs"]
mod example;

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, mpsc},
    time::Duration,
};

use axum::{
    Router,
    body::Bytes,
    extract::Path,
    http::StatusCode,
    response::IntoResponse as _,
    routing::{get, post},
};
use endpoint::{Endpoint, KEY_ID, SECRET, credentials, greeting};
use example::{KEYS, Running, example};
use serde_json::{Value, json};
use sigv4a::{Algorithm, Credentials, Service, VerificationKey};

const ALGORITHMS: [(&str, Algorithm); 2] = [("sigv4", Algorithm::SigV4), ("sigv4a", Algorithm::SigV4a)];

const REQUEST_ID: &str = "8476a536-e9f4-11e8-9739-2dfe598c3fcd";

/// What Lambda does for a function: hands it events, takes its answers.
struct Lambda {
    events: Arc<Mutex<VecDeque<(Value, Duration)>>>,
    answers: mpsc::Receiver<Answer>,
    _function: Running,
    _runtime: tokio::runtime::Runtime,
}

#[derive(Debug, PartialEq)]
struct Answer {
    request_id: String,
    outcome: Result<Value, Value>,
}

impl Lambda {
    fn start(variables: &[(&str, &str)]) -> Self {
        let events: Arc<Mutex<VecDeque<(Value, Duration)>>> = Arc::default();
        let (sender, answers) = mpsc::channel();
        let (queue, of_response, of_error) = (Arc::clone(&events), sender.clone(), sender);
        let next = get(move || {
            let queue = Arc::clone(&queue);
            async move {
                loop {
                    let event = queue.lock().unwrap().pop_front();
                    if let Some((event, time)) = event {
                        let deadline =
                            jiff::Timestamp::now().as_millisecond() + i64::try_from(time.as_millis()).unwrap();
                        let headers = [
                            ("lambda-runtime-aws-request-id", REQUEST_ID.to_owned()),
                            ("lambda-runtime-deadline-ms", deadline.to_string()),
                            (
                                "lambda-runtime-invoked-function-arn",
                                "arn:aws:lambda:us-east-1:123456789012:function:signer".to_owned(),
                            ),
                            ("content-type", "application/json".to_owned()),
                        ];
                        return (headers, event.to_string()).into_response();
                    }
                    tokio::time::sleep(Duration::from_millis(5)).await;
                }
            }
        });
        let take = |sender: mpsc::Sender<Answer>, is_response: bool| {
            post(move |Path(request_id): Path<String>, body: Bytes| async move {
                let value: Value = serde_json::from_slice(&body).unwrap();
                let outcome = if is_response { Ok(value) } else { Err(value) };
                sender.send(Answer { request_id, outcome }).unwrap();
                StatusCode::ACCEPTED
            })
        };
        let router = Router::new()
            .route("/2018-06-01/runtime/invocation/next", next)
            .route("/2018-06-01/runtime/invocation/{id}/response", take(of_response, true))
            .route("/2018-06-01/runtime/invocation/{id}/error", take(of_error, false));
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).unwrap();
        let address = listener.local_addr().unwrap().to_string();
        runtime.spawn(async move { axum::serve(listener, router).await });

        // What Lambda sets.
        let mut command = example("lambda", variables);
        command.envs([
            ("AWS_LAMBDA_RUNTIME_API", &*address),
            ("AWS_LAMBDA_FUNCTION_NAME", "signer"),
            ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "128"),
            ("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST"),
            ("AWS_LAMBDA_LOG_STREAM_NAME", "stream"),
            ("AWS_LAMBDA_LOG_GROUP_NAME", "group"),
        ]);
        Self { events, answers, _function: Running::start_silent(command), _runtime: runtime }
    }

    fn invoke(&self, event: Value) -> Result<Value, Value> {
        self.invoke_within(event, Duration::from_secs(20))
    }

    fn invoke_within(&self, event: Value, time: Duration) -> Result<Value, Value> {
        self.events.lock().unwrap().push_back((event, time));
        let answer = self.answers.recv_timeout(Duration::from_secs(30)).expect("the function answers");
        assert_eq!(answer.request_id, REQUEST_ID);
        answer.outcome
    }

    /// Type and message of the error, which holds no secret.
    fn fails(&self, event: Value) -> (String, String) {
        let error = self.invoke(event.clone()).expect_err(&event.to_string());
        let text = error["errorMessage"].as_str().unwrap().to_owned();
        for secret in [SECRET, "a-secret", "a-token", "a-password"] {
            assert!(!text.contains(secret), "{text}");
        }
        (error["errorType"].as_str().unwrap().to_owned(), text)
    }
}

fn event(endpoint: &Endpoint, method: &str, target: &str, more: Value) -> Value {
    let mut event = json!({
        "Endpoint": endpoint.url(target), "HTTPMethod": method, "Region": "us-east-1", "Service": "execute-api",
    });
    event.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    event
}

fn with(algorithm: &str, more: &Value) -> Value {
    let mut more = more.clone();
    more["Algorithm"] = algorithm.into();
    more
}

#[test]
fn signs_and_sends_with_the_credentials_of_the_role() {
    let endpoint = Endpoint::start(Service::EXECUTE_API);
    let lambda = Lambda::start(&KEYS);
    // Without the optional fields: what the endpoint prefers.
    let answer = lambda.invoke(event(&endpoint, "GET", "/things/a%20b?x=1&y=a b", json!({}))).unwrap();
    assert_eq!(answer["statusCode"], 200);
    assert_eq!(answer["body"], greeting(KEY_ID, Algorithm::SigV4, "GET", ""));
    assert_eq!(answer["isBase64Encoded"], false);
    assert_eq!(answer["headers"]["x-answered"], "yes");
    let members: Vec<&String> = answer.as_object().unwrap().keys().collect();
    assert_eq!(members, ["body", "headers", "isBase64Encoded", "statusCode"]);
    assert_eq!(endpoint.take_one().parts.uri, "/things/a%20b?x=1&y=a%20b");

    for (name, algorithm) in ALGORITHMS {
        let send = |method, more| {
            let answer = lambda.invoke(event(&endpoint, method, "/orders", with(name, &more))).unwrap();
            assert_eq!(answer["statusCode"], 200, "{answer}");
            let received = endpoint.take_one();
            assert_eq!(received.verified.algorithm(), algorithm);
            received
        };
        // A body that is JSON is sent as JSON, and says so; a string is sent as it is.
        let json = send("POST", json!({"Body": {"item": "book", "count": [1, null]}}));
        assert_eq!(serde_json::from_slice::<Value>(&json.body).unwrap(), json!({"item": "book", "count": [1, null]}));
        assert_eq!((json.header("content-type"), json.signs("content-type")), (Some("application/json"), true));
        let text =
            send("post", json!({"Body": "{\"a\": 1}", "Headers": {"Content-Type": "text/plain", "X-Tenant": "7"}}));
        assert_eq!(&text.body[..], b"{\"a\": 1}");
        assert_eq!((text.header("content-type"), text.header("x-tenant")), (Some("text/plain"), Some("7")));
        assert!(text.signs("content-type") && text.signs("x-tenant"));
        let own = send("PUT", json!({"Body": [], "Headers": {"content-type": "application/x-list"}}));
        assert_eq!((&own.body[..], own.header("content-type")), (&b"[]"[..], Some("application/x-list")));
        // Bytes, either way to give them.
        for bytes in [json!({"BodyBase64": "/wD+"}), json!({"Body": "/wD+", "IsBase64Encoded": true})] {
            let answer = lambda.invoke(event(&endpoint, "POST", "/bytes", with(name, &bytes))).unwrap();
            assert_eq!(endpoint.take_one().body, [0xff, 0, 0xfe][..]);
            assert_eq!((&answer["body"], &answer["isBase64Encoded"]), (&json!("/wD+"), &json!(true)));
        }
        // `null` is as good as nothing.
        let nothing = send("DELETE", json!({"Body": null, "Headers": null, "Credentials": null}));
        assert_eq!((nothing.body.len(), nothing.header("content-length")), (0, None));
    }

    let set = lambda.invoke(event(&endpoint, "GET", "/", json!({"RegionSet": "us-*, eu-west-1"}))).unwrap();
    assert_eq!(set["statusCode"], 200);
    let received = endpoint.take_one();
    assert_eq!(received.verified.algorithm(), Algorithm::SigV4a);
    assert_eq!(received.header("x-amz-region-set"), Some("us-*,eu-west-1"));
}

#[test]
fn temporary_credentials_of_the_role_and_others_given() {
    let token = |credentials: Credentials| credentials.with_session_token("role+token/==").unwrap();
    let role = VerificationKey::from_credentials(&token(credentials()));
    let other = Credentials::new("AKIDOTHER", "a-secret-of-another").unwrap();
    let assumed = Credentials::new("ASIAASSUMED", "a-secret-assumed").unwrap().with_session_token("a-token").unwrap();
    let keys = [role, VerificationKey::from_credentials(&other), VerificationKey::from_credentials(&assumed)];
    let endpoint = Endpoint::with_keys(Service::EXECUTE_API, keys);
    let lambda =
        Lambda::start(&[&KEYS[..], &[("AWS_SESSION_TOKEN", "role+token/=="), ("AWS_REGION", "us-east-1")]].concat());
    for (name, algorithm) in ALGORITHMS {
        for (credentials, key, token) in [
            (Value::Null, KEY_ID, Some("role+token/==")),
            (json!({"AccessKeyId": "AKIDOTHER", "SecretAccessKey": "a-secret-of-another"}), "AKIDOTHER", None),
            (
                // As STS gives them.
                json!({"AccessKeyId": "ASIAASSUMED", "SecretAccessKey": "a-secret-assumed", "SessionToken": "a-token",
                       "Expiration": "2099-01-01T00:00:00+00:00"}),
                "ASIAASSUMED",
                Some("a-token"),
            ),
        ] {
            let mut event =
                event(&endpoint, "POST", "/", json!({"Algorithm": name, "Body": "x", "Credentials": credentials}));
            // The region is that of the environment, if the event does not say one.
            event["Region"] = Value::Null;
            let answer = lambda.invoke(event).unwrap();
            assert_eq!(answer["body"], greeting(key, algorithm, "POST", "x"), "{answer}");
            let received = endpoint.take_one();
            assert_eq!(received.header("x-amz-security-token"), token);
            assert_eq!(received.signs("x-amz-security-token"), token.is_some());
        }
        let expired = json!({"AccessKeyId": "ASIAASSUMED", "SecretAccessKey": "a-secret-assumed", "SessionToken": "a-token",
                             "Expiration": "2020-01-01T00:00:00Z"});
        let event = event(&endpoint, "GET", "/", json!({"Algorithm": name, "Credentials": expired}));
        let (kind, message) = lambda.fails(event);
        assert!(kind == "SigningFailed" && message.contains("20200101T000000Z"), "{kind} {message}");
    }
}

/// Whatever the endpoint says is the answer: refusals, redirects, headers that are not UTF-8.
#[test]
fn answers_of_the_endpoint_are_given_back() {
    let endpoint = Endpoint::start(Service::EXECUTE_API);
    let lambda = Lambda::start(&KEYS);
    for (name, _) in ALGORITHMS {
        let wrong = json!({"AccessKeyId": KEY_ID, "SecretAccessKey": "a-secret-that-is-wrong"});
        let refused =
            lambda.invoke(event(&endpoint, "GET", "/", json!({"Algorithm": name, "Credentials": wrong}))).unwrap();
        assert_eq!(refused["statusCode"], 403);
        assert_eq!(refused["headers"]["x-amzn-errortype"], "InvalidSignatureException");
        assert!(refused["body"].as_str().unwrap().contains("signature"), "{refused}");
        // Nobody signs for where a redirect leads, and nobody goes there.
        let redirect = lambda.invoke(event(&endpoint, "GET", "/elsewhere", json!({"Algorithm": name}))).unwrap();
        assert_eq!(redirect["statusCode"], 302);
        assert_eq!(redirect["headers"]["location"], "http://198.51.100.1/stolen");
        let teapot = lambda.invoke(event(&endpoint, "GET", "/teapot", json!({"Algorithm": name}))).unwrap();
        assert_eq!((&teapot["statusCode"], &teapot["body"]), (&json!(418), &json!("short")));
        assert_eq!(teapot["headers"]["x-twice"], "1, 2");
        let head = lambda.invoke(event(&endpoint, "HEAD", "/", json!({"Algorithm": name}))).unwrap();
        assert_eq!((&head["statusCode"], &head["body"]), (&json!(200), &json!("")));
        endpoint.take();
    }
}

#[test]
fn a_bad_event_is_refused_by_field() {
    let endpoint = Endpoint::start(Service::EXECUTE_API);
    let lambda = Lambda::start(&KEYS);
    let good = event(&endpoint, "GET", "/", json!({}));
    let key = |more: Value| {
        let mut key = json!({"AccessKeyId": "AKIDOTHER", "SecretAccessKey": "a-secret"});
        key.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        json!({"Credentials": key})
    };
    let cases: Vec<(Value, &[&str])> = vec![
        (json!({"Endpoint": null}), &["`Endpoint`: expected a string, found nothing"]),
        (json!({"Endpoint": 7}), &["`Endpoint`: expected a string, found a number"]),
        (json!({"Endpoint": "api.example.com/x"}), &["`Endpoint`: expected a URL", "found `api.example.com/x`"]),
        (
            json!({"Endpoint": "ftp://example.com/?a-token"}),
            &["`Endpoint`: expected a URL", "found `ftp://example.com/`"],
        ),
        (
            json!({"Endpoint": "https://user:a-password@example.com/"}),
            &["`Endpoint`: expected a URL", "with a user name"],
        ),
        (json!({"HTTPMethod": null}), &["`HTTPMethod`: expected a string, found nothing"]),
        (json!({"HTTPMethod": "FETCH"}), &["`HTTPMethod`: expected one of GET, HEAD, POST,", "found `FETCH`"]),
        (json!({"HTTPMethod": ["GET"]}), &["`HTTPMethod`: expected a string, found a list"]),
        (
            json!({"Region": "us-east-1,us-west-2"}),
            &["`Region`: expected one region", "`us-east-1,us-west-2`", "`RegionSet`"],
        ),
        (json!({"Region": "*"}), &["`Region`: expected one region, found the region set `*`"]),
        (json!({"Region": "us east"}), &["`Region`: ", "expected one region", "found `us east`"]),
        (json!({"Region": null}), &["`Region`: missing region", "127.0.0.1", "give the region"]),
        (json!({"RegionSet": "us-east-1,"}), &["`RegionSet`: ", "found `us-east-1,`"]),
        (json!({"RegionSet": "*", "Algorithm": "sigv4"}), &["`RegionSet`: expected it with SigV4a only"]),
        (json!({"Service": null}), &["`Service`: missing service", "127.0.0.1", "give the service"]),
        (json!({"Service": "execute/api"}), &["`Service`: ", "found `execute/api`"]),
        (json!({"Algorithm": "hmac"}), &["`Algorithm`: ", "`auto`, `sigv4` or `sigv4a`", "found `hmac`"]),
        (json!({"Algorithm": true}), &["`Algorithm`: expected a string, found true or false"]),
        (json!({"Headers": "a: a-secret"}), &["`Headers`: expected an object of names and strings, found a string"]),
        (json!({"Headers": {"x-key": ["a-secret"]}}), &["`Headers.x-key`: expected a string, found a list"]),
        (json!({"Headers": {"x key": "a-secret"}}), &["`Headers.x key`: expected the name of a header"]),
        (json!({"Headers": {"x-key": "a-secret\r\nx: y"}}), &["`Headers.x-key`: expected a value without control"]),
        (json!({"Headers": {"x-key": "gro\u{df}"}}), &["x-key"]),
        (json!({"BodyBase64": "not base64!"}), &["`BodyBase64`: expected base64"]),
        (json!({"Body": "x", "BodyBase64": "eA=="}), &["`BodyBase64`: expected it or `Body`, found both"]),
        (json!({"Body": {"a": 1}, "IsBase64Encoded": true}), &["`Body`: expected a string of base64, found an object"]),
        (json!({"Body": "!", "IsBase64Encoded": true}), &["`Body`: expected base64"]),
        (json!({"IsBase64Encoded": "yes"}), &["`IsBase64Encoded`: expected true or false, found a string"]),
        (json!({"endpoint": "a-secret"}), &["`endpoint`: expected only `Endpoint`, `HTTPMethod`", "found this field"]),
        (json!({"Credentials": "a-secret"}), &["`Credentials`: expected an object, found a string"]),
        (json!({"Credentials": {"AccessKeyId": "AKID"}}), &["`Credentials.SecretAccessKey`: expected a string"]),
        (json!({"Credentials": {"SecretAccessKey": "a-secret"}}), &["`Credentials.AccessKeyId`: expected a string"]),
        (key(json!({"AccessKeyId": "a-secret/with+slash"})), &["`Credentials`: ", "access key"]),
        (key(json!({"SecretAccessKey": " a-secret "})), &["`Credentials`: ", "not shown"]),
        (key(json!({"SessionToken": "a-token with blanks"})), &["`Credentials.SessionToken`: ", "not shown"]),
        (key(json!({"Expiration": "soon"})), &["`Credentials.Expiration`: expected a time"]),
        (key(json!({"Token": "a-token"})), &["`Credentials.Token`: expected only `AccessKeyId`"]),
    ];
    assert_eq!(cases.len(), 37);
    for (change, expected) in cases {
        let mut event = good.clone();
        event.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        let (kind, message) = lambda.fails(event);
        // Only that one is a valid event, whose header no signature can be right for.
        let expected_kind = if expected == ["x-key"] { "SigningFailed" } else { "BadEvent" };
        assert_eq!(kind, expected_kind, "{change}: {message}");
        for part in expected {
            assert!(message.contains(part), "{change}: expected {part:?} in {message:?}");
        }
    }
    for event in [json!(null), json!([]), json!("text"), json!(1)] {
        let (kind, message) = lambda.fails(event);
        assert!(kind == "BadEvent" && message.starts_with("`the event`: expected an object, found "), "{message}");
    }
    assert_eq!(endpoint.take().len(), 0);
    // It is still there.
    assert_eq!(lambda.invoke(good).unwrap()["statusCode"], 200);
}

#[test]
fn an_endpoint_that_cannot_be_reached() {
    let closed = {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.local_addr().unwrap()
    };
    let endpoint = Endpoint::start(Service::EXECUTE_API);
    let lambda = Lambda::start(&KEYS);
    for (name, _) in ALGORITHMS {
        let mut nobody = event(&endpoint, "POST", "/", json!({"Algorithm": name, "Body": "a-secret"}));
        nobody["Endpoint"] = format!("http://{closed}/orders?key=a-secret").into();
        let (kind, message) = lambda.fails(nobody);
        assert_eq!(kind, "EndpointUnreachable");
        assert!(message.starts_with(&format!("POST http://{closed}/orders: ")), "{message}");
        assert!(message.contains("refused"), "{message}");

        // It says so before Lambda ends the invocation.
        let slow = event(&endpoint, "GET", "/slow", json!({"Algorithm": name}));
        let error = lambda.invoke_within(slow, Duration::from_millis(1500)).unwrap_err();
        assert_eq!(error["errorType"], "EndpointUnreachable");
        assert!(error["errorMessage"].as_str().unwrap().contains("timed out"), "{error}");
    }
}

#[test]
fn without_credentials_it_says_so() {
    let endpoint = Endpoint::start(Service::EXECUTE_API);
    let lambda = Lambda::start(&[]);
    let (kind, message) = lambda.fails(event(&endpoint, "GET", "/", json!({})));
    assert!(kind == "SigningFailed" && message.contains("`AWS_ACCESS_KEY_ID`"), "{kind} {message}");
}
