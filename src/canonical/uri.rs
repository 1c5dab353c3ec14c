//! The URI: where a URL is taken apart, and how its path goes on the wire and into the canonical request.

use std::borrow::Cow;

use crate::{
    canonical::percent::{Component, encode_path, encode_typed, reencode},
    error::{ParseError, ParseErrorKind, SignError, SignErrorKind},
    types::{CanonicalRules, UriEncoding, UriNormalization},
};

/// What signing may do to the URI of a request.
///
/// The *wire form* is the spelling from which every AWS signer and server computes the same canonical request. A
/// request whose URI is not in wire form is often answered with `SignatureDoesNotMatch`, depending on what the client
/// library does to it on the way.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum UriPolicy {
    /// Signing gives back the URI in wire form, and that one must be sent.
    #[default]
    Rewrite,
    /// A URI that is not in wire form is refused, with the wire form in the message.
    Reject,
    /// The URI is sent as it is given. What the server makes of it is the caller's risk.
    AsGiven,
}

/// A URL taken apart, nothing decoded. The fragment, which no request carries, is dropped.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Target<'a> {
    pub(crate) scheme: Option<&'a str>,
    pub(crate) authority: Option<&'a str>,
    pub(crate) path: &'a str,
    pub(crate) query: Option<&'a str>,
}

impl<'a> Target<'a> {
    /// Takes apart a URL as a person types it: `https://authority/path?query`, or with another scheme of the web.
    pub(crate) fn parse(url: &'a str) -> Result<Self, ParseError> {
        let error = |expected| ParseError::new(ParseErrorKind::Url, expected);
        if let Some(at) = url.bytes().position(|byte| byte.is_ascii_control()) {
            return Err(error("no control characters").at(at));
        }
        let without_fragment = url.split_once('#').map_or(url, |(before, _)| before);
        let (scheme, rest) = without_fragment
            .split_once("://")
            .ok_or_else(|| error("`https://HOST/PATH` or `http://HOST/PATH`").found(shown(url)))?;
        if !["https", "http", "wss", "ws"].iter().any(|known| scheme.eq_ignore_ascii_case(known)) {
            return Err(error("the scheme `https`, `http`, `wss` or `ws`").found(scheme));
        }
        let end = rest.find(['/', '?']).unwrap_or(rest.len());
        let (authority, path_and_query) = rest.split_at(end);
        let (path, query) = match path_and_query.split_once('?') {
            Some((path, query)) => (path, Some(query)),
            None => (path_and_query, None),
        };
        let target = Self { scheme: Some(scheme), authority: Some(authority), path, query };
        target.check_authority()?;
        check_host(authority)?;
        Ok(target)
    }

    /// Takes apart `/path?query`, the target of a received request.
    pub(crate) fn relative(target: &'a str) -> Result<Self, ParseError> {
        if let Some(at) = target.bytes().position(|byte| byte.is_ascii_control()) {
            return Err(ParseError::new(ParseErrorKind::Url, "no control characters").at(at));
        }
        let (path, query) = match target.split_once('?') {
            Some((path, query)) => (path, Some(query)),
            None => (target, None),
        };
        Ok(Self { scheme: None, authority: None, path, query })
    }

    /// Takes apart an [`http::Uri`], which may be relative.
    pub(crate) fn from_uri(uri: &'a http::Uri) -> Result<Self, ParseError> {
        let target = Self {
            scheme: uri.scheme_str(),
            authority: uri.authority().map(http::uri::Authority::as_str),
            path: uri.path(),
            query: uri.query(),
        };
        target.check_authority()?;
        Ok(target)
    }

    fn check_authority(&self) -> Result<(), ParseError> {
        match self.authority {
            // A client would turn it into another Authorization header. The text may be a password: not shown.
            Some(authority) if authority.bytes().fold(false, |any, byte| any | (byte == b'@')) => {
                Err(ParseError::new(ParseErrorKind::Url, "no user name or password before the host"))
            }
            _ => Ok(()),
        }
    }
}

/// A URL without what may be secret in it: its query.
fn shown(url: &str) -> &str {
    url.split_once('?').map_or(url, |(before, _)| before)
}

/// A host as HTTP writes it: a name, an IPv4 address or an IPv6 address in brackets, and perhaps a port.
pub(crate) fn check_host(host: &str) -> Result<(), ParseError> {
    let error = || ParseError::new(ParseErrorKind::Host, "`HOST` or `HOST:PORT`").found(host);
    let (name, port) = match host.rsplit_once(':') {
        Some((name, port)) if !port.ends_with(']') => (name, Some(port)),
        _ => (host, None),
    };
    let is_ipv6 = name.starts_with('[') && name.ends_with(']');
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~' | b'*');
    let allowed_ipv6 = |byte: u8| byte.is_ascii_hexdigit() || matches!(byte, b'[' | b']' | b':' | b'.' | b'%');
    if name.is_empty() || !name.bytes().all(|byte| if is_ipv6 { allowed_ipv6(byte) } else { allowed(byte) }) {
        return Err(error());
    }
    match port {
        Some(port) if port.parse::<u16>().is_err() || port.starts_with('+') => Err(error()),
        _ => Ok(()),
    }
}

