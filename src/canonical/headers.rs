//! The canonical headers.

use crate::error::{ParseError, ParseErrorKind};

/// A header line as it is on the wire, its name in lower case.
#[derive(Debug, Clone, Copy)]
pub(crate) struct HeaderField<'a> {
    pub(crate) name: &'a str,
    pub(crate) value: &'a [u8],
}

/// Writes `name:value\n` for every header of a list sorted by name; repeated ones are joined with `,` in their order.
///
/// A value is trimmed and its inner runs of white space become one space, also inside quotes. The wire keeps its bytes.
pub(super) fn write_canonical(text: &mut String, sorted: &[HeaderField<'_>]) -> Result<(), ParseError> {
    let mut previous: Option<&str> = None;
    for field in sorted {
        if previous == Some(field.name) {
            text.push(',');
        } else {
            if previous.is_some() {
                text.push('\n');
            }
            text.push_str(field.name);
            text.push(':');
        }
        write_value(text, field)?;
        previous = Some(field.name);
    }
    text.push('\n');
    Ok(())
}

/// Writes the names of a list sorted by name, separated by `;`, each once.
pub(super) fn write_signed_headers(text: &mut String, sorted: &[HeaderField<'_>]) {
    let mut previous: Option<&str> = None;
    for field in sorted {
        if previous == Some(field.name) {
            continue;
        }
        if previous.is_some() {
            text.push(';');
        }
        text.push_str(field.name);
        previous = Some(field.name);
    }
}

fn write_value(text: &mut String, field: &HeaderField<'_>) -> Result<(), ParseError> {
    let Ok(value) = str::from_utf8(field.value) else { return Err(non_ascii(field)) };
    // Two passes that the compiler turns into vector code decide about the usual value, which needs no other.
    let is_visible = value.bytes().fold(true, |all, byte| all & (b' '..=b'~').contains(&byte));
    let has_spaces = value.bytes().fold(false, |any, byte| any | (byte == b' '));
    if is_visible && (!has_spaces || has_single_spaces_only(value)) {
        text.push_str(value);
        return Ok(());
    }
    if !value.is_ascii() {
        return Err(non_ascii(field));
    }
    let words = value.split(|character| u8::try_from(character).is_ok_and(is_space));
    for (index, word) in words.filter(|word| !word.is_empty()).enumerate() {
        if index > 0 {
            text.push(' ');
        }
        text.push_str(word);
    }
    Ok(())
}

fn has_single_spaces_only(value: &str) -> bool {
    !value.starts_with(' ') && !value.ends_with(' ') && !value.as_bytes().windows(2).any(|pair| pair == b"  ")
}

/// C's `isspace`, as AWS's own implementation uses it.
const fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t'..=b'\r')
}

fn non_ascii(field: &HeaderField<'_>) -> ParseError {
    let at = field.value.iter().position(|byte| !byte.is_ascii()).unwrap_or_default();
    ParseError::new(
        ParseErrorKind::HeaderValue,
        format!(
            "ASCII in `{}` (servers read other bytes differently; encode them, for example as RFC 2047)",
            field.name
        ),
    )
    .at(at)
}

/// A header name: an HTTP token.
pub(crate) fn check_name(name: &str) -> Result<(), ParseError> {
    match http::HeaderName::from_bytes(name.as_bytes()) {
        Ok(_) => Ok(()),
        Err(_) => {
            Err(ParseError::new(ParseErrorKind::HeaderName, "an HTTP token such as `x-amz-meta-note`").found(name))
        }
    }
}

/// A header value that HTTP can carry: no control characters but tab. The value is not shown: it may be a secret.
pub(crate) fn check_value(name: &str, value: &[u8]) -> Result<(), ParseError> {
    match value.iter().position(|byte| byte.is_ascii_control() && *byte != b'\t') {
        None => Ok(()),
        Some(at) => Err(ParseError::new(
            ParseErrorKind::HeaderValue,
            format!("no control characters, line breaks included, in `{name}`"),
        )
        .at(at)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn canonical(fields: &[(&str, &[u8])]) -> Result<String, ParseError> {
        let fields: Vec<_> = fields.iter().map(|(name, value)| HeaderField { name, value }).collect();
        let mut text = String::new();
        write_canonical(&mut text, &fields)?;
        text.push('|');
        write_signed_headers(&mut text, &fields);
        Ok(text)
    }

    #[test]
    fn white_space_collapses_and_repeated_headers_join() {
        let fields: [(&str, &[u8]); 6] =
            [("a", b" x \t y "), ("a", b"z"), ("b", b"\"My  Report.pdf\""), ("c", b""), ("c", b"  "), ("d", b"plain")];
        assert_eq!(canonical(&fields).unwrap(), "a:x y,z\nb:\"My Report.pdf\"\nc:,\nd:plain\n|a;b;c;d");
    }

    #[test]
    fn other_bytes_are_refused_by_name_and_place() {
        for value in ["groß".as_bytes(), b"gro\xdf"] {
            let error = canonical(&[("x-amz-meta-x", value)]).unwrap_err();
            assert_eq!(error.kind(), ParseErrorKind::HeaderValue);
            assert!(error.to_string().contains("`x-amz-meta-x`") && error.to_string().ends_with("byte 3"), "{error}");
        }
        assert!(check_value("a", b"x\r\ny").is_err() && check_value("a", b"x\ty").is_ok());
        assert!(check_name("a b").is_err() && check_name("").is_err() && check_name("X-Amz-Date").is_ok());
    }
}
