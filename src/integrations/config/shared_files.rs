//! The shared AWS `config` and `credentials` files.

use std::{
    fmt, io,
    path::{Path, PathBuf},
};

use ini::{Ini, ParseOption, Properties};

use super::{Environment, environment::preference};
use crate::{
    error::{ParseError, ParseErrorKind},
    sign::SignerConfig,
    types::Credentials,
};

/// Which profile to read, and who says so.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ProfileName {
    /// Named for this call: it must exist, and its credentials go before the environment's.
    Given(String),
    /// Named by `AWS_PROFILE`: it must exist.
    Environment(String),
    /// `default`, which may be absent.
    Default,
}

impl ProfileName {
    /// The name given for this call, else the one of the environment, else the default.
    #[must_use]
    pub fn choose(given: Option<&str>, environment: &Environment) -> Self {
        match (given, environment.get("AWS_PROFILE")) {
            (Some(given), _) => Self::Given(given.to_owned()),
            (None, Some(named)) => Self::Environment(named.to_owned()),
            (None, None) => Self::Default,
        }
    }

    fn as_str(&self) -> &str {
        match self {
            Self::Given(name) | Self::Environment(name) => name,
            Self::Default => "default",
        }
    }
}

/// One profile of the shared files. Values of the credentials file go before those of the config file.
///
/// `Debug` shows neither values nor paths.
#[derive(Clone, Default)]
pub struct SharedFiles {
    profile: String,
    config: Option<Properties>,
    credentials: Option<Properties>,
}

impl SharedFiles {
    /// Reads the files that the environment names, or `~/.aws/config` and `~/.aws/credentials`. An absent file is empty.
    ///
    /// # Errors
    /// [`Config`](ParseErrorKind::Config) if a file cannot be read or parsed, or a profile that was named is in neither.
    pub fn read(profile: &ProfileName, environment: &Environment) -> Result<Self, ParseError> {
        let path = |variable, file: &str| {
            let home = || environment.get("HOME").map(|home| Path::new(home).join(".aws").join(file));
            environment.get(variable).map(PathBuf::from).or_else(home)
        };
        let config = read(path("AWS_CONFIG_FILE", "config"))?;
        let credentials = read(path("AWS_SHARED_CREDENTIALS_FILE", "credentials"))?;
        Self::parse(profile, &config, &credentials)
    }

    /// The same from the texts of the two files.
    ///
    /// # Errors
    /// As [`read`](Self::read).
    pub fn parse(profile: &ProfileName, config: &str, credentials: &str) -> Result<Self, ParseError> {
        let name = profile.as_str();
        let config = ini(config, "config")?;
        let credentials = ini(credentials, "credentials")?;
        let found = Self {
            profile: name.to_owned(),
            // Only the default profile may stand without the word in the config file.
            config: config
                .section(Some(format!("profile {name}")))
                .or_else(|| match name {
                    "default" => config.section(Some("default")),
                    _ => None,
                })
                .cloned(),
            credentials: credentials.section(Some(name)).cloned(),
        };
        if *profile != ProfileName::Default && found.config.is_none() && found.credentials.is_none() {
            return Err(ParseError::new(
                ParseErrorKind::Config,
                format!(
                    "`[profile {name}]` in the AWS config file or `[{name}]` in the credentials file, found neither"
                ),
            ));
        }
        Ok(found)
    }

    /// What the profile says about signing.
    ///
    /// # Errors
    /// [`Config`](ParseErrorKind::Config), naming the key and what is wrong with its value.
    pub fn config(&self) -> Result<SignerConfig, ParseError> {
        let mut config = SignerConfig::default();
        if let Some(text) = self.get("auth_scheme_preference") {
            config = config.with_preference(preference(text));
        }
        if let Some(region) = self.parsed("region")? {
            config = config.with_region(region);
        }
        if let Some(region_set) = self.parsed("sigv4a_signing_region_set")? {
            config = config.with_region_set(region_set);
        }
        Ok(config)
    }

