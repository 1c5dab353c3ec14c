//! Event streams: AWS's chain to the byte, and that nothing but the whole stream of the key's owner is accepted.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may panic"
)]

use std::{fs, path::Path};

use aws_smithy_types::{
    DateTime,
    event_stream::{Header, HeaderValue, Message},
};
use proptest::{collection::vec, prelude::*};
use serde::Deserialize;
use sigv4a::{
    Credentials, EventSignature, EventSigner, EventVerifier, KeyCache, PayloadHash, Provider, ReceivedRequest, Region,
    RegionSet, Service, SigV4, SigV4a, SignErrorKind, Signature, SignerExt, SigningRequest, Streaming, Timestamp,
    VerificationKey, VerifiedEvent, Verifier, VerifyError, VerifyErrorKind,
    event_stream::{Event, MessageSigner, MessageVerifier, encode},
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Chain {
    source: String,
    access_key_id: String,
    secret_access_key: String,
    time: String,
    region: String,
    service: String,
    method: String,
    url: String,
    headers: Vec<(String, String)>,
    canonical_request: String,
    scope: String,
    seed: String,
    events: Vec<Link>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Link {
    payload: String,
    time: String,
    signature: String,
}

fn at(text: &str) -> Timestamp {
    Timestamp::parse_amz_date(text).unwrap()
}

fn chain() -> Chain {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/event_stream.json");
    serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap()
}

impl Chain {
    fn signer(&self) -> SigV4 {
        let credentials = Credentials::new(&self.access_key_id, &self.secret_access_key).unwrap();
        SigV4::new(credentials, Region::new(&self.region).unwrap(), Service::new(&self.service).unwrap())
    }

    fn key(&self) -> VerificationKey {
        VerificationKey::new(&self.access_key_id, &self.secret_access_key).unwrap()
    }

    fn server(&self) -> Verifier {
        Verifier::new(Service::new(&self.service).unwrap(), Region::new(&self.region).unwrap())
    }

    /// The request as a server receives it.
    fn received(&self) -> http::request::Parts {
        let mut request = http::Request::builder().method(self.method.as_str()).uri(&self.url);
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        let mut parts = request.body(()).unwrap().into_parts().0;
        self.signer().sign_parts(&mut parts, PayloadHash::StreamingEvents, at(&self.time)).unwrap();
        parts
    }

    fn verifier(&self) -> EventVerifier {
        self.verifier_with(Provider::default())
    }

    fn verifier_with(&self, provider: Provider) -> EventVerifier {
        let server = self.server().with_streaming(Streaming::EventsWillBeChecked).with_provider(provider);
        let credentials = Credentials::new(&self.access_key_id, &self.secret_access_key).unwrap();
        let key = VerificationKey::with_backend(&credentials, provider, KeyCache::shared());
        let parts = self.received();
        let received = ReceivedRequest::from_parts(&parts).unwrap();
        let verified = server.verify_request(&received, |_| Some(&key), at(&self.time)).unwrap();
        assert_eq!(verified.payload(), PayloadHash::StreamingEvents);
        EventVerifier::new(&verified, &key).unwrap()
    }

    fn seed(&self) -> Signature {
        Signature::parse(&self.seed).unwrap()
    }

    /// Every message of the chain on the wire.
    fn body(&self) -> Vec<Vec<u8>> {
        let mut messages = MessageSigner::new(self.signer(), &self.seed()).unwrap();
        let (end, events) = self.events.split_last().unwrap();
        let sign = |event: &Link| messages.sign_payload(event.payload.clone().into_bytes(), at(&event.time)).unwrap();
        let mut signed: Vec<Message> = events.iter().map(sign).collect();
        signed.push(messages.finish(at(&end.time)).unwrap());
        signed.iter().map(|message| encode(message).unwrap()).collect()
    }

    /// The payloads that a server gets out of a body that arrives in pieces.
    fn read(&self, body: &[u8], step: usize) -> (Vec<Event>, Result<(), VerifyError>) {
        let mut messages = MessageVerifier::from_events(self.verifier());
        let mut events = Vec::new();
        for piece in body.chunks(step) {
            messages.push(piece);
            loop {
                match messages.next_event(at("19810116T063000Z")) {
                    Ok(Some(event)) => events.push(event),
                    Ok(None) => break,
                    Err(error) => {
                        // Whatever is asked then, the answer stays.
                        assert_eq!(messages.next_event(at("19810116T063000Z")).unwrap_err(), error);
                        assert_eq!(messages.finish().unwrap_err(), error);
                        return (events, Err(error));
                    }
                }
            }
        }
        (events, messages.finish())
    }
}

#[test]
fn the_chain_of_aws_to_the_byte() {
    let chain = chain();
    assert!(!chain.source.is_empty());
    let mut request = SigningRequest::new(&chain.method, &chain.url).unwrap();
    for (name, value) in &chain.headers {
        request = request.with_header(name, value).unwrap();
    }
    for provider in Provider::all() {
        let signer = chain.signer().with_provider(provider);
        let signed = signer.sign(&request.with_payload(PayloadHash::StreamingEvents), at(&chain.time)).unwrap();
        assert_eq!(signed.trace().canonical_request().as_str(), chain.canonical_request);
        assert_eq!(signed.trace().scope().as_str(), chain.scope);
        assert_eq!(signed.trace().signature().to_hex(), chain.seed);
        let (end, events) = chain.events.split_last().unwrap();
        let mut signer = EventSigner::new(&signer, signed.trace().signature()).unwrap();
        for event in events {
            let found = signer.sign(event.payload.as_bytes(), at(&event.time)).unwrap();
            assert_eq!(found.signature().to_hex(), event.signature, "{}", event.payload);
        }
        assert_eq!(signer.finish(at(&end.time)).unwrap().signature().to_hex(), end.signature);
        request = SigningRequest::new(&chain.method, &chain.url).unwrap();
        for (name, value) in &chain.headers {
            request = request.with_header(name, value).unwrap();
        }
    }
    assert_eq!(chain.events.len(), 4);
}

#[test]
fn the_chain_of_aws_is_accepted() {
    let chain = chain();
    for provider in Provider::all() {
        let mut verifier = chain.verifier_with(provider);
        for event in &chain.events {
            let time = at(&event.time);
            let signature = EventSignature::new(time.as_unix() * 1000, Signature::parse(&event.signature).unwrap());
            let expected = if event.payload.is_empty() { VerifiedEvent::End } else { VerifiedEvent::Event };
            assert_eq!(verifier.verify(event.payload.as_bytes(), &signature, time).unwrap(), expected);
        }
        verifier.finish().unwrap();
    }
}

#[test]
fn a_server_must_be_told_to_accept_event_streams() {
    let chain = chain();
    let (parts, key) = (chain.received(), chain.key());
    let received = ReceivedRequest::from_parts(&parts).unwrap();
    let error = chain.server().verify_request(&received, |_| Some(&key), at(&chain.time)).unwrap_err();
    assert_eq!(error.kind(), VerifyErrorKind::StreamingPayload);
}

#[test]
fn another_request_begins_no_chain() {
    let chain = chain();
    let mut request = http::Request::get(&chain.url).body("").unwrap();
    chain.signer().sign_request(&mut request, at(&chain.time)).unwrap();
    let (received, key) = (ReceivedRequest::from_request(&request).unwrap(), chain.key());
    let verified = chain.server().verify_request(&received, |_| Some(&key), at(&chain.time)).unwrap();
    let error = EventVerifier::new(&verified, &key).unwrap_err();
    assert_eq!(error.kind(), VerifyErrorKind::MalformedPayloadHash);
}

#[test]
fn sigv4a_has_no_event_streams() {
    let chain = chain();
    let credentials = Credentials::new(&chain.access_key_id, &chain.secret_access_key).unwrap();
    let signer = SigV4a::new(credentials, RegionSet::all(), Service::new(&chain.service).unwrap());
    assert_eq!(EventSigner::new(&signer, &chain.seed()).unwrap_err().kind(), SignErrorKind::Unsupported);
    assert_eq!(MessageSigner::new(&signer, &chain.seed()).unwrap_err().kind(), SignErrorKind::Unsupported);
}

#[test]
fn only_the_end_has_no_payload_and_ended_credentials_sign_nothing() {
    let chain = chain();
    let mut signer = EventSigner::new(chain.signer(), &chain.seed()).unwrap();
    assert_eq!(signer.sign(b"", at(&chain.time)).unwrap_err().kind(), SignErrorKind::Invalid);
    let credentials = Credentials::new(&chain.access_key_id, &chain.secret_access_key).unwrap();
    let credentials = credentials.with_expiry(at(&chain.events[1].time));
    let region = Region::new(&chain.region).unwrap();
    let signer = SigV4::new(credentials, region, Service::new(&chain.service).unwrap());
    let mut signer = EventSigner::new(signer, &chain.seed()).unwrap();
    assert!(signer.sign(b"A", at(&chain.events[0].time)).is_ok());
    let error = signer.sign(b"B", at(&chain.events[1].time)).unwrap_err();
    assert_eq!(error.kind(), SignErrorKind::CredentialsExpired);
}

#[test]
fn any_split_of_the_wire_reads_the_same() {
    let chain = chain();
    let body = chain.body().concat();
    let payload = |text: &'static str| Event::Payload(text.into());
    for step in [1, 2, 3, 7, 12, 16, 100, body.len()] {
        let (events, outcome) = chain.read(&body, step);
        assert_eq!(events, [payload("A"), payload("B"), payload("C"), Event::End]);
        outcome.unwrap();
    }
}

/// No bit of the wire may change: what the codec's checksums do not find, the signature does.
#[test]
fn every_changed_bit_is_refused() {
    let chain = chain();
    let frames = chain.body();
    let body = frames.concat();
    for bit in 0..body.len() * 8 {
        let mut changed = body.clone();
        changed[bit / 8] ^= 1 << (bit % 8);
        let (events, outcome) = chain.read(&changed, body.len());
        assert!(outcome.is_err(), "bit {bit}");
        let whole: usize = frames
            .iter()
            .scan(0, |end, frame| {
                *end += frame.len();
                Some(*end)
            })
            .filter(|end| bit / 8 >= *end)
            .count();
        assert_eq!(events.len(), whole, "bit {bit}: only what comes before it is given out");
    }
}

/// The same with checksums made right again: then the signature alone must find it.
#[test]
fn every_changed_bit_behind_a_right_checksum_is_refused() {
    let chain = chain();
    let signed = messages(&chain);
    let refused = |changed: &Message| {
        let mut verifier = MessageVerifier::from_events(chain.verifier());
        let error = verifier.verify(changed, at(&chain.time)).unwrap_err();
        assert_eq!(verifier.verify(&signed[0], at(&chain.time)).unwrap_err(), error, "sticky");
        error.kind()
    };
    for bit in 0..8 {
        let payload = vec![b'A' ^ (1 << bit)];
        assert_eq!(refused(&rebuilt(&signed[0], payload, |value| value)), VerifyErrorKind::EventSignatureMismatch);
    }
    for bit in 0..256 {
        let changed = rebuilt(&signed[0], "A", |value| match value {
            HeaderValue::ByteArray(bytes) => {
                let mut bytes = bytes.to_vec();
                bytes[bit / 8] ^= 1 << (bit % 8);
                HeaderValue::ByteArray(bytes.into())
            }
            other => other,
        });
        assert_eq!(refused(&changed), VerifyErrorKind::EventSignatureMismatch);
    }
    for bit in 0..63 {
        let changed = rebuilt(&signed[0], "A", |value| match value {
            HeaderValue::Timestamp(time) => {
                HeaderValue::Timestamp(DateTime::from_millis(time.to_millis().unwrap() ^ (1 << bit)))
            }
            other => other,
        });
        let kind = refused(&changed);
        let possible = [
            VerifyErrorKind::EventSignatureMismatch,
            VerifyErrorKind::RequestExpired,
            VerifyErrorKind::RequestNotYetValid,
            VerifyErrorKind::MalformedDate,
        ];
        assert!(possible.contains(&kind), "bit {bit}: {kind}");
    }
}

fn messages(chain: &Chain) -> Vec<Message> {
    let mut signer = MessageSigner::new(chain.signer(), &chain.seed()).unwrap();
    let mut signed: Vec<Message> =
        ["A", "B", "C"].map(|payload| signer.sign_payload(payload, at(&chain.time)).unwrap()).into();
    signed.push(signer.finish(at(&chain.time)).unwrap());
    signed
}

fn rebuilt(
    message: &Message,
    payload: impl Into<bytes::Bytes>,
    change: impl Fn(HeaderValue) -> HeaderValue,
) -> Message {
    let headers =
        message.headers().iter().map(|header| Header::new(header.name().clone(), change(header.value().clone())));
    headers.fold(Message::new(payload), Message::add_header)
}

#[test]
fn order_repetition_and_omission_are_refused() {
    let chain = chain();
    let signed = messages(&chain);
    let first_error = |order: &[usize]| {
        let mut verifier = MessageVerifier::from_events(chain.verifier());
        let accepted =
            order.iter().take_while(|index| verifier.verify(&signed[**index], at(&chain.time)).is_ok()).count();
        (accepted, verifier.finish().map_err(|error| error.kind()))
    };
    assert_eq!(first_error(&[0, 1, 2, 3]), (4, Ok(())));
    assert_eq!(first_error(&[0, 1, 2]), (3, Err(VerifyErrorKind::BodyIncomplete)));
    assert_eq!(first_error(&[]), (0, Err(VerifyErrorKind::BodyIncomplete)));
    for (order, accepted) in
        [(&[1, 0, 2, 3][..], 0), (&[0, 2, 3], 1), (&[0, 0, 1, 2, 3], 1), (&[0, 1, 3], 2), (&[3], 0)]
    {
        assert_eq!(first_error(order), (accepted, Err(VerifyErrorKind::EventSignatureMismatch)), "{order:?}");
    }
    assert_eq!(first_error(&[0, 1, 2, 3, 3]), (4, Err(VerifyErrorKind::MalformedEvent)), "behind the end");
    let mut body = chain.body().concat();
    body.push(0);
    let (events, outcome) = chain.read(&body, 10);
    assert_eq!(
        (events.len(), outcome.unwrap_err().kind()),
        (4, VerifyErrorKind::MalformedEvent),
        "a byte behind the end"
    );
}

#[test]
fn both_headers_once_and_nothing_else() {
    let chain = chain();
    let signed = &messages(&chain)[0];
    let (date, signature) = (signed.headers()[0].clone(), signed.headers()[1].clone());
    let text = |name: &'static str| Header::new(name, HeaderValue::String("A".into()));
    let short = Header::new(":chunk-signature", HeaderValue::ByteArray(vec![1; 31].into()));
    for (headers, expected) in [
        (vec![], "expected `:date`, found none"),
        (vec![date.clone()], "expected `:chunk-signature`, found none"),
        (vec![signature.clone()], "expected `:date`, found none"),
        (vec![date.clone(), signature.clone(), text(":event-type")], "not signed, found `:event-type`"),
        (vec![date.clone(), date.clone(), signature.clone()], "twice, found `:date`"),
        (vec![date.clone(), signature.clone(), signature.clone()], "twice, found `:chunk-signature`"),
        (vec![text(":date"), signature.clone()], "a timestamp in `:date`"),
        (vec![date.clone(), text(":chunk-signature")], "a byte array"),
        (vec![date.clone(), short], "32 bytes"),
    ] {
        let message = headers.into_iter().fold(Message::new("A"), Message::add_header);
        let error = MessageVerifier::from_events(chain.verifier()).verify(&message, at(&chain.time)).unwrap_err();
        assert_eq!(error.kind(), VerifyErrorKind::MalformedEvent);
        assert!(error.to_string().contains(expected), "{error}");
    }
    // Their order does not matter: the signature covers the one by its own encoding.
    let turned = Message::new("A").add_header(signature).add_header(date);
    assert!(MessageVerifier::from_events(chain.verifier()).verify(&turned, at(&chain.time)).is_ok());
}

#[test]
fn an_event_is_of_now() {
    let chain = chain();
    let signed = &messages(&chain)[0];
    let seconds = |offset: i64| Timestamp::from_unix(at(&chain.time).as_unix() + offset).unwrap();
    let outcome = |now, skew| {
        let events = chain.verifier().with_max_skew(skew);
        MessageVerifier::from_events(events).verify(signed, now).map(|_| ()).map_err(|error| error.kind())
    };
    for (offset, skew, expected) in [
        (900, 900, Ok(())),
        (-900, 900, Ok(())),
        (901, 900, Err(VerifyErrorKind::RequestExpired)),
        (-901, 900, Err(VerifyErrorKind::RequestNotYetValid)),
        (61, 60, Err(VerifyErrorKind::RequestExpired)),
        (0, 0, Ok(())),
    ] {
        assert_eq!(outcome(seconds(offset), skew), expected, "{offset} seconds, {skew} allowed");
    }
    let credentials = Credentials::new(&chain.access_key_id, &chain.secret_access_key).unwrap();
    let key = VerificationKey::from_credentials(&credentials.with_expiry(seconds(5)));
    let server = chain.server().with_streaming(Streaming::EventsWillBeChecked);
    let parts = chain.received();
    let received = ReceivedRequest::from_parts(&parts).unwrap();
    let verified = server.verify_request(&received, |_| Some(&key), at(&chain.time)).unwrap();
    let mut messages = MessageVerifier::new(&verified, &key).unwrap();
    assert_eq!(messages.verify(signed, seconds(5)).unwrap_err().kind(), VerifyErrorKind::CredentialsExpired);
}

/// A stream may last beyond midnight; then the scope of an event is another one than the request's.
#[test]
fn a_stream_crosses_midnight() {
    let chain = Chain { time: "19810116T235959Z".to_owned(), ..chain() };
    let parts = chain.received();
    let (server, key) = (chain.server().with_streaming(Streaming::EventsWillBeChecked), chain.key());
    let received = ReceivedRequest::from_parts(&parts).unwrap();
    let verified = server.verify_request(&received, |_| Some(&key), at(&chain.time)).unwrap();
    let seed = Signature::parse(&verified.replay_id()).unwrap();
    let mut signer = MessageSigner::new(chain.signer(), &seed).unwrap();
    let mut verifier = MessageVerifier::new(&verified, &key).unwrap();
    for time in ["19810116T235959Z", "19810117T000000Z", "19810117T000001Z"] {
        let message = signer.sign_payload(time.as_bytes().to_vec(), at(time)).unwrap();
        assert_eq!(verifier.verify(&message, at(time)).unwrap(), Event::Payload(time.as_bytes().to_vec().into()));
    }
}

/// Others write parts of a second into `:date`.
#[test]
fn milliseconds_are_signed_as_they_are() {
    let chain = chain();
    let time = at(&chain.time);
    let scope = sigv4a::CredentialScope::parse(&chain.scope).unwrap();
    let millis = time.as_unix() * 1000 + 789;
    let header = [b"\x05:date\x08".as_slice(), &millis.to_be_bytes()].concat();
    let hex = |bytes: &[u8]| base16ct::lower::encode_string(bytes);
    let sha256 = |bytes: &[u8]| {
        use sigv4a::BodyHash;
        let mut hash = BodyHash::new();
        hash.update(bytes);
        hex(&hash.finish())
    };
    let text = format!(
        "AWS4-HMAC-SHA256-PAYLOAD\n{time}\n{}\n{}\n{}\n{}",
        scope.as_str(),
        chain.seed,
        sha256(&header),
        sha256(b"A")
    );
    let key = chain.signer().signing_key(time);
    let signature = hmac_sha256(&key, text.as_bytes());
    let event = EventSignature::new(millis, Signature::from_bytes(&signature).unwrap());
    assert_eq!(chain.verifier().verify(b"A", &event, time).unwrap(), VerifiedEvent::Event);
    let rounded = EventSignature::new(millis - 789, Signature::from_bytes(&signature).unwrap());
    assert!(chain.verifier().verify(b"A", &rounded, time).is_err());
}

/// HMAC from its definition, with what is public here.
fn hmac_sha256(key: &[u8; 32], message: &[u8]) -> [u8; 32] {
    let pad = |byte: u8| {
        let mut block = [byte; 64];
        block.iter_mut().zip(key).for_each(|(slot, byte)| *slot ^= byte);
        block
    };
    let sha256 = |parts: [&[u8]; 2]| {
        let mut hash = sigv4a::BodyHash::new();
        parts.iter().for_each(|part| hash.update(part));
        hash.finish()
    };
    sha256([&pad(0x5c), &sha256([&pad(0x36), message])])
}

#[test]
fn a_length_beyond_the_limit_is_refused_at_once() {
    let chain = chain();
    let mut messages = MessageVerifier::from_events(chain.verifier()).with_max_message_len(1000);
    messages.push(&1001_u32.to_be_bytes());
    assert_eq!(messages.next_event(at(&chain.time)).unwrap_err().kind(), VerifyErrorKind::BodyTooLarge);
    let mut messages = MessageVerifier::from_events(chain.verifier());
    messages.push(&[1, 0x80, 0, 1]);
    assert_eq!(messages.next_event(at(&chain.time)).unwrap_err().kind(), VerifyErrorKind::BodyTooLarge);
}

/// Who is refused may send on for hours.
#[test]
fn nothing_is_kept_behind_a_refusal_or_the_end() {
    let chain = chain();
    let now = at(&chain.time);
    let buffered = |messages: &MessageVerifier, bytes: usize| {
        let shown = format!("{messages:?}");
        assert!(shown.contains(&format!("buffered: {bytes},")), "{shown}");
    };
    let stays = |mut messages: MessageVerifier, kind: VerifyErrorKind| {
        for _ in 0..100 {
            messages.push(&[0; 1000]);
            buffered(&messages, 0);
            assert_eq!(messages.next_event(now).unwrap_err().kind(), kind);
        }
        assert_eq!(messages.finish().unwrap_err().kind(), kind);
    };
    let begun = || MessageVerifier::from_events(chain.verifier());
    let mut changed = chain.body().concat();
    changed[0] = 0xff;
    let mut first_bit = chain.body()[0].clone();
    *first_bit.last_mut().unwrap() ^= 1;
    let not_signed = encode(&Message::new("A")).unwrap();
    for (body, kind) in [
        (changed, VerifyErrorKind::BodyTooLarge),
        (first_bit, VerifyErrorKind::MalformedEvent),
        (not_signed, VerifyErrorKind::MalformedEvent),
        (chain.body()[1].clone(), VerifyErrorKind::EventSignatureMismatch),
    ] {
        let body = [body, vec![0; 50]].concat();
        let mut messages = begun();
        messages.push(&body);
        buffered(&messages, body.len());
        assert_eq!(messages.next_event(now).unwrap_err().kind(), kind);
        buffered(&messages, 0);
        stays(messages, kind);
    }
    // A message that was read otherwise, while bytes wait.
    let mut messages = begun();
    messages.push(&[0; 3]);
    assert!(messages.verify(&Message::new("A"), now).is_err());
    buffered(&messages, 0);
    stays(messages, VerifyErrorKind::MalformedEvent);

    let ended = || {
        let mut messages = begun();
        messages.push(&chain.body().concat());
        while messages.next_event(now).unwrap() != Some(Event::End) {}
        messages.push(&[]);
        assert_eq!(messages.next_event(now), Ok(None));
        messages
    };
    ended().finish().unwrap();
    stays(ended(), VerifyErrorKind::MalformedEvent);
}

#[test]
fn a_payload_is_one_message() {
    let chain = chain();
    let inner = Message::new("hello").add_header(Header::new(":event-type", HeaderValue::String("Audio".into())));
    let mut signer = MessageSigner::new(chain.signer(), &chain.seed()).unwrap();
    let signed = signer.sign(&inner, at(&chain.time)).unwrap();
    let event = MessageVerifier::from_events(chain.verifier()).verify(&signed, at(&chain.time)).unwrap();
    assert_eq!(event.message().unwrap(), Some(inner.clone()));
    assert_eq!(Event::End.message().unwrap(), None);
    let two = [encode(&inner).unwrap(), encode(&inner).unwrap()].concat();
    for refused in [two, b"text".to_vec()] {
        let error = Event::Payload(refused.into()).message().unwrap_err();
        assert_eq!(error.kind(), VerifyErrorKind::MalformedEvent);
    }
    let long = Message::new("").add_header(Header::new("n", HeaderValue::String("v".repeat(70_000).into())));
    assert_eq!(encode(&long).unwrap_err().kind(), SignErrorKind::Invalid);
}

#[test]
fn nothing_is_shown() {
    let chain = chain();
    let signature = Signature::parse(&chain.seed).unwrap();
    let signer = MessageSigner::new(chain.signer(), &signature).unwrap();
    let verifier = MessageVerifier::from_events(chain.verifier());
    let shown = format!("{signer:?} {verifier:?} {:?}", EventSignature::new(0, signature));
    assert!(!shown.contains(&chain.seed) && !shown.contains("\"secret\""), "{shown}");
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// What is signed is read, however the wire splits it; what is cut off is refused.
    #[test]
    fn round_trip(payloads in vec(vec(any::<u8>(), 1..300), 0..6), step in 1_usize..400, cut in any::<prop::sample::Index>()) {
        let chain = chain();
        let time = at(&chain.time);
        let mut signer = MessageSigner::new(chain.signer(), &chain.seed()).unwrap();
        let mut body = Vec::new();
        for payload in &payloads {
            body.extend(encode(&signer.sign_payload(payload.clone(), time).unwrap()).unwrap());
        }
        body.extend(encode(&signer.finish(time).unwrap()).unwrap());
        let (events, outcome) = chain.read(&body, step);
        prop_assert!(outcome.is_ok());
        let expected: Vec<Event> = payloads.into_iter().map(|payload| Event::Payload(payload.into())).chain([Event::End]).collect();
        prop_assert_eq!(&events, &expected);
        let (some, outcome) = chain.read(&body[..cut.index(body.len())], step);
        prop_assert!(outcome.is_err() && some.len() < expected.len());
    }
}
