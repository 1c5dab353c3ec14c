//! Uploads in aws-chunked form, made by the runtime alone: seed request, chunks and trailers. Plain data, so that any
//! decoder can be fed with it.

use sigv4a::{Algorithm, Timestamp};
use sigv4a_crt::Message;

use super::{documented_time, oracle};

/// What is to be uploaded, to the bucket of AWS's examples.
#[derive(Debug, Clone)]
pub struct Plan {
    pub algorithm: Algorithm,
    pub data: Vec<u8>,
    pub chunk_len: usize,
    pub trailers: Vec<(String, String)>,
}

/// The upload as it goes over the wire, signed with `documented_credentials` for `us-east-1`, or with SigV4a, for `*`.
#[derive(Debug, Clone)]
pub struct Upload {
    pub method: &'static str,
    pub url: String,
    pub at: Timestamp,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
    /// The signature of the request.
    pub seed: String,
    /// The signatures of the chunks, the empty one at the end included, as they are sent.
    pub chunks: Vec<String>,
    pub trailer: Option<String>,
}

const HOST: &str = "s3.amazonaws.com";
const PATH: &str = "/examplebucket/chunkObject.txt";

impl Plan {
    /// 65 KiB of `a` in chunks of 64 KiB, as in AWS's examples.
    pub fn documented(algorithm: Algorithm, trailers: &[(String, String)]) -> Self {
        Self { algorithm, data: vec![b'a'; 66560], chunk_len: 65536, trailers: trailers.to_vec() }
    }

    /// The data of every chunk, the empty one at the end included.
    pub fn pieces(&self) -> impl Iterator<Item = &[u8]> {
        self.data.chunks(self.chunk_len).chain([&b""[..]])
    }

    /// The request without what signing adds. Like AWS's examples, `content-length` is signed without trailers only.
    pub fn message(&self) -> Message {
        let mut message = Message::new("PUT", PATH).with_payload(self.sentinel());
        for (name, value) in self.headers() {
            if name != "content-length" || self.trailers.is_empty() {
                message = message.with_header(&name, &value);
            }
        }
        message
    }

    /// Asks the runtime for every signature, and frames the body.
    pub fn sign(&self) -> Upload {
        let (oracle, at) = (oracle(self.algorithm, "*"), documented_time());
        let signed = oracle.sign(&self.message(), at).unwrap();
        let mut body = Vec::new();
        let mut previous = signed.signature().to_owned();
        let mut chunks = Vec::new();
        for data in self.pieces() {
            previous = oracle.sign_chunk(data, &previous, at).unwrap();
            body.extend(format!("{:x};chunk-signature={previous}\r\n", data.len()).bytes());
            if !data.is_empty() {
                body.extend_from_slice(data);
                body.extend_from_slice(b"\r\n");
            }
            chunks.push(previous.clone());
        }
        let trailer = (!self.trailers.is_empty()).then(|| {
            let signature = oracle.sign_trailers(&self.trailers, &previous, at).unwrap();
            for (name, value) in &self.trailers {
                body.extend(format!("{name}:{value}\r\n").bytes());
            }
            body.extend(format!("x-amz-trailer-signature:{signature}\r\n").bytes());
            signature
        });
        body.extend_from_slice(b"\r\n");
        let headers = self.headers().into_iter().chain(signed.headers().iter().cloned()).collect();
        let url = ["https://", HOST, PATH].concat();
        Upload { method: "PUT", url, at, headers, body, seed: signed.signature().to_owned(), chunks, trailer }
    }

    fn headers(&self) -> Vec<(String, String)> {
        let names: Vec<&str> = self.trailers.iter().map(|(name, _)| &**name).collect();
        let mut headers = vec![
            ("content-encoding", "aws-chunked".to_owned()),
            ("content-length", self.wire_len().to_string()),
            ("host", HOST.to_owned()),
            ("x-amz-decoded-content-length", self.data.len().to_string()),
            ("x-amz-storage-class", "REDUCED_REDUNDANCY".to_owned()),
        ];
        if !names.is_empty() {
            headers.push(("x-amz-trailer", names.join(",")));
        }
        headers.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
    }

    const fn sentinel(&self) -> &'static str {
        match (self.algorithm, self.trailers.is_empty()) {
            (Algorithm::SigV4, true) => "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
            (Algorithm::SigV4, false) => "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER",
            (_, true) => "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD",
            (_, false) => "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD-TRAILER",
        }
    }

    /// Bytes on the wire, known before anything is signed: every signature there is as long as every other.
    pub fn wire_len(&self) -> usize {
        let signature = if self.algorithm == Algorithm::SigV4 { 64 } else { 144 };
        let line = |data: usize| format!("{data:x};chunk-signature=\r\n").len() + signature;
        let chunks: usize = self.data.chunks(self.chunk_len).map(|data| line(data.len()) + data.len() + 2).sum();
        let trailers: usize = self.trailers.iter().map(|(name, value)| name.len() + 1 + value.len() + 2).sum();
        let end = if self.trailers.is_empty() { 0 } else { "x-amz-trailer-signature:\r\n".len() + signature };
        chunks + line(0) + trailers + end + 2
    }
}
