//! Every single change of a signed request that changes what it means, and how it must be refused.
//!
//! Changes that mean the same by the rules of canonicalisation (the order of parameters, white space, a dot segment, the
//! letter case of an escape) are not made: a unit that is replaced becomes another letter, in a segment that stays.

mod request;
mod signature;

use sigv4a::{ServiceProfile, Verified, VerifyErrorKind as Kind};

use super::{sent::Sent, signature::is_presigned};

pub struct Mutation {
    pub what: &'static str,
    pub sent: Sent,
    /// The kinds that are right; none: any.
    pub kinds: &'static [Kind],
}

const fn mutation(what: &'static str, sent: Sent, kinds: &'static [Kind]) -> Mutation {
    Mutation { what, sent, kinds }
}

/// All of them; `verified` says what the request means.
pub fn all(sent: &Sent, verified: &Verified, profile: ServiceProfile) -> Vec<Mutation> {
    let mut all = Vec::new();
    request::method(sent, &mut all);
    request::path(sent, profile, &mut all);
    request::query(sent, &mut all);
    request::headers(sent, verified, profile, &mut all);
    request::unsigned_headers(sent, profile, &mut all);
    request::signed_headers(sent, verified, profile, &mut all);
    signature::scope(sent, verified, &mut all);
    signature::algorithm(sent, &mut all);
    signature::date(sent, &mut all);
    signature::region_set(sent, verified, &mut all);
    request::body(sent, verified, &mut all);
    signature::signature(sent, verified, &mut all);
    signature::placement(sent, &mut all);
    if is_presigned(sent) {
        signature::presign(sent, &mut all);
    }
    all
}
