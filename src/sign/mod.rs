//! Floor 3a: signing. The flow is written once, in `pipeline`; a scheme supplies only what differs.

mod added;
mod change;
mod config;
mod expiry;
mod host;
mod options;
mod owned;
mod per_day;
mod pipeline;
#[cfg(feature = "post-policy")]
mod post_policy;
#[cfg(feature = "presets")]
pub mod presets;
mod presigned_request;
mod request;
mod signed_request;
mod signer;
mod signer_ext;
mod sigv4;
mod sigv4a;
mod trace;

pub(crate) use self::expiry::check_expiry;
#[cfg(feature = "aws-sdk")]
pub(crate) use self::owned::HEADERS as OWNED_HEADERS;
#[cfg(feature = "post-policy")]
pub use self::post_policy::SignedPost;
pub use self::{
    config::{AlgorithmChoice, Resolved, SignerConfig},
    options::{EndpointCheck, SigningOptions},
    presigned_request::PresignedRequest,
    request::SigningRequest,
    signed_request::SignedRequest,
    signer::Signer,
    signer_ext::SignerExt,
    sigv4::SigV4,
    sigv4a::SigV4a,
    trace::SigningTrace,
};
#[cfg(feature = "client")]
pub(crate) use self::{request::Payload, signer_ext::sign_parts};
