//! The signer of an HTTP client.

use std::sync::Arc;

use http::{
    HeaderMap, StatusCode,
    header::{DATE, HOST},
    request::Parts,
};

use super::{
    Attempt, BodySigning, Hint, Reason, Redirects, Verdict, answer, attempt::DatedBy, clock_skew::ClockSkew,
    endpoints::Endpoints, host_pattern::HostPattern, settings::Settings,
};
use crate::{
    crypto::Provider,
    error::{ParseError, ParseErrorKind, SignError, SignErrorKind},
    integrations::credentials::CredentialsProvider,
    sign::{SignerConfig, SigningOptions},
    types::{Checksum, Credentials, Timestamp},
};

/// Signs what an HTTP client sends: any request to any host, each attempt anew.
///
/// Algorithm, service and region or region set follow from the [`SignerConfig`] and the host of each request, see
/// [`SignerConfig::resolve`]. Credentials come from a [`CredentialsProvider`]; a value of [`Credentials`] is one. The time is
/// the clock's, corrected for hosts whose answers said that it is off, or that of the request's `Date` header if it has one.
///
/// Cloning is cheap; clones share what they have learnt about clocks.
#[derive(Debug, Clone)]
pub struct RequestSigner {
    settings: Arc<Settings>,
    endpoints: Arc<Endpoints>,
    skew: Arc<ClockSkew>,
}

impl RequestSigner {
    /// A signer with what is configured and the credentials of a provider.
    #[must_use]
    pub fn new(config: SignerConfig, credentials: impl CredentialsProvider + 'static) -> Self {
        Self {
            settings: Arc::new(Settings::new(config, Arc::new(credentials))),
            endpoints: Arc::new(Endpoints::new()),
            skew: Arc::new(ClockSkew::new()),
        }
    }

    /// Adds the configuration of the environment, for what neither the other one nor a host tells; see the table of
    /// [`SignerConfig`].
    #[must_use]
    pub fn with_ambient(self, ambient: SignerConfig) -> Self {
        self.set(|settings| settings.ambient = ambient)
    }

    /// Signs in another manner than the service's usual.
    #[must_use]
    pub fn with_options(self, change: impl Fn(SigningOptions) -> SigningOptions + Send + Sync + 'static) -> Self {
        self.set(|settings| settings.options = Some(Arc::new(change)))
    }

    /// Computes with another back end.
    #[must_use]
    pub fn with_provider(self, provider: Provider) -> Self {
        self.set(|settings| settings.provider = provider)
    }

