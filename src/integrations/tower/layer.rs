//! The layer.

use std::{fmt, sync::Arc};

use tower_layer::Layer;

use super::{
    VerifyService,
    keys::VerificationKeys,
    replay::{ReplayCheck, Seen},
};
use crate::{
    error::ParseError,
    integrations::clock,
    types::Timestamp,
    verify::{AnswerStyle, Streaming, Verified, Verifier},
};

/// Lets only requests pass whose signature a [`Verifier`] accepts.
///
/// The service inside finds a [`Verified`] in the extensions of the request: who sent it. A refused request never reaches
/// it; the client gets an answer in the style of AWS, whose extensions hold the
/// [`VerifyError`](crate::VerifyError) for your log.
///
/// **Put it outside of everything that changes a request**: routers that strip a prefix (`nest`), layers that decompress
/// a body, normalise a path or add headers. What was signed is what came over the wire; inside of such a layer every
/// signature is wrong. Layers that only watch (tracing, metrics, timeouts) may be outside of it, and a limit of
/// concurrent requests should be.
///
/// Headers that carry secrets, the session token and the keys of SSE-C among them, are marked as sensitive.
///
/// A body that is aws-chunked reaches the service decoded, `content-encoding` and `content-length` say so, and its
/// signatures, trailers and checksums are right.
///
/// The body is read whole before the service is called, up to a limit, and only for requests whose signature is right;
/// see [`with_body_check`](Self::with_body_check) for large ones.
///
/// ```no_run
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use sigv4a::{Region, Service, StaticKeys, VerificationKey, Verifier, tower::VerifyLayer};
/// let keys = StaticKeys::new().with(VerificationKey::new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")?);
/// let layer = VerifyLayer::new(Verifier::new(Service::EXECUTE_API, Region::new("us-east-1")?), keys);
/// # Ok(())
/// # }
/// ```
pub struct VerifyLayer<K> {
    settings: Arc<Settings<K>>,
}

/// What layer, service and future share.
pub(super) struct Settings<K> {
    pub(super) verifier: Verifier,
    pub(super) keys: Arc<K>,
    pub(super) hosts: Vec<Box<str>>,
    pub(super) body_limit: u64,
    pub(super) body_check: BodyCheck,
    pub(super) echo: Echo,
    pub(super) style: AnswerStyle,
    pub(super) replay: Option<ReplayCheck>,
    pub(super) clock: Clock,
}

pub(super) type Clock = Arc<dyn Fn() -> Result<Timestamp, ParseError> + Send + Sync>;

/// When a body is compared with the hash that was signed.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum BodyCheck {
    /// Before the service sees any of it: the body is held in memory, up to the limit.
    #[default]
    First,
    /// While the service reads it: if it is another than the one signed, an error comes in place of its last piece. **The
    /// service must not act on a body before it has ended.** A body whose hash the request does not say (API Gateway's
    /// are of that kind) is still read first, and so is one of no bytes, whose end nobody waits for.
    AtItsEnd,
}

/// Whether the canonical request goes into the answer to a wrong signature, as AWS does it.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Echo {
    /// It does not.
    #[default]
    Off,
    /// It does: for test servers, and for those whose clients must debug. It shows the client what it sent, session token
    /// included, to whoever reads the answer.
    On,
}

/// What API Gateway accepts.
const BODY_LIMIT: u64 = 10 * 1024 * 1024;

impl<K: VerificationKeys> VerifyLayer<K> {
    /// A layer that demands what the verifier demands, with keys from `keys`.
    #[must_use]
    pub fn new(verifier: Verifier, keys: K) -> Self {
        let style = verifier.answer_style();
        let verifier = verifier.with_streaming(Streaming::WillBeDecoded);
        Self {
            settings: Arc::new(Settings {
                verifier,
                keys: Arc::new(keys),
                hosts: Vec::new(),
                body_limit: BODY_LIMIT,
                body_check: BodyCheck::First,
                echo: Echo::Off,
                style,
                replay: None,
                clock: Arc::new(clock::now),
            }),
        }
    }

    /// Accepts bodies up to this many bytes; 10 MiB unless told otherwise.
    #[must_use]
    pub fn with_body_limit(self, bytes: u64) -> Self {
        self.set(|settings| settings.body_limit = bytes)
    }

    /// Says when a body is compared with its hash.
    #[must_use]
    pub fn with_body_check(self, check: BodyCheck) -> Self {
        self.set(|settings| settings.body_check = check)
    }

    /// The hosts that clients may sign for, the likeliest first, for a server behind a proxy that rewrites `Host`. The
    /// request's own is not looked at then; [`Verified::host`] is the one that was signed.
    #[must_use]
    pub fn with_hosts(self, hosts: impl IntoIterator<Item = impl Into<Box<str>>>) -> Self {
        let hosts = hosts.into_iter().map(Into::into).collect();
        self.set(|settings| settings.hosts = hosts)
    }

    /// Says whether clients see what their signature was expected over.
    #[must_use]
    pub fn with_echo(self, echo: Echo) -> Self {
        self.set(|settings| settings.echo = echo)
    }

    /// Answers in another style than the service's.
    #[must_use]
    pub fn with_answer_style(self, style: AnswerStyle) -> Self {
        self.set(|settings| settings.style = style)
    }

    /// Asks about every verified request whether it was seen before. Remember what tells, see
    /// [`Verified::replay_id`], for as long as the verifier accepts a request: a presigned URL for up to a week.
    #[must_use]
    pub fn with_replay_check<F: Future<Output = Seen> + Send + 'static>(
        self,
        check: impl Fn(Verified) -> F + Send + Sync + 'static,
    ) -> Self {
        self.set(|settings| settings.replay = Some(ReplayCheck::new(check)))
    }

    /// Reads the time elsewhere than from the system's clock.
    #[must_use]
    pub fn with_clock(self, clock: impl Fn() -> Result<Timestamp, ParseError> + Send + Sync + 'static) -> Self {
        self.set(|settings| settings.clock = Arc::new(clock))
    }

    fn set(self, change: impl FnOnce(&mut Settings<K>)) -> Self {
        let mut settings = Arc::unwrap_or_clone(self.settings);
        change(&mut settings);
        Self { settings: Arc::new(settings) }
    }
}

impl<S, K> Layer<S> for VerifyLayer<K> {
    type Service = VerifyService<S, K>;

    fn layer(&self, inner: S) -> Self::Service {
        VerifyService::new(inner, Arc::clone(&self.settings))
    }
}

impl<K> Clone for VerifyLayer<K> {
    fn clone(&self) -> Self {
        Self { settings: Arc::clone(&self.settings) }
    }
}

impl<K> Clone for Settings<K> {
    fn clone(&self) -> Self {
        Self {
            verifier: self.verifier.clone(),
            keys: Arc::clone(&self.keys),
            hosts: self.hosts.clone(),
            body_limit: self.body_limit,
            body_check: self.body_check,
            echo: self.echo,
            style: self.style,
            replay: self.replay.clone(),
            clock: Arc::clone(&self.clock),
        }
    }
}

impl<K> fmt::Debug for VerifyLayer<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VerifyLayer").field("verifier", &self.settings.verifier).finish_non_exhaustive()
    }
}
