//! The first difference of two canonical requests.

use std::fmt;

use super::ServersView;

/// Where what was signed and what was computed part.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Difference {
    Method,
    Path,
    Query,
    /// The server did not see this one.
    HeaderGone(String),
    HeaderChanged(String),
    /// The server saw this one in addition.
    HeaderAdded(String),
    SignedHeaders,
    Payload(SignedPayload),
    Algorithm,
    Time,
    Scope,
    /// Both sides signed the same; what is left is the key.
    None,
}

impl Difference {
    pub(crate) fn between(canonical: &str, string_to_sign: &str, theirs: &ServersView) -> Self {
        // All else follows from it: headers, scope and hash.
        let of_server = theirs.string_to_sign.as_deref().unwrap_or(string_to_sign);
        if string_to_sign.lines().next() != of_server.lines().next() {
            return Self::Algorithm;
        }
        let (ours, server) = (Canonical::of(canonical), Canonical::of(&theirs.canonical_request));
        for (one, other, difference) in [
            (ours.method, server.method, Self::Method),
            (ours.path, server.path, Self::Path),
            (ours.query, server.query, Self::Query),
        ] {
            if one != other {
                return difference;
            }
        }
        if let Some(difference) = between_headers(&ours, &server) {
            return difference;
        }
        if ours.signed_headers != server.signed_headers {
            return Self::SignedHeaders;
        }
        if ours.payload != server.payload {
            return Self::Payload(SignedPayload::of(ours.payload));
        }
        let mut lines = string_to_sign.lines().zip(of_server.lines());
        match lines.position(|(one, other)| one != other) {
            Some(1) => Self::Time,
            Some(2) => Self::Scope,
            _ => Self::None,
        }
    }

    pub(crate) const fn is_in_canonical_request(&self) -> bool {
        !matches!(self, Self::Algorithm | Self::Time | Self::Scope | Self::None)
    }

    /// What usually causes it.
    pub(crate) fn hint(&self) -> String {
        match self {
            Self::Method => "a proxy, or a redirect that was followed on the way, changed the method".to_owned(),
            Self::Path => "the path was encoded anew or rewritten on its way (a proxy, a base path of a custom domain), or the \
                           service has other rules for paths: check --service, only `s3` encodes once"
                .to_owned(),
            Self::Query => "the query was changed on its way: a proxy or a CDN that adds, sorts or encodes parameters".to_owned(),
            Self::HeaderGone(name) => {
                format!("something on the way removed `{name}`: leave it unsigned with --no-sign-header {name}")
            }
            Self::HeaderChanged(name) if name == "host" => {
                "the server is called by another name than the URL's: sign for that one with --host".to_owned()
            }
            Self::HeaderChanged(name) if name == "x-amz-date" => {
                "the date was changed on its way, or it is another request that was refused: its time goes into --time".to_owned()
            }
            Self::HeaderChanged(name) if name == "x-amz-security-token" => {
                "the token was changed on its way, or the request was signed with those of another session or profile".to_owned()
            }
            Self::HeaderChanged(name) | Self::HeaderAdded(name) => {
                format!("something on the way changed `{name}`: leave it unsigned with --no-sign-header {name}")
            }
            Self::SignedHeaders => "the Authorization header was changed on its way".to_owned(),
            Self::Payload(SignedPayload::Hash) => {
                "the body was changed on its way, or this service does not hash it: try --unsigned-payload".to_owned()
            }
            Self::Payload(SignedPayload::Unsigned) => {
                "this service wants the body hashed: leave --unsigned-payload out, and give a file with --data-binary @FILE".to_owned()
            }
            Self::Payload(SignedPayload::Streaming) => {
                "this service knows no aws-chunked bodies: send the file whole and hashed, with --data-binary @FILE".to_owned()
            }
            Self::Algorithm => "the server expects the other algorithm: try --algorithm".to_owned(),
            Self::Time => "the date was changed on its way".to_owned(),
            Self::Scope => "the server is another service or in another region: check --service, --region and --region-set".to_owned(),
            Self::None => "the secret access key is not the one of this access key ID: check for another profile, old keys in the \
                           environment, and for SigV4a that the key pair is derived from this ID"
                .to_owned(),
        }
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let part = match self {
            Self::Method => "the method",
            Self::Path => "the path",
            Self::Query => "the query",
            Self::HeaderGone(name) => {
                return write!(f, "the header `{name}` was signed, and the server did not get it");
            }
            Self::HeaderChanged(name) => return write!(f, "the header `{name}` is not the one that was signed"),
            Self::HeaderAdded(name) => return write!(f, "the server got more of the header `{name}` than was signed"),
            Self::SignedHeaders => "the list of signed headers",
            Self::Payload(_) => "the payload, in the last line of the canonical request,",
            Self::Algorithm => "the algorithm",
            Self::Time => "the time",
            Self::Scope => "the credential scope",
            Self::None => return f.write_str("the server computed over the same: every line is as signed here"),
        };
        write!(f, "{part} is not the one that was signed")
    }
}

