//! The SDK with our schemes in place of its own: an ordinary bucket, which it signs for with SigV4, and a Multi-Region
//! Access Point, for which it uses SigV4a. And as a control, what its own signers do.

use std::{io::Write as _, time::Duration};

use aws_sdk_s3::{
    Client, Config,
    config::{Builder, Credentials, Region, retry::RetryConfig},
    error::{DisplayErrorContext, SdkError},
    presigning::PresigningConfig,
    primitives::ByteStream,
    types::{CompletedMultipartUpload, CompletedPart},
};
use sigv4a::{
    Algorithm, PayloadHash, SignError, SignErrorKind, SignedHeaderPolicy,
    aws_sdk::{SignedUploads, SigningScheme},
};
use tempfile::NamedTempFile;

use crate::{
    bucket::{Accepted, Bucket, SESSION_ID},
    client::{BUCKET, ID, LENGTHS, REGION, SECRET, data},
    loopback::{Loopback, split},
};

/// Each algorithm, and the bucket that makes the SDK choose it.
pub(crate) const BUCKETS: [(Algorithm, &str, &str); 2] = [
    (Algorithm::SigV4, BUCKET, "bucket.s3.us-east-1.amazonaws.com"),
    (
        Algorithm::SigV4a,
        "arn:aws:s3::123456789012:accesspoint:mfzwi23gnjvgw.mrap",
        "mfzwi23gnjvgw.mrap.accesspoint.s3-global.amazonaws.com",
    ),
];

/// Who signs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Signer {
    /// The SDK itself.
    Sdk,
    /// Our schemes.
    Ours,
    /// The same, with streams signed chunk by chunk.
    OursInChunks,
}

/// Signed by us, and never by the SDK: so it is known who it was.
const MARK: &str = "user-agent";

fn ours(scheme: SigningScheme) -> SigningScheme {
    scheme.with_signed_headers(SignedHeaderPolicy::standard().with(MARK).unwrap())
}

pub(crate) fn config(bucket: &Bucket, signed: Signer) -> Builder {
    let config = Config::builder()
        .region(Region::new(REGION))
        .credentials_provider(Credentials::new(ID, SECRET, None, None, "example"))
        .http_client(Loopback::new(bucket.address))
        .retry_config(RetryConfig::disabled());
    match signed {
        Signer::Sdk => config,
        Signer::Ours => with_schemes(config),
        Signer::OursInChunks => with_schemes(config).interceptor(SignedUploads::new()),
    }
}

pub(crate) fn with_schemes(config: Builder) -> Builder {
    config.push_auth_scheme(ours(SigningScheme::sigv4())).push_auth_scheme(ours(SigningScheme::sigv4a()))
}

pub(crate) fn client(bucket: &Bucket, signed: Signer) -> Client {
    Client::from_conf(config(bucket, signed).build())
}

fn file(content: &[u8]) -> NamedTempFile {
    let mut file = NamedTempFile::new().unwrap();
    file.write_all(content).unwrap();
    file
}

pub(crate) async fn stream(content: &[u8]) -> ByteStream {
    let file = file(content);
    // What is open stays readable.
    let stream = ByteStream::from_path(file.path()).await.unwrap();
    std::mem::forget(file);
    stream
}

/// The last request was signed with this algorithm, for this host, by whom it should.
pub(crate) fn check(accepted: &Accepted, algorithm: Algorithm, host: &str, signed: Signer) {
    let verified = &accepted.verified;
    assert_eq!((verified.algorithm(), verified.host()), (algorithm, host));
    assert_eq!(verified.region_set().map(|set| set.as_str()), (algorithm == Algorithm::SigV4a).then_some("*"));
    if !verified.is_presigned() {
        let has_mark = verified.signed_headers().iter().any(|name| name == MARK);
        assert_eq!(has_mark, signed != Signer::Sdk, "{signed:?}");
    }
}

#[tokio::test]
async fn objects_are_put_got_listed_and_deleted_by_either_signer() {
    for signed in [Signer::Sdk, Signer::Ours, Signer::OursInChunks] {
        for (algorithm, name, host) in BUCKETS {
            let bucket = Bucket::start().await;
            let client = client(&bucket, signed);
            for length in LENGTHS {
                let body = data(length);
                let key = "a folder/naïve ☃ + = ~ 'quoted' (1)*!, 100%2F.txt";
                client.put_object().bucket(name).key(key).body(body.clone().into()).send().await.unwrap();
                check(&bucket.last(), algorithm, host, signed);
                assert!(matches!(bucket.last().verified.payload(), PayloadHash::Sha256(_)));
                let got = client.get_object().bucket(name).key(key).send().await.unwrap();
                check(&bucket.last(), algorithm, host, signed);
                assert!(got.body.collect().await.unwrap().to_vec() == body);
            }
            client.put_object().bucket(name).key("plain").body(ByteStream::from_static(b"text")).send().await.unwrap();
            let listed = client.list_objects_v2().bucket(name).prefix("p l/+a").send().await.unwrap();
            check(&bucket.last(), algorithm, host, signed);
            assert!(listed.contents().iter().any(|object| object.key() == Some("plain")));
            client.delete_object().bucket(name).key("plain").send().await.unwrap();
            check(&bucket.last(), algorithm, host, signed);
        }
    }
}

