//! The JSON request description: one object describes a request to sign, one the outcome. The CLI, the vectors and the
//! oracles in other languages speak it; `DESIGN.md` has the schema.

mod answer;
mod description;
mod sign;

pub use self::{
    answer::{Answer, Failure, Outcome, SignedAnswer},
    description::{Description, Presign, Rules, Token, Uri},
    sign::sign_line,
};
