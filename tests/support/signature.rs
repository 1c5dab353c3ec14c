//! The parts of a signature, wherever in the request they are.

use super::sent::Sent;

/// One part of a signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    Algorithm,
    Credential,
    SignedHeaders,
    Signature,
    Date,
    RegionSet,
}

impl Part {
    const fn parameter(self) -> &'static str {
        match self {
            Self::Algorithm => "X-Amz-Algorithm",
            Self::Credential => "X-Amz-Credential",
            Self::SignedHeaders => "X-Amz-SignedHeaders",
            Self::Signature => "X-Amz-Signature",
            Self::Date => "X-Amz-Date",
            Self::RegionSet => "X-Amz-Region-Set",
        }
    }

    /// Where it begins and ends in the `Authorization` header.
    fn range(self, authorization: &str) -> std::ops::Range<usize> {
        let name = match self {
            Self::Algorithm => return 0..authorization.find(' ').unwrap(),
            Self::Credential => "Credential=",
            Self::SignedHeaders => "SignedHeaders=",
            Self::Signature => "Signature=",
            Self::Date | Self::RegionSet => unreachable!("a header of its own"),
        };
        let start = authorization.rfind(name).unwrap() + name.len();
        let end = authorization[start..].find(',').map_or(authorization.len(), |len| start + len);
        start..end
    }

    const fn has_its_own_header(self) -> bool {
        matches!(self, Self::Date | Self::RegionSet)
    }
}

pub fn is_presigned(sent: &Sent) -> bool {
    sent.header("authorization").is_none()
}

/// The text of a part, decoded.
pub fn part(sent: &Sent, part: Part) -> String {
    if is_presigned(sent) {
        return parameter(sent, part.parameter()).unwrap();
    }
    if part.has_its_own_header() {
        return sent.header(part.parameter()).unwrap().to_owned();
    }
    let authorization = sent.header("authorization").unwrap();
    authorization[part.range(authorization)].to_owned()
}

/// The same request with another text in one part.
pub fn with_part(sent: &Sent, part: Part, text: &str) -> Sent {
    if is_presigned(sent) {
        return with_parameter(sent, part.parameter(), Some(text));
    }
    if part.has_its_own_header() {
        return sent.with_header_instead(part.parameter(), text);
    }
    let mut authorization = sent.header("authorization").unwrap().to_owned();
    authorization.replace_range(part.range(&authorization), text);
    sent.with_header_instead("authorization", authorization)
}

/// A parameter of the query, decoded.
pub fn parameter(sent: &Sent, name: &str) -> Option<String> {
    let pairs = sent.pairs();
    let value = pairs.iter().find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='))?;
    Some(String::from_utf8(decode(value)).unwrap())
}

/// The same request with a parameter replaced in its place, added, or removed.
pub fn with_parameter(sent: &Sent, name: &str, value: Option<&str>) -> Sent {
    let mut pairs = sent.pairs();
    let pair = value.map(|value| format!("{name}={}", encode(value)));
    let is_it = |pair: &String| pair.split('=').next() == Some(name);
    match (pairs.iter().position(is_it), pair) {
        (Some(at), Some(pair)) => pairs[at] = pair,
        (Some(at), None) => drop(pairs.remove(at)),
        (None, Some(pair)) => pairs.push(pair),
        (None, None) => {}
    }
    sent.with_pairs(&pairs)
}

pub fn encode(text: &str) -> String {
    let kept = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    text.bytes().map(|byte| if kept(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}

pub fn decode(text: &str) -> Vec<u8> {
    let (bytes, mut at, mut decoded) = (text.as_bytes(), 0, Vec::new());
    while at < bytes.len() {
        match text.get(at..at + 3).and_then(escaped) {
            Some(byte) => (at, _) = (at + 3, decoded.push(byte)),
            None => (at, _) = (at + 1, decoded.push(bytes[at])),
        }
    }
    decoded
}

/// The byte of `%41`.
pub fn escaped(text: &str) -> Option<u8> {
    let digits = text.strip_prefix('%').filter(|digits| digits.len() == 2 && !digits.starts_with('+'))?;
    u8::from_str_radix(digits, 16).ok()
}

/// N of P-256, from FIPS 186-5.
pub const ORDER: &str = "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551";

/// The two numbers of an ECDSA signature in DER, 64 hex digits each.
pub fn numbers(der: &str) -> [String; 2] {
    let bytes = base16ct::lower::decode_vec(der).unwrap();
    let r_end = 4 + usize::from(bytes[3]);
    [&bytes[4..r_end], &bytes[r_end + 2..]].map(|number| {
        let hex = base16ct::lower::encode_string(number);
        let digits = hex.trim_start_matches('0');
        format!("{digits:0>64}")
    })
}

/// DER of two numbers.
pub fn der(numbers: [&str; 2]) -> String {
    let integers = numbers.map(|number| {
        let digits = number.trim_start_matches('0');
        let even = if digits.len() % 2 == 1 { format!("0{digits}") } else { digits.to_owned() };
        let sign = if even.as_str() >= "8" { "00" } else { "" };
        format!("02{:02x}{sign}{even}", (sign.len() + even.len()) / 2)
    });
    let content = integers.concat();
    format!("30{:02x}{content}", content.len() / 2)
}

/// N − s: with it a signature is as good.
pub fn negated(number: &str) -> String {
    let [order, number] = [ORDER, number].map(|hex| base16ct::lower::decode_vec(hex).unwrap());
    let (mut result, mut borrow) = (vec![0; 32], 0);
    for at in (0..32).rev() {
        let difference = i16::from(order[at]) - i16::from(number[at]) - borrow;
        borrow = i16::from(difference < 0);
        result[at] = u8::try_from(difference.rem_euclid(256)).unwrap();
    }
    base16ct::lower::encode_string(&result)
}

/// The same signature with its other S.
pub fn other_s(hex: &str) -> String {
    let [r, s] = numbers(hex);
    der([&r, &negated(&s)])
}
