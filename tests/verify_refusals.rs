//! What is refused, and at which border: the rules whose absence was a vulnerability elsewhere.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may panic"
)]

mod support;

use sigv4a::{SignerExt as _, SigningRequest, Streaming, UnsignedPayload, VerifyErrorKind as Kind};
use support::{
    fixture::{GET, HOST, POST, credentials, now, server, signers, v4, v4a},
    sent::{Body, Sent, Server},
    signature::{ORDER, Part, der, numbers, part, with_parameter, with_part},
};

#[track_caller]
fn refused(server: &Server, sent: &Sent, kind: Kind) {
    match server.judge(sent) {
        Ok(_) => panic!("accepted: {sent:?}"),
        Err(error) => assert_eq!(error.kind(), kind, "{error}: {sent:?}"),
    }
}

#[test]
fn the_window_of_a_header_is_900_seconds_to_both_sides() {
    for signer in signers("execute-api", &credentials(), |options| options) {
        let sent = GET.sign(&*signer);
        let server = server("execute-api");
        for (seconds, kind) in [
            (0, None),
            (900, None),
            (-900, None),
            (901, Some(Kind::RequestExpired)),
            (-901, Some(Kind::RequestNotYetValid)),
            (40_000_000, Some(Kind::RequestExpired)),
        ] {
            let found = server.at(now(), seconds).judge(&sent).map(drop).map_err(|error| error.kind()).err();
            assert_eq!(found, kind, "{seconds}");
        }
        let mut strict = server.at(now(), 6);
        strict.verifier = strict.verifier.with_max_skew(5);
        refused(&strict, &sent, Kind::RequestExpired);
    }
}

#[test]
fn the_window_of_a_presigned_url() {
    for (name, is_s3) in [("s3", true), ("execute-api", false)] {
        let server = server(name);
        for signer in signers(name, &credentials(), |options| options) {
            for seconds in [1, 604_800] {
                let sent = GET.presign(&*signer, seconds);
                let seconds = i64::try_from(seconds).unwrap();
                for later in [-900, 0, seconds] {
                    server.at(now(), later).judge(&sent).unwrap();
                }
                refused(&server.at(now(), seconds + 1), &sent, Kind::PresignExpired);
                refused(&server.at(now(), -901), &sent, Kind::PresignNotYetValid);
            }
            let sent = GET.presign(&*signer, 60);
            for text in ["0", "604801", "18446744073709551615", "18446744073709551616"] {
                refused(&server, &with_parameter(&sent, "X-Amz-Expires", Some(text)), Kind::ExpiresOutOfRange);
            }
        }
        // Without a lifetime: signed that way by hand, as AWS's own implementation does it for other services.
        let sent = without_expires(name, is_s3);
        match is_s3 {
            true => refused(&server, &sent, Kind::ExpiresOutOfRange),
            false => {
                server.at(now(), 900).judge(&sent).unwrap();
                refused(&server.at(now(), 901), &sent, Kind::RequestExpired);
                refused(&server.at(now(), -901), &sent, Kind::RequestNotYetValid);
            }
        }
    }
}

fn without_expires(name: &str, is_s3: bool) -> Sent {
    let sent = with_parameter(&GET.presign(&v4(name, &credentials()), 60), "X-Amz-Expires", None);
    let sent = with_parameter(&sent, "X-Amz-Signature", None);
    let payload = if is_s3 { "UNSIGNED-PAYLOAD" } else { support::by_hand::EMPTY };
    let canonical = format!("GET\n/\n{}\nhost:{HOST}\n\nhost\n{payload}", sent.query().unwrap());
    with_parameter(&sent, "X-Amz-Signature", Some(&support::by_hand::signature(&canonical, name)))
}

#[test]
fn a_malformed_signature_is_not_a_wrong_one() {
    let server = server("s3");
    let sent = GET.sign(&v4a("s3", &credentials()));
    let signature = part(&sent, Part::Signature);
    let [r, s] = numbers(&signature);
    assert_eq!(der([&r, &s]), signature);
    let content = &signature[4..];
    let len = content.len() / 2;
    let integer = |number: &str| format!("0221{number:0>66}");
    let zeros = "0".repeat(64);
    let negative = format!("0220ff{}", &r[2..]);
    for malformed in [
        format!("{r}{s}"), // as JOSE writes it
        signature.to_ascii_uppercase(),
        format!("{signature}**"), // as a chunk is padded
        format!("{signature:*<144}"),
        format!("{signature}00"),                  // garbage after the sequence
        format!("30{:02x}{content}0500", len + 2), // garbage in it
        format!("3081{len:02x}{content}"),         // a length in the long form
        format!("3080{content}0000"),              // of indefinite length
        format!("31{:02x}{content}", len),
        der([&r, &zeros]).replace("0200", "020100"),
        der([&zeros, &s]).replace("0200", "020100"),
        der([&r, ORDER]),
        der([ORDER, &s]),
        format!("30{:02x}{}{}", 35 + 35, integer(&format!("00{r}")), integer(&format!("00{s}"))),
        format!("30{:02x}{negative}{}", 34 + 35, integer(&s)),
        String::new(),
        "30".into(),
        "3000".into(),
        "0".repeat(64),
    ] {
        if malformed != signature {
            refused(&server, &with_part(&sent, Part::Signature, &malformed), Kind::MalformedSignature);
        }
    }
    for wrong in [der([&s, &r]), der([&r, &r]), "3006020101020101".into()] {
        refused(&server, &with_part(&sent, Part::Signature, &wrong), Kind::SignatureMismatch);
    }
    let sent = GET.sign(&v4("s3", &credentials()));
    for malformed in ["F".repeat(64), "f".repeat(62), "f".repeat(66), "f".repeat(63), "*".repeat(64), signature] {
        refused(&server, &with_part(&sent, Part::Signature, &malformed), Kind::MalformedSignature);
    }
    refused(&server, &with_part(&sent, Part::Signature, &"f".repeat(64)), Kind::SignatureMismatch);
}

