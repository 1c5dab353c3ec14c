//! Requests on their way, as the signer of the library sends them.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use bytes::Bytes;
use http::{
    HeaderMap, HeaderValue, Request, StatusCode,
    header::{ACCEPT, AUTHORIZATION, HeaderName, USER_AGENT},
    request::Parts,
};
use http_body_util::Full;
use reqwest::{Body, Client};
use sigv4a::{
    Timestamp,
    client::{Hint, SignedBody},
};

use super::{
    answer::{Answer, Clock, Sent},
    conversation::Conversation,
    failure::{Failure, SentBody, Way},
    file_body::FileBody,
    paced_body::PacedBody,
    proxy::Proxies,
};
use crate::error::{self, CliError};

/// Sends what is signed, and says what happens between.
pub(super) struct Transport<'a> {
    pub(super) client: &'a Client,
    pub(super) proxies: &'a Proxies,
    pub(super) conversation: Conversation,
    pub(super) clock: Clock,
    /// The signature before this one, and how it was answered.
    pub(super) before: Option<(Option<Timestamp>, StatusCode)>,
}

impl sigv4a::client::Transport<FileBody> for Transport<'_> {
    type Answer = Answer;
    type Error = Failure;

    async fn send(&mut self, request: Request<SignedBody<FileBody>>) -> Result<Answer, Failure> {
        let (parts, mut body) = request.into_parts();
        let whole = body.take_whole();
        let host = parts.uri.authority().map(ToString::to_string).unwrap_or_default();
        self.say_why_again(&parts, &host);
        let sent = Sent { parts: parts.clone(), body: whole.clone() };
        let is_given = Arc::new(AtomicBool::new(false));
        let body = match whole {
            // A body of nothing would be a length of 0 on a GET.
            Some(bytes) => {
                (!bytes.is_empty()).then(|| Body::wrap(PacedBody::new(Full::new(bytes), Arc::clone(&is_given))))
            }
            None => Some(Body::wrap(PacedBody::new(body, Arc::clone(&is_given)))),
        };
        let proxy = self.proxies.of(&parts.uri);
        if let Some(proxy) = &proxy {
            self.conversation.line(&format!("through {proxy}"));
        }
        let has_body = body.is_some();
        let request = to_reqwest(parts, body)?;
        self.conversation.request(&request);
        let outcome = self.client.execute(request).await;
        let response = outcome.map_err(|error| {
            let sent = if has_body && !is_given.load(Ordering::Acquire) { SentBody::Part } else { SentBody::Whole };
            Failure::of(&error, &host, Way { proxy: proxy.as_ref(), sent })
        })?;
        let answer = Answer::new(response, sent, self.clock);
        self.conversation.answer(&answer.head);
        self.before = Some((signed_at(&answer.sent.parts), answer.head.status));
        Ok(answer)
    }

    fn status(answer: &Answer) -> StatusCode {
        answer.head.status
    }

    fn headers(answer: &Answer) -> &HeaderMap {
        answer.lesson()
    }

    async fn peek(answer: Answer) -> (Answer, Bytes) {
        answer.peek().await
    }

    fn add_hint(answer: &mut Answer, hint: Hint) {
        answer.hint = Some(hint);
    }
}

/// In seconds: the least by which a corrected clock differs is more.
const CORRECTED: u64 = 60;

impl Transport<'_> {
    fn say_why_again(&self, parts: &Parts, host: &str) {
        let Some((before, status)) = self.before else { return };
        if status.is_redirection() {
            let signed =
                if parts.headers.contains_key(AUTHORIZATION) { "signed anew" } else { "unsigned, another origin" };
            self.conversation.line(&format!("redirected ({status}) to {host}: {signed}"));
            return;
        }
        let times = before.zip(signed_at(parts)).map(|(before, now)| now.as_unix() - before.as_unix());
        error::note(&match times {
            Some(off) if off.unsigned_abs() > CORRECTED => {
                let (of, than) = (off.unsigned_abs() / 60, if off > 0 { "behind" } else { "ahead of" });
                format!(
                    "note: the clock of this machine is {of} minutes {than} that of {host}, which answered {status}: signed \
                     again with its time"
                )
            }
            _ => format!(
                "note: {host} says that the session token has expired: the credentials were read and signed with again"
            ),
        });
    }
}

const AMZ_DATE: HeaderName = HeaderName::from_static("x-amz-date");

/// The time in the signature of a request.
pub(super) fn signed_at(parts: &Parts) -> Option<Timestamp> {
    Timestamp::parse_amz_date(parts.headers.get(AMZ_DATE)?.to_str().ok()?).ok()
}

/// The request of reqwest, with what every client says of itself; that is not signed, as curl's is not.
fn to_reqwest(parts: Parts, body: Option<Body>) -> Result<reqwest::Request, CliError> {
    let uri = parts.uri.clone();
    let refused = || {
        let (expected, hint) = match has_dots(uri.path()) {
            true => (
                "a path without dot segments, which this client resolves before it sends them",
                "`sigv4a sign -o curl` prints a command that sends them",
            ),
            false => (
                "a path and a query that can be sent as they are signed",
                "this client percent-encodes some marks: do so in the URL, or leave --uri-policy as it is; `sigv4a sign -o \
                 curl` prints a command that sends them as they are",
            ),
        };
        CliError::usage(format!("expected {expected}, found {}", uri.path()), hint)
    };
    let mut request = reqwest::Request::try_from(Request::from_parts(parts, Body::default())).map_err(|_| refused())?;
    if request.url().path() != uri.path() || request.url().query() != uri.query() {
        return Err(refused());
    }
    *request.body_mut() = body;
    let headers = request.headers_mut();
    headers.entry(ACCEPT).or_insert(HeaderValue::from_static("*/*"));
    headers.entry(USER_AGENT).or_insert(HeaderValue::from_static(concat!("sigv4a/", env!("CARGO_PKG_VERSION"))));
    Ok(request)
}

/// Whether a segment is `.` or `..`, also percent-encoded.
fn has_dots(path: &str) -> bool {
    path.split('/').any(|segment| matches!(segment.to_ascii_lowercase().replace("%2e", ".").as_str(), "." | ".."))
}
