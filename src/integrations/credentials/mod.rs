//! Where credentials come from, for as long as a program runs: providers, and a cache that refreshes them.
//!
//! [`Credentials`](crate::Credentials) are a provider themselves: they never change. [`from_fn`] makes one of an `async`
//! function. [`CachedCredentials`] around any of them asks as seldom as it can. With the feature `config`,
//! `config::AmbientCredentials` are what the environment and the shared files have; with the feature `aws-config`,
//! `SdkCredentials` are AWS's default chain: roles, SSO, processes, web identities, containers and instances.

#[cfg(feature = "aws-config")]
mod aws_config;
mod cached;
mod error;
mod provider;

#[cfg(feature = "aws-config")]
pub use self::aws_config::SdkCredentials;
pub(super) use self::cached::is_same;
pub use self::{
    cached::CachedCredentials,
    error::{CredentialsError, CredentialsErrorKind},
    provider::{CredentialsFuture, CredentialsProvider, FromFn, from_fn},
};
