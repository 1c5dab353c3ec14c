//! [Tower](https://docs.rs/tower) layers: [`SignLayer`] signs what a client sends, [`VerifyLayer`] lets only signed requests
//! reach a server.

mod answer;
mod body;
mod keys;
mod layer;
mod replay;
mod service;
mod sign_layer;
mod sign_service;

pub use self::{
    answer::AnswerBody,
    body::VerifiedBody,
    keys::VerificationKeys,
    layer::{BodyCheck, Echo, VerifyLayer},
    replay::Seen,
    service::{VerifyFuture, VerifyService},
    sign_layer::SignLayer,
    sign_service::{SignFuture, SignService},
};
pub use super::http_body::BodyError as VerifiedBodyError;