#[test]
fn a_host_and_an_authority_that_differ() {
    let sent = GET.sign(&v4("execute-api", &credentials()));
    let server = server("execute-api");
    refused(&server, &sent.with_target("https://evil.example/"), Kind::InvalidHost);
    refused(&server, &sent.with_target("https://h.example:8443/"), Kind::InvalidHost);
    refused(
        &server,
        &sent.with_header_instead("host", "evil.example").with_target("https://h.example/"),
        Kind::InvalidHost,
    );
    refused(&server, &sent.with_header("host", HOST), Kind::InvalidHost);
    for host in ["", "h.example/", "h.example, evil.example", "h example"] {
        refused(&server, &sent.with_header_instead("host", host), Kind::InvalidHost);
    }
    refused(&server, &sent.with_target("https://user:secret@h.example/"), Kind::InvalidRequest);
}

#[test]
fn region_sets_cover_or_do_not() {
    let server = server("s3");
    for (set, covers) in [
        ("*", true),
        ("us-*", true),
        ("eu-west-1,us-east-1", true),
        ("us-east-1*", true),
        ("us-east-10", false),
        ("us-west-*", false),
        ("US-EAST-1", false),
        ("us-east", false),
    ] {
        let signer = sigv4a::SigV4a::new(credentials(), sigv4a::RegionSet::new(set).unwrap(), sigv4a::Service::S3);
        for sent in [GET.sign(&signer), GET.presign(&signer, 60)] {
            match covers {
                true => drop(server.judge(&sent).unwrap_or_else(|error| panic!("{set}: {error}"))),
                false => refused(&server, &sent, Kind::RegionSetMismatch),
            }
        }
    }
    // In a presigned URL it is a parameter; in a header it would not say the same to everyone.
    let sent = GET.presign(&v4a("s3", &credentials()), 60);
    refused(&server, &sent.with_header("x-amz-region-set", "*"), Kind::HeaderNotSigned);
    // Unsigned it says nothing, whatever else a server accepts.
    let mut lax = server.clone();
    lax.verifier = lax.verifier.with_unsigned_header("x-amz-region-set").unwrap();
    let sent =
        with_part(&GET.sign(&v4a("s3", &credentials())), Part::SignedHeaders, "host;x-amz-content-sha256;x-amz-date");
    refused(&lax, &sent, Kind::HeaderNotSigned);
}

#[test]
fn bodies_are_what_was_signed() {
    for name in ["s3", "execute-api"] {
        for signer in signers(name, &credentials(), |options| options) {
            let sent = POST.sign(&*signer);
            let unread = Sent { body: Body::Unread, ..sent.clone() };
            let kind = if name == "s3" { Kind::PayloadMismatch } else { Kind::SignatureMismatch };
            refused(&server(name), &sent.with_body("hullo"), kind);
            let mut hash = sigv4a::BodyHash::new();
            hash.update(b"hel");
            hash.update(b"lo");
            server(name).judge(&Sent { body: Body::Sha256(hash.finish()), ..sent.clone() }).unwrap();
            refused(&server(name), &Sent { body: Body::Sha256([0; 32]), ..sent.clone() }, kind);
            if name == "execute-api" {
                refused(&server(name), &unread, Kind::BodyNeeded);
                continue;
            }
            let verified = server(name).judge(&unread).unwrap();
            for (pieces, is_right) in [(&["hel", "lo"][..], true), (&["hel"], false), (&[], false)] {
                let mut check = verified.payload_check();
                pieces.iter().for_each(|piece| check.update(piece.as_bytes()));
                assert_eq!(
                    check.finish().map_err(|error| error.kind()).err(),
                    (!is_right).then_some(Kind::PayloadMismatch)
                );
            }
        }
    }
    // Unsigned bodies, and those that are signed piece by piece.
    use sigv4a::PayloadHash::{StreamingSigned, StreamingUnsignedTrailer, Unsigned};
    for (payload, accepted) in [(Unsigned, true), (StreamingSigned, false), (StreamingUnsignedTrailer, false)] {
        let url = format!("https://{HOST}/");
        let request = SigningRequest::new("PUT", &url).unwrap().with_payload(payload);
        for signer in signers("s3", &credentials(), |options| options) {
            let sent = Sent::signed("PUT", &request, &signer.sign(&request, now()).unwrap(), b"anything");
            let mut s3 = server("s3");
            match accepted {
                true => assert!(s3.judge(&sent).unwrap().payload_check().finish().is_ok()),
                false => refused(&s3, &sent, Kind::StreamingPayload),
            }
            let mut decoding = s3.clone();
            decoding.verifier = decoding.verifier.with_streaming(Streaming::WillBeDecoded);
            decoding.judge(&sent).unwrap();
            s3.verifier = s3.verifier.with_unsigned_payload(UnsignedPayload::Refuse);
            let kind = if payload == StreamingSigned { Kind::StreamingPayload } else { Kind::UnsignedPayload };
            refused(&s3, &sent, kind);
        }
    }
}
