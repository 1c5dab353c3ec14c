//! The parameters of a query that others could use.

/// What stands in the place of a secret.
pub(crate) const HIDDEN: &str = "(hidden)";

/// A query whose parameters sign nothing.
pub(crate) fn hide(query: &str) -> String {
    const SECRET: [&str; 3] = ["x-amz-signature", "x-amz-security-token", "x-amz-s3session-token"];
    let pair = |pair: &str| match pair.split_once('=') {
        Some((name, _)) if SECRET.iter().any(|secret| name.eq_ignore_ascii_case(secret)) => format!("{name}={HIDDEN}"),
        _ => pair.to_owned(),
    };
    query.split('&').map(pair).collect::<Vec<_>>().join("&")
}
