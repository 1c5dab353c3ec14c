//! Changes of the request itself.

use std::ops::Range;

use sigv4a::{
    PayloadHash, ServiceProfile, SessionTokenMode, UriNormalization, Verified,
    VerifyErrorKind::{self as Kind, *},
};

use super::{Mutation, mutation};
use crate::support::{
    sent::{Body, Sent},
    signature::{Part, escaped, is_presigned, part, with_part},
};

pub fn method(sent: &Sent, all: &mut Vec<Mutation>) {
    for at in 0..sent.method.len() {
        let mut method = sent.method.clone();
        let other = if &method[at..=at] == "Q" { "R" } else { "Q" };
        method.replace_range(at..=at, other);
        all.push(mutation("method", sent.with_method(&method), &[SignatureMismatch]));
    }
    let other = if sent.method == "DELETE" { "GET" } else { "DELETE" };
    for method in [other, &sent.method.to_ascii_lowercase()] {
        all.push(mutation("method", sent.with_method(method), &[SignatureMismatch]));
    }
}

pub fn path(sent: &Sent, profile: ServiceProfile, all: &mut Vec<Mutation>) {
    let path = sent.path();
    let change = |range: Range<usize>, by: &str| {
        let mut target = sent.target.clone();
        target.replace_range(range, by);
        mutation("path", sent.with_target(target), &[SignatureMismatch])
    };
    for range in surviving(path, profile.rules.normalization) {
        for unit in units(&path[range.clone()]) {
            let unit = range.start + unit.start..range.start + unit.end;
            all.push(change(unit.clone(), letter_instead(&path[unit.clone()])));
            all.push(change(unit.start..unit.start, "Q"));
        }
    }
    all.push(change(path.len()..path.len(), "/Q"));
}

/// The parts of a path that are left in its canonical form.
pub fn surviving(path: &str, normalization: UriNormalization) -> Vec<Range<usize>> {
    if normalization == UriNormalization::Keep {
        return std::iter::once(1..path.len()).collect();
    }
    let (mut kept, mut start) = (Vec::new(), 0);
    for segment in path.split('/') {
        match segment {
            "" | "." => {}
            ".." => drop(kept.pop()),
            _ => kept.push(start..start + segment.len()),
        }
        start += segment.len() + 1;
    }
    kept
}

/// Each escape and each other character.
pub fn units(text: &str) -> Vec<Range<usize>> {
    let (mut units, mut at) = (Vec::new(), 0);
    while let Some(next) = text[at..].chars().next() {
        let len = if text.get(at..at + 3).and_then(escaped).is_some() { 3 } else { next.len_utf8() };
        units.push(at..at + len);
        at += len;
    }
    units
}

/// A letter that a unit does not stand for.
pub fn letter_instead(unit: &str) -> &'static str {
    if matches!(unit, "Q" | "%51") { "R" } else { "Q" }
}

pub fn query(sent: &Sent, all: &mut Vec<Mutation>) {
    let pairs = sent.pairs();
    let presigned = is_presigned(sent);
    for (index, pair) in pairs.iter().enumerate().filter(|(_, pair)| !pair.is_empty()) {
        let belongs_to_signature = presigned && pair.to_ascii_lowercase().starts_with("x-amz-");
        let kinds: &[Kind] = if belongs_to_signature { &[] } else { &[SignatureMismatch] };
        let mut with = |text: String| {
            let mut pairs = pairs.clone();
            pairs[index] = text;
            all.push(mutation("query", sent.with_pairs(&pairs), kinds));
        };
        let separator = pair.find('=').unwrap_or(pair.len());
        for unit in units(pair).into_iter().filter(|unit| unit.start != separator) {
            let mut text = pair.clone();
            text.replace_range(unit.clone(), letter_instead(&pair[unit]));
            with(text);
        }
        with(format!("Q{pair}"));
        with(if separator < pair.len() { format!("{pair}Q") } else { format!("{pair}=Q") });
        with(String::new());
        with(format!("{pair}&{pair}"));
    }
    let added = match sent.query() {
        Some(query) => format!("{}?{query}&intruder=1", sent.path()),
        None => format!("{}?intruder=1", sent.path()),
    };
    all.push(mutation("query", sent.with_target(added), &[SignatureMismatch]));
}

