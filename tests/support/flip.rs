//! One bit less: a single flipped bit of something that is signed.

use sigv4a::Verified;

use super::{
    sent::{Body, Sent},
    signature::{Part, part},
};

/// Flips one bit of something that is signed: method, path, query, a header's value, the body, the signature. `None` if
/// that cannot be sent, or means the same as before.
pub fn flipped(sent: &Sent, verified: &Verified, place: usize, at: usize, bit: u8) -> Option<Sent> {
    let mut changed = sent.clone();
    let flip = |text: &mut Vec<u8>| {
        let at = at.checked_rem(text.len())?;
        text[at] ^= 1 << bit;
        Some(())
    };
    let flip_text = |text: &mut String| {
        let mut bytes = text.clone().into_bytes();
        flip(&mut bytes)?;
        *text = String::from_utf8(bytes).ok()?;
        Some(())
    };
    match place {
        0 => flip_text(&mut changed.method)?,
        1 => flip_text(&mut changed.target)?,
        2 => {
            let Body::InMemory(body) = &mut changed.body else { return None };
            flip(body)?;
            if verified.payload() == sigv4a::PayloadHash::Unsigned {
                return None;
            }
        }
        3 => {
            let signature = part(sent, Part::Signature);
            let mut text = signature.clone();
            flip_text(&mut text)?;
            changed = super::signature::with_part(sent, Part::Signature, &text);
        }
        _ => {
            let signed = |name: &str| verified.signed_headers().contains(&name.to_ascii_lowercase());
            let index = (0..sent.headers.len()).filter(|index| signed(&sent.headers[*index].0)).nth(place % 4)?;
            flip(&mut changed.headers[index].1)?;
        }
    }
    // The same by the rules of canonicalisation, as `meaning` has them.
    (meaning(&changed)? != meaning(sent)?).then_some(changed)
}

/// What a request says, so that equal requests compare equal: everything decoded, normalised, sorted.
fn meaning(sent: &Sent) -> Option<Meaning> {
    sent.received().ok()?;
    let path = super::signature::decode(sent.path());
    let raw_segments: Vec<String> = sent.path().split('/').map(str::to_owned).collect();
    let mut segments: Vec<String> = Vec::new();
    for segment in &raw_segments {
        match &**segment {
            "" | "." => {}
            ".." => drop(segments.pop()),
            other => segments.push(other.to_owned()),
        }
    }
    let mut pairs: Vec<[Vec<u8>; 2]> = sent
        .pairs()
        .iter()
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            [name, value].map(|text| super::signature::decode(&text.replace('+', " ")))
        })
        .collect();
    pairs.sort();
    let words = |value: &[u8]| {
        value.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty()).map(<[u8]>::to_vec).collect::<Vec<_>>()
    };
    let headers: Vec<_> = sent.headers.iter().map(|(_, value)| words(value)).collect();
    // Two readings of the path: a change must change both, because the service decides which is meant.
    Some(Meaning {
        method: sent.method.clone(),
        path,
        segments: (segments, sent.path().ends_with('/')),
        pairs,
        headers,
        body: sent.body.clone(),
    })
}

struct Meaning {
    method: String,
    path: Vec<u8>,
    segments: (Vec<String>, bool),
    pairs: Vec<[Vec<u8>; 2]>,
    headers: Vec<Vec<Vec<u8>>>,
    body: Body,
}

impl PartialEq for Meaning {
    fn eq(&self, other: &Self) -> bool {
        let rest = |meaning: &Self| {
            (meaning.method.clone(), meaning.pairs.clone(), meaning.headers.clone(), meaning.body.clone())
        };
        rest(self) == rest(other) && (self.path == other.path || self.segments == other.segments)
    }
}
