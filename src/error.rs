//! Errors: opaque values with a [`kind`](ParseError::kind) to match on and a message that says what was expected,
//! what was found and where. No message ever carries a secret.

use std::{borrow::Cow, error::Error, fmt};

/// A value was refused where it entered.
///
/// The message names what was expected and, unless the value is secret, what was found and at which byte.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParseError {
    kind: ParseErrorKind,
    expected: Cow<'static, str>,
    found: Option<String>,
    at: Option<usize>,
}

impl ParseError {
    /// What kind of value was refused.
    #[must_use]
    pub const fn kind(&self) -> ParseErrorKind {
        self.kind
    }

    pub(crate) fn new(kind: ParseErrorKind, expected: impl Into<Cow<'static, str>>) -> Self {
        Self { kind, expected: expected.into(), found: None, at: None }
    }

    /// The refused text, shortened and with control characters escaped: it may come from a stranger.
    pub(crate) fn found(mut self, found: impl AsRef<[u8]>) -> Self {
        const SHOWN: usize = 80;
        let found = found.as_ref();
        let shown = found.get(..SHOWN).unwrap_or(found);
        let mut text: String = shown.escape_ascii().to_string().replace("\\\"", "\"").replace("\\'", "'");
        if shown.len() < found.len() {
            text.push('…');
        }
        self.found = Some(text);
        self
    }

    /// Byte offset of the first offending byte.
    pub(crate) const fn at(mut self, offset: usize) -> Self {
        self.at = Some(offset);
        self
    }
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: expected {}", self.kind.noun(), self.expected)?;
        if let Some(found) = &self.found {
            write!(f, ", found `{found}`")?;
        }
        if let Some(at) = self.at {
            write!(f, " at byte {at}")?;
        }
        Ok(())
    }
}

impl Error for ParseError {}

macro_rules! kinds {
    ($(#[$meta:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident = $text:literal, $noun:literal;)* }) => {
        $(#[$meta])*
        #[non_exhaustive]
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum $name { $($(#[$doc])* $variant,)* }

        impl $name {
            /// Every kind there is now; later versions may add to it.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// The stable name of the kind, as the JSON answers and the CLI print it.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)* }
            }

            const fn noun(self) -> &'static str {
                match self { $(Self::$variant => $noun,)* }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

kinds! {
    /// Which value a [`ParseError`] refused.
    ParseErrorKind {
        /// An access key ID.
        AccessKeyId = "invalid_access_key_id", "access key ID";
        /// A secret access key.
        SecretAccessKey = "invalid_secret_access_key", "secret access key";
        /// A session token.
        SessionToken = "invalid_session_token", "session token";
        /// A region.
        Region = "invalid_region", "region";
        /// A region set.
        RegionSet = "invalid_region_set", "region set";
        /// A service (signing name).
        Service = "invalid_service", "service";
        /// A credential scope.
        CredentialScope = "invalid_scope", "credential scope";
        /// A date and time.
        Timestamp = "invalid_time", "time";
        /// An algorithm name.
        Algorithm = "invalid_algorithm", "algorithm";
        /// A payload hash or one of its sentinels.
        PayloadHash = "invalid_payload", "payload";
        /// A signature.
        Signature = "invalid_signature", "signature";
        /// An HTTP method.
        Method = "invalid_method", "method";
        /// A URL as a whole: its scheme or authority.
        Url = "invalid_url", "URL";
        /// A URL path.
        Path = "invalid_path", "path";
        /// A URL query.
        Query = "invalid_query", "query";
        /// A header name.
        HeaderName = "invalid_header_name", "header name";
        /// A header value.
        HeaderValue = "invalid_header_value", "header value";
        /// A host name.
        Host = "invalid_host", "host";
        /// A host that names no AWS endpoint we know, so that nothing can be inferred from it.
        UnknownHost = "unknown_host", "host";
        /// A host that AWS serves without authentication, so that a signature means nothing there.
        NotSignable = "not_signable", "host";
        /// An Amazon Resource Name.
        Arn = "invalid_arn", "ARN";
        /// The lifetime of a presigned URL.
        ExpiresIn = "invalid_expires", "lifetime";
        /// A configuration value.
        Config = "invalid_config", "configuration";
    }
}

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
        /// The service is neither given nor told by the host.
        MissingService = "missing_service", "missing service";
        /// The region is neither given nor told by the host.
        MissingRegion = "missing_region", "missing region";
        /// The key could not be derived or was refused by the cryptographic back end.
        Key = "key", "key";
        /// A signer that is not ours failed.
        Signer = "signer", "signer";
    }
}
