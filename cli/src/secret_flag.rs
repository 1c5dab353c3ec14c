//! An answer for those who try to give a secret as an argument.

use clap::error::{ContextKind, ContextValue, ErrorKind};

use crate::error::CliError;

/// What is wrong with a secret on the command line, if that is what clap stumbled over. Its value is not repeated.
pub(crate) fn explain(error: &clap::Error) -> Option<CliError> {
    if error.kind() != ErrorKind::UnknownArgument {
        return None;
    }
    let ContextValue::String(argument) = error.get(ContextKind::InvalidArg)? else { return None };
    let flag = argument.split('=').next().unwrap_or_default();
    let is_user = flag == "--user" || flag.starts_with("-u");
    let name = flag.to_ascii_lowercase();
    let is_secret = is_user || NAMES.iter().any(|known| name.starts_with("--") && name.contains(known));
    let shown = if is_user { "--user" } else { flag };
    is_secret.then(|| {
        CliError::usage(
            format!("`{shown}` does not exist: every process on this machine can read the arguments of another"),
            "export AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN, or keep them in \
             ~/.aws/credentials and name the profile with --profile",
        )
    })
}

const NAMES: &[&str] =
    &["secret", "access-key", "access_key", "session-token", "session_token", "security-token", "credential"];
