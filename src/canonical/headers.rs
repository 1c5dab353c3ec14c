//! The canonical headers.

use std::cmp::Ordering;

use crate::error::{ParseError, ParseErrorKind};

/// A header line as it is on the wire, its name in lower case.
#[derive(Debug, Clone, Copy)]
pub(crate) struct HeaderField<'a> {
    pub(crate) name: &'a str,
    pub(crate) value: &'a [u8],
}

impl HeaderField<'_> {
    /// The order of the canonical request.
    pub(crate) fn by_name(&self, other: &Self) -> Ordering {
        // Nearly always the first bytes tell, `x-amz-` left out: comparisons of numbers.
        let (own, others) = (self.name.as_bytes(), other.name.as_bytes());
        let first_four = |name: &[u8]| name.first_chunk().map(|start| u32::from_be_bytes(*start));
        let first_eight = |name: &[u8]| name.first_chunk().map(|start| u64::from_be_bytes(*start));
        match (first_four(own), first_four(others)) {
            (Some(start), Some(other_start)) if start != other_start => return start.cmp(&other_start),
            _ => {}
        }
        match (first_eight(own), first_eight(others)) {
            (Some(start), Some(other_start)) if start != other_start => start.cmp(&other_start),
            _ => own.cmp(others),
        }
    }
}

/// Writes `name:value\n` for every header of a list sorted by name; repeated ones are joined with `,` in their order.
///
/// A value is trimmed and its inner runs of white space become one space, also inside quotes. The wire keeps its bytes.
pub(super) fn write_canonical(text: &mut Vec<u8>, sorted: &[HeaderField<'_>]) -> Result<(), ParseError> {
    let start = text.len();
    // The usual headers are canonical as they are: one look at all of them together is cheaper than one at each.
    write_lines(text, sorted, |text, field| {
        text.extend_from_slice(field.value);
        Ok(())
    })?;
    if text.get(start..).is_some_and(is_surely_canonical) {
        return Ok(());
    }
    text.truncate(start);
    write_lines(text, sorted, write_value)
}

fn write_lines(
    text: &mut Vec<u8>,
    sorted: &[HeaderField<'_>],
    write_value: impl Fn(&mut Vec<u8>, &HeaderField<'_>) -> Result<(), ParseError>,
) -> Result<(), ParseError> {
    let mut previous: Option<&str> = None;
    for field in sorted {
        if previous == Some(field.name) {
            text.push(b',');
        } else {
            if previous.is_some() {
                text.push(b'\n');
            }
            text.extend_from_slice(field.name.as_bytes());
            text.push(b':');
        }
        write_value(text, field)?;
        previous = Some(field.name);
    }
    text.push(b'\n');
    Ok(())
}

/// Whether lines hold nothing that trimming or collapsing could change. `false` says nothing: a space beside a comma may
/// be inside a value or at its end.
fn is_surely_canonical(lines: &[u8]) -> bool {
    let all = |allowed: fn(u8) -> bool| lines.iter().fold(true, |all, byte| all & allowed(*byte));
    let is_edge = |byte: &u8| matches!(byte, b' ' | b':' | b',' | b'\n');
    let has_space_at_edge = || lines.windows(2).any(|pair| pair.contains(&b' ') && pair.iter().all(is_edge));
    // Most have no space at all.
    all(|byte| byte.is_ascii_graphic() | (byte == b'\n'))
        || (all(|byte| (b' '..=b'~').contains(&byte) | (byte == b'\n')) && !has_space_at_edge())
}

/// Writes the names of a list sorted by name, separated by `;`, each once.
pub(super) fn write_signed_headers(text: &mut Vec<u8>, sorted: &[HeaderField<'_>]) {
    let mut previous: Option<&str> = None;
    for field in sorted {
        if previous == Some(field.name) {
            continue;
        }
        if previous.is_some() {
            text.push(b';');
        }
        text.extend_from_slice(field.name.as_bytes());
        previous = Some(field.name);
    }
}

fn write_value(text: &mut Vec<u8>, field: &HeaderField<'_>) -> Result<(), ParseError> {
    if !field.value.is_ascii() {
        return Err(non_ascii(field));
    }
    let words = field.value.split(|byte| is_space(*byte)).filter(|word| !word.is_empty());
    for (index, word) in words.enumerate() {
        if index > 0 {
            text.push(b' ');
        }
        text.extend_from_slice(word);
    }
    Ok(())
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
        let mut text = Vec::new();
        write_canonical(&mut text, &fields)?;
        text.push(b'|');
        write_signed_headers(&mut text, &fields);
        Ok(String::from_utf8(text).unwrap())
    }

    #[test]
    fn white_space_collapses_and_repeated_headers_join() {
        let fields: [(&str, &[u8]); 6] =
            [("a", b" x \t y "), ("a", b"z"), ("b", b"\"My  Report.pdf\""), ("c", b""), ("c", b"  "), ("d", b"plain")];
        assert_eq!(canonical(&fields).unwrap(), "a:x y,z\nb:\"My Report.pdf\"\nc:,\nd:plain\n|a;b;c;d");
    }

    #[test]
    fn fields_are_in_the_order_of_their_names() {
        let names =
            ["", "a", "te", "host", "hosts", "hostname", "hostnames", "x-amz-", "x-amz-date", "x-amz-data", "zzzz"];
        for (name, other) in names.iter().flat_map(|name| names.map(|other| (*name, other))) {
            let field = |name| HeaderField { name, value: b"" };
            assert_eq!(field(name).by_name(&field(other)), name.cmp(other), "{name} {other}");
        }
    }

    #[test]
    fn a_space_at_an_edge_is_found_wherever_the_lines_are_joined() {
        for (values, expected) in [
            (["a b", "c"], "x:a b,c\n"),
            (["a, b", "c"], "x:a, b,c\n"),
            (["a ", "c"], "x:a,c\n"),
            (["a", " c"], "x:a,c\n"),
            ([" ", "c  d"], "x:,c d\n"),
            (["a", "c\t"], "x:a,c\n"),
            (["a: b", "c"], "x:a: b,c\n"),
        ] {
            let fields = values.map(|value| ("x", value.as_bytes()));
            assert_eq!(canonical(&fields).unwrap().trim_end_matches("|x"), expected, "{values:?}");
        }
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
