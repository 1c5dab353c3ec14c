//! What goes into the runtime and what comes out.

use std::fmt;

use sigv4a::VerifyingKey;

use crate::{
    CrtError,
    ffi::{self, Evidence, Kind, Pairs, Request, Settings, Signable},
};

/// A request as it is sent, without anything that signing adds to it.
#[derive(Debug, Clone)]
pub struct Message {
    method: String,
    target: String,
    headers: Pairs,
    body: Vec<u8>,
    payload: String,
    expires: Option<u64>,
}

impl Message {
    /// A request; `target` is its path and query.
    #[must_use]
    pub fn new(method: &str, target: &str) -> Self {
        let (headers, body, payload) = (Pairs::new(), Vec::new(), String::new());
        Self { method: method.to_owned(), target: target.to_owned(), headers, body, payload, expires: None }
    }

    /// Adds a header; the runtime needs `host` among them.
    #[must_use]
    pub fn with_header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Sets the body, whose hash is signed unless there is [another payload](Self::with_payload).
    #[must_use]
    pub fn with_body(mut self, body: &[u8]) -> Self {
        body.clone_into(&mut self.body);
        self
    }

    /// Signs this in place of the body's hash: a hash known already, or a sentinel.
    #[must_use]
    pub fn with_payload(mut self, payload: &str) -> Self {
        payload.clone_into(&mut self.payload);
        self
    }

    /// Signs with the query, for so many seconds.
    #[must_use]
    pub const fn presigned(mut self, expires: u64) -> Self {
        self.expires = Some(expires);
        self
    }

    pub(super) fn payload(&self) -> &str {
        &self.payload
    }

    pub(super) fn kind(&self) -> Kind {
        self.expires.map_or(Kind::Headers, |expires| Kind::Query { expires })
    }

    pub(super) fn signable(&self) -> Result<Signable<'_>, CrtError> {
        Signable::request(Request {
            method: &self.method,
            target: &self.target,
            headers: bytes(&self.headers),
            body: &self.body,
        })
    }
}

/// What a SigV4a signature is said to be of, and whose.
#[derive(Debug, Clone, Copy)]
pub struct Claim<'a> {
    canonical_request: &'a str,
    signature: &'a str,
    key: &'a VerifyingKey,
}

impl<'a> Claim<'a> {
    /// The claim that `signature`, in hex, is `key`'s over the string to sign of `canonical_request`.
    #[must_use]
    pub const fn new(canonical_request: &'a str, signature: &'a str, key: &'a VerifyingKey) -> Self {
        Self { canonical_request, signature, key }
    }

    pub(super) fn verify(&self, signable: &Signable<'_>, kind: Kind, settings: &Settings<'_>) -> Result<(), CrtError> {
        let point = self.key.to_sec1();
        let (_, coordinates) = point.split_at(1);
        let (x, y) = coordinates.split_at(32);
        let [x, y] = [x, y].map(|coordinate| coordinate.iter().map(|byte| format!("{byte:02x}")).collect::<String>());
        let evidence = Evidence { canonical_request: self.canonical_request, signature: self.signature, key: [&x, &y] };
        ffi::verify(signable, kind, settings, &evidence)
    }
}

/// What the runtime adds to a request.
#[derive(Clone)]
pub struct Signed(ffi::Signed);

impl Signed {
    /// Headers, in their order.
    #[must_use]
    pub fn headers(&self) -> &[(String, String)] {
        &self.0.headers
    }

    /// Parameters of the query, in their order, encoded.
    #[must_use]
    pub fn parameters(&self) -> &[(String, String)] {
        &self.0.parameters
    }

    /// The signature, in hex.
    #[must_use]
    pub fn signature(&self) -> &str {
        &self.0.signature
    }
}

impl From<ffi::Signed> for Signed {
    fn from(signed: ffi::Signed) -> Self {
        Self(signed)
    }
}

impl fmt::Debug for Signed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Signed").finish_non_exhaustive()
    }
}

/// Names and values as the runtime reads them.
pub(super) fn bytes(pairs: &[(String, String)]) -> impl Iterator<Item = (&[u8], &[u8])> {
    pairs.iter().map(|(name, value)| (name.as_bytes(), value.as_bytes()))
}