#[tokio::test]
async fn parts_of_an_upload_are_signed() {
    for signed in [Signer::Sdk, Signer::Ours, Signer::OursInChunks] {
        for (algorithm, name, host) in BUCKETS {
            let bucket = Bucket::start().await;
            let client = client(&bucket, signed);
            let upload = client.create_multipart_upload().bucket(name).key("big").send().await.unwrap();
            check(&bucket.last(), algorithm, host, signed);
            let id = upload.upload_id().unwrap();
            let mut completed = CompletedMultipartUpload::builder();
            let parts = [data(5 << 20), data(70_000)];
            for (number, part) in (1..).zip(&parts) {
                let upload = client.upload_part().bucket(name).key("big").upload_id(id).part_number(number);
                // The control sends what is in memory: what it sends of a stream is in the last test.
                let body = if signed == Signer::Sdk { part.clone().into() } else { stream(part).await };
                let sent = upload.body(body).send().await.unwrap();
                check(&bucket.last(), algorithm, host, signed);
                let part = CompletedPart::builder().part_number(number).set_e_tag(sent.e_tag().map(str::to_owned));
                completed = completed.parts(part.build());
            }
            let complete = client.complete_multipart_upload().bucket(name).key("big").upload_id(id);
            complete.multipart_upload(completed.build()).send().await.unwrap();
            check(&bucket.last(), algorithm, host, signed);
            let got = client.get_object().bucket(name).key("big").send().await.unwrap();
            assert!(got.body.collect().await.unwrap().to_vec() == parts.concat());
        }
    }
}

/// Whoever uses a presigned URL waits: the server needs a thread of its own.
#[tokio::test(flavor = "multi_thread")]
async fn presigned_requests_are_accepted_without_the_sdk() {
    let http: ureq::Agent = ureq::Agent::config_builder().proxy(None).build().into();
    for signed in [Signer::Sdk, Signer::Ours, Signer::OursInChunks] {
        for (algorithm, name, host) in BUCKETS {
            let bucket = Bucket::start().await;
            let client = client(&bucket, signed);
            let soon = || PresigningConfig::expires_in(Duration::from_secs(60)).unwrap();
            let here = |url: &str| format!("http://{}{}", bucket.address, split(url).1);
            let put = client.put_object().bucket(name).key("presigned +").content_type("text/plain");
            let put = put.presigned(soon()).await.unwrap();
            let request = http.put(here(put.uri())).header("host", host);
            let request = put.headers().fold(request, |request, (name, value)| request.header(name, value));
            assert_eq!(request.send("text").unwrap().status(), 200);
            check(&bucket.last(), algorithm, host, signed);
            assert_eq!(bucket.last().verified.expires_in(), Some(60));
            let get = client.get_object().bucket(name).key("presigned +").presigned(soon()).await.unwrap();
            let request = http.get(here(get.uri())).header("host", host);
            let request = get.headers().fold(request, |request, (name, value)| request.header(name, value));
            assert_eq!(request.call().unwrap().body_mut().read_to_string().unwrap(), "text");
            check(&bucket.last(), algorithm, host, signed);
            let other = http.get(here(&get.uri().replace("presigned", "something"))).header("host", host).call();
            assert!(matches!(other, Err(ureq::Error::StatusCode(403))));
        }
    }
}

#[tokio::test]
async fn an_attempt_after_a_failure_is_signed_anew() {
    for (algorithm, name, host) in BUCKETS {
        let bucket = Bucket::start().await;
        let retry = RetryConfig::standard().with_max_attempts(3).with_initial_backoff(Duration::from_millis(1));
        let client = Client::from_conf(config(&bucket, Signer::OursInChunks).retry_config(retry).build());
        bucket.fail(2);
        let body = data(100_000);
        client.put_object().bucket(name).key("file").body(stream(&body).await).send().await.unwrap();
        check(&bucket.last(), algorithm, host, Signer::OursInChunks);
        assert_eq!(bucket.signatures().len(), 3);
        let got = client.get_object().bucket(name).key("file").send().await.unwrap();
        assert!(got.body.collect().await.unwrap().to_vec() == body);
    }
}