/// A path on the wire and in the canonical request.
#[derive(Debug)]
pub(crate) struct Path<'a> {
    pub(crate) wire: Cow<'a, str>,
    /// `None`: as on the wire.
    canonical: Option<String>,
}

impl<'a> Path<'a> {
    pub(crate) fn new(given: &'a str, rules: CanonicalRules, policy: UriPolicy) -> Result<Self, SignError> {
        let given = if given.is_empty() { "/" } else { given };
        if !given.starts_with('/') {
            return Err(ParseError::new(ParseErrorKind::Path, "a path that starts with `/`").found(given).into());
        }
        let wire = match policy {
            UriPolicy::AsGiven => Cow::Borrowed(given),
            UriPolicy::Rewrite | UriPolicy::Reject => wire_path(given, rules)?,
        };
        if policy == UriPolicy::Reject && wire != given {
            return Err(SignError::new(
                SignErrorKind::UriNotCanonical,
                format!("expected the path `{wire}`, found `{given}`"),
            ));
        }
        let canonical = match (policy, rules) {
            // Decoded once and encoded strictly is what the wire has already.
            (UriPolicy::Rewrite | UriPolicy::Reject, CanonicalRules::S3) => None,
            _ => Some(canonical_path(&wire, rules)?.into_owned()),
        };
        Ok(Self { wire, canonical })
    }

    /// The path of a received request, of which nothing is rewritten.
    pub(crate) fn received(given: &'a str, rules: CanonicalRules) -> Result<Self, SignError> {
        Self::new(given, rules, UriPolicy::AsGiven)
    }

    /// The path as it is, on the wire and in the canonical request.
    pub(crate) const fn verbatim(given: &'a str) -> Self {
        Self { wire: Cow::Borrowed(given), canonical: None }
    }

    /// The canonical URI.
    pub(crate) fn canonical(&self) -> &str {
        self.canonical.as_deref().unwrap_or(&self.wire)
    }
}

/// The path to send.
fn wire_path(given: &str, rules: CanonicalRules) -> Result<Cow<'_, str>, ParseError> {
    let path = match rules.encoding {
        UriEncoding::Once => reencode(given, Component::Path).map_err(|at| broken_escape(given, at))?,
        UriEncoding::Twice => encode_typed(given),
    };
    // Signers disagree on whether `/a/b/..` is `/a` or `/a/`; all agree on `/a/`.
    let ends_in_dots = || matches!(path.rsplit('/').next(), Some("." | ".."));
    if rules.normalization == UriNormalization::Normalize && ends_in_dots() {
        let mut normalized = normalize(&path).into_owned();
        if !normalized.ends_with('/') {
            normalized.push('/');
        }
        return Ok(Cow::Owned(normalized));
    }
    Ok(path)
}

/// The canonical URI of a path as it is on the wire.
fn canonical_path(wire: &str, rules: CanonicalRules) -> Result<Cow<'_, str>, ParseError> {
    let path = match rules.normalization {
        UriNormalization::Normalize => normalize(wire),
        UriNormalization::Keep => Cow::Borrowed(wire),
    };
    Ok(match (rules.encoding, path) {
        (UriEncoding::Twice, Cow::Borrowed(path)) => encode_path(path),
        (UriEncoding::Twice, Cow::Owned(path)) => Cow::Owned(encode_path(&path).into_owned()),
        (UriEncoding::Once, Cow::Borrowed(path)) => {
            reencode(path, Component::Path).map_err(|at| broken_escape(path, at))?
        }
        (UriEncoding::Once, Cow::Owned(path)) => {
            Cow::Owned(reencode(&path, Component::Path).map_err(|at| broken_escape(&path, at))?.into_owned())
        }
    })
}

fn broken_escape(path: &str, at: usize) -> ParseError {
    ParseError::new(ParseErrorKind::Path, "`%` followed by two hex digits").found(path).at(at)
}

