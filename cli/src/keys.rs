//! The keys that requests may be signed with.

use std::{fs, path::Path};

use sigv4a::{
    SignErrorKind, StaticKeys, VerificationKey,
    config::Ambient,
    json::{self, Key},
};

use crate::error::CliError;

/// The keys of a file, else one's own.
pub(crate) fn load(file: Option<&Path>, ambient: &Ambient) -> Result<StaticKeys, CliError> {
    let Some(path) = file else {
        let own = ambient.credentials().map_err(|error| match error.kind() {
            SignErrorKind::MissingCredentials => CliError::NoKeys(error),
            _ => error.into(),
        })?;
        return Ok(StaticKeys::new().with(VerificationKey::from_credentials(&own)));
    };
    let name = format!("the keys from `{}`", path.display());
    let text = fs::read_to_string(path).map_err(|error| CliError::input(&name, error))?;
    let wrong = |found: &str| {
        CliError::usage(
            format!("expected a JSON array of keys in `{}`, found {found}", path.display()),
            "write [{\"access_key_id\": \"…\", \"secret_access_key\": \"…\"}], or \"public_key\" in place of the secret",
        )
    };
    let keys: Vec<Key> = serde_json::from_str(&text).map_err(|error| {
        // The error of the parser may show a value, and values here are secrets: only the place is told.
        wrong(&format!("a mistake at line {}, column {}", error.line(), error.column()))
    })?;
    if keys.is_empty() {
        // Nobody could sign with it.
        return Err(wrong("none"));
    }
    Ok(keys.iter().map(json::key).collect::<Result<StaticKeys, _>>()?)
}
