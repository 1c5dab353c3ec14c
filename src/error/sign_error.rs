//! Why a request could not be signed.

use std::{borrow::Cow, error::Error, fmt};

use super::{ParseError, kinds};

/// A request could not be signed. Nothing of the request was changed.
#[derive(Debug)]
pub struct SignError {
    kind: SignErrorKind,
    message: Cow<'static, str>,
    source: Option<Box<dyn Error + Send + Sync>>,
}

impl SignError {
    /// What went wrong.
    #[must_use]
    pub const fn kind(&self) -> SignErrorKind {
        self.kind
    }

    /// An error of a signer of your own, for example one whose key lives in an HSM.
    #[must_use]
    pub fn from_signer(source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self { kind: SignErrorKind::Signer, message: "the signer failed".into(), source: Some(source.into()) }
    }

    pub(crate) fn new(kind: SignErrorKind, message: impl Into<Cow<'static, str>>) -> Self {
        Self { kind, message: message.into(), source: None }
    }

    #[cfg(feature = "client")]
    pub(crate) fn with_source(mut self, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }

    #[cfg(all(feature = "client", feature = "config"))]
    pub(crate) fn message(&self) -> &str {
        &self.message
    }

    /// The kind as the JSON answers print it: the kind of the refused value when one was refused.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self.source.as_ref().and_then(|source| source.downcast_ref::<ParseError>()) {
            Some(parse) => parse.kind().as_str(),
            None => self.kind.as_str(),
        }
    }
}

impl From<ParseError> for SignError {
    fn from(error: ParseError) -> Self {
        Self { kind: SignErrorKind::Invalid, message: "invalid input".into(), source: Some(Box::new(error)) }
    }
}

impl fmt::Display for SignError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            // The refused value's own message says it all; a caller that prints only the top error must see it.
            SignErrorKind::Invalid => match &self.source {
                Some(source) => write!(f, "{source}"),
                None => f.write_str(&self.message),
            },
            kind => write!(f, "{}: {}", kind.noun(), self.message),
        }
    }
}

impl Error for SignError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self.kind {
            // Shown by `Display` already: a report that prints the chain would print it twice.
            SignErrorKind::Invalid => None,
            _ => self.source.as_ref().map(|source| {
                let source: &(dyn Error + 'static) = source.as_ref();
                source
            }),
        }
    }
}

kinds! {
    /// Why a request could not be signed.
    SignErrorKind {
        /// A value of the request or the configuration was refused; [`SignError::code`] says which.
        Invalid = "invalid", "invalid input";
        /// The request names no host.
        MissingHost = "missing_host", "missing host";
        /// The request names two hosts.
        AmbiguousHost = "ambiguous_host", "ambiguous host";
        /// The URI is not in wire form and [`UriPolicy::Reject`](crate::UriPolicy::Reject) forbids to rewrite it.
        UriNotCanonical = "uri_not_canonical", "URI not canonical";
        /// The endpoint accepts only another algorithm.
        AlgorithmRefused = "algorithm_refused", "algorithm refused";
        /// What was asked exists for the other algorithm only.
        Unsupported = "unsupported", "unsupported";
        /// The credentials have expired at the time of signing.
        CredentialsExpired = "credentials_expired", "credentials expired";
        /// No credentials were given or found.
        MissingCredentials = "missing_credentials", "missing credentials";
        /// Whoever provides the credentials could not.
        CredentialsProvider = "credentials_provider", "credentials provider";
        /// The service is neither given nor told by the host.
        MissingService = "missing_service", "missing service";
        /// The region is neither given nor told by the host.
        MissingRegion = "missing_region", "missing region";
        /// A body has another length than was announced, or goes on after its end.
        BodyLength = "body_length", "body length";
        /// A body could not be read to its end.
        Body = "body", "body";
        /// The host is not among those that may be signed for.
        HostNotAllowed = "host_not_allowed", "host not allowed";
        /// The key could not be derived or was refused by the cryptographic back end.
        Key = "key", "key";
        /// A signer that is not ours failed.
        Signer = "signer", "signer";
    }
}
