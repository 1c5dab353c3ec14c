//! The JSON request descriptions: one object describes a request to sign or one that was received, one the outcome. The
//! CLI, the vectors and the oracles in other languages speak them; `DESIGN.md` has the schema.

mod answer;
mod description;
mod line;
mod received;
mod sign;
mod streaming;
mod verify;

pub use self::{
    answer::{Answer, Failure, Outcome, SignedAnswer},
    description::{Description, Presign, Rules, Token, Uri},
    received::{Key, Received},
    sign::{sign_line, sign_line_with},
    verify::{Refusal, Verdict, VerdictOutcome, key, verify_line},
};
