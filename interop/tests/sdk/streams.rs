//! Bodies that come from elsewhere: signed chunk by chunk, where the SDK signs them with SigV4 only.

use aws_sdk_s3::{Client, types::ChecksumAlgorithm};
use sigv4a::{Algorithm, Checksum, PayloadHash, aws_sdk::SignedUploads};

use crate::{
    bucket::Bucket,
    client::{LENGTHS, data},
    scheme::{BUCKETS, Signer, check, client, config, stream, with_schemes},
};

#[tokio::test]
async fn streams_are_signed_chunk_by_chunk() {
    for (algorithm, name, host) in BUCKETS {
        let bucket = Bucket::start().await;
        let client = client(&bucket, Signer::OursInChunks);
        for length in LENGTHS {
            let body = data(length);
            client.put_object().bucket(name).key("file").body(stream(&body).await).send().await.unwrap();
            let last = bucket.last();
            check(&last, algorithm, host, Signer::OursInChunks);
            assert_eq!(last.verified.payload(), PayloadHash::StreamingSignedTrailer);
            assert_eq!(last.headers["x-amz-trailer"], "x-amz-checksum-crc32");
            let got = client.get_object().bucket(name).key("file").send().await.unwrap();
            assert!(got.body.collect().await.unwrap().to_vec() == body, "{length} bytes");
        }
    }
}

#[tokio::test]
async fn streams_have_the_checksum_that_was_asked_for() {
    use ChecksumAlgorithm::{Crc32, Crc32C, Crc64Nvme, Sha1, Sha256};
    let body = data(100_000);
    for (algorithm, name, host) in BUCKETS {
        let bucket = Bucket::start().await;
        let uploads = SignedUploads::new().with_chunk_size(8192).unwrap().with_checksum(Checksum::Crc64Nvme);
        let config = with_schemes(config(&bucket, Signer::Sdk)).interceptor(uploads);
        let client = Client::from_conf(config.build());
        let wanted = [Crc32, Crc32C, Crc64Nvme, Sha1, Sha256].map(Some).into_iter().chain([None]);
        for checksum in wanted {
            let put = client.put_object().bucket(name).key("file").set_checksum_algorithm(checksum.clone());
            put.content_encoding("gzip").body(stream(&body).await).send().await.unwrap();
            let last = bucket.last();
            check(&last, algorithm, host, Signer::OursInChunks);
            assert_eq!(last.verified.payload(), PayloadHash::StreamingSignedTrailer);
            let expected = checksum.map_or("crc64nvme".to_owned(), |checksum| checksum.as_str().to_lowercase());
            assert_eq!(last.headers["x-amz-trailer"], format!("x-amz-checksum-{expected}"));
            assert_eq!(last.headers["content-encoding"], "gzip");
        }
        // A checksum that is known is sent before the body: there is nothing to send after it.
        let put = client.put_object().bucket(name).key("file").checksum_crc32("iu8ytA==");
        put.body(stream(&body).await).send().await.unwrap();
        check(&bucket.last(), algorithm, host, Signer::OursInChunks);
        assert_eq!(bucket.last().verified.payload(), PayloadHash::StreamingSigned);
        // Who says that the payload is not signed has chosen.
        let put = client.put_object().bucket(name).key("file").body(stream(&body).await);
        put.customize().disable_payload_signing().send().await.unwrap();
        check(&bucket.last(), algorithm, host, Signer::Ours);
        assert!(matches!(
            bucket.last().verified.payload(),
            PayloadHash::Unsigned | PayloadHash::StreamingUnsignedTrailer
        ));
    }
}

#[tokio::test]
async fn without_the_interceptor_streams_go_as_the_sdk_sends_them() {
    for (algorithm, name, host) in BUCKETS {
        let bucket = Bucket::start().await;
        let client = client(&bucket, Signer::Ours);
        for length in LENGTHS {
            let body = data(length);
            client.put_object().bucket(name).key("file").body(stream(&body).await).send().await.unwrap();
            check(&bucket.last(), algorithm, host, Signer::Ours);
            assert_eq!(bucket.last().verified.payload(), PayloadHash::StreamingUnsignedTrailer);
            let got = client.get_object().bucket(name).key("file").send().await.unwrap();
            assert!(got.body.collect().await.unwrap().to_vec() == body, "{length} bytes");
        }
    }
}

/// Why anybody would want another signer: with SigV4a the SDK's says of a stream that its body is not signed at all, and
/// not that it is in chunks. The server here believes it, so that chunks and checksum become part of the object; what S3
/// makes of it is not known.
#[tokio::test]
async fn the_sdk_signs_streams_with_sigv4_only() {
    for (algorithm, name, host) in BUCKETS {
        let bucket = Bucket::start().await;
        let client = client(&bucket, Signer::Sdk);
        client.put_object().bucket(name).key("file").body(stream(b"text").await).send().await.unwrap();
        check(&bucket.last(), algorithm, host, Signer::Sdk);
        let expected = match algorithm {
            Algorithm::SigV4 => (PayloadHash::StreamingUnsignedTrailer, false),
            _ => (PayloadHash::Unsigned, true),
        };
        let is_framed = bucket.last().headers.get("content-encoding").is_some_and(|value| value == "aws-chunked");
        assert_eq!((bucket.last().verified.payload(), is_framed), expected);
        let got = client.get_object().bucket(name).key("file").send().await.unwrap();
        assert_eq!(got.body.collect().await.unwrap().to_vec() == b"text", !is_framed);
    }
}
