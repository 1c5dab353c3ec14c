//! The query: its parameters on the wire and in the canonical query string.

use std::borrow::Cow;

use crate::{
    canonical::{
        UriPolicy,
        percent::{Component, PlusSign, encode_strict, reencode},
    },
    error::{ParseError, ParseErrorKind, SignError, SignErrorKind},
};

/// The parameters of a request in their own order, each strictly encoded.
#[derive(Debug, Default)]
pub(crate) struct Query<'a> {
    pairs: Vec<Pair<'a>>,
    policy: UriPolicy,
    /// The caller's query is empty and sent as it is: a `?` and nothing.
    is_bare: bool,
    /// The name of a parameter that was left out.
    dropped: Option<&'a str>,
}

#[derive(Debug)]
struct Pair<'a> {
    name: Cow<'a, str>,
    value: Cow<'a, str>,
    /// The spelling of the caller; a parameter of ours has none. An empty one is the nothing between two `&`: it goes
    /// on the wire and is no parameter.
    given: Option<&'a str>,
}

impl<'a> Query<'a> {
    /// Reads a query; parameters for whose name `drop` is true are left out.
    ///
    /// An empty pair (`a&&b`) is dropped, `key` becomes `key=`, a literal `+` is a space.
    pub(crate) fn new(
        given: Option<&'a str>,
        policy: UriPolicy,
        drop: impl Fn(&str) -> bool,
    ) -> Result<Self, SignError> {
        Self::read(given, policy, PlusSign::Space, drop)
    }

    /// The query of a received request, of which nothing is rewritten.
    pub(crate) fn received(
        given: Option<&'a str>,
        plus: PlusSign,
        drop: impl Fn(&str) -> bool,
    ) -> Result<Self, SignError> {
        Self::read(given, UriPolicy::AsGiven, plus, drop)
    }

    fn read(
        given: Option<&'a str>,
        policy: UriPolicy,
        plus: PlusSign,
        drop: impl Fn(&str) -> bool,
    ) -> Result<Self, SignError> {
        let is_bare = given == Some("") && policy == UriPolicy::AsGiven;
        let mut pairs = Vec::new();
        let (mut offset, mut dropped) = (0, None);
        for text in given.into_iter().filter(|_| !is_bare).flat_map(|query| query.split('&')) {
            let start = offset;
            offset += text.len() + 1;
            if text.is_empty() {
                match policy {
                    UriPolicy::Rewrite => {}
                    UriPolicy::Reject => return Err(empty_parameter(given.unwrap_or_default(), start)),
                    UriPolicy::AsGiven => pairs.push(Pair::EMPTY),
                }
                continue;
            }
            let pair = Pair::parse(text, start, plus)?;
            if drop(&pair.name) {
                dropped = Some(text.split_once('=').map_or(text, |(name, _)| name));
                continue;
            }
            if policy == UriPolicy::Reject && !pair.is_spelled(text) {
                return Err(not_canonical(&format!("the parameter `{}={}`", pair.name, pair.value), text));
            }
            pairs.push(pair);
        }
        Ok(Self { pairs, policy, is_bare, dropped })
    }

    /// Refuses a query that lost a parameter where nothing may be rewritten.
    pub(crate) fn check_dropped(&self) -> Result<(), SignError> {
        match self.dropped {
            Some(name) if self.policy == UriPolicy::Reject => {
                Err(not_canonical("no parameter that an earlier signature left", name))
            }
            _ => Ok(()),
        }
    }

    /// Adds a parameter of ours; the value is encoded here.
    pub(crate) fn push(&mut self, name: &'static str, value: &'a str) {
        let value = encode_strict(value);
        self.pairs.push(Pair { name: Cow::Borrowed(name), value, given: None });
    }

    /// Makes room for parameters of ours.
    pub(crate) fn reserve(&mut self, parameters: usize) {
        self.pairs.reserve(parameters);
    }

    pub(crate) const fn is_empty(&self) -> bool {
        self.pairs.is_empty() && !self.is_bare
    }

    /// About how long the query to send is, its `?` included.
    pub(crate) fn wire_len(&self) -> usize {
        self.pairs.iter().map(|pair| pair.name.len() + pair.value.len() + 2).sum()
    }

    /// Writes the query to send.
    pub(crate) fn write_wire(&self, text: &mut String) {
        for (index, pair) in self.pairs.iter().enumerate() {
            if index > 0 {
                text.push('&');
            }
            match (self.policy, pair.given) {
                (UriPolicy::AsGiven, Some(given)) => text.push_str(given),
                _ => [&*pair.name, "=", &*pair.value].iter().for_each(|part| text.push_str(part)),
            }
        }
    }

    /// Writes the canonical query string: sorted by encoded name, then by encoded value.
    pub(crate) fn write_canonical(&self, text: &mut Vec<u8>) {
        let mut sorted: Vec<&Pair<'_>> = self.pairs.iter().filter(|pair| !pair.is_empty()).collect();
        sorted.sort_by(|a, b| a.sort_key().cmp(&b.sort_key()));
        for (index, pair) in sorted.into_iter().enumerate() {
            if index > 0 {
                text.push(b'&');
            }
            [&*pair.name, "=", &*pair.value].iter().for_each(|part| text.extend_from_slice(part.as_bytes()));
        }
    }
}

impl<'a> Pair<'a> {
    const EMPTY: Self = Self { name: Cow::Borrowed(""), value: Cow::Borrowed(""), given: Some("") };