pub fn headers(sent: &Sent, verified: &Verified, profile: ServiceProfile, all: &mut Vec<Mutation>) {
    for (index, (name, value)) in sent.headers.iter().enumerate() {
        let name = name.to_ascii_lowercase();
        if !verified.signed_headers().contains(&name) {
            continue;
        }
        // What these say is looked at before the signature is.
        let kinds: &[Kind] = match &*name {
            "host" | "date" | "x-amz-date" | "x-amz-region-set" | "x-amz-content-sha256" => &[],
            _ => &[SignatureMismatch],
        };
        let mut with = |value: Vec<u8>| {
            let mut changed = sent.clone();
            changed.headers[index].1 = value;
            all.push(mutation("signed header", changed, kinds));
        };
        for at in (0..value.len()).filter(|at| !value[*at].is_ascii_whitespace()) {
            let mut value = value.clone();
            value[at] = if value[at] == b'Q' { b'R' } else { b'Q' };
            with(value);
        }
        with([value, &b"Q"[..]].concat());
        let mut dropped = sent.clone();
        dropped.headers.remove(index);
        let is_only = sent.headers.iter().filter(|(known, _)| known.eq_ignore_ascii_case(&name)).count() == 1;
        let kinds: &[Kind] = match &*name {
            "host" => &[InvalidHost],
            // There may be two.
            "date" | "x-amz-date" => &[],
            "x-amz-region-set" => &[MalformedRegionSet],
            "x-amz-content-sha256" => &[],
            _ if is_only => &[SignedHeaderAbsent],
            _ => &[SignatureMismatch],
        };
        all.push(mutation("dropped header", dropped, kinds));
        let repeated = sent.with_header(&name, value);
        let is_single = name == profile.session_token_header || kinds != [SignedHeaderAbsent];
        let kinds: &[Kind] = if is_single { &[] } else { &[SignatureMismatch] };
        all.push(mutation("repeated header", repeated, kinds));
        // Repeated headers are signed in their order.
        let words = |value: &[u8]| {
            value.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty()).map(<[u8]>::to_vec).collect::<Vec<_>>()
        };
        let later = sent.headers[index + 1..]
            .iter()
            .position(|(other, text)| other.eq_ignore_ascii_case(&name) && words(text) != words(value));
        if let Some(later) = later {
            let (mut swapped, other) = (sent.clone(), index + 1 + later);
            (swapped.headers[index].1, swapped.headers[other].1) = (sent.headers[other].1.clone(), value.clone());
            all.push(mutation("order of duplicates", swapped, &[SignatureMismatch]));
        }
    }
}

pub fn unsigned_headers(sent: &Sent, profile: ServiceProfile, all: &mut Vec<Mutation>) {
    let appends = profile.session_token == SessionTokenMode::Append;
    for name in
        ["x-amz-meta-intruder", "X-Amz-Acl", "x-amz-date", "x-amz-region-set", "content-type", "X-Amz-Security-Token"]
    {
        let is_token = name.eq_ignore_ascii_case(profile.session_token_header);
        if sent.header(name).is_none() && !(is_token && appends) {
            all.push(mutation("unsigned header", sent.with_header(name, "1"), &[HeaderNotSigned, MalformedDate]));
        }
    }
}

pub fn signed_headers(sent: &Sent, verified: &Verified, profile: ServiceProfile, all: &mut Vec<Mutation>) {
    let list = part(sent, Part::SignedHeaders);
    for name in verified.signed_headers().iter() {
        let rest: Vec<&str> = list.split(';').filter(|known| *known != name).collect();
        let is_s3 = profile.rules == sigv4a::CanonicalRules::S3;
        let kinds: &[Kind] = match name {
            _ if rest.is_empty() => &[MalformedPresign, MalformedAuthorization],
            "host" => &[HostNotSigned],
            "x-amz-date" => &[DateNotSigned],
            "date" if sent.header("x-amz-date").is_none() => &[DateNotSigned],
            "x-amz-content-sha256" if is_s3 || is_presigned(sent) => &[SignatureMismatch],
            "content-type" => &[HeaderNotSigned],
            // Where the token is appended, its header may be left out; not from what was signed.
            _ if name == profile.session_token_header && profile.session_token == SessionTokenMode::Append => {
                &[SignatureMismatch]
            }
            _ if name.starts_with("x-amz-") => &[HeaderNotSigned],
            _ => &[SignatureMismatch],
        };
        all.push(mutation("signed headers", with_part(sent, Part::SignedHeaders, &rest.join(";")), kinds));
    }
    let added = with_part(sent, Part::SignedHeaders, &format!("{list};x-absent"));
    all.push(mutation("signed headers", added, &[SignedHeaderAbsent]));
    let unsigned = sent.headers.iter().map(|(name, _)| name.to_ascii_lowercase());
    for name in unsigned.filter(|name| name != "authorization" && !verified.signed_headers().contains(name)) {
        let added = with_part(sent, Part::SignedHeaders, &format!("{list};{name}"));
        all.push(mutation("signed headers", added, &[SignatureMismatch]));
    }
}

pub fn body(sent: &Sent, verified: &Verified, all: &mut Vec<Mutation>) {
    let (PayloadHash::Sha256(digest), Body::InMemory(body)) = (verified.payload(), &sent.body) else { return };
    let hex = base16ct::lower::encode_string(&digest);
    let is_declared = sent.header("x-amz-content-sha256") == Some(&hex) || sent.target.contains(&hex);
    let kinds: &[Kind] = if is_declared { &[PayloadMismatch] } else { &[SignatureMismatch] };
    // Of a long one, its ends.
    for at in (0..body.len()).filter(|at| *at < 32 || at + 32 >= body.len()) {
        let mut body = body.clone();
        body[at] ^= 1;
        all.push(mutation("body", sent.with_body(body), kinds));
    }
    all.push(mutation("body", sent.with_body([body, &b" "[..]].concat()), kinds));
    if let Some((_, rest)) = body.split_last() {
        all.push(mutation("body", sent.with_body(rest), kinds));
    }
}
