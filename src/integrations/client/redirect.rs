//! Redirects: to the same origin signed anew, to any other without anything of ours.

use http::{
    HeaderMap, HeaderName, Method, StatusCode,
    header::{
        AUTHORIZATION, CONTENT_ENCODING, CONTENT_LANGUAGE, CONTENT_LENGTH, CONTENT_LOCATION, CONTENT_TYPE, COOKIE,
        HOST, LOCATION, PROXY_AUTHORIZATION, TRANSFER_ENCODING, WWW_AUTHENTICATE,
    },
    request::Parts,
};
use url::{Origin, Url};

/// What happens when the answer is a redirect.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Redirects {
    /// It is the answer.
    #[default]
    GiveBack,
    /// It is followed, up to ten times, if the body can be sent again. To the same scheme, host and port the request is
    /// signed anew. To any other it goes without signature, token, cookies, `x-api-key` and every `x-amz-*` header, and never
    /// becomes signed again; a body does not go there at all: a redirect that asks for it (307, 308) is the answer, with
    /// [`Hint::BodyForAnotherOrigin`](super::Hint::BodyForAnotherOrigin).
    Follow,
}

/// What browsers and reqwest do.
pub(super) const MOST: u8 = 10;

/// Who gets the next request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Receiver {
    SameOrigin,
    Stranger,
}

/// Whether the next request has the body of this one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NextBody {
    Same,
    None,
}

/// Turns the request into the one that an answer asks for; `None` if it asks for none.
pub(super) fn follow(parts: &mut Parts, status: StatusCode, headers: &HeaderMap) -> Option<(Receiver, NextBody)> {
    let body = match status {
        StatusCode::SEE_OTHER if parts.method != Method::HEAD => NextBody::None,
        StatusCode::MOVED_PERMANENTLY | StatusCode::FOUND if parts.method == Method::POST => NextBody::None,
        StatusCode::MOVED_PERMANENTLY
        | StatusCode::FOUND
        | StatusCode::SEE_OTHER
        | StatusCode::TEMPORARY_REDIRECT
        | StatusCode::PERMANENT_REDIRECT => NextBody::Same,
        _ => return None,
    };
    let here = Url::parse(&parts.uri.to_string()).ok()?;
    let mut there = here.join(headers.get(LOCATION)?.to_str().ok()?).ok()?;
    if !matches!(there.scheme(), "http" | "https") {
        return None;
    }
    // Clients make an `Authorization` of these.
    let _ = there.set_username("");
    let _ = there.set_password(None);
    there.set_fragment(None);
    let receiver = match is_same_origin(&here.origin(), &there.origin()) {
        true => Receiver::SameOrigin,
        false => Receiver::Stranger,
    };
    parts.uri = there.as_str().parse().ok()?;
    if body == NextBody::None {
        parts.method = if parts.method == Method::HEAD { Method::HEAD } else { Method::GET };
        for name in
            [CONTENT_ENCODING, CONTENT_LANGUAGE, CONTENT_LENGTH, CONTENT_LOCATION, CONTENT_TYPE, TRANSFER_ENCODING]
        {
            parts.headers.remove(name);
        }
        remove_where(&mut parts.headers, is_of_body);
    }
    if receiver == Receiver::Stranger {
        forget_secrets(&mut parts.headers);
    }
    Some((receiver, body))
}

fn is_same_origin(here: &Origin, there: &Origin) -> bool {
    here.is_tuple() && here == there
}

/// API Gateway's second key, for usage plans.
const API_KEY: HeaderName = HeaderName::from_static("x-api-key");

/// Whatever could be a secret or belongs to the signature: not only what we added, for `x-amz-*` may be the caller's keys.
fn forget_secrets(headers: &mut HeaderMap) {
    for name in [AUTHORIZATION, COOKIE, HOST, PROXY_AUTHORIZATION, WWW_AUTHENTICATE, API_KEY] {
        headers.remove(name);
    }
    remove_where(headers, |name| name.starts_with("x-amz-"));
}

/// Whether a header of S3 is about the body of an upload. `x-amz-checksum-mode` asks for something of a download.
fn is_of_body(name: &str) -> bool {
    const OF_BODY: [&str; 4] =
        ["content-md5", "x-amz-decoded-content-length", "x-amz-sdk-checksum-algorithm", "x-amz-trailer"];
    OF_BODY.contains(&name) || name.starts_with("x-amz-checksum-") && name != "x-amz-checksum-mode"
}

fn remove_where(headers: &mut HeaderMap, is_meant: impl Fn(&str) -> bool) {
    let meant: Vec<HeaderName> = headers.keys().filter(|name| is_meant(name.as_str())).cloned().collect();
    for name in meant {
        headers.remove(name);
    }
}