#[tokio::test]
async fn a_directory_bucket_is_signed_for_with_its_session() {
    let name = "bucket--use1-az4--x-s3";
    let host = "bucket--use1-az4--x-s3.s3express-use1-az4.us-east-1.amazonaws.com";
    for signed in [Signer::Sdk, Signer::Ours, Signer::OursInChunks] {
        let bucket = Bucket::start_express().await;
        let config = config(&bucket, signed);
        let config = match signed {
            Signer::Sdk => config,
            Signer::Ours | Signer::OursInChunks => config.push_auth_scheme(ours(SigningScheme::s3_express())),
        };
        let client = Client::from_conf(config.build());
        let body = data(70_000);
        client.put_object().bucket(name).key("key").body(body.clone().into()).send().await.unwrap();
        check(&bucket.last(), Algorithm::SigV4, host, signed);
        assert_eq!(bucket.last().verified.access_key_id().as_str(), SESSION_ID);
        client.put_object().bucket(name).key("key").body(stream(&body).await).send().await.unwrap();
        check(&bucket.last(), Algorithm::SigV4, host, signed);
        let expected = match signed {
            Signer::OursInChunks => PayloadHash::StreamingSignedTrailer,
            Signer::Ours | Signer::Sdk => PayloadHash::StreamingUnsignedTrailer,
        };
        assert_eq!(bucket.last().verified.payload(), expected);
        let got = client.get_object().bucket(name).key("key").send().await.unwrap();
        assert!(got.body.collect().await.unwrap().to_vec() == body);
        let soon = PresigningConfig::expires_in(Duration::from_secs(60)).unwrap();
        let presigned = client.get_object().bucket(name).key("key").presigned(soon).await.unwrap();
        assert!(presigned.uri().contains("X-Amz-S3session-Token=a%2Fsession%2Btoken%3D"), "{}", presigned.uri());
    }
}

/// The error of ours in an error of the SDK.
pub(crate) fn sign_error<E: std::error::Error + 'static, R: std::fmt::Debug + 'static>(
    error: &SdkError<E, R>,
) -> (SignErrorKind, String) {
    let mut next: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(error) = next {
        if let Some(error) = error.downcast_ref::<SignError>() {
            return (error.kind(), error.to_string());
        }
        next = error.source();
    }
    panic!("no error of ours: {}", DisplayErrorContext(error));
}

#[tokio::test]
async fn what_cannot_be_signed_is_an_error_of_ours_in_the_sdks() {
    let bucket = Bucket::start().await;
    let get = async |credentials: Credentials, name: &str| {
        let config = config(&bucket, Signer::Ours).credentials_provider(credentials);
        let client = Client::from_conf(config.build());
        sign_error(&client.get_object().bucket(name).key("key").send().await.unwrap_err())
    };
    let long_ago = std::time::UNIX_EPOCH + Duration::from_secs(1);
    for (_, name, _) in BUCKETS {
        let (kind, message) = get(Credentials::new("AKID/", SECRET, None, None, "example"), name).await;
        assert_eq!((kind, message.contains("access key ID")), (SignErrorKind::Invalid, true), "{message}");
        let config = config(&bucket, Signer::Ours)
            .credentials_provider(Credentials::new("AKID/", SECRET, None, None, "example"));
        let presigned = Client::from_conf(config.build()).get_object().bucket(name).key("key");
        let soon = PresigningConfig::expires_in(Duration::from_secs(60)).unwrap();
        let (kind, message) = sign_error(&presigned.presigned(soon).await.unwrap_err());
        assert_eq!((kind, message.contains("access key ID")), (SignErrorKind::Invalid, true), "{message}");
        let (kind, message) = get(Credentials::new(ID, SECRET, None, Some(long_ago), "example"), name).await;
        assert_eq!(
            (kind, message.contains("19700101T000001Z")),
            (SignErrorKind::CredentialsExpired, true),
            "{message}"
        );
    }
    // Over plain http the SDK wants to sign the chunks itself.
    let client = Client::from_conf(config(&bucket, Signer::Ours).endpoint_url("http://localhost").build());
    let put = client.put_object().bucket(BUCKET).key("key").body(stream(b"text").await);
    let (kind, message) = sign_error(&put.send().await.unwrap_err());
    assert_eq!((kind, message.contains("`SignedUploads`")), (SignErrorKind::Unsupported, true), "{message}");
    let client = Client::from_conf(config(&bucket, Signer::OursInChunks).endpoint_url("http://localhost").build());
    client.put_object().bucket(BUCKET).key("key").body(stream(b"text").await).send().await.unwrap();
    assert_eq!(bucket.last().verified.payload(), PayloadHash::StreamingSignedTrailer);
}
