//! A request as it arrives, and a server that judges it.

use std::fmt;

use sigv4a::{
    PresignedRequest, ReceivedRequest, SignedRequest, SigningRequest, Timestamp, VerificationKey, Verified, Verifier,
    VerifyError,
};

/// A request on the wire.
#[derive(Clone, PartialEq, Eq)]
pub struct Sent {
    pub method: String,
    /// `/path?query`, as in the first line.
    pub target: String,
    pub headers: Vec<(String, Vec<u8>)>,
    pub body: Body,
}

/// What the server knows of the body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Body {
    InMemory(Vec<u8>),
    Sha256([u8; 32]),
    Unread,
}

impl Sent {
    pub fn new(method: &str, target: &str) -> Self {
        Self { method: method.into(), target: target.into(), headers: Vec::new(), body: Body::InMemory(Vec::new()) }
    }

    /// What goes out after signing.
    pub fn signed(method: &str, request: &SigningRequest<'_>, signed: &SignedRequest, body: &[u8]) -> Self {
        Self::from_wire(method, &signed.url(), signed.wire_headers(request), body)
    }

    /// What whoever uses a presigned URL sends.
    pub fn presigned(method: &str, request: &SigningRequest<'_>, presigned: &PresignedRequest, body: &[u8]) -> Self {
        Self::from_wire(method, &presigned.url(), presigned.wire_headers(request), body)
    }

    pub fn from_wire(method: &str, url: &str, headers: Vec<(String, Vec<u8>)>, body: &[u8]) -> Self {
        Self { method: method.into(), target: target(url), headers, body: Body::InMemory(body.to_vec()) }
    }

    pub fn received(&self) -> Result<ReceivedRequest<'_>, VerifyError> {
        let mut request = ReceivedRequest::new(&self.method, &self.target)?;
        for (name, value) in &self.headers {
            request = request.with_header(name, value)?;
        }
        Ok(match &self.body {
            Body::InMemory(body) => request.with_body(body),
            Body::Sha256(digest) => request.with_body_sha256(*digest),
            Body::Unread => request,
        })
    }

    /// The first line of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map(|(_, value)| str::from_utf8(value).unwrap())
    }

    pub fn with_header(&self, name: &str, value: impl AsRef<[u8]>) -> Self {
        let mut changed = self.clone();
        changed.headers.push((name.to_owned(), value.as_ref().to_vec()));
        changed
    }

    pub fn without_header(&self, name: &str) -> Self {
        let mut changed = self.clone();
        changed.headers.retain(|(known, _)| !known.eq_ignore_ascii_case(name));
        changed
    }

    pub fn with_header_instead(&self, name: &str, value: impl AsRef<[u8]>) -> Self {
        self.without_header(name).with_header(name, value)
    }

    pub fn with_method(&self, method: &str) -> Self {
        Self { method: method.into(), ..self.clone() }
    }

    pub fn with_target(&self, target: impl Into<String>) -> Self {
        Self { target: target.into(), ..self.clone() }
    }

    pub fn with_body(&self, body: impl Into<Vec<u8>>) -> Self {
        Self { body: Body::InMemory(body.into()), ..self.clone() }
    }

    pub fn path(&self) -> &str {
        self.target.split_once('?').map_or(&*self.target, |(path, _)| path)
    }

    pub fn query(&self) -> Option<&str> {
        self.target.split_once('?').map(|(_, query)| query)
    }

    /// The pairs of the query, empty ones included.
    pub fn pairs(&self) -> Vec<String> {
        self.query().into_iter().flat_map(|query| query.split('&')).map(str::to_owned).collect()
    }

    pub fn with_pairs(&self, pairs: &[String]) -> Self {
        self.with_target(format!("{}?{}", self.path(), pairs.join("&")))
    }
}

impl fmt::Debug for Sent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.method, self.target)?;
        self.headers.iter().try_for_each(|(name, value)| write!(f, " | {name}: {}", value.escape_ascii()))?;
        match &self.body {
            Body::InMemory(body) => write!(f, " | {}", body.escape_ascii()),
            other => write!(f, " | {other:?}"),
        }
    }
}

/// Path and query of a URL.
pub fn target(url: &str) -> String {
    let rest = url.split_once("://").unwrap().1;
    let target = rest.find(['/', '?']).map_or("/", |at| &rest[at..]);
    if target.starts_with('?') { format!("/{target}") } else { target.to_owned() }
}

/// A verifier, the keys it finds, and its clock.
#[derive(Clone)]
pub struct Server {
    pub verifier: Verifier,
    pub keys: Vec<VerificationKey>,
    pub now: Timestamp,
}

impl Server {
    pub fn judge(&self, sent: &Sent) -> Result<Verified, VerifyError> {
        self.judge_request(&sent.received()?)
    }

    pub fn judge_request(&self, request: &ReceivedRequest<'_>) -> Result<Verified, VerifyError> {
        let find = |asked: &sigv4a::Authorization| {
            self.keys.iter().find(|key| key.access_key_id() == asked.access_key_id()).cloned()
        };
        self.verifier.verify_request(request, find, self.now)
    }

    /// The same server `seconds` later, or earlier.
    pub fn at(&self, time: Timestamp, seconds: i64) -> Self {
        Self { now: Timestamp::from_unix(time.as_unix() + seconds).unwrap(), ..self.clone() }
    }

    pub fn with_keys(&self, keys: Vec<VerificationKey>) -> Self {
        Self { keys, ..self.clone() }
    }
}
