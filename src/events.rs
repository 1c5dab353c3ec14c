//! Floor 3b: event streams, the chain of signatures from a request through its events to their end.
//!
//! How events are framed is not known here: a payload and the two headers that sign it are all there is.

use std::fmt;

use crate::{
    canonical::StringToSign,
    crypto::Provider,
    error::{SignError, SignErrorKind, VerifyError, VerifyErrorKind},
    sign::{Signer, check_expiry},
    types::{Algorithm, CredentialScope, PayloadHash, Region, Service, Signature, Timestamp},
    verify::{VerificationKey, Verified, check_freshness},
};

/// What signs one event: the value of its headers `:date` and `:chunk-signature`.
///
/// See [Event stream
/// encoding](https://docs.aws.amazon.com/transcribe/latest/dg/streaming-setting-up.html#streaming-event-stream).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventSignature {
    date_millis: i64,
    signature: Signature,
}

impl EventSignature {
    /// From the headers of a received event: milliseconds since 1970, and the bytes of the signature.
    #[must_use]
    pub const fn new(date_millis: i64, signature: Signature) -> Self {
        Self { date_millis, signature }
    }

    /// The value of `:date`, a timestamp: milliseconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub const fn date_millis(&self) -> i64 {
        self.date_millis
    }

    /// The value of `:chunk-signature`, a byte array.
    #[must_use]
    pub const fn signature(&self) -> &Signature {
        &self.signature
    }

    /// The date to the second, as the string to sign has it.
    fn at(&self) -> Result<Timestamp, VerifyError> {
        let error =
            |_| VerifyError::new(VerifyErrorKind::MalformedDate, "expected a `:date` in the years 0000 to 9999");
        Timestamp::from_unix(self.date_millis.div_euclid(MILLIS)).map_err(error)
    }
}

/// Signs the events of one stream, each with the signature before it.
///
/// The request is signed with [`PayloadHash::StreamingEvents`]; its signature is the seed. AWS defines event streams for
/// SigV4 only. An event may be of another day than the request: then its scope is too.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use sigv4a::{Credentials, EventSigner, PayloadHash, Region, Service, SigV4, SignerExt, SigningRequest, Timestamp};
///
/// let at = Timestamp::parse_amz_date("20150830T123600Z")?;
/// let credentials = Credentials::new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")?;
/// let signer = SigV4::new(credentials, Region::new("us-east-1")?, Service::new("transcribe")?);
/// let url = "https://transcribestreaming.us-east-1.amazonaws.com/stream-transcription";
/// let request = SigningRequest::new("POST", url)?.with_payload(PayloadHash::StreamingEvents);
/// let signed = signer.sign(&request, at)?;
///
/// let mut events = EventSigner::new(&signer, signed.trace().signature())?;
/// let first = events.sign(b"an encoded message", at)?;
/// let end = events.finish(at)?;
/// assert_ne!(first.signature(), end.signature());
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct EventSigner<S> {
    signer: S,
    previous: Signature,
}

impl<S: Signer> EventSigner<S> {
    /// Begins a chain with the signature of the request.
    ///
    /// # Errors
    /// [`Unsupported`](SignErrorKind::Unsupported) for a SigV4a signer.
    pub fn new(signer: S, seed: &Signature) -> Result<Self, SignError> {
        match signer.algorithm() {
            Algorithm::SigV4 => Ok(Self { signer, previous: seed.clone() }),
            Algorithm::SigV4a => Err(SignError::new(
                SignErrorKind::Unsupported,
                "expected sigv4, found sigv4a: event streams have no SigV4a form",
            )),
        }
    }

    /// Signs the next event, whose payload is a whole encoded message: that of the application.
    ///
    /// # Errors
    /// [`Invalid`](SignErrorKind::Invalid) for an empty payload, which would end the stream, see
    /// [`finish`](Self::finish); [`CredentialsExpired`](SignErrorKind::CredentialsExpired), or what the signer fails with.
    /// The chain is as before then.
    pub fn sign(&mut self, payload: &[u8], at: Timestamp) -> Result<EventSignature, SignError> {
        match payload {
            [] => {
                Err(SignError::new(SignErrorKind::Invalid, "event: expected a payload, an empty one ends the stream"))
            }
            payload => self.next(payload, at),
        }
    }

    /// Signs the end of the stream: an event with an empty payload. Without it, whoever is in between could cut off the
    /// last events.
    ///
    /// # Errors
    /// As [`sign`](Self::sign).
    pub fn finish(mut self, at: Timestamp) -> Result<EventSignature, SignError> {
        self.next(&[], at)
    }

