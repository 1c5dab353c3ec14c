//! A Lambda function that signs: it gets a request as an event, signs it with its role's credentials (or others given),
//! sends it, and gives back the answer. For callers that cannot sign themselves: Step Functions, a database, a low-code tool.
//!
//! ```json
//! {"Endpoint": "https://abc123.execute-api.eu-west-1.amazonaws.com/orders", "HTTPMethod": "POST",
//!  "Region": "eu-west-1", "Service": "execute-api", "Headers": {"x-tenant": "7"}, "Body": {"item": "book"}}
//! ```
//!
//! `Body` is a string or any JSON value; `BodyBase64`, or `IsBase64Encoded` beside `Body`, is for bytes. `Algorithm` is
//! `auto` (what the endpoint prefers), `sigv4` or `sigv4a`; `RegionSet` stands for `Region` with SigV4a; `Credentials` is
//! what STS answers. `Region` and `Service` may be left out where the host tells them. The answer is that of a Lambda
//! behind API Gateway: `{"statusCode", "headers", "body", "isBase64Encoded"}`.
//!
//! To deploy it: `cargo lambda build --release --example lambda`. Whoever may invoke the function may use its role at any
//! host; `RequestSigner::with_hosts` narrows that.
//!
//! To try it on this machine: `cargo lambda watch --example lambda`, then
//! `cargo lambda invoke --data-ascii '{"Endpoint": …}'`. Without cargo-lambda, `tests/lambda.rs` shows how it is called.

#[path = "support/signing_event.rs"]
mod signing_event;

use std::{error::Error, time::Duration};

use data_encoding::BASE64;
use lambda_runtime::{Diagnostic, LambdaEvent, service_fn};
use reqwest::{Client, Response, redirect::Policy};
use reqwest_middleware::ClientBuilder;
use serde_json::{Map, Value, json};
use sigv4a::{
    SignError, SignErrorKind,
    client::RequestSigner,
    config::{Ambient, Environment},
    reqwest::SignMiddleware,
};

use crate::signing_event::{BadEvent, SigningEvent};

#[tokio::main]
async fn main() -> Result<(), lambda_runtime::Error> {
    // One for all invocations: connections stay open. A redirect is given back, for its target is not ours to sign for.
    let client = Client::builder().redirect(Policy::none()).build()?;
    lambda_runtime::run(service_fn(|event| forward(&client, event))).await
}

async fn forward(client: &Client, event: LambdaEvent<Value>) -> Result<Value, Failure> {
    let given = SigningEvent::parse(&event.payload)?;
    let ambient = Ambient::load(None, &Environment::of_process()).map_err(SignError::from)?;
    let credentials = given.credentials.map_or_else(|| ambient.credentials(), Ok)?;
    let signer = RequestSigner::new(given.config, credentials).with_ambient(ambient.config().clone());
    let client = ClientBuilder::new(client.clone()).with(SignMiddleware::new(signer)).build();

    let (host, path) = (given.endpoint.authority(), given.endpoint.path());
    let target = format!("{} {}://{host}{path}", given.method, given.endpoint.scheme());
    let request = client.request(given.method, given.endpoint).headers(given.headers);
    let request = if given.body.is_empty() { request } else { request.body(given.body) };
    let answer = request.timeout(time_left(event.context.deadline)).send().await;
    let answer = answer.map_err(|error| Failure::of_sending(&target, error))?;
    read(answer).await.map_err(|error| Failure::unreachable(&target, &error.without_url()))
}

/// What is left before Lambda ends the invocation, less what it takes to say so.
fn time_left(deadline: u64) -> Duration {
    let now = u64::try_from(jiff::Timestamp::now().as_millisecond()).unwrap_or(0);
    Duration::from_millis(deadline.saturating_sub(now + 500).max(1))
}

async fn read(answer: Response) -> Result<Value, reqwest::Error> {
    let status = answer.status().as_u16();
    let mut headers: Map<String, Value> = Map::new();
    for (name, value) in answer.headers() {
        let text: String = value.as_bytes().iter().copied().map(char::from).collect();
        match headers.get_mut(name.as_str()) {
            Some(Value::String(before)) => before.extend([", ", &text]),
            _ => drop(headers.insert(name.to_string(), Value::String(text))),
        }
    }
    let bytes = answer.bytes().await?;
    let text = std::str::from_utf8(&bytes).ok();
    let body = text.map_or_else(|| BASE64.encode(&bytes), str::to_owned);
    Ok(json!({"statusCode": status, "headers": headers, "body": body, "isBase64Encoded": text.is_none()}))
}

/// `errorType` and `errorMessage` of the invocation.
#[derive(Debug)]
struct Failure(&'static str, String);

impl Failure {
    fn of_sending(target: &str, error: reqwest_middleware::Error) -> Self {
        match error {
            reqwest_middleware::Error::Middleware(error) => match error.downcast::<SignError>() {
                Ok(error) => error.into(),
                Err(error) => Self("RequestFailed", format!("{target}: {error}")),
            },
            // The URL may hold a presigned query.
            reqwest_middleware::Error::Reqwest(error) => Self::unreachable(target, &error.without_url()),
        }
    }

    fn unreachable(target: &str, error: &reqwest::Error) -> Self {
        let causes = std::iter::successors(error.source(), |cause| (*cause).source());
        let causes: String = causes.map(|cause| format!(": {cause}")).collect();
        Self("EndpointUnreachable", format!("{target}: {error}{causes}"))
    }
}

impl From<BadEvent> for Failure {
    fn from(error: BadEvent) -> Self {
        Self("BadEvent", error.to_string())
    }
}

impl From<SignError> for Failure {
    fn from(error: SignError) -> Self {
        match error.kind() {
            SignErrorKind::MissingService => Self("BadEvent", format!("`Service`: {error}")),
            SignErrorKind::MissingRegion => Self("BadEvent", format!("`Region`: {error}")),
            _ => Self("SigningFailed", error.to_string()),
        }
    }
}

impl From<Failure> for Diagnostic {
    fn from(Failure(error_type, error_message): Failure) -> Self {
        Self { error_type: error_type.into(), error_message }
    }
}
