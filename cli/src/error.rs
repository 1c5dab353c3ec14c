//! What can go wrong, how it is told, and with which exit code.

use std::{
    error::Error,
    fmt,
    io::{self, Write as _},
    net::SocketAddr,
    process::ExitCode,
};

use http::StatusCode;
use sigv4a::{ParseError, ParseErrorKind, SignError, SignErrorKind, VerifyError};

/// Why the command ends without what was asked.
#[derive(Debug)]
pub(crate) enum CliError {
    /// The command line asks for something that makes no sense.
    Usage { message: String, hint: &'static str },
    /// The library refused the request or the configuration.
    Sign(SignError),
    /// There is nobody whose key a request could be verified with.
    NoKeys(SignError),
    /// What was received is no request that could be checked.
    Refused(VerifyError),
    /// The server was not reached, or did not answer to the end.
    NoAnswer { message: String, hint: &'static str },
    /// The answer is an error, and `--fail` says that this is one.
    Answered(StatusCode),
    /// A file, a standard stream or a socket failed.
    Io { what: String, source: io::Error },
    /// Whoever read the output went away: nothing to tell, and nobody to tell it to.
    ReaderGone,
}

impl CliError {
    pub(crate) fn usage(message: impl Into<String>, hint: &'static str) -> Self {
        Self::Usage { message: message.into(), hint }
    }

    /// Reading `what` failed.
    pub(crate) fn input(what: impl fmt::Display, source: io::Error) -> Self {
        Self::Io { what: format!("expected to read {what}"), source }
    }

    /// Writing the output failed.
    pub(crate) fn output(source: io::Error) -> Self {
        match source.kind() {
            io::ErrorKind::BrokenPipe => Self::ReaderGone,
            _ => Self::Io { what: "expected to write the output".to_owned(), source },
        }
    }

    /// The address cannot be listened on.
    pub(crate) fn listen(address: SocketAddr, source: io::Error) -> Self {
        Self::Io { what: format!("expected to listen on {address}"), source }
    }

    /// Says on standard error what happened and what to do.
    pub(crate) fn report(&self) {
        if matches!(self, Self::ReaderGone) {
            return;
        }
        note(&format!("error: {self}"));
        if let Some(hint) = self.hint() {
            note(&format!("hint: {hint}"));
        }
    }

    /// See the table in `--help`.
    pub(crate) fn exit_code(&self) -> ExitCode {
        ExitCode::from(match self {
            Self::Usage { .. } => 2,
            Self::NoKeys(_) => 3,
            Self::Sign(error) if is_about_configuration(error) => 3,
            Self::Sign(_) | Self::Refused(_) => 1,
            Self::Io { .. } => 4,
            Self::Answered(_) => 5,
            Self::NoAnswer { .. } => 6,
            // What a shell sees of a program that SIGPIPE ends.
            Self::ReaderGone => 141,
        })
    }

    /// The kind as the JSON answers print it.
    pub(crate) fn code(&self) -> &'static str {
        match self {
            Self::Usage { .. } => "usage",
            Self::Sign(error) | Self::NoKeys(error) => error.code(),
            Self::Refused(error) => error.kind().as_str(),
            Self::Io { .. } | Self::ReaderGone => "io",
            Self::NoAnswer { .. } => "no_answer",
            Self::Answered(_) => "answered",
        }
    }

    fn hint(&self) -> Option<&'static str> {
        let error = match self {
            Self::Usage { hint, .. } | Self::NoAnswer { hint, .. } => return Some(hint),
            Self::Sign(error) => error,
            Self::NoKeys(_) => {
                return Some(
                    "give the keys with --keys FILE, or your own: export them, or name a profile with --profile NAME",
                );
            }
            Self::Refused(_) | Self::Answered(_) | Self::Io { .. } | Self::ReaderGone => return None,
        };
        let of_value = || match error.code() {
            code if code == ParseErrorKind::Url.as_str() => Some("write the URL whole, for example https://HOST/PATH"),
            code if code == ParseErrorKind::NotSignable.as_str() => {
                Some("use the REST endpoint of the bucket, https://BUCKET.s3.REGION.amazonaws.com")
            }
            code if code == ParseErrorKind::HeaderValue.as_str() => {
                Some("leave a header unsigned with --no-sign-header NAME, or encode its value as ASCII")
            }
            _ => None,
        };
        match error.kind() {
            SignErrorKind::MissingService => Some("give --service, and --region or --region-set beside it"),
            SignErrorKind::MissingRegion => {
                Some("give --region (SigV4) or --region-set (SigV4a), or set AWS_REGION, or `region` in the profile")
            }
            SignErrorKind::AlgorithmRefused => {
                Some("use --algorithm sigv4a or auto; --force signs all the same, for servers that are not AWS")
            }
            SignErrorKind::MissingCredentials => {
                Some("export the keys, or name a profile that holds them with --profile NAME")
            }
            SignErrorKind::CredentialsExpired => {
                Some("get new ones, for example with `eval \"$(aws configure export-credentials --format env)\"`")
            }
            SignErrorKind::UriNotCanonical => {
                Some("send the expected form, or let --uri-policy rewrite do it and send the URL it prints")
            }
            SignErrorKind::AmbiguousHost => Some("give one -H 'Host: …', or --host"),
            SignErrorKind::Invalid => of_value(),
            _ => None,
        }
    }
}

/// Whether credentials or configuration are at fault, and not the request.
fn is_about_configuration(error: &SignError) -> bool {
    const VALUES: [ParseErrorKind; 4] = [
        ParseErrorKind::Config,
        ParseErrorKind::AccessKeyId,
        ParseErrorKind::SecretAccessKey,
        ParseErrorKind::SessionToken,
    ];
    matches!(error.kind(), SignErrorKind::MissingCredentials | SignErrorKind::CredentialsExpired)
        || VALUES.iter().any(|kind| kind.as_str() == error.code())
}

impl From<SignError> for CliError {
    fn from(error: SignError) -> Self {
        Self::Sign(error)
    }
}

impl From<ParseError> for CliError {
    fn from(error: ParseError) -> Self {
        Self::Sign(error.into())
    }
}

impl fmt::Display for CliError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Usage { message, .. } | Self::NoAnswer { message, .. } => f.write_str(message),
            Self::Answered(status) if status.is_redirection() => {
                write!(f, "expected a redirect that can be followed, found {status}")
            }
            Self::Answered(status) => write!(f, "expected a status below 400, found {status}"),
            Self::Sign(error) | Self::NoKeys(error) => {
                write!(f, "{error}")?;
                let mut source = error.source();
                while let Some(cause) = source {
                    write!(f, ": {cause}")?;
                    source = cause.source();
                }
                Ok(())
            }
            Self::Refused(error) => error.fmt(f),
            Self::Io { what, source } => write!(f, "{what}: {source}"),
            Self::ReaderGone => f.write_str("the reader of the output went away"),
        }
    }
}

impl Error for CliError {}

/// One line on standard error. If that is closed, there is nobody to tell.
pub(crate) fn note(line: &str) {
    let _ = writeln!(io::stderr(), "{line}");
}
