//! Where to connect to, if that is not where the URL says.

/// One `--connect-to` or `--resolve`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Route {
    /// `None`: whatever the URL says.
    pub(crate) host: Option<String>,
    /// `None`: any.
    pub(crate) port: Option<u16>,
    /// `None`: the host itself.
    pub(crate) to_host: Option<String>,
    /// `None`: the same port.
    pub(crate) to_port: Option<u16>,
}

/// `HOST:PORT:HOST2:PORT2`, where each may be empty.
pub(super) fn connect_to(text: &str) -> Result<Route, String> {
    let malformed = || format!("expected HOST:PORT:HOST2:PORT2, each of which may be empty, found `{text}`");
    let (host, port, to) = from(text).ok_or_else(malformed)?;
    let (to_host, to_port) = to.rsplit_once(':').ok_or_else(malformed)?;
    Ok(Route { host, port, to_host: name(to_host), to_port: number(to_port).ok_or_else(malformed)? })
}

/// `HOST:PORT:ADDRESS`.
pub(super) fn resolve(text: &str) -> Result<Route, String> {
    let malformed = || format!("expected HOST:PORT:ADDRESS with an IP address, found `{text}`");
    let (host, port, address) = from(text).ok_or_else(malformed)?;
    let address = bare(address);
    match address.parse::<std::net::IpAddr>() {
        Ok(_) => Ok(Route { host, port, to_host: name(address), to_port: None }),
        Err(_) => Err(malformed()),
    }
}

/// The part before the second colon, and what is after it.
fn from(text: &str) -> Option<(Option<String>, Option<u16>, &str)> {
    let (host, rest) = text.split_once(':')?;
    let (port, to) = rest.split_once(':')?;
    Some((name(host), number(port)?, to))
}

fn name(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| bare(text).to_ascii_lowercase())
}

/// An IPv6 address without its brackets.
fn bare(text: &str) -> &str {
    text.strip_prefix('[').and_then(|text| text.strip_suffix(']')).unwrap_or(text)
}

/// Nothing, or a port; `None` for anything else.
fn number(text: &str) -> Option<Option<u16>> {
    match text.is_empty() {
        true => Some(None),
        false => text.parse().ok().map(Some),
    }
}
