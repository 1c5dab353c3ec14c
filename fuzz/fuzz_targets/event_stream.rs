//! Any bytes, in any pieces, are read or refused the same way, and nothing that was not signed is given out. What is signed
//! is read again; with one bit changed, or cut off, it is refused.

#![no_main]

use std::sync::LazyLock;

use arbitrary::Arbitrary;
use libfuzzer_sys::fuzz_target;
use sigv4a::{
    Credentials, EventVerifier, PayloadHash, ReceivedRequest, Region, Service, SigV4, Signature, SignerExt, Streaming,
    Timestamp, VerificationKey, Verifier, VerifyError,
    event_stream::{Event, MessageSigner, MessageVerifier, encode},
};

static NOW: LazyLock<Timestamp> = LazyLock::new(|| Timestamp::parse_amz_date("20150830T123600Z").unwrap());
static SIGNER: LazyLock<SigV4> = LazyLock::new(|| {
    let credentials = Credentials::new("AKIDEXAMPLE", "secret").unwrap();
    SigV4::new(credentials, Region::new("us-east-1").unwrap(), Service::new("transcribe").unwrap())
});
static VERIFIED: LazyLock<(sigv4a::Verified, VerificationKey)> = LazyLock::new(|| {
    let mut request =
        http::Request::post("https://transcribestreaming.us-east-1.amazonaws.com/").body(()).unwrap().into_parts().0;
    SIGNER.sign_parts(&mut request, PayloadHash::StreamingEvents, *NOW).unwrap();
    let verifier = Verifier::new(Service::new("transcribe").unwrap(), Region::new("us-east-1").unwrap());
    let verifier = verifier.with_streaming(Streaming::EventsWillBeChecked);
    let key = VerificationKey::new("AKIDEXAMPLE", "secret").unwrap();
    let received = ReceivedRequest::from_parts(&request).unwrap();
    (verifier.verify_request(&received, |_| Some(&key), *NOW).unwrap(), key)
});

#[derive(Arbitrary, Debug)]
struct Input<'a> {
    any: &'a [u8],
    payloads: Vec<&'a [u8]>,
    step: u16,
    bit: usize,
    cut: usize,
}

fuzz_target!(|input: Input<'_>| {
    let (verified, key) = &*VERIFIED;
    let read = |body: &[u8], step: usize| {
        let mut messages = MessageVerifier::from_events(EventVerifier::new(verified, key).unwrap());
        messages = messages.with_max_message_len(1 << 20);
        let mut events = Vec::new();
        for piece in body.chunks(step.max(1)) {
            messages.push(piece);
            loop {
                match messages.next_event(*NOW) {
                    Ok(Some(event)) => {
                        let _ = event.message();
                        events.push(event);
                    }
                    Ok(None) => break,
                    Err(error) => {
                        messages.push(body);
                        assert_eq!(messages.next_event(*NOW).as_ref(), Err(&error), "whatever comes then");
                        assert_eq!(messages.finish().as_ref(), Err(&error), "the first refusal stays");
                        return (events, Err(error));
                    }
                }
            }
        }
        (events, messages.finish())
    };
    let step = usize::from(input.step);
    let kind =
        |(events, outcome): (Vec<Event>, Result<(), VerifyError>)| (events, outcome.map_err(|error| error.kind()));
    let found = kind(read(input.any, step));
    assert_eq!(found, kind(read(input.any, usize::MAX)), "any split gives the same");
    assert!(found.0.is_empty() && found.1.is_err(), "nobody signed this");
    if let Ok(message) = (Event::Payload(input.any.to_vec().into())).message().map(|message| message.expect("no end")) {
        encode(&message).expect("what was read can be written");
    }

    let seed = Signature::parse(&verified.replay_id()).unwrap();
    let mut signer = MessageSigner::new(&*SIGNER, &seed).unwrap();
    let payloads: Vec<&[u8]> = input.payloads.into_iter().filter(|payload| !payload.is_empty()).collect();
    let mut body = Vec::new();
    for payload in &payloads {
        body.extend(encode(&signer.sign_payload(payload.to_vec(), *NOW).unwrap()).unwrap());
    }
    body.extend(encode(&signer.finish(*NOW).unwrap()).unwrap());
    let (events, outcome) = read(&body, step);
    let expected: Vec<Event> =
        payloads.iter().map(|payload| Event::Payload(payload.to_vec().into())).chain([Event::End]).collect();
    assert_eq!((&events, outcome), (&expected, Ok(())));
    let (some, outcome) = read(&body[..input.cut % body.len()], step);
    assert!(outcome.is_err() && expected.starts_with(&some));
    let bit = input.bit % (8 * body.len());
    body[bit / 8] ^= 1 << (bit % 8);
    let (some, outcome) = read(&body, step);
    assert!(outcome.is_err() && expected.starts_with(&some), "bit {bit}");
});