    /// The credentials of the profile, if it holds any.
    ///
    /// # Errors
    /// [`Config`](ParseErrorKind::Config) for half a pair, and for a profile whose credentials must be fetched: the
    /// message says how to get them into the environment.
    pub fn credentials(&self) -> Result<Option<Credentials>, ParseError> {
        const FETCHED: [&str; 5] =
            ["sso_session", "sso_start_url", "credential_process", "web_identity_token_file", "login_session"];
        let profile = &self.profile;
        let error = |expected: String| ParseError::new(ParseErrorKind::Config, expected);
        let fetched = |key: &str| {
            error(format!(
                "keys in the profile `{profile}`, found `{key}`: put them into the environment with `eval \"$(aws \
                 configure export-credentials --profile {profile} --format env)\"`"
            ))
        };
        // The keys beside a role are there to assume it: signed with them, a request is somebody else's.
        if self.get("role_arn").is_some() {
            return Err(fetched("role_arn"));
        }
        match (self.get("aws_access_key_id"), self.get("aws_secret_access_key")) {
            (Some(id), Some(secret)) => {
                let invalid = |cause| error(format!("valid credentials in the profile `{profile}` ({cause})"));
                let mut credentials = Credentials::new(id, secret).map_err(invalid)?;
                if let Some(token) = self.get("aws_session_token") {
                    credentials = credentials.with_session_token(token).map_err(invalid)?;
                }
                Ok(Some(credentials))
            }
            (None, None) => match FETCHED.into_iter().find(|key| self.get(key).is_some()) {
                None => Ok(None),
                Some(key) => Err(fetched(key)),
            },
            _ => Err(error(format!(
                "`aws_access_key_id` and `aws_secret_access_key` in the profile `{profile}`, found one of them"
            ))),
        }
    }

    fn get(&self, key: &str) -> Option<&str> {
        [&self.credentials, &self.config].into_iter().flatten().find_map(|section| section.get(key)).map(first_line)
    }

    fn parsed<T: std::str::FromStr<Err = ParseError>>(&self, key: &str) -> Result<Option<T>, ParseError> {
        let parse = |text: &str| {
            text.parse().map_err(|error| {
                ParseError::new(
                    ParseErrorKind::Config,
                    format!("a valid value of `{key}` in the profile `{}` ({error})", self.profile),
                )
            })
        };
        self.get(key).filter(|value| !value.is_empty()).map(parse).transpose()
    }
}

/// A value without what follows it. Indented lines below it are settings of a service, or a slip: they may hold a secret
/// and must not get into a message. And AWS's files take ` #` and ` ;` inside a line for the start of a comment.
fn first_line(value: &str) -> &str {
    let line = value.split_once('\n').map_or(value, |(line, _)| line);
    let end = [" #", " ;", "\t#", "\t;"].into_iter().filter_map(|mark| line.find(mark)).min();
    end.map_or(line, |end| line.split_at(end).0).trim()
}

fn ini(text: &str, file: &str) -> Result<Ini, ParseError> {
    // A secret may hold backslashes and quotes: neither means anything in these files. Indented lines are the settings
    // of one service, below the key they belong to.
    let options = ParseOption {
        enabled_quote: false,
        enabled_escape: false,
        enabled_indented_mutiline_value: true,
        ..ParseOption::default()
    };
    Ini::load_from_str_opt(text, options).map_err(|error| {
        // The library's message would quote the line, which may hold a secret.
        ParseError::new(
            ParseErrorKind::Config,
            format!("an INI file of profiles as the AWS {file} file, found a mistake in line {}", error.line),
        )
    })
}

fn read(path: Option<PathBuf>) -> Result<String, ParseError> {
    let Some(path) = path else { return Ok(String::new()) };
    match std::fs::read_to_string(&path) {
        Ok(text) => Ok(text),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(String::new()),
        Err(error) => Err(ParseError::new(ParseErrorKind::Config, format!("to read `{}` ({error})", path.display()))),
    }
}

impl fmt::Debug for SharedFiles {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SharedFiles").field("profile", &self.profile).finish_non_exhaustive()
    }
}
