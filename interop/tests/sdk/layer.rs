//! `VerifyLayer` in a server of one's own, which reads while the client sends.

use std::{io::Write as _, sync::mpsc};

use aws_sdk_s3::primitives::ByteStream;
use http_body_util::{BodyExt as _, Empty};
use hyper::{
    HeaderMap, Request, Response,
    body::{Bytes, Incoming},
    server::conn::http1,
};
use hyper_util::{rt::TokioIo, service::TowerToHyperService};
use sigv4a::{
    Region, Service, StaticKeys, VerificationKey, Verified, Verifier,
    http_body::BodyError,
    tower::{BodyCheck, VerifiedBody, VerifyLayer},
};
use tempfile::NamedTempFile;
use tokio::net::TcpListener;
use tower_layer::Layer as _;

use crate::client::{BUCKET, ID, LENGTHS, REGION, SECRET, SIGNED_TRAILER, Sent, client, data};

/// What the service inside was given.
struct Got {
    headers: HeaderMap,
    access_key_id: String,
    body: Bytes,
}

/// An endpoint as strict as the library. What its service is given goes to the receiver.
async fn start() -> (String, mpsc::Receiver<Got>) {
    let (sender, receiver) = mpsc::channel();
    let keys = StaticKeys::new().with(VerificationKey::new(ID, SECRET).unwrap());
    let verifier = Verifier::new(Service::S3, Region::new(REGION).unwrap());
    let layer = VerifyLayer::new(verifier, keys).with_body_check(BodyCheck::AtItsEnd);
    let service = layer.layer(tower::service_fn(move |request: Request<VerifiedBody<Incoming>>| {
        let sender = sender.clone();
        async move {
            let (parts, body) = request.into_parts();
            let body = body.collect().await?.to_bytes();
            let access_key_id = parts.extensions.get::<Verified>().unwrap().access_key_id().as_str().to_owned();
            sender.send(Got { headers: parts.headers, access_key_id, body }).unwrap();
            Ok::<_, BodyError>(Response::new(Empty::<Bytes>::new()))
        }
    }));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            let service = TowerToHyperService::new(service.clone());
            tokio::spawn(async move { http1::Builder::new().serve_connection(TokioIo::new(stream), service).await });
        }
    });
    (url, receiver)
}

#[tokio::test]
async fn the_service_is_given_what_the_sdk_was_given() {
    let (url, got) = start().await;
    let client = client(&url, SECRET, &Sent::default());
    for length in LENGTHS {
        let body = data(length);
        let mut file = NamedTempFile::new().unwrap();
        file.write_all(&body).unwrap();
        let streamed = ByteStream::from_path(file.path()).await.unwrap();
        client.put_object().bucket(BUCKET).key("file").body(streamed).send().await.unwrap();
        let got = got.try_recv().unwrap();
        assert_eq!(got.access_key_id, ID);
        assert_eq!(got.headers["x-amz-content-sha256"], SIGNED_TRAILER);
        assert_eq!(got.headers["x-amz-trailer"], "x-amz-checksum-crc32");
        // The framing has gone, and so has what told of it.
        assert_eq!(got.headers.get("content-encoding"), None);
        assert_eq!(got.headers["content-length"], length.to_string().as_str());
        assert!(got.body == body, "{length} bytes");
    }
}
