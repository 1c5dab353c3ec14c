//! Percent-encoding as SigV4 wants it: strict, upper-case, bytes in and bytes out.

use std::borrow::Cow;

use percent_encoding::{AsciiSet, CONTROLS, NON_ALPHANUMERIC, percent_decode, percent_encode, utf8_percent_encode};

/// Everything but RFC 3986 *unreserved* is encoded.
const STRICT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The same in a path, where `/` separates segments.
const STRICT_PATH: &AsciiSet = &STRICT.remove(b'/');

/// What a person may type and no `http::Uri` may hold; non-ASCII is always encoded.
const TYPED: &AsciiSet = &CONTROLS.add(b' ').add(b'<').add(b'>').add(b'`');

/// Encodes a text strictly. Presigning encodes every parameter.
pub(crate) fn encode_strict(text: &str) -> Cow<'_, str> {
    if is_all_unreserved(text.as_bytes()) {
        return Cow::Borrowed(text);
    }
    // Room for an escape in every fourth place, which is more than the usual: it need not grow.
    let mut encoded = String::with_capacity(text.len() + text.len() / 2);
    encoded.extend(utf8_percent_encode(text, STRICT));
    Cow::Owned(encoded)
}

/// Encodes a path strictly, once more than it is: an escape's `%` becomes `%25`.
pub(super) fn encode_path(path: &str) -> Cow<'_, str> {
    utf8_percent_encode(path, STRICT_PATH).into()
}

/// Encodes what a person typed and the wire cannot carry: spaces, non-ASCII characters, `<`, `>` and the backtick.
pub(super) fn encode_typed(text: &str) -> Cow<'_, str> {
    utf8_percent_encode(text, TYPED).into()
}

/// RFC 3986 *unreserved*. Without branches, so that the compiler looks at sixteen bytes at a time.
const fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() | (byte == b'-') | (byte == b'.') | (byte == b'_') | (byte == b'~')
}

fn is_all_unreserved(bytes: &[u8]) -> bool {
    bytes.iter().fold(true, |all, byte| all & is_unreserved(*byte))
}

/// A part of a URI, which says what is encoded in it and what a `+` means there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Component {
    /// A path: `/` is kept, `+` is itself.
    Path,
    /// A name or a value of a query.
    Query(PlusSign),
}

/// What a literal `+` in a query means. Clients and servers disagree, so a signer never sends one.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum PlusSign {
    /// A space, as in a form and as AWS services read it.
    #[default]
    Space,
    /// A plus sign, as RFC 3986 reads it.
    Plus,
}

impl Component {
    const fn set(self) -> &'static AsciiSet {
        match self {
            Self::Path => STRICT_PATH,
            Self::Query(_) => STRICT,
        }
    }

    fn keeps(self, byte: u8) -> bool {
        is_unreserved(byte) | ((byte == b'/') & (self == Self::Path))
    }
}

/// Decodes `text` once and encodes it strictly; borrows when that changes nothing.
///
/// # Errors
/// The byte offset of a broken escape.
pub(super) fn reencode(text: &str, component: Component) -> Result<Cow<'_, str>, usize> {
    let bytes = text.as_bytes();
    if is_strict(bytes, component)? {
        return Ok(Cow::Borrowed(text));
    }
    let decoded: Cow<'_, [u8]> = if component == Component::Query(PlusSign::Space) && bytes.contains(&b'+') {
        let spaced: Vec<u8> = bytes.iter().map(|&byte| if byte == b'+' { b' ' } else { byte }).collect();
        Cow::Owned(percent_decode(&spaced).collect())
    } else {
        percent_decode(bytes).into()
    };
    Ok(Cow::Owned(percent_encode(&decoded, component.set()).to_string()))
}

/// Whether decoding once and encoding strictly would change nothing. Reads to the end: every escape is checked.
fn is_strict(bytes: &[u8], component: Component) -> Result<bool, usize> {
    // The usual path and value have nothing to look at twice.
    if bytes.iter().fold(true, |all, byte| all & component.keeps(*byte)) {
        return Ok(true);
    }
    let mut strict = true;
    let mut offset = 0;
    while let Some(&byte) = bytes.get(offset) {
        if byte == b'%' {
            let escape = bytes.get(offset + 1..offset + 3).ok_or(offset)?;
            let decoded = escape_value(escape).ok_or(offset)?;
            strict &= !escape.iter().any(u8::is_ascii_lowercase) && !component.keeps(decoded);
            offset += 3;
        } else {
            strict &= component.keeps(byte);
            offset += 1;
        }
    }
    Ok(strict)
}

/// The byte that the two hex digits of an escape stand for.
fn escape_value(digits: &[u8]) -> Option<u8> {
    let value = digits.iter().try_fold(0, |value, digit| Some(value * 16 + char::from(*digit).to_digit(16)?))?;
    u8::try_from(value).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_in_bytes_out() {
        for (component, given, expected) in [
            (Component::Query(PlusSign::Space), "a%7Eb", "a~b"),
            (Component::Query(PlusSign::Space), "%ff%FF", "%FF%FF"),
            (Component::Query(PlusSign::Space), "a+b%2B", "a%20b%2B"),
            (Component::Query(PlusSign::Space), "a/b", "a%2Fb"),
            (Component::Query(PlusSign::Space), "é *", "%C3%A9%20%2A"),
            (Component::Query(PlusSign::Plus), "a+b%2B%20", "a%2Bb%2B%20"),
            (Component::Path, "/a%2fb+c", "/a/b%2Bc"),
            (Component::Path, "/a=b;c~'(x)!", "/a%3Db%3Bc~%27%28x%29%21"),
            (Component::Path, "/%25zz", "/%25zz"),
        ] {
            let once = reencode(given, component).unwrap();
            assert_eq!(once, expected, "{given}");
            assert!(matches!(reencode(&once, component), Ok(Cow::Borrowed(_))), "{given}: a fixed point");
        }
    }

    #[test]
    fn a_broken_escape_is_found_where_it_is() {
        for (given, at) in [("%", 0), ("a%4", 1), ("a b%zz", 3), ("%41%+1", 3), ("%é", 0)] {
            assert_eq!(reencode(given, Component::Query(PlusSign::Space)), Err(at), "{given}");
        }
    }
}
