//! [AWS's SDK for Rust](https://docs.rs/aws-config) signs with this library: with SigV4 and SigV4a, in headers and in
//! presigned URLs, bodies chunk by chunk, and event streams.
//!
//! ```no_run
//! # fn main() -> Result<(), sigv4a::ParseError> {
//! use sigv4a::aws_sdk::{SignedUploads, SigningScheme};
//! # struct Builder;
//! # impl Builder {
//! #     fn push_auth_scheme(self, _: impl aws_smithy_runtime_api::client::auth::AuthScheme + 'static) -> Self { self }
//! #     fn interceptor(self, _: impl aws_smithy_runtime_api::client::interceptors::Intercept + 'static) -> Self { self }
//! # }
//! # let builder = Builder; // aws_sdk_s3::config::Builder::from(&aws_config::load_from_env().await)
//! let builder = builder
//!     .push_auth_scheme(SigningScheme::sigv4())
//!     .push_auth_scheme(SigningScheme::sigv4a())
//!     .interceptor(SignedUploads::new());
//! # Ok(())
//! # }
//! ```
//!
//! The builder is that of any service, for example `aws_sdk_s3::config::Builder::from(&sdk_config)`. A scheme takes the place
//! of the SDK's scheme of the same name, which is never called then; which of them signs an operation, for which service
//! and region, stays the SDK's choice: its rules of endpoints and its `auth_scheme_preference`. SigV4a needs the feature
//! `sigv4a` of the service's crate, without which the SDK does not choose it.
//!
//! | | the SDK's signer | this one |
//! |---|---|---|
//! | body in memory, `UNSIGNED-PAYLOAD`, `STREAMING-UNSIGNED-PAYLOAD-TRAILER` | yes; SigV4a says `UNSIGNED-PAYLOAD` of every stream | yes, both algorithms |
//! | chunks signed one by one | SigV4 over plain http | with [`SignedUploads`]: both algorithms, http and https |
//! | event streams | SigV4; the request says that its body is empty | SigV4; the request says that its body is an event stream |
//! | presigned requests | yes | yes |
//! | S3 Express One Zone | yes | with [`SigningScheme::s3_express`] |
//! | credentials that have expired | signed with | [`CredentialsExpired`](crate::SignErrorKind::CredentialsExpired) |
//! | the SDK's correction of a wrong clock | yes, newest versions | no: it lets no other signer see it |
//!
//! A header value beyond ASCII is refused, as everywhere in this library. What keeps a request from being signed is a [`SignError`](crate::SignError), in the chain of sources of the SDK's own.
//!
//! [`Credentials`](crate::Credentials) are made from the SDK's or from an identity, and the other way, with `try_from`;
//! [`SignerConfig`](crate::SignerConfig) from an `SdkConfig`: region, region set and preference.
//!
//! Both lines of the SDK's crates will do: those that Rust 1.89 builds (`aws-runtime` 1.6) and today's.

mod convert;
mod event;
mod instructions;
mod older;
mod payload;
mod request;
mod scheme;
mod upload;

pub use self::{scheme::SigningScheme, upload::SignedUploads};
