//! An answer, and the request that it answers.

use bytes::Bytes;
use http::{HeaderMap, header::DATE, request, response};
use reqwest::Body;
use sigv4a::client::{Hint, PeekedBody};

/// A request as it was signed and sent.
#[derive(Debug)]
pub(super) struct Sent {
    pub(super) parts: request::Parts,
    /// `None`: it was not in memory.
    pub(super) body: Option<Bytes>,
}

/// Its body is whole, whatever was looked at.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) head: response::Parts,
    pub(super) body: PeekedBody<Body>,
    pub(super) sent: Sent,
    pub(super) hint: Option<Hint>,
    /// The beginning of the body, if somebody looked.
    seen: Option<Bytes>,
    /// What the signer learns from.
    lesson: HeaderMap,
}

/// Where the time of signatures comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Clock {
    /// The clock; a server may correct it.
    Ours,
    /// `--time`: that very time was asked for, so no server is heard about it.
    Given,
}

impl Answer {
    pub(super) fn new(response: reqwest::Response, sent: Sent, clock: Clock) -> Self {
        let (head, body) = http::Response::<Body>::from(response).into_parts();
        let mut lesson = head.headers.clone();
        if clock == Clock::Given {
            lesson.remove(DATE);
        }
        Self { head, body: PeekedBody::unseen(body), sent, hint: None, seen: None, lesson }
    }

    pub(super) const fn lesson(&self) -> &HeaderMap {
        &self.lesson
    }

    /// Looks at the beginning of the body, some kilobytes.
    pub(super) async fn peek(mut self) -> (Self, Bytes) {
        if let Some(seen) = &self.seen {
            let seen = seen.clone();
            return (self, seen);
        }
        let (body, seen) = self.body.peek().await;
        self.body = body;
        self.seen = Some(seen.clone());
        (self, seen)
    }
}
