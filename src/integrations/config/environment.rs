//! Environment variables.

use std::{collections::HashMap, fmt};

use zeroize::Zeroizing;

use crate::{
    error::{ParseError, ParseErrorKind},
    sign::SignerConfig,
    types::{Algorithm, Credentials},
};

/// The environment variables that matter, read once. `Debug` shows their names only.
#[derive(Clone, Default)]
pub struct Environment(HashMap<String, Zeroizing<String>>);

/// What is read, beside the paths and the profile.
const VARIABLES: [&str; 13] = [
    "SIGV4A_ALGORITHM",
    "AWS_AUTH_SCHEME_PREFERENCE",
    "AWS_REGION",
    "AWS_DEFAULT_REGION",
    "AWS_SIGV4A_SIGNING_REGION_SET",
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_CREDENTIAL_EXPIRATION",
    "AWS_PROFILE",
    "AWS_CONFIG_FILE",
    "AWS_SHARED_CREDENTIALS_FILE",
    "HOME",
];

impl Environment {
    /// The variables of this process.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "this is the one place that reads the environment")]
    pub fn of_process() -> Self {
        Self::from_variables(VARIABLES.into_iter().filter_map(|name| Some((name, std::env::var(name).ok()?))))
    }

    /// Variables from elsewhere: a test, a file.
    pub fn from_variables<N: Into<String>, V: Into<String>>(variables: impl IntoIterator<Item = (N, V)>) -> Self {
        Self(variables.into_iter().map(|(name, value)| (name.into(), Zeroizing::new(value.into()))).collect())
    }

    /// A variable that is set and not empty.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(|value| value.as_str()).filter(|value| !value.is_empty())
    }

    /// What the environment says about signing.
    ///
    /// # Errors
    /// [`Config`](ParseErrorKind::Config), naming the variable and what is wrong with it.
    pub fn config(&self) -> Result<SignerConfig, ParseError> {
        let mut config = SignerConfig::default();
        if let Some(algorithm) = self.parsed("SIGV4A_ALGORITHM")? {
            config = config.with_algorithm(algorithm);
        }
        if let Some(text) = self.get("AWS_AUTH_SCHEME_PREFERENCE") {
            config = config.with_preference(preference(text));
        }
        if let Some(region) =
            self.parsed("AWS_REGION")?.map_or_else(|| self.parsed("AWS_DEFAULT_REGION"), |region| Ok(Some(region)))?
        {
            config = config.with_region(region);
        }
        if let Some(region_set) = self.parsed("AWS_SIGV4A_SIGNING_REGION_SET")? {
            config = config.with_region_set(region_set);
        }
        Ok(config)
    }

    /// The credentials of the environment, if it has any.
    ///
    /// # Errors
    /// [`Config`](ParseErrorKind::Config) if only half of a pair is set or a value cannot be one.
    pub fn credentials(&self) -> Result<Option<Credentials>, ParseError> {
        let (id, secret) = match (self.get("AWS_ACCESS_KEY_ID"), self.get("AWS_SECRET_ACCESS_KEY")) {
            (Some(id), Some(secret)) => (id, secret),
            (None, None) => return Ok(None),
            (Some(_), None) => return Err(half("AWS_SECRET_ACCESS_KEY", "AWS_ACCESS_KEY_ID")),
            (None, Some(_)) => return Err(half("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")),
        };
        let mut credentials = Credentials::new(id, secret).map_err(|error| in_variables(&error))?;
        if let Some(token) = self.get("AWS_SESSION_TOKEN") {
            credentials = credentials.with_session_token(token).map_err(|error| in_variables(&error))?;
        }
        if let Some(expiry) = self.parsed("AWS_CREDENTIAL_EXPIRATION")? {
            credentials = credentials.with_expiry(expiry);
        }
        Ok(Some(credentials))
    }

    fn parsed<T: std::str::FromStr<Err = ParseError>>(&self, name: &str) -> Result<Option<T>, ParseError> {
        let parse = |text: &str| {
            text.trim().parse().map_err(|error| {
                ParseError::new(ParseErrorKind::Config, format!("a valid value of `{name}` ({error})"))
            })
        };
        self.get(name).map(parse).transpose()
    }
}

/// AWS's `auth_scheme_preference`: names separated by commas. Names of schemes we do not have are passed over, as AWS
/// asks for, for example `httpBearerAuth`.
pub(super) fn preference(text: &str) -> Vec<Algorithm> {
    let name = |name: &str| name.trim().rsplit('#').next().unwrap_or_default().replace("aws.auth.", "");
    text.split(',').filter_map(|entry| name(entry).parse().ok()).collect()
}

fn half(missing: &str, present: &str) -> ParseError {
    ParseError::new(ParseErrorKind::Config, format!("`{missing}` beside `{present}`, found it unset"))
}

fn in_variables(error: &ParseError) -> ParseError {
    ParseError::new(ParseErrorKind::Config, format!("valid credentials in the environment ({error})"))
}

impl fmt::Debug for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut names: Vec<_> = self.0.keys().collect();
        names.sort();
        f.debug_tuple("Environment").field(&names).finish()
    }
}
