//! The answer to a description.

use std::fmt;

use data_encoding::BASE64;
use serde::Serialize;
use serde_json::value::RawValue;

use crate::{
    error::{ParseError, SignError},
    sign::SigningTrace,
};

/// One line of output: the `id` of the description and either the signed request or the error.
#[derive(Debug, Serialize)]
#[non_exhaustive]
pub struct Answer {
    /// As in the description, to the letter; `null` if it had none or could not be read.
    pub id: Option<Box<RawValue>>,
    /// What came of it.
    #[serde(flatten)]
    pub outcome: Outcome,
}

impl Answer {
    /// The answer to the description with this `id`.
    #[must_use]
    pub fn new(id: Option<Box<RawValue>>, outcome: Result<SignedAnswer, Failure>) -> Self {
        let outcome = match outcome {
            Ok(signed) => Outcome::Signed(Box::new(signed)),
            Err(error) => Outcome::Failed { error },
        };
        Self { id, outcome }
    }
}

/// What came of a description.
#[derive(Debug, Serialize)]
#[serde(untagged)]
#[non_exhaustive]
pub enum Outcome {
    /// The request to send.
    Signed(Box<SignedAnswer>),
    /// Why there is none.
    Failed {
        /// The error.
        error: Failure,
    },
}

/// The request to send and every value on the way.
#[derive(Serialize)]
#[non_exhaustive]
pub struct SignedAnswer {
    /// The HTTP method.
    pub method: String,
    /// The URL to send, in wire form; presigned if that was asked.
    pub url: String,
    /// The headers to send, in order.
    pub headers: Vec<(String, String)>,
    /// `sigv4` or `sigv4a`.
    pub algorithm: &'static str,
    /// The signed headers, separated by `;`.
    pub signed_headers: String,
    /// The canonical request.
    pub canonical_request: String,
    /// The string to sign.
    pub string_to_sign: String,
    /// The signature in hex.
    pub signature: String,
    /// The body to send in base64, where signing framed it: aws-chunked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body_base64: Option<String>,
}

impl SignedAnswer {
    /// The answer for a signed or presigned request: its URL and all its headers, and the values on the way. A header
    /// that is not text has no place in JSON and is left out.
    #[must_use]
    pub fn new(method: &str, url: String, headers: Vec<(String, Vec<u8>)>, trace: &SigningTrace) -> Self {
        let text = |(name, value): (String, Vec<u8>)| Some((name, String::from_utf8(value).ok()?));
        Self {
            method: method.to_owned(),
            url,
            headers: headers.into_iter().filter_map(text).collect(),
            algorithm: trace.algorithm().name(),
            signed_headers: trace.signed_headers().to_owned(),
            canonical_request: trace.canonical_request().as_str().to_owned(),
            string_to_sign: trace.string_to_sign().as_str().to_owned(),
            signature: trace.signature().to_hex(),
            body_base64: None,
        }
    }

    /// With the body to send, which signing framed.
    pub(super) fn with_body(mut self, body: &[u8]) -> Self {
        self.body_base64 = Some(BASE64.encode(body));
        self
    }
}

impl fmt::Debug for SignedAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignedAnswer").field("method", &self.method).finish_non_exhaustive()
    }
}

/// An error, for people and for programs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Failure {
    /// What kind of error, for programs.
    pub kind: &'static str,
    /// What was expected, found and where, for people.
    pub message: String,
}

impl Failure {
    /// An error of a kind of your own.
    #[must_use]
    pub const fn new(kind: &'static str, message: String) -> Self {
        Self { kind, message }
    }
}

impl From<SignError> for Failure {
    fn from(error: SignError) -> Self {
        let mut message = error.to_string();
        let mut source = std::error::Error::source(&error);
        while let Some(cause) = source {
            message.push_str(": ");
            message.push_str(&cause.to_string());
            source = cause.source();
        }
        Self { kind: error.code(), message }
    }
}

impl From<ParseError> for Failure {
    fn from(error: ParseError) -> Self {
        Self { kind: error.kind().as_str(), message: error.to_string() }
    }
}
