//! The default chain of credentials, as our request signer uses it: each source in a process of its own, over real HTTP.

use std::{
    fs,
    path::Path,
    process::Command,
    sync::{Arc, Mutex},
};

use http_body_util::Full;
use hyper::{Request, Response, body::Bytes, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use sigv4a::{ReceivedRequest, Region, Service, StaticKeys, VerificationKey, Verifier, config::now};
use tokio::net::TcpListener;

use crate::client::{ID, REGION, SECRET};

const TOKEN: &str = "IQoJb3JpZ2luX2VjEDAaCXVzLWVhc3QtMSJHMEUCIQDEXAMPLETOKENw==";

/// An API that answers with the token it was sent, and the endpoint of a container's credentials, which counts.
async fn start() -> (String, Arc<Mutex<Vec<String>>>) {
    let asked = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&asked);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let answer = move |request: Request<hyper::body::Incoming>| {
        let asked = Arc::clone(&asked);
        async move {
            let (parts, _) = request.into_parts();
            let (status, text) = match parts.uri.path() {
                "/container" => {
                    let authorization =
                        parts.headers.get("authorization").map(|value| value.to_str().unwrap().to_owned());
                    asked.lock().unwrap().push(authorization.unwrap_or_default());
                    (
                        200,
                        format!(
                            r#"{{"AccessKeyId":"{ID}","SecretAccessKey":"{SECRET}","Token":"{TOKEN}","Expiration":"2099-01-01T00:00:00Z"}}"#
                        ),
                    )
                }
                _ => match verify(&parts) {
                    Ok(algorithm) => {
                        let token =
                            parts.headers.get("x-amz-security-token").map_or("none", |token| token.to_str().unwrap());
                        (200, format!("{algorithm} {token}"))
                    }
                    Err(error) => (403, error),
                },
            };
            Response::builder().status(status).body(Full::new(Bytes::from(text)))
        }
    };
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            let answer = answer.clone();
            tokio::spawn(async move {
                http1::Builder::new().serve_connection(TokioIo::new(stream), service_fn(answer)).await
            });
        }
    });
    (url, seen)
}

fn verify(parts: &http::request::Parts) -> Result<String, String> {
    let keys = StaticKeys::new().with(VerificationKey::new(ID, SECRET).unwrap());
    let verifier = Verifier::new(Service::EXECUTE_API, Region::new(REGION).unwrap());
    let request = ReceivedRequest::from_parts(parts).map_err(|error| error.to_string())?.with_body(b"");
    let verified = verifier.verify_request(&request, |asked| keys.get(asked.access_key_id()), now().unwrap());
    verified.map(|verified| verified.algorithm().name().to_owned()).map_err(|error| error.to_string())
}

/// What the process prints that knows only these variables.
async fn run(url: &str, algorithm: &str, home: &Path, variables: &[(&str, &str)]) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_default-chain"));
    command
        .args([&format!("{url}/private"), "execute-api", REGION, algorithm])
        .env_clear()
        .env("HOME", home)
        .env("PATH", "/usr/bin:/bin")
        .env("AWS_EC2_METADATA_DISABLED", "true")
        .envs(variables.iter().copied());
    let output = tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap();
    let (text, trouble) = (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
    assert!(!text.contains(SECRET) && !trouble.contains(SECRET), "{text}{trouble}");
    text.trim_end().to_owned()
}

#[tokio::test]
async fn every_source_that_can_be_had_here_signs() {
    let (url, asked) = start().await;
    let home = tempfile::tempdir().unwrap();
    let aws = home.path().join(".aws");
    fs::create_dir(&aws).unwrap();
    let json =
        format!(r#"{{"Version":1,"AccessKeyId":"{ID}","SecretAccessKey":"{SECRET}","SessionToken":"of-process"}}"#);
    let file = home.path().join("credentials.json");
    fs::write(&file, json).unwrap();
    fs::write(
        aws.join("config"),
        format!("[profile by-process]\ncredential_process = /bin/cat {}\nregion = {REGION}\n", file.display()),
    )
    .unwrap();
    let shared =
        format!("[written]\naws_access_key_id = {ID}\naws_secret_access_key = {SECRET}\naws_session_token = of-file\n");
    fs::write(aws.join("credentials"), shared).unwrap();
    let container = format!("{url}/container");
    for algorithm in ["sigv4", "sigv4a"] {
        let cases: [(&[(&str, &str)], &str); 4] = [
            (&[("AWS_ACCESS_KEY_ID", ID), ("AWS_SECRET_ACCESS_KEY", SECRET)], "none"),
            (&[("AWS_PROFILE", "written")], "of-file"),
            (&[("AWS_PROFILE", "by-process")], "of-process"),
            (
                &[
                    ("AWS_CONTAINER_CREDENTIALS_FULL_URI", &container),
                    ("AWS_CONTAINER_AUTHORIZATION_TOKEN", "Basic abc"),
                ],
                TOKEN,
            ),
        ];
        for (variables, token) in cases {
            let said = run(&url, algorithm, home.path(), variables).await;
            assert_eq!(said, format!("200 {algorithm} {token}"), "{variables:?}");
        }
    }
    assert_eq!(*asked.lock().unwrap(), ["Basic abc", "Basic abc"], "the container's endpoint was asked once by each");
}

#[tokio::test]
async fn without_any_source_the_error_says_where_was_looked() {
    let (url, _) = start().await;
    let home = tempfile::tempdir().unwrap();
    for algorithm in ["sigv4", "sigv4a"] {
        let said = run(&url, algorithm, home.path(), &[]).await;
        assert!(said.contains("missing credentials: expected credentials in the environment, a profile"), "{said}");
    }
}
