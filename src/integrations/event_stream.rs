//! Event streams as messages of AWS's own codec: signing, framing, reading and checking them.

use std::fmt;

use aws_smithy_eventstream::frame::{read_message_from, write_message_to};
use aws_smithy_types::{
    DateTime,
    event_stream::{Header, HeaderValue, Message},
};
use bytes::{Buf as _, Bytes, BytesMut};

use crate::{
    error::{SignError, SignErrorKind, VerifyError, VerifyErrorKind},
    events::{EventSignature, EventSigner, EventVerifier, VerifiedEvent},
    sign::Signer,
    types::{Signature, Timestamp},
    verify::{VerificationKey, Verified},
};

/// Signs the messages of one stream: puts each, encoded, into a message with `:date` and `:chunk-signature`.
///
/// The frames are those of [Event stream
/// encoding](https://docs.aws.amazon.com/transcribe/latest/dg/streaming-setting-up.html#streaming-event-stream); the chain
/// is [`EventSigner`]'s.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # use sigv4a::{Credentials, PayloadHash, Region, Service, SigV4, SignerExt, SigningRequest, Timestamp};
/// use aws_smithy_types::event_stream::{Header, HeaderValue, Message};
/// use sigv4a::event_stream::{MessageSigner, encode};
/// # let at = Timestamp::parse_amz_date("20150830T123600Z")?;
/// # let credentials = Credentials::new("AKIDEXAMPLE", "secret")?;
/// # let signer = SigV4::new(credentials, Region::new("us-east-1")?, Service::new("transcribe")?);
/// # let url = "https://transcribestreaming.us-east-1.amazonaws.com/stream-transcription";
/// # let request = SigningRequest::new("POST", url)?.with_payload(PayloadHash::StreamingEvents);
/// # let signed = signer.sign(&request, at)?;
///
/// let mut messages = MessageSigner::new(&signer, signed.trace().signature())?;
/// let audio = Message::new(&b"..."[..]).add_header(Header::new(":event-type", HeaderValue::String("AudioEvent".into())));
/// let mut body = encode(&messages.sign(&audio, at)?)?;
/// body.extend_from_slice(&encode(&messages.finish(at)?)?);
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct MessageSigner<S>(EventSigner<S>);

impl<S: Signer> MessageSigner<S> {
    /// Begins a chain with the signature of the request.
    ///
    /// # Errors
    /// As [`EventSigner::new`].
    pub fn new(signer: S, seed: &Signature) -> Result<Self, SignError> {
        EventSigner::new(signer, seed).map(Self)
    }

    /// Signs the next message of the application.
    ///
    /// # Errors
    /// As [`EventSigner::sign`]; [`Invalid`](SignErrorKind::Invalid) for a message that cannot be encoded.
    pub fn sign(&mut self, message: &Message, at: Timestamp) -> Result<Message, SignError> {
        self.sign_payload(encode(message)?, at)
    }

    /// Signs what is encoded already, or of another form.
    ///
    /// # Errors
    /// As [`EventSigner::sign`].
    pub fn sign_payload(&mut self, payload: impl Into<Bytes>, at: Timestamp) -> Result<Message, SignError> {
        let payload = payload.into();
        let event = self.0.sign(&payload, at)?;
        Ok(signed(payload, &event))
    }

    /// Signs the end of the stream, a message with an empty payload.
    ///
    /// # Errors
    /// As [`EventSigner::finish`].
    pub fn finish(self, at: Timestamp) -> Result<Message, SignError> {
        Ok(signed(Bytes::new(), &self.0.finish(at)?))
    }
}

fn signed(payload: Bytes, event: &EventSignature) -> Message {
    let signature = Bytes::copy_from_slice(event.signature().as_bytes());
    Message::new(payload)
        .add_header(Header::new(DATE, HeaderValue::Timestamp(DateTime::from_millis(event.date_millis()))))
        .add_header(Header::new(CHUNK_SIGNATURE, HeaderValue::ByteArray(signature)))
}

/// The bytes of a message.
///
/// # Errors
/// [`Invalid`](SignErrorKind::Invalid) for one that cannot be encoded: too long, or with a header that is.
pub fn encode(message: &Message) -> Result<Vec<u8>, SignError> {
    let mut bytes = Vec::new();
    write_message_to(message, &mut bytes)
        .map_err(|error| SignError::new(SignErrorKind::Invalid, format!("event: {error}")))?;
    Ok(bytes)
}