    fn next(&mut self, payload: &[u8], at: Timestamp) -> Result<EventSignature, SignError> {
        check_expiry(&self.signer, at)?;
        // Whole seconds of the years 0000 to 9999: no overflow.
        let date_millis = at.as_unix().saturating_mul(MILLIS);
        let link = Link { scope: self.signer.scope(at), at, previous: &self.previous, date_millis };
        let signature = self.signer.sign_string(&link.string_to_sign(payload, self.signer.provider()))?;
        self.previous = signature.clone();
        Ok(EventSignature { date_millis, signature })
    }
}

/// Checks the events of one stream in their order. The first that is refused ends it: every later one is refused for the
/// same reason.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # use sigv4a::{Credentials, EventSigner, PayloadHash, Region, Service, SigV4, SignerExt, SigningRequest, Timestamp};
/// use sigv4a::{EventVerifier, ReceivedRequest, Streaming, VerificationKey, VerifiedEvent, Verifier};
/// # let at = Timestamp::parse_amz_date("20150830T123600Z")?;
/// # let credentials = Credentials::new("AKIDEXAMPLE", "secret")?;
/// # let signer = SigV4::new(credentials, Region::new("us-east-1")?, Service::new("transcribe")?);
/// # let mut request = http::Request::post("https://transcribestreaming.us-east-1.amazonaws.com/").body(())?.into_parts().0;
/// # signer.sign_parts(&mut request, PayloadHash::StreamingEvents, at)?;
///
/// // The request says that its events are signed…
/// let verifier = Verifier::new(Service::new("transcribe")?, Region::new("us-east-1")?)
///     .with_streaming(Streaming::EventsWillBeChecked);
/// let key = VerificationKey::new("AKIDEXAMPLE", "secret")?;
/// let verified = verifier.verify_request(&ReceivedRequest::from_parts(&request)?, |_| Some(&key), at)?;
/// # let seed = sigv4a::Signature::parse(&verified.replay_id())?;
/// # let mut events = EventSigner::new(&signer, &seed)?;
/// # let received = [(b"first".as_slice(), events.sign(b"first", at)?), (b"", events.finish(at)?)];
///
/// // … and each of them is.
/// let mut verifier = EventVerifier::new(&verified, &key)?;
/// for (payload, signature) in &received {
///     match verifier.verify(payload, signature, at)? {
///         VerifiedEvent::Event => println!("{} bytes", payload.len()),
///         VerifiedEvent::End => println!("that was all"),
///     }
/// }
/// verifier.finish()?;
/// # Ok(())
/// # }
/// ```
pub struct EventVerifier {
    verified: Verified,
    key: VerificationKey,
    region: Region,
    service: Service,
    previous: Signature,
    max_skew: u32,
    state: State,
}

#[derive(Debug)]
enum State {
    Open,
    Ended,
    Refused(VerifyError),
}

/// What an event was.
#[expect(clippy::exhaustive_enums, reason = "it is the end or it is not")]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum VerifiedEvent {
    /// One of the stream: the key's owner sent this payload, behind those before it.
    Event,
    /// The end of the stream: there are no more, and none is missing.
    End,
}

impl EventVerifier {
    /// Begins with a request that was verified, and the key it was verified with.
    ///
    /// # Errors
    /// [`MalformedPayloadHash`](VerifyErrorKind::MalformedPayloadHash) if the request does not announce an event stream.
    pub fn new(verified: &Verified, key: &VerificationKey) -> Result<Self, VerifyError> {
        let scope = verified.scope();
        let region = scope.region().map(Region::new);
        let (PayloadHash::StreamingEvents, Algorithm::SigV4, Some(Ok(region)), Ok(service)) =
            (verified.payload(), verified.algorithm(), region, Service::new(scope.service()))
        else {
            let message = "expected `STREAMING-AWS4-HMAC-SHA256-EVENTS`";
            return Err(VerifyError::new(VerifyErrorKind::MalformedPayloadHash, message));
        };
        Ok(Self {
            verified: verified.clone(),
            key: key.clone(),
            region,
            service,
            previous: verified.seed().clone(),
            max_skew: MAX_SKEW,
            state: State::Open,
        })
    }

    /// Accepts clocks that differ by this many seconds, in both directions; 900 unless told otherwise.
    #[must_use]
    pub const fn with_max_skew(mut self, seconds: u32) -> Self {
        self.max_skew = seconds;
        self
    }

