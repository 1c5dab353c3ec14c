//! Signing what [reqwest](https://docs.rs/reqwest) sends.
//!
//! ```no_run
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! use sigv4a::{Credentials, SignerConfig, client::RequestSigner, reqwest::SignMiddleware};
//! let signer = RequestSigner::new(SignerConfig::default(), Credentials::new("AKIDEXAMPLE", "secret")?);
//! let client = SignMiddleware::new(signer).into_client(reqwest::Client::builder())?;
//! let answer = client.get("https://abc123.execute-api.eu-west-1.amazonaws.com/private").send().await?;
//! # Ok(())
//! # }
//! ```
//!
//! **Where it goes**: innermost, after every other middleware was added, so that retries
//! ([reqwest-retry](https://docs.rs/reqwest-retry)) and whatever adds headers are outside of it: each attempt is signed
//! anew, after the back-off, over what is sent.
//!
//! **What silently breaks it**: a client that follows redirects by itself, which is reqwest's default: it would send the
//! session token to whatever host it is sent to. [`into_client`](SignMiddleware::into_client) turns that off, and this
//! middleware follows redirects; with a client of your own, call `redirect(Policy::none())`. Headers of
//! `ClientBuilder::default_headers` are added after signing: they are sent, and are not signed. A `Host` header that is not
//! the URL's is what is signed; over HTTP/2 the URL's host is sent beside it, and servers go by that: call `http1_only()`.
//!
//! [`sign_request`] signs a single [`reqwest::Request`] with a [`Signer`](crate::Signer), without any
//! of this.

mod middleware;
mod request;

pub use self::{middleware::SignMiddleware, request::sign_request};
