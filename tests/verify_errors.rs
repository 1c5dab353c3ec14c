//! Every kind of refusal that the library can make is made here, with a message that says what was expected and found. A
//! kind without a case fails.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may panic"
)]

mod support;

use sigv4a::{
    AnswerStyle::S3,
    VerifyErrorKind::{self as Kind, *},
};
use support::{
    fixture::{DATE, GET, HOST, ID, SECRET, credentials, server, v4},
    refusals::refusals,
    sent::Sent,
};

/// What only those around the verifier can find out.
const OF_OTHERS: [(Kind, &str); 27] = [
    (BodyTooLarge, "a verifier reads no body: its limit is the layer's"),
    (BodyIncomplete, "the same"),
    (Replayed, "a verifier remembers no request"),
    (KeyLookup, "a verifier looks nothing up"),
    (MalformedChunk, DECODER),
    (ChunkHeaderTooLong, DECODER),
    (ChunkTooSmall, DECODER),
    (ChunkTooLarge, DECODER),
    (MalformedChunkSignature, DECODER),
    (ChunkSignatureMismatch, DECODER),
    (MissingDecodedLength, DECODER),
    (DecodedLengthMismatch, DECODER),
    (MalformedTrailer, DECODER),
    (TrailerMismatch, DECODER),
    (MissingTrailerSignature, DECODER),
    (TrailerSignatureMismatch, DECODER),
    (ChecksumMismatch, DECODER),
    (BytesAfterEnd, DECODER),
    (BodyTooSmall, FORM),
    (MalformedForm, FORM),
    (FormTooLarge, FORM),
    (MalformedPolicy, FORM),
    (PolicyExpired, FORM),
    (PolicyCondition, FORM),
    (PolicyExtraField, FORM),
    (MalformedEvent, EVENTS),
    (EventSignatureMismatch, EVENTS),
];

/// Its own tests make these.
const DECODER: &str = "only a decoder of chunks reads a body";
const FORM: &str = "only an upload form has a policy: tests/post_policy.rs";
const EVENTS: &str = "only an event stream has events: tests/event_stream.rs";

#[test]
fn every_kind_says_what_was_expected_and_found() {
    let mut seen: Vec<Kind> = OF_OTHERS
        .iter()
        .map(|(kind, why)| {
            assert!(!why.is_empty());
            *kind
        })
        .collect();
    for (part, error) in refusals() {
        let text = error.to_string();
        assert!(text.contains(part), "expected `{part}` in `{text}`");
        let is_whole = matches!(text.as_bytes(), [first, .., last] if !first.is_ascii_uppercase() && (*last != b'.' ));
        assert!(is_whole && !text.contains(SECRET), "{text}");
        assert!(!OF_OTHERS.iter().any(|(kind, _)| *kind == error.kind()), "{text}: the verifier can make it");
        seen.push(error.kind());
    }
    for kind in Kind::ALL {
        assert!(seen.contains(kind), "no case for {kind}");
    }
    let mismatch = server("s3").judge(&GET.sign(&v4("s3", &credentials())).with_method("PUT")).unwrap_err();
    assert_eq!(mismatch.to_string(), "signature mismatch: the signature is not the key's over this request");
}

/// A word that stands alone may be somebody's token, and bytes that are no text somebody's broken one.
#[test]
fn what_may_be_secret_is_not_shown() {
    let sent = Sent::new("GET", "/").with_header("host", HOST);
    for authorization in ["hunter2-hunter2-hunter2", "Bearer hunter2-hunter2"] {
        let error = server("s3").judge(&sent.with_header("authorization", authorization)).unwrap_err();
        assert!(!format!("{error} {error:?}").contains("hunter2-"), "{error}");
    }
    let credential = format!("{ID}%2F20150830%2Fus-east-1%2Fs3%2Faws4_request");
    let start = format!(
        "/?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential={credential}&X-Amz-Date={DATE}&X-Amz-SignedHeaders=host"
    );
    for rest in [
        "&X-Amz-Signature=hunter2%FF",
        "&X-Amz-Signature=hunter2",
        "&X-Amz-Signature=00&X-Amz-Security-Token=hunter2%FF",
    ] {
        let rest = if rest.contains("Token") {
            format!("&X-Amz-Signature={}&X-Amz-Security-Token=hunter2%FF", "0".repeat(64))
        } else {
            rest.to_owned()
        };
        let error = server("s3").judge(&sent.with_target(format!("{start}{rest}"))).unwrap_err();
        assert!(!format!("{error} {error:?} {}", error.client_message(S3)).contains("hunter2"), "{error}");
        assert!(!format!("{:?}", sent.with_target(format!("{start}{rest}")).received().unwrap()).contains("hunter2"));
    }
}
