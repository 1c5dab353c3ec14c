//! An API with IAM authentication, as API Gateway has it: `GET /private` answers signed requests only. `GET /public` is
//! open; it signs a call to `/private` itself, and gives back what comes.
//!
//! ```text
//! cargo run --example private_api                        starts, calls itself in four ways, shows the answers, ends
//! cargo run --example private_api -- --algorithm sigv4a  the same with SigV4a
//! cargo run --example private_api -- --listen 127.0.0.1:3000 [--private-url http://127.0.0.1:3001/private]
//!                                                        keeps serving; `/private` may be another process
//! ```
//!
//! As it is deployed, a service that is private and one that calls it, and a user with curl:
//!
//! ```text
//! private_api --listen 127.0.0.1:3001
//! private_api --listen 127.0.0.1:3000 --private-url http://127.0.0.1:3001/private [--algorithm sigv4a]
//! curl http://127.0.0.1:3000/public                      Hi from AWS_IAM auth enabled API
//! curl http://127.0.0.1:3001/private                     {"message":"Missing Authentication Token"}
//! curl --user "$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY" --aws-sigv4 aws:amz:us-east-1:execute-api \
//!   http://127.0.0.1:3001/private
//! get_headers execute-api us-east-1 GET http://127.0.0.1:3001/private | curl --header @- http://127.0.0.1:3001/private
//! ```
//!
//! The credentials, of the client and known to the server, are those of `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` and
//! `AWS_SESSION_TOKEN`, or the example pair of AWS's documentation.

use std::sync::Arc;

use axum::{Router, http::StatusCode, routing::get};
use sigv4a::{
    Credentials, Region, Service, Signer, SignerConfig, SignerExt as _, StaticKeys, VerificationKey, Verifier,
    config::{Environment, now},
    tower::VerifyLayer,
};

type Outcome<T> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

#[tokio::main]
async fn main() -> Outcome<()> {
    let argument = |name: &str| std::env::args().skip_while(|given| given != name).nth(1);
    let listen = argument("--listen");
    let listener = tokio::net::TcpListener::bind(listen.as_deref().unwrap_or("127.0.0.1:0")).await?;
    let url = format!("http://{}", listener.local_addr()?);
    let private_url = argument("--private-url").unwrap_or_else(|| format!("{url}/private"));

    let example = || Credentials::new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");
    let credentials = Environment::of_process().credentials()?.map_or_else(example, Ok)?;
    let config = SignerConfig::default().with_algorithm(argument("--algorithm").as_deref().unwrap_or("sigv4").parse()?);
    let config = config.with_service(Service::EXECUTE_API).with_region(Region::new("us-east-1")?);
    let signer: Arc<dyn Signer> = config.signer(&private_url, credentials.clone())?.into();

    // `route_layer` is around the routes above it: `/public` stays open.
    let keys = StaticKeys::new().with(VerificationKey::from_credentials(&credentials));
    let layer = VerifyLayer::new(Verifier::new(Service::EXECUTE_API, Region::new("us-east-1")?), keys);
    let private = get(|| async { "Hi from AWS_IAM auth enabled API" });
    let caller = (private_url.clone(), Arc::clone(&signer));
    let public = get(move || async move {
        let answer = tokio::task::spawn_blocking(move || call(&caller.0, Some(&caller.1))).await;
        let answer = answer.ok().and_then(Result::ok).ok_or(StatusCode::BAD_GATEWAY);
        answer.map(|answer| (answer.status(), answer.into_body()))
    });
    let router = Router::new().route("/private", private).route_layer(layer).route("/public", public);
    let server = tokio::spawn(async { axum::serve(listener, router).await });
    println!("{} at {url}", signer.algorithm());
    if listen.is_some() {
        return Ok(server.await??);
    }

    let forged = Credentials::new(credentials.access_key_id().as_str(), "a-secret-access-key-of-somebody-else")?;
    let forger: Arc<dyn Signer> = config.signer(&private_url, forged)?.into();
    let demonstration = move || {
        for (title, url, signer) in [
            ("/public, unsigned", &format!("{url}/public"), None),
            ("/private, signed", &private_url, Some(&signer)),
            ("/private, unsigned", &private_url, None),
            ("/private, wrong secret", &private_url, Some(&forger)),
        ] {
            let answer = call(url, signer)?;
            let kind = answer.headers().get("x-amzn-errortype").map_or(Ok(""), |value| value.to_str())?;
            println!("{title:<22} {} {kind} {}", answer.status().as_u16(), answer.body());
        }
        Ok(())
    };
    tokio::task::spawn_blocking(demonstration).await?
}

fn call(url: &str, signer: Option<&Arc<dyn Signer>>) -> Outcome<http::Response<String>> {
    let mut request = http::Request::get(url).body("")?;
    let at = now()?;
    signer.map(|signer| signer.sign_request(&mut request, at)).transpose()?;
    let agent = ureq::Agent::config_builder().http_status_as_error(false).build().new_agent();
    let (parts, mut body) = agent.run(request)?.into_parts();
    Ok(http::Response::from_parts(parts, body.read_to_string()?))
}
