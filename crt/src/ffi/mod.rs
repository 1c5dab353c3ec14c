//! The C libraries behind safe types: the only place with `unsafe`.
//!
//! Every object of the runtime has an owner here, made by one function and released in `Drop`. Nothing that leaves this
//! module can be used after it was released, or before the libraries were initialised.
//!
//! What the runtime does not survive it ends the process with (`AWS_FATAL_ASSERT`): memory that runs out, or a broken
//! invariant of its own. No argument that passes through here leads there.

#![allow(unsafe_code, reason = "calls into C")]

mod bytes;
mod credentials;
mod hash;
mod key_pair;
mod library;
mod result;
mod signable;
mod signing;
mod undeclared;

pub(crate) use self::{
    credentials::CrtCredentials,
    hash::hmac_sha256,
    key_pair::KeyPair,
    result::{Pairs, Signed},
    signable::{Request, Signable},
    signing::{Evidence, Kind, Settings, sign, verify},
};
