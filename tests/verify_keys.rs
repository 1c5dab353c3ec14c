//! Which keys verify what: secrets, public keys, session tokens, algorithms.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may panic"
)]

mod support;

use sigv4a::{
    AccessKeyId, Algorithm, ReceivedRequest, SessionToken, Timestamp, VerificationKey, Verifier,
    VerifyErrorKind as Kind,
};
use support::{
    fixture::{GET, ID, TOKEN, credentials, now, region, server, service, signers, v4, v4a, with_token},
    sent::{Sent, Server},
    signature::{Part, with_part},
};

#[track_caller]
fn refused(server: &Server, sent: &Sent, kind: Kind) {
    match server.judge(sent) {
        Ok(_) => panic!("accepted: {sent:?}"),
        Err(error) => assert_eq!(error.kind(), kind, "{error}: {sent:?}"),
    }
}

#[test]
fn a_public_key_is_for_sigv4a_only() {
    let key = VerificationKey::from_credentials(&credentials()).verifying_key().unwrap();
    let public = VerificationKey::from_public_key(AccessKeyId::new(ID).unwrap(), key.clone());
    assert_eq!(public.verifying_key().unwrap(), key);
    let server = server("s3").with_keys(vec![public]);
    server.judge(&GET.sign(&v4a("s3", &credentials()))).unwrap();
    refused(&server, &GET.sign(&v4("s3", &credentials())), Kind::KeyCannotVerify);
}

#[test]
fn algorithms_are_pinned() {
    for (enabled, other) in [(Algorithm::SigV4, 1), (Algorithm::SigV4a, 0)] {
        let mut server = server("s3");
        server.verifier = server.verifier.with_algorithms([enabled]);
        let signers = signers("s3", &credentials(), |options| options);
        server.judge(&GET.sign(&*signers[1 - other])).unwrap();
        for sent in [GET.sign(&*signers[other]), GET.presign(&*signers[other], 60)] {
            refused(&server, &sent, Kind::AlgorithmNotEnabled);
        }
    }
}

#[test]
fn session_tokens_and_the_end_of_credentials() {
    let key = VerificationKey::from_credentials(&with_token());
    let other = VerificationKey::new(ID, support::fixture::SECRET)
        .unwrap()
        .with_session_token(SessionToken::new("OTHER").unwrap());
    for name in ["s3", "s3express", "execute-api", "iotdevicegateway"] {
        let (with, without) = (signers(name, &with_token(), |options| options), signers(name, &credentials(), |o| o));
        for (with, without) in with.into_iter().zip(without) {
            for (with, without) in
                [(GET.sign(&*with), GET.sign(&*without)), (GET.presign(&*with, 60), GET.presign(&*without, 60))]
            {
                let knows = server(name).with_keys(vec![key.clone()]);
                knows.judge(&with).unwrap();
                refused(&knows, &without, Kind::InvalidSessionToken);
                refused(&server(name).with_keys(vec![other.clone()]), &with, Kind::InvalidSessionToken);
                // A key without a token: who looked it up has compared it already.
                let found = server(name).judge(&with).unwrap();
                assert_eq!(found.session_token().map(SessionToken::expose), Some(TOKEN));
            }
        }
    }
    let sent = GET.sign(&v4("s3", &credentials()));
    let ends = |seconds: i64| {
        let end = Timestamp::from_unix(now().as_unix() + seconds).unwrap();
        server("s3").with_keys(vec![VerificationKey::from_credentials(&credentials()).with_expiry(end)])
    };
    ends(1).judge(&sent).unwrap();
    refused(&ends(0), &sent, Kind::CredentialsExpired);
    refused(&ends(-1), &sent, Kind::CredentialsExpired);
    let mut wrong = sent.clone();
    wrong.method = "PUT".into();
    refused(&ends(-1), &wrong, Kind::SignatureMismatch);
}

/// The key is asked for when all else is right, and must be the one that was asked for.
#[test]
fn the_key_is_looked_up_last() {
    let sent = GET.sign(&v4("s3", &credentials()));
    let verifier = Verifier::new(service("s3"), region("us-east-1"));
    let ask = |request: &ReceivedRequest<'_>, key: Option<VerificationKey>| {
        let mut asked = 0;
        let outcome = verifier.verify_request(
            request,
            |_| {
                asked += 1;
                key
            },
            now(),
        );
        (outcome.map_err(|error| error.kind()).map(drop), asked)
    };
    let key = VerificationKey::from_credentials(&credentials());
    assert_eq!(ask(&sent.received().unwrap(), Some(key.clone())), (Ok(()), 1));
    assert_eq!(ask(&sent.received().unwrap(), None), (Err(Kind::UnknownKey), 1));
    let other = VerificationKey::new("AKIAOTHER", support::fixture::SECRET).unwrap();
    assert_eq!(ask(&sent.received().unwrap(), Some(other)), (Err(Kind::UnknownKey), 1));
    let stale = with_part(&sent, Part::Date, "20150830T112600Z");
    assert_eq!(ask(&stale.received().unwrap(), Some(key)), (Err(Kind::RequestExpired), 0));
}