    /// Checks the next event.
    ///
    /// # Errors
    /// [`EventSignatureMismatch`](VerifyErrorKind::EventSignatureMismatch) if the payload, the date, or an event before it is another
    /// than the one that was signed; [`RequestExpired`](VerifyErrorKind::RequestExpired) or
    /// [`RequestNotYetValid`](VerifyErrorKind::RequestNotYetValid) if it was not signed now;
    /// [`MalformedEvent`](VerifyErrorKind::MalformedEvent) behind the end; what is wrong with the key.
    pub fn verify(
        &mut self,
        payload: &[u8],
        event: &EventSignature,
        now: Timestamp,
    ) -> Result<VerifiedEvent, VerifyError> {
        self.check_open()?;
        match self.next(payload, event, now) {
            Ok(()) if payload.is_empty() => {
                self.state = State::Ended;
                Ok(VerifiedEvent::End)
            }
            Ok(()) => Ok(VerifiedEvent::Event),
            Err(error) => Err(self.refuse(error)),
        }
    }

    /// To be called when no more comes.
    ///
    /// # Errors
    /// [`BodyIncomplete`](VerifyErrorKind::BodyIncomplete) if the end was not among the events.
    pub fn finish(self) -> Result<(), VerifyError> {
        match self.state {
            State::Ended => Ok(()),
            State::Refused(error) => Err(error),
            State::Open => {
                let message = "the stream broke off before its signed end";
                Err(VerifyError::new(VerifyErrorKind::BodyIncomplete, message))
            }
        }
    }

    /// Refuses whatever comes behind the end or a refusal.
    pub(crate) fn check_open(&mut self) -> Result<(), VerifyError> {
        self.check_refusal()?;
        match &self.state {
            State::Open | State::Refused(_) => Ok(()),
            State::Ended => {
                let message = "something comes behind the end of the stream";
                Err(self.refuse(VerifyError::new(VerifyErrorKind::MalformedEvent, message)))
            }
        }
    }

    /// Gives the refusal again, if there was one.
    pub(crate) fn check_refusal(&self) -> Result<(), VerifyError> {
        match &self.state {
            State::Refused(error) => Err(error.clone()),
            State::Open | State::Ended => Ok(()),
        }
    }

    /// From now on nothing is accepted.
    pub(crate) fn refuse(&mut self, error: VerifyError) -> VerifyError {
        self.state = State::Refused(error.clone());
        error
    }

    fn next(&mut self, payload: &[u8], event: &EventSignature, now: Timestamp) -> Result<(), VerifyError> {
        let at = event.at()?;
        check_freshness(at, now, self.max_skew)?;
        self.key.check_session(self.verified.session_token(), now)?;
        let scope = CredentialScope::sigv4(at, &self.region, &self.service);
        let checker = self.key.checker(Algorithm::SigV4, &scope)?;
        let link = Link { scope, at, previous: &self.previous, date_millis: event.date_millis };
        let string_to_sign = link.string_to_sign(payload, self.key.provider());
        if !checker.accepts(&string_to_sign, &event.signature) {
            let message = "the signature is not the key's over this event at this place";
            return Err(VerifyError::new(VerifyErrorKind::EventSignatureMismatch, message));
        }
        self.previous = event.signature.clone();
        Ok(())
    }
}

impl fmt::Debug for EventVerifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EventVerifier").field("state", &self.state).finish_non_exhaustive()
    }
}

/// One link of the chain, signed or checked.
struct Link<'a> {
    scope: CredentialScope,
    at: Timestamp,
    previous: &'a Signature,
    date_millis: i64,
}

impl Link<'_> {
    fn string_to_sign(self, payload: &[u8], provider: Provider) -> StringToSign {
        let headers = date_header(self.date_millis);
        let sha256 = [&provider.sha256(&headers), &provider.sha256(payload)];
        StringToSign::for_piece(Algorithm::SigV4, self.at, self.scope, self.previous, sha256)
    }
}

/// The encoded header that is signed: the length of its name, the name, the type, and the milliseconds.
fn date_header(millis: i64) -> [u8; 15] {
    let mut header = *b"\x05:date\x08\0\0\0\0\0\0\0\0";
    let (_, value) = header.split_at_mut(7);
    value.copy_from_slice(&millis.to_be_bytes());
    header
}

const MILLIS: i64 = 1000;

/// As a verifier of requests has it.
const MAX_SKEW: u32 = 900;
