//! A signature that a server found wrong: what was computed here beside what it computed there.

mod comparison;
mod difference;
mod servers_view;

pub(crate) use self::{
    comparison::Comparison,
    difference::Difference,
    servers_view::{ServersView, is_mismatch},
};
