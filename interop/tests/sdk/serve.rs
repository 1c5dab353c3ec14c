//! `sigv4a serve --style s3`.

use std::{
    io::{BufRead as _, BufReader, Write as _},
    process::{Child, Command, Stdio},
    time::Duration,
};

use aws_sdk_s3::{
    Client, error::ProvideErrorMetadata as _, presigning::PresigningConfig, primitives::ByteStream,
    types::ChecksumAlgorithm,
};
use tempfile::NamedTempFile;

use crate::client::{BUCKET, ID, LENGTHS, REGION, SECRET, SIGNED_TRAILER, Sent, client, client_with_our_scheme, data};

/// A running endpoint, ended with the test.
struct Server {
    child: Child,
    url: String,
}

impl Server {
    /// Cargo builds it if need be, and becomes it.
    fn start() -> Self {
        let mut child = Command::new(env!("CARGO"))
            .args(["run", "--quiet", "--locked", "--package", "sigv4a-cli", "--"])
            .args(["serve", "--style", "s3", "--listen", "127.0.0.1:0", "--region", REGION, "--quiet"])
            .env("AWS_ACCESS_KEY_ID", ID)
            .env("AWS_SECRET_ACCESS_KEY", SECRET)
            .env_remove("AWS_SESSION_TOKEN")
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let url = line.strip_prefix("listening on ").expect("an endpoint that is ready").trim_end().to_owned();
        Self { child, url }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

async fn read(client: &Client, key: &str) -> Vec<u8> {
    let object = client.get_object().bucket(BUCKET).key(key).send().await.unwrap();
    object.body.collect().await.unwrap().to_vec()
}

#[tokio::test]
async fn bytes_and_files_of_every_length_come_back() {
    let server = Server::start();
    for client in [client, client_with_our_scheme] {
        let sent = Sent::default();
        come_back(&client(&server.url, SECRET, &sent), &sent).await;
    }
}

async fn come_back(client: &Client, sent: &Sent) {
    for length in LENGTHS {
        let body = data(length);
        let put = client.put_object().bucket(BUCKET).key("bytes").body(ByteStream::from(body.clone()));
        put.send().await.unwrap();
        // What is in memory has its checksum before it.
        assert!(sent.header("x-amz-checksum-crc32").is_some());
        assert!(read(client, "bytes").await == body, "{length} bytes");

        let mut file = NamedTempFile::new().unwrap();
        file.write_all(&body).unwrap();
        let streamed = ByteStream::from_path(file.path()).await.unwrap();
        client.put_object().bucket(BUCKET).key("file").body(streamed).send().await.unwrap();
        assert_eq!(sent.header("x-amz-content-sha256").as_deref(), Some(SIGNED_TRAILER));
        assert_eq!(sent.header("x-amz-trailer").as_deref(), Some("x-amz-checksum-crc32"));
        assert_eq!(sent.header("x-amz-decoded-content-length"), Some(length.to_string()));
        assert_eq!(sent.header("content-encoding").as_deref(), Some("aws-chunked"));
        assert!(read(client, "file").await == body, "a file of {length} bytes");
    }
}

#[tokio::test]
async fn every_checksum_is_accepted_after_the_body() {
    use ChecksumAlgorithm::{Crc32, Crc32C, Crc64Nvme, Sha1, Sha256};
    let server = Server::start();
    let sent = Sent::default();
    let client = client(&server.url, SECRET, &sent);
    let body = data(100_000);
    let mut file = NamedTempFile::new().unwrap();
    file.write_all(&body).unwrap();
    for algorithm in [Crc32, Crc32C, Crc64Nvme, Sha1, Sha256] {
        let key = algorithm.as_str();
        let streamed = ByteStream::from_path(file.path()).await.unwrap();
        let put = client.put_object().bucket(BUCKET).key(key).checksum_algorithm(algorithm.clone());
        put.body(streamed).send().await.unwrap();
        assert_eq!(sent.header("x-amz-content-sha256").as_deref(), Some(SIGNED_TRAILER));
        assert_eq!(sent.header("x-amz-trailer"), Some(format!("x-amz-checksum-{}", key.to_lowercase())));
        assert!(read(&client, key).await == body, "{key}");
    }
}

#[tokio::test]
async fn objects_are_listed_looked_at_and_deleted() {
    let server = Server::start();
    let client = client(&server.url, SECRET, &Sent::default());
    let keys = ["a folder/naïve ☃ + = ~ 'quoted' (1)*!, 100%2F.txt", "a folder/b"];
    for key in keys {
        let put =
            client.put_object().bucket(BUCKET).key(key).content_type("text/plain").metadata("note", "two  spaces");
        put.body(ByteStream::from_static(b"text")).send().await.unwrap();
    }
    let listed = client.list_objects_v2().bucket(BUCKET).prefix("a folder/").send().await.unwrap();
    let mut found: Vec<_> = listed.contents().iter().filter_map(|object| object.key()).collect();
    found.sort_unstable();
    let mut expected = keys;
    expected.sort_unstable();
    assert_eq!(found, expected);
    assert!(listed.contents().iter().all(|object| object.last_modified().is_some()));
    for key in keys {
        let head = client.head_object().bucket(BUCKET).key(key).send().await.unwrap();
        assert_eq!((head.content_length(), head.content_type()), (Some(4), Some("text/plain")));
        assert!(head.last_modified().is_some() && head.e_tag().is_some());
        assert_eq!(read(&client, key).await, b"text");
        client.delete_object().bucket(BUCKET).key(key).send().await.unwrap();
        let gone = client.get_object().bucket(BUCKET).key(key).send().await.unwrap_err();
        assert!(gone.into_service_error().is_no_such_key());
        let gone = client.head_object().bucket(BUCKET).key(key).send().await.unwrap_err();
        assert!(gone.into_service_error().is_not_found());
    }
}

#[tokio::test]
async fn presigned_requests_are_accepted_without_the_sdk() {
    let server = Server::start();
    let client = client(&server.url, SECRET, &Sent::default());
    let soon = || PresigningConfig::expires_in(Duration::from_secs(60)).unwrap();
    let http: ureq::Agent = ureq::Agent::config_builder().proxy(None).build().into();
    let put = client.put_object().bucket(BUCKET).key("presigned +").presigned(soon()).await.unwrap();
    let request = put.headers().fold(http.put(put.uri()), |request, (name, value)| request.header(name, value));
    assert_eq!(request.send("text").unwrap().status(), 200);
    let get = client.get_object().bucket(BUCKET).key("presigned +").presigned(soon()).await.unwrap();
    let request = get.headers().fold(http.get(get.uri()), |request, (name, value)| request.header(name, value));
    assert_eq!(request.call().unwrap().body_mut().read_to_string().unwrap(), "text");
    let other = get.uri().replace("presigned", "something");
    assert!(matches!(http.get(other).call(), Err(ureq::Error::StatusCode(403))));
}

#[tokio::test]
async fn a_wrong_secret_is_refused() {
    let server = Server::start();
    let client = client(&server.url, "wrong", &Sent::default());
    // In memory: a body that is streamed may come to a connection that was closed with the answer.
    let put = client.put_object().bucket(BUCKET).key("a").body(ByteStream::from_static(b"text"));
    let refused = put.send().await.unwrap_err();
    assert_eq!(refused.raw_response().map(|response| response.status().as_u16()), Some(403), "{refused:?}");
    assert_eq!(refused.into_service_error().code(), Some("SignatureDoesNotMatch"));
}