    fn parse(text: &'a str, start: usize, plus: PlusSign) -> Result<Self, ParseError> {
        let component = Component::Query(plus);
        let (name, value) = text.split_once('=').unwrap_or((text, ""));
        let broken = |at| {
            // Not shown whole: a query may hold tokens.
            ParseError::new(ParseErrorKind::Query, "`%` followed by two hex digits").at(at)
        };
        Ok(Self {
            name: reencode(name, component).map_err(|at| broken(start + at))?,
            value: reencode(value, component).map_err(|at| broken(start + name.len() + 1 + at))?,
            given: Some(text),
        })
    }

    /// The encoded bytes, the name before the value: `x%20=3` sorts before `x-=1`.
    fn sort_key(&self) -> (&str, &str) {
        (&self.name, &self.value)
    }

    fn is_empty(&self) -> bool {
        self.given == Some("")
    }

    fn is_spelled(&self, text: &str) -> bool {
        text.split_once('=').is_some_and(|(name, value)| name == self.name && value == self.value)
    }
}

fn empty_parameter(query: &str, at: usize) -> SignError {
    let message = match query {
        "" => "expected no `?` before an empty query, found one".to_owned(),
        _ => format!("expected no empty parameter in the query, found one at byte {at}"),
    };
    SignError::new(SignErrorKind::UriNotCanonical, message)
}

fn not_canonical(expected: &str, found: &str) -> SignError {
    SignError::new(SignErrorKind::UriNotCanonical, format!("expected {expected} in the query, found `{found}`"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn query(given: &str, policy: UriPolicy) -> (String, String) {
        let query = Query::new(Some(given), policy, |name| name == "drop").unwrap();
        let (mut wire, mut canonical) = (String::new(), Vec::new());
        query.write_wire(&mut wire);
        query.write_canonical(&mut canonical);
        (wire, String::from_utf8(canonical).unwrap())
    }

    #[test]
    fn pairs_are_encoded_in_their_order_and_sorted_in_the_canonical_form() {
        for (given, wire, canonical) in [
            ("", "", ""),
            ("v", "v=", "v="),
            ("sort=_doc&size=50", "sort=_doc&size=50", "size=50&sort=_doc"),
            ("a=b+c", "a=b%20c", "a=b%20c"),
            ("q=*&a;b", "q=%2A&a%3Bb=", "a%3Bb=&q=%2A"),
            ("&a&&b&", "a=&b=", "a=&b="),
            ("a=b=c", "a=b%3Dc", "a=b%3Dc"),
            ("x-=1&x%20=3&x=2", "x-=1&x%20=3&x=2", "x=2&x%20=3&x-=1"),
            ("k=b&k=a&k", "k=b&k=a&k=", "k=&k=a&k=b"),
            ("a=%ff&b=%7e", "a=%FF&b=~", "a=%FF&b=~"),
            ("drop=1&a=2&drop", "a=2", "a=2"),
            ("=v&=", "=v&=", "=&=v"),
        ] {
            let found = query(given, UriPolicy::Rewrite);
            assert_eq!((found.0.as_str(), found.1.as_str()), (wire, canonical), "{given}");
            assert_eq!(query(wire, UriPolicy::Rewrite).0, wire, "{given}: a fixed point");
        }
    }

    #[test]
    fn as_given_keeps_the_spelling() {
        assert_eq!(query("b&a=%7e x&drop=1", UriPolicy::AsGiven), ("b&a=%7e x".into(), "a=~%20x&b=".into()));
        assert_eq!(query("b&&a&", UriPolicy::AsGiven), ("b&&a&".into(), "a=&b=".into()));
        assert_eq!(query("", UriPolicy::AsGiven), ("".into(), "".into()));
        for (given, sent) in [
            ("", "ours=1"),
            ("&", "&&ours=1"),
            ("a&&", "a&&&ours=1"),
            ("drop", "ours=1"),
            ("a&drop&&b=%7e", "a&&b=%7e&ours=1"),
            // What an earlier signature added goes, and nothing else.
            ("a&&&drop=1&drop=2", "a&&&ours=1"),
        ] {
            let mut query = Query::new(Some(given), UriPolicy::AsGiven, |name| name == "drop").unwrap();
            query.push("ours", "1");
            let mut wire = String::new();
            query.write_wire(&mut wire);
            assert_eq!(wire, sent);
        }
    }

    #[test]
    fn reject_and_broken_escapes_say_where() {
        let reject = |given| Query::new(Some(given), UriPolicy::Reject, |_| false);
        for refused in ["a", "a=b+c", "a=%7E", "a=1&&b=2"] {
            assert_eq!(reject(refused).unwrap_err().kind(), SignErrorKind::UriNotCanonical, "{refused}");
        }
        assert!(reject("a=1&b=%20").is_ok());
        assert!(reject("").unwrap_err().to_string().ends_with("expected no `?` before an empty query, found one"));
        assert!(reject("a=1&&b=2").unwrap_err().to_string().ends_with("found one at byte 4"));
        let lost = Query::new(Some("a=1&drop=2"), UriPolicy::Reject, |name| name == "drop").unwrap();
        assert!(lost.check_dropped().unwrap_err().to_string().ends_with("in the query, found `drop`"));
        let error = Query::new(Some("a=1&bb=x%4"), UriPolicy::Rewrite, |_| false).unwrap_err();
        assert_eq!(error.to_string(), "query: expected `%` followed by two hex digits at byte 8");
    }
}
