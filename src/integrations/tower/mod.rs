//! A [tower](https://docs.rs/tower) layer that lets only signed requests pass.

mod answer;
mod body;
mod keys;
mod layer;
mod replay;
mod service;

pub use self::{
    answer::AnswerBody,
    body::VerifiedBody,
    keys::VerificationKeys,
    layer::{BodyCheck, Echo, VerifyLayer},
    replay::Seen,
    service::{VerifyFuture, VerifyService},
};
pub use super::http_body::BodyError as VerifiedBodyError;