    /// Signs for these hosts only, and only what goes to them; `*.example.com` is every host below it. Without it, every host
    /// is signed for that the configuration suffices for: with a configured service, that is every host.
    ///
    /// A request whose `Host` header is another than its URI's must have both named: a redirect keeps the header, and would
    /// take the signature and the token to wherever it leads.
    ///
    /// # Errors
    /// [`Host`](ParseErrorKind::Host).
    pub fn with_hosts<'a>(self, hosts: impl IntoIterator<Item = &'a str>) -> Result<Self, ParseError> {
        let hosts = hosts.into_iter().map(HostPattern::new).collect::<Result<_, _>>()?;
        Ok(self.set(|settings| settings.hosts = hosts))
    }

    /// Says how bodies are signed.
    #[must_use]
    pub fn with_body_signing(self, signing: BodySigning) -> Self {
        self.set(|settings| settings.body_signing = signing)
    }

    /// How many bytes of a body that is not in memory may be read into it; 10 MiB unless told otherwise.
    #[must_use]
    pub fn with_body_limit(self, bytes: u64) -> Self {
        self.set(|settings| settings.body_limit = bytes)
    }

    /// Computes a checksum of bodies that are signed piece by piece, and sends it after them.
    #[must_use]
    pub fn with_checksum(self, checksum: Checksum) -> Self {
        self.set(|settings| settings.checksum = Some(checksum))
    }

    /// Says what happens to redirects.
    #[must_use]
    pub fn with_redirects(self, redirects: Redirects) -> Self {
        self.set(|settings| settings.redirects = redirects)
    }

    /// Reads the time elsewhere than from the system's clock.
    #[must_use]
    pub fn with_clock(self, clock: impl Fn() -> Result<Timestamp, ParseError> + Send + Sync + 'static) -> Self {
        self.set(|settings| settings.clock = Arc::new(clock))
    }

    /// Signs a request whose body is in memory, in place.
    ///
    /// # Errors
    /// As [`attempt`](Self::attempt) and [`SignerExt::sign`](crate::SignerExt::sign); then the request is unchanged.
    pub async fn sign_request<B: AsRef<[u8]>>(&self, request: &mut http::Request<B>) -> Result<Attempt, SignError> {
        let attempt = self.attempt(request.uri(), request.headers()).await?;
        crate::sign::SignerExt::sign_request(&attempt.signer, request, attempt.at)?;
        Ok(attempt)
    }

    /// Signs the parts of a request, in place.
    ///
    /// # Errors
    /// As [`attempt`](Self::attempt) and [`SignerExt::sign`](crate::SignerExt::sign); then the parts are unchanged.
    pub async fn sign(&self, parts: &mut Parts, body: &[u8]) -> Result<Attempt, SignError> {
        let attempt = self.attempt(&parts.uri, &parts.headers).await?;
        attempt.sign(parts, body)?;
        Ok(attempt)
    }

    /// Decides who signs a request and when, which [`Attempt::sign`] then does.
    ///
    /// # Errors
    /// As [`SignerConfig::resolve`]; [`HostNotAllowed`](SignErrorKind::HostNotAllowed);
    /// [`MissingCredentials`](SignErrorKind::MissingCredentials), [`CredentialsExpired`](SignErrorKind::CredentialsExpired)
    /// or [`CredentialsProvider`](SignErrorKind::CredentialsProvider) when there are no credentials to be had;
    /// [`Timestamp`](ParseErrorKind::Timestamp) for a `Date` that is none.
    pub async fn attempt(&self, uri: &http::Uri, headers: &HeaderMap) -> Result<Attempt, SignError> {
        let settings = &*self.settings;
        let host = signed_host(uri, headers)?;
        let hosts = [Some(host), authority(uri)];
        if let Some(host) = hosts.into_iter().flatten().find(|host| !settings.allows(host)) {
            let message = format!("expected a host that this client may sign for, found `{host}`");
            return Err(SignError::new(SignErrorKind::HostNotAllowed, message));
        }
        self.endpoints.check(host, settings)?;
        let mut credentials = settings.credentials.provide().await?;
        let began = (settings.clock)()?;
        let mut offset = self.skew.offset(host);
        let (mut at, dated_by) = match headers.get(DATE) {
            Some(date) => (read_date(date)?, DatedBy::Header),
            None => (Timestamp::from_unix(began.as_unix().saturating_add(offset)).unwrap_or(began), DatedBy::Clock),
        };
        // The provider goes by this machine's clock; where that is slow, the server knows better.
        if dated_by == DatedBy::Clock && has_ended(&credentials, at) {
            settings.credentials.forget(&credentials);
            credentials = settings.credentials.provide().await?;
            // Nobody issues what has ended: then it is the server that is wrong, and may correct itself.
            if has_ended(&credentials, at) {
                self.skew.forget(host);
                (offset, at) = (0, began);
            }
        }
        let signer = self.endpoints.signer(host, settings, &credentials)?;
        Ok(Attempt { signer, at, credentials, host: host.into(), began, offset, dated_by })
    }

    /// Learns from an answer: how far our clock is off, and whether the credentials have expired. `body` may be the first
    /// few kilobytes of the answer's body; without it, an expired token at S3 is not noticed.
    pub fn learn(&self, attempt: &Attempt, status: StatusCode, headers: &HeaderMap, body: &[u8]) -> Verdict {
        let date = answer::server_time(headers);
        // A time at which they have ended corrects nothing: signing with it would fail.
        let is_ended = date.is_some_and(|date| has_ended(&attempt.credentials, date));
        if let (false, Some(date), Ok(now)) = (is_ended, date, (self.settings.clock)()) {
            let offset = self.skew.record(&attempt.host, date, attempt.began, now);
            if answer::is_clock_skew(attempt, status, offset) {
                return Verdict::SignAgain(Reason::ClockSkew);
            }
        }
        if is_ended && answer::is_refusal(status) || answer::is_token_expired(attempt, status, headers, body) {
            self.settings.credentials.forget(&attempt.credentials);
            return Verdict::SignAgain(Reason::CredentialsExpired);
        }
        Verdict::Final
    }

    /// What may be behind an answer, if it does not say it itself.
    #[must_use]
    pub fn hint(&self, attempt: &Attempt, status: StatusCode, headers: &HeaderMap, body: &[u8]) -> Option<Hint> {
        answer::hint(attempt, status, headers, body)
    }

    pub(super) fn settings(&self) -> &Settings {
        &self.settings
    }

    fn set(mut self, change: impl FnOnce(&mut Settings)) -> Self {
        change(Arc::make_mut(&mut self.settings));
        // What was decided for a host was decided with other settings.
        self.endpoints = Arc::new(Endpoints::new());
        self
    }
}

/// The host that will be signed: an explicit `Host` header, else the URI's.
fn signed_host<'a>(uri: &'a http::Uri, headers: &'a HeaderMap) -> Result<&'a str, SignError> {
    let given = headers.get(HOST).and_then(|value| value.to_str().ok());
    given.or_else(|| authority(uri)).ok_or_else(|| {
        let message = "expected a `Host` header or a URI with a host, found neither";
        SignError::new(SignErrorKind::MissingHost, message)
    })
}

fn authority(uri: &http::Uri) -> Option<&str> {
    uri.authority().map(http::uri::Authority::as_str)
}

fn has_ended(credentials: &Credentials, at: Timestamp) -> bool {
    credentials.expires_at().is_some_and(|end| end <= at)
}

fn read_date(value: &http::HeaderValue) -> Result<Timestamp, SignError> {
    let refused = || ParseError::new(ParseErrorKind::Timestamp, "an HTTP date in the header `Date`").found(value);
    let text = value.to_str().map_err(|_| refused())?;
    Ok(Timestamp::parse_http_date(text).map_err(|_| refused())?)
}
