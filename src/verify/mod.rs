//! Floor 3a, the other side: from a received request to who sent it. Two steps, no I/O: read the
//! [`Authorization`], look up its key, [`Verifier::verify`].

mod answer;
mod authorization;
mod canonical;
mod checks;
mod freshness;
mod header;
mod payload;
mod post_answer;
#[cfg(feature = "post-policy")]
mod post_form;
#[cfg(feature = "post-policy")]
mod post_policy;
mod presigned;
mod request;
mod signed_headers;
mod static_keys;
mod verification_key;
mod verified;
mod verifier;

pub(crate) use self::freshness::check_freshness;
#[cfg(feature = "chunked")]
pub(crate) use self::verification_key::Checker;
#[cfg(feature = "tower")]
pub(crate) use self::verifier::unknown_key;
pub use self::{
    answer::AnswerStyle,
    authorization::{Authorization, Placement},
    canonical::VerificationTrace,
    payload::{BodyHash, PayloadCheck},
    request::ReceivedRequest,
    signed_headers::SignedHeaders,
    static_keys::StaticKeys,
    verification_key::VerificationKey,
    verified::Verified,
    verifier::{ContentType, Streaming, UnsignedPayload, Verifier},
};
#[cfg(feature = "post-policy")]
pub use self::{
    post_form::PostForm,
    post_policy::{PostAuthorization, VerifiedPost},
};
