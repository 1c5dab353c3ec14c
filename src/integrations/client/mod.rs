//! Signing for the whole life of an HTTP client: credentials that refresh, every attempt signed anew, a clock that corrects
//! itself, redirects that give nothing away.
//!
//! [`RequestSigner`] is that, for any client. `tower::SignLayer` and `reqwest::SignMiddleware` put it where it belongs. For
//! another client, implement [`Transport`] and let [`exchange`](RequestSigner::exchange) do it, or do it by hand:
//! [`sign`](RequestSigner::sign) before each attempt, [`learn`](RequestSigner::learn) from its answer.
//!
//! ```no_run
//! # async fn send(_: http::Request<&'static str>) -> Result<http::Response<Vec<u8>>, std::io::Error> { unimplemented!() }
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! use sigv4a::{Credentials, SignerConfig, client::{RequestSigner, Verdict}};
//! let signer = RequestSigner::new(SignerConfig::default(), Credentials::new("AKIDEXAMPLE", "secret")?);
//! let url = "https://mfzwi23gnjvgw.mrap.accesspoint.s3-global.amazonaws.com/key";
//! let mut request = http::Request::get(url).body("")?;
//! let attempt = signer.sign_request(&mut request).await?;
//! let mut response = send(request.clone()).await?;
//! if let Verdict::SignAgain(_) = signer.learn(&attempt, response.status(), response.headers(), response.body()) {
//!     signer.sign_request(&mut request).await?;
//!     response = send(request).await?;
//! }
//! # Ok(())
//! # }
//! ```

mod answer;
mod attempt;
mod body_signing;
mod clock_skew;
mod endpoints;
mod exchange;
mod host_pattern;
mod outgoing;
mod peeked_body;
mod redirect;
mod reopen;
mod request_signer;
mod settings;
mod signed_body;

pub use self::{
    answer::{Hint, Reason, Verdict},
    attempt::Attempt,
    body_signing::BodySigning,
    exchange::Transport,
    outgoing::Given,
    peeked_body::PeekedBody,
    redirect::Redirects,
    reopen::Reopen,
    request_signer::RequestSigner,
    signed_body::SignedBody,
};