/// Removes dot segments and empty segments. A slash at the end stays if anything is left before it.
fn normalize(path: &str) -> Cow<'_, str> {
    if !path.contains("//") && !path.contains("/.") {
        return Cow::Borrowed(path);
    }
    let mut segments: Vec<&str> = Vec::new();
    for segment in path.split('/') {
        match segment {
            "" | "." => {}
            ".." => {
                segments.pop();
            }
            segment => segments.push(segment),
        }
    }
    let mut normalized = String::with_capacity(path.len());
    for segment in &segments {
        normalized.push('/');
        normalized.push_str(segment);
    }
    if segments.is_empty() || path.ends_with('/') {
        normalized.push('/');
    }
    Cow::Owned(normalized)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(given: &str, rules: CanonicalRules, policy: UriPolicy) -> (String, String) {
        let path = Path::new(given, rules, policy).unwrap();
        let canonical = path.canonical().to_owned();
        (path.wire.into_owned(), canonical)
    }

    #[test]
    fn s3_decodes_once_and_encodes_strictly() {
        for (given, wire) in [
            ("", "/"),
            ("/a key", "/a%20key"),
            ("/%3Fa=b%20c", "/%3Fa%3Db%20c"),
            ("/x+y", "/x%2By"),
            ("/10%2B2.jpg", "/10%2B2.jpg"),
            ("/a%2Fb", "/a/b"),
            ("/café-☃", "/caf%C3%A9-%E2%98%83"),
            ("/x/.", "/x/."),
            ("//..", "//.."),
            ("/%FF", "/%FF"),
            ("/{}~!'()*", "/%7B%7D~%21%27%28%29%2A"),
        ] {
            let (sent, canonical) = path(given, CanonicalRules::S3, UriPolicy::Rewrite);
            assert_eq!((sent.as_str(), canonical.as_str()), (wire, wire), "{given}");
        }
    }

    #[test]
    fn other_services_encode_once_more_and_normalize() {
        for (given, wire, canonical) in [
            ("/v1%3A0/converse", "/v1%3A0/converse", "/v1%253A0/converse"),
            ("/dev/@connections/A%3D", "/dev/@connections/A%3D", "/dev/%40connections/A%253D"),
            ("/a b", "/a%20b", "/a%2520b"),
            ("/a//b/../c", "/a//b/../c", "/a/c"),
            ("/a/b/..", "/a/", "/a/"),
            ("/foo/.", "/foo/", "/foo/"),
            ("/..", "/", "/"),
            ("//", "//", "/"),
            ("/%2e%2e/x", "/%2e%2e/x", "/%252e%252e/x"),
            ("/path/..hidden/.some", "/path/..hidden/.some", "/path/..hidden/.some"),
            ("/a;b=c,d", "/a;b=c,d", "/a%3Bb%3Dc%2Cd"),
            ("/%zz", "/%zz", "/%25zz"),
        ] {
            let found = path(given, CanonicalRules::STANDARD, UriPolicy::Rewrite);
            assert_eq!((found.0.as_str(), found.1.as_str()), (wire, canonical), "{given}");
        }
    }

    #[test]
    fn as_given_is_sent_as_given() {
        for (given, rules, canonical) in [
            ("/a b", CanonicalRules::STANDARD, "/a%20b"),
            ("/ሴ", CanonicalRules::STANDARD, "/%E1%88%B4"),
            ("/a/b/..", CanonicalRules::STANDARD, "/a"),
            ("/a b", CanonicalRules::S3, "/a%20b"),
        ] {
            let found = path(given, rules, UriPolicy::AsGiven);
            assert_eq!((found.0.as_str(), found.1.as_str()), (given, canonical), "{given}");
        }
    }

    #[test]
    fn reject_names_the_wire_form() {
        let error = Path::new("/a b", CanonicalRules::S3, UriPolicy::Reject).unwrap_err();
        assert_eq!(error.kind(), SignErrorKind::UriNotCanonical);
        assert!(error.to_string().contains("expected the path `/a%20b`, found `/a b`"), "{error}");
        assert!(Path::new("/a%20b", CanonicalRules::S3, UriPolicy::Reject).is_ok());
        let broken = Path::new("/a%4", CanonicalRules::S3, UriPolicy::Rewrite).unwrap_err();
        assert_eq!(broken.to_string(), "path: expected `%` followed by two hex digits, found `/a%4` at byte 2");
    }

    #[test]
    fn urls_are_taken_apart() {
        let target = Target::parse("HTTPS://h.example:8443?a=b/c#d?e").unwrap();
        assert_eq!((target.authority, target.path, target.query), (Some("h.example:8443"), "", Some("a=b/c")));
        for refused in ["", "h.example/x", "ftp://h/", "https://", "https:///x", "https://h:99999/", "https://a b/"] {
            assert!(Target::parse(refused).is_err(), "{refused}");
        }
        let error = Target::parse("https://user:hunter2@h/").unwrap_err();
        assert!(!error.to_string().contains("hunter2"));
        assert!(Target::parse("https://[::1]:9000/").is_ok());
    }
}
