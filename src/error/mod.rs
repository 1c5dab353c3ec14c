//! Errors: opaque values with a [`kind`](ParseError::kind) to match on and a message that says what was expected,
//! what was found and where. No message ever carries a secret.

mod sign_error;
mod verify_error;

use std::{borrow::Cow, error::Error, fmt};

pub use self::{
    sign_error::{SignError, SignErrorKind},
    verify_error::{VerifyError, VerifyErrorKind},
};

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
        self.found = Some(shown(found.as_ref()));
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

/// Text of a stranger: shortened, control characters escaped.
fn shown(found: &[u8]) -> String {
    const SHOWN: usize = 80;
    let head = found.get(..SHOWN).unwrap_or(found);
    let mut text: String = head.escape_ascii().to_string().replace("\\\"", "\"").replace("\\'", "'");
    if head.len() < found.len() {
        text.push('…');
    }
    text
}

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

use kinds;

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
        /// The name of a checksum.
        Checksum = "invalid_checksum", "checksum";
        /// The size of a chunk.
        ChunkSize = "invalid_chunk_size", "chunk size";
        /// A public key.
        Key = "invalid_key", "public key";
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
        /// A POST policy.
        PostPolicy = "invalid_post_policy", "POST policy";
        /// The name of a database user.
        DatabaseUser = "invalid_database_user", "database user";
        /// The name of an EKS cluster.
        ClusterName = "invalid_cluster_name", "cluster name";
        /// A configuration value.
        Config = "invalid_config", "configuration";
    }
}