/// Checks the messages of one stream, from the bytes of a body or one by one. What it has not accepted it does not give
/// out, and the first refusal is the last word.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # use sigv4a::{PayloadHash, ReceivedRequest, Region, Service, Streaming, Timestamp, VerificationKey, Verifier};
/// # use sigv4a::{Credentials, SigV4, SignerExt, event_stream::{MessageSigner, encode}};
/// use sigv4a::event_stream::{Event, MessageVerifier};
/// # let at = Timestamp::parse_amz_date("20150830T123600Z")?;
/// # let signer = SigV4::new(Credentials::new("AKIDEXAMPLE", "secret")?, Region::new("us-east-1")?, Service::new("demo")?);
/// # let mut request = http::Request::post("https://demo.us-east-1.amazonaws.com/").body(())?.into_parts().0;
/// # signer.sign_parts(&mut request, PayloadHash::StreamingEvents, at)?;
/// # let verifier = Verifier::new(Service::new("demo")?, Region::new("us-east-1")?).with_streaming(Streaming::EventsWillBeChecked);
/// # let key = VerificationKey::new("AKIDEXAMPLE", "secret")?;
/// # let verified = verifier.verify_request(&ReceivedRequest::from_parts(&request)?, |_| Some(&key), at)?;
/// # let mut messages = MessageSigner::new(&signer, &sigv4a::Signature::parse(&verified.replay_id())?)?;
/// # let body = [encode(&messages.sign_payload(&b"first"[..], at)?)?, encode(&messages.finish(at)?)?].concat();
///
/// let mut messages = MessageVerifier::new(&verified, &key)?;
/// for frame in body.chunks(100) {
///     messages.push(frame);
///     while let Some(event) = messages.next_event(at)? {
///         match event {
///             Event::Payload(payload) => println!("{} bytes", payload.len()),
///             Event::End => println!("that was all"),
///         }
///     }
/// }
/// messages.finish()?;
/// # Ok(())
/// # }
/// ```
pub struct MessageVerifier {
    events: EventVerifier,
    buffer: BytesMut,
    max_message_len: usize,
}

/// A message that was checked.
#[expect(clippy::exhaustive_enums, reason = "it is the end or it is not")]
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// What was signed: usually an encoded message, see [`message`](Self::message).
    Payload(Bytes),
    /// The end of the stream.
    End,
}

impl Event {
    /// The message of the application; `None` at the end.
    ///
    /// # Errors
    /// [`MalformedEvent`](VerifyErrorKind::MalformedEvent) if the payload is none.
    pub fn message(&self) -> Result<Option<Message>, VerifyError> {
        let Self::Payload(payload) = self else { return Ok(None) };
        let mut rest = payload.clone();
        let message = read_message_from(&mut rest).map_err(malformed)?;
        match rest.has_remaining() {
            false => Ok(Some(message)),
            true => Err(VerifyError::new(VerifyErrorKind::MalformedEvent, "expected one message, found more bytes")),
        }
    }
}

impl MessageVerifier {
    /// Begins with a request that was verified, and the key it was verified with.
    ///
    /// # Errors
    /// As [`EventVerifier::new`].
    pub fn new(verified: &Verified, key: &VerificationKey) -> Result<Self, VerifyError> {
        Ok(Self::from_events(EventVerifier::new(verified, key)?))
    }

    /// Begins with a chain that was set up otherwise.
    #[must_use]
    pub fn from_events(events: EventVerifier) -> Self {
        Self { events, buffer: BytesMut::new(), max_message_len: MAX_MESSAGE_LEN }
    }

    /// Refuses messages of more bytes; 24 MiB unless told otherwise. So many are kept until one is whole.
    #[must_use]
    pub const fn with_max_message_len(mut self, bytes: usize) -> Self {
        self.max_message_len = bytes;
        self
    }

    /// Takes the next bytes of the body. Take every event out before pushing more. Nothing is kept of what comes behind a
    /// refusal or the end of the stream: the next event is the refusal then.
    pub fn push(&mut self, bytes: &[u8]) {
        if bytes.is_empty() {
            return;
        }
        match self.events.check_open() {
            Ok(()) => self.buffer.extend_from_slice(bytes),
            Err(_) => self.buffer = BytesMut::new(),
        }
    }

    /// The next event; `None` until its message is whole.
    ///
    /// # Errors
    /// [`MalformedEvent`](VerifyErrorKind::MalformedEvent) for what is no message,
    /// [`BodyTooLarge`](VerifyErrorKind::BodyTooLarge), or as [`verify`](Self::verify).
    pub fn next_event(&mut self, now: Timestamp) -> Result<Option<Event>, VerifyError> {
        self.events.check_refusal()?;
        if self.buffer.is_empty() {
            return Ok(None);
        }
        self.events.check_open().map_err(|error| self.refuse(error))?;
        match self.next_message() {
            Ok(Some(message)) => self.verify(&message, now).map(Some),
            Ok(None) => Ok(None),
            Err(error) => Err(self.refuse(error)),
        }
    }