/// What was signed about the body here.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum SignedPayload {
    Hash,
    Unsigned,
    /// Piece by piece.
    Streaming,
}

impl SignedPayload {
    /// Of the last line of a canonical request.
    fn of(line: &str) -> Self {
        match line {
            "UNSIGNED-PAYLOAD" => Self::Unsigned,
            _ if line.starts_with("STREAMING-") => Self::Streaming,
            _ => Self::Hash,
        }
    }
}

/// The parts of a canonical request.
struct Canonical<'a> {
    method: &'a str,
    path: &'a str,
    query: &'a str,
    headers: Vec<(&'a str, &'a str)>,
    signed_headers: &'a str,
    payload: &'a str,
}

impl<'a> Canonical<'a> {
    fn of(text: &'a str) -> Self {
        let mut lines = text.split('\n');
        let mut next = || lines.next().unwrap_or_default();
        let (method, path, query) = (next(), next(), next());
        let mut headers = Vec::new();
        while let Some(header) = next().split_once(':') {
            headers.push(header);
        }
        Self { method, path, query, headers, signed_headers: next(), payload: next() }
    }
}

fn between_headers(ours: &Canonical<'_>, server: &Canonical<'_>) -> Option<Difference> {
    let value = |of: &Canonical<'_>, name: &str| {
        of.headers.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
    };
    for (name, signed) in &ours.headers {
        match value(server, name) {
            None => return Some(Difference::HeaderGone((*name).to_owned())),
            // Some servers write a header without a value for one that they did not get.
            Some(got) if got.is_empty() && !signed.is_empty() => {
                return Some(Difference::HeaderGone((*name).to_owned()));
            }
            Some(got) if got != *signed => return Some(Difference::HeaderChanged((*name).to_owned())),
            Some(_) => {}
        }
    }
    let added = server.headers.iter().find(|(name, _)| value(ours, name).is_none());
    added.map(|(name, _)| Difference::HeaderAdded((*name).to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_signed_about_the_body_decides_the_hint() {
        let canonical = |payload: &str| format!("PUT\n/\n\nhost:a\n\nhost\n{payload}");
        let server = |payload: &str| ServersView { canonical_request: canonical(payload), string_to_sign: None };
        for (ours, theirs, words) in [
            ("aa", "bb", "try --unsigned-payload"),
            ("aa", "UNSIGNED-PAYLOAD", "try --unsigned-payload"),
            ("UNSIGNED-PAYLOAD", "aa", "leave --unsigned-payload out"),
            ("STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD", "aa", "--data-binary @FILE"),
        ] {
            let difference = Difference::between(&canonical(ours), "", &server(theirs));
            assert!(matches!(difference, Difference::Payload(_)), "{difference:?}");
            assert!(difference.hint().contains(words), "{ours}: {}", difference.hint());
            assert_eq!(Difference::between(&canonical(ours), "", &server(ours)), Difference::None);
        }
    }
}
