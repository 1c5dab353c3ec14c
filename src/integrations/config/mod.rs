//! The clock, the environment and the [shared AWS
//! files](https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html), as sources of configuration and credentials.
//!
//! | value | environment | shared file |
//! |---|---|---|
//! | algorithm | `SIGV4A_ALGORITHM` | |
//! | preference | `AWS_AUTH_SCHEME_PREFERENCE` | `auth_scheme_preference` |
//! | region | `AWS_REGION`, `AWS_DEFAULT_REGION` | `region` |
//! | region set | `AWS_SIGV4A_SIGNING_REGION_SET` | `sigv4a_signing_region_set` |
//! | credentials | `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_SESSION_TOKEN`, `AWS_CREDENTIAL_EXPIRATION` | `aws_access_key_id`, `aws_secret_access_key`, `aws_session_token` |
//! | profile | `AWS_PROFILE` | |
//! | files | `AWS_CONFIG_FILE`, `AWS_SHARED_CREDENTIALS_FILE`, `HOME` | |
//!
//! The environment goes before the files, with one exception: credentials of a profile that was named by argument go
//! before those of the environment, as in the AWS CLI. An empty variable counts as absent.

mod ambient;
mod environment;
mod headers;
#[cfg(feature = "client")]
mod provider;
mod shared_files;

#[cfg(feature = "client")]
pub use self::provider::AmbientCredentials;
pub use self::{
    ambient::Ambient,
    environment::Environment,
    headers::get_headers,
    shared_files::{ProfileName, SharedFiles},
};

/// The time of the system's clock.
///
/// # Errors
/// [`Timestamp`](crate::ParseErrorKind::Timestamp) if the clock is outside the years 0000 to 9999.
pub fn now() -> Result<crate::Timestamp, crate::ParseError> {
    super::clock::now()
}
