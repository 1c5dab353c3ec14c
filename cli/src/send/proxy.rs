//! The proxy that a request goes through, and who named it.

use std::fmt;

use http::Uri;
use hyper_util::client::proxy::matcher::Matcher;

use crate::error::CliError;

/// The proxies of this process's environment, as reqwest reads it.
pub(super) struct Proxies(Option<Matcher>);

/// One of them.
#[derive(Debug, Clone)]
pub(super) struct Proxy {
    /// Without its user and password.
    address: String,
    variable: Option<&'static str>,
}

impl Proxies {
    /// For a client that takes none.
    pub(super) const NONE: Self = Self(None);

    pub(super) fn of_process() -> Self {
        Self(Some(Matcher::from_system()))
    }

    /// The one for a URL.
    pub(super) fn of(&self, uri: &Uri) -> Option<Proxy> {
        let used = self.0.as_ref()?.intercept(uri)?;
        let (scheme, authority) = (used.uri().scheme_str().unwrap_or("http"), used.uri().authority()?);
        let variable = named(uri).find(|(_, value)| is_usable(value, uri)).map(|(name, _)| name);
        Some(Proxy { address: format!("{scheme}://{authority}"), variable })
    }

    /// Refuses what reqwest would leave out of account without a word: the request would go where it must not.
    pub(super) fn check(&self, uri: &Uri) -> Result<(), CliError> {
        // The value may hold a password.
        let refused = |variable: &str, hint| {
            CliError::usage(
                format!("expected the URL of an HTTP proxy in the variable {variable}, found another"),
                hint,
            )
        };
        let Some(matcher) = &self.0 else { return Ok(()) };
        if let Some(used) = matcher.intercept(uri) {
            return match (used.uri().scheme_str(), named(uri).next()) {
                (Some("http" | "https"), _) | (_, None) => Ok(()),
                (_, Some((variable, _))) => Err(refused(variable, "SOCKS is not spoken: take http://HOST:PORT")),
            };
        }
        match named(uri).next() {
            Some((variable, value)) if !is_excepted(uri) && !is_usable(&value, uri) => {
                Err(refused(variable, "write it as http://HOST:PORT, or unset the variable"))
            }
            _ => Ok(()),
        }
    }
}

impl fmt::Display for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the proxy {} of {}", self.address, self.variable.unwrap_or("the system"))
    }
}

/// The variables that count for a URL, and their values, in their order.
fn named(uri: &Uri) -> impl Iterator<Item = (&'static str, String)> {
    let own = match uri.scheme_str() {
        Some("https") => ["HTTPS_PROXY", "https_proxy"],
        _ => ["HTTP_PROXY", "http_proxy"],
    };
    [own, ["ALL_PROXY", "all_proxy"]].into_iter().filter_map(first).filter(|(_, value)| !value.is_empty())
}

fn is_usable(value: &str, uri: &Uri) -> bool {
    Matcher::builder().all(value).build().intercept(uri).is_some()
}

/// Whether NO_PROXY has the host.
fn is_excepted(uri: &Uri) -> bool {
    let except = first(["NO_PROXY", "no_proxy"]).map(|(_, value)| value).unwrap_or_default();
    Matcher::builder().all("http://proxy").no(except).build().intercept(uri).is_none()
}

/// Of two spellings the one that is set, or the first.
#[expect(
    clippy::disallowed_methods,
    reason = "the client reads these variables too, and does not say which one it took"
)]
fn first(names: [&'static str; 2]) -> Option<(&'static str, String)> {
    names.into_iter().find_map(|name| Some((name, std::env::var(name).ok()?)))
}