    /// Checks a message that was read otherwise.
    ///
    /// # Errors
    /// [`MalformedEvent`](VerifyErrorKind::MalformedEvent) if it has not `:date` and `:chunk-signature` once each, and
    /// nothing else, which would not be signed; or as [`EventVerifier::verify`].
    pub fn verify(&mut self, message: &Message, now: Timestamp) -> Result<Event, VerifyError> {
        let verified = self.events.check_open().and_then(|()| {
            let signature = signature_of(message)?;
            self.events.verify(message.payload(), &signature, now)
        });
        match verified {
            Ok(VerifiedEvent::Event) => Ok(Event::Payload(message.payload().clone())),
            Ok(VerifiedEvent::End) => Ok(Event::End),
            Err(error) => Err(self.refuse(error)),
        }
    }

    /// To be called when no more comes.
    ///
    /// # Errors
    /// [`BodyIncomplete`](VerifyErrorKind::BodyIncomplete) if the end was not among the events, or bytes are left.
    pub fn finish(mut self) -> Result<(), VerifyError> {
        if !self.buffer.is_empty() {
            self.events.check_open()?;
        }
        self.events.finish()
    }

    /// From now on nothing is accepted, and nothing kept.
    fn refuse(&mut self, error: VerifyError) -> VerifyError {
        self.buffer = BytesMut::new();
        self.events.refuse(error)
    }

    fn next_message(&mut self) -> Result<Option<Message>, VerifyError> {
        // A message begins with its own length.
        let Some(len) = self.buffer.first_chunk() else { return Ok(None) };
        let len = usize::try_from(u32::from_be_bytes(*len)).unwrap_or(usize::MAX);
        if len > self.max_message_len {
            let message = format!("expected a message of {} bytes at most", self.max_message_len);
            return Err(VerifyError::new(VerifyErrorKind::BodyTooLarge, message).found(format!("{len} bytes")));
        }
        match self.buffer.len() < len {
            true => Ok(None),
            false => read_message_from(self.buffer.split_to(len).freeze()).map(Some).map_err(malformed),
        }
    }
}

impl fmt::Debug for MessageVerifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MessageVerifier")
            .field("events", &self.events)
            .field("buffered", &self.buffer.len())
            .finish_non_exhaustive()
    }
}

/// The two headers. Another one would not be covered by the signature, so there must be none.
fn signature_of(message: &Message) -> Result<EventSignature, VerifyError> {
    let error = |message: &'static str| VerifyError::new(VerifyErrorKind::MalformedEvent, message);
    let [mut date, mut signature] = [None, None];
    for header in message.headers() {
        let slot = match header.name().as_str() {
            DATE => &mut date,
            CHUNK_SIGNATURE => &mut signature,
            other => return Err(error("a header that is not signed").found(other)),
        };
        if slot.replace(header.value()).is_some() {
            return Err(error("a header stands there twice").found(header.name().as_str()));
        }
    }
    let date = date.ok_or_else(|| error("expected `:date`, found none"))?;
    let signature = signature.ok_or_else(|| error("expected `:chunk-signature`, found none"))?;
    let HeaderValue::Timestamp(date) = date else { return Err(error("expected a timestamp in `:date`")) };
    let HeaderValue::ByteArray(signature) = signature else {
        return Err(error("expected a byte array in `:chunk-signature`"));
    };
    let millis = date.to_millis().map_err(|_| error("expected milliseconds in `:date`"))?;
    let signature = Signature::from_bytes(signature).ok().filter(|signature| signature.as_bytes().len() == HMAC_LEN);
    let signature = signature.ok_or_else(|| error("expected 32 bytes in `:chunk-signature`"))?;
    Ok(EventSignature::new(millis, signature))
}

fn malformed(error: aws_smithy_eventstream::error::Error) -> VerifyError {
    VerifyError::new(VerifyErrorKind::MalformedEvent, error.to_string())
}

const DATE: &str = ":date";
const CHUNK_SIGNATURE: &str = ":chunk-signature";
const HMAC_LEN: usize = 32;

/// The longest message that AWS's own codec in C reads.
const MAX_MESSAGE_LEN: usize = 24 * 1024 * 1024;
