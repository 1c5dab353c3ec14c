//! What several tests share. Each uses only some of it.

#![allow(dead_code, unreachable_pub, reason = "every test is a crate of its own and uses only some of it")]

pub mod by_hand;
pub mod fixture;
pub mod flip;
pub mod mutate;
pub mod recorded;
pub mod refusals;
pub mod sent;
pub mod signature;
pub mod suite;
