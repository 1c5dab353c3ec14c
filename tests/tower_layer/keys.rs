//! Where keys come from: maps, other machines, nowhere.

use std::{
    error::Error,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use http::{Request, header::AUTHORIZATION};
use sigv4a::{
    AccessKeyId, Algorithm, Authorization, Credentials, Service, SessionToken, SignerExt as _, StaticKeys,
    VerificationKey, VerifyErrorKind as Kind, tower::VerificationKeys,
};
use tower::{Layer as _, ServiceExt as _, service_fn};

use crate::support::{
    ALGORITHMS, KEY_ID, answer, call_whole, credentials, forged, keys, layer, layer_with, post, signed, signed_by,
    signer, time, who,
};

/// Far away, or down, and counting.
#[derive(Default)]
struct Remote {
    calls: AtomicUsize,
    is_down: bool,
}

impl Remote {
    fn calls(&self) -> usize {
        self.calls.load(Ordering::SeqCst)
    }
}

impl VerificationKeys for Remote {
    async fn find(
        &self,
        authorization: &Authorization,
    ) -> Result<Option<VerificationKey>, Box<dyn Error + Send + Sync>> {
        self.calls.fetch_add(1, Ordering::SeqCst);
        if self.is_down {
            return Err("the table `keys` at 10.0.0.7 does not answer".into());
        }
        keys().find(authorization).await
    }
}

/// Sleeps before it answers.
struct Slow(Arc<Remote>);

impl VerificationKeys for Slow {
    async fn find(
        &self,
        authorization: &Authorization,
    ) -> Result<Option<VerificationKey>, Box<dyn Error + Send + Sync>> {
        tokio::time::sleep(Duration::from_millis(30)).await;
        self.0.find(authorization).await
    }
}

#[tokio::test]
async fn a_lookup_may_take_its_time() {
    let remote = Arc::new(Remote::default());
    let service = layer_with(Service::S3, Slow(Arc::clone(&remote))).layer(service_fn(who));
    let calls = ALGORITHMS.into_iter().flat_map(|algorithm| {
        let right = signed(algorithm, Service::S3, "hello");
        let wrong = signed_by(&signer(algorithm, Service::S3, forged()), post("hello"));
        [(right, 200), (wrong, 403)]
    });
    for (request, status) in calls {
        let Ok(response) = service.clone().oneshot(request.map(str::to_owned)).await;
        assert_eq!(answer(response).await.status, status);
    }
    assert_eq!(remote.calls(), 4);
}

/// The operator reads why; the client learns nothing.
#[test]
fn a_lookup_that_fails() {
    for service in [Service::S3, Service::EXECUTE_API] {
        let remote = Arc::new(Remote { is_down: true, ..Remote::default() });
        let layer = layer_with(service.clone(), Arc::clone(&remote)).with_echo(sigv4a::tower::Echo::On);
        let answer = call_whole(&layer, signed(Algorithm::SigV4, service.clone(), "hello"));
        assert_eq!((answer.status, answer.kind()), (500, Some(Kind::KeyLookup)));
        assert!(answer.text.contains("We encountered an internal error. Please try again."), "{}", answer.text);
        let sent = format!("{answer:?}").replace(&format!("{:?}", answer.error), "");
        assert!(!sent.contains("10.0.0.7") && !sent.contains(KEY_ID) && !sent.contains("lookup"), "{sent}");
        let cause = answer.error.as_ref().and_then(Error::source).unwrap();
        assert_eq!(cause.to_string(), "the table `keys` at 10.0.0.7 does not answer");
    }
    let clockless = layer(Service::S3).with_clock(|| sigv4a::Timestamp::parse_amz_date("broken"));
    let answer = call_whole(&clockless, signed(Algorithm::SigV4, Service::S3, "hello"));
    assert_eq!((answer.status, answer.kind()), (500, Some(Kind::KeyLookup)));
    assert!(!answer.text.contains("clock"), "{}", answer.text);
    assert!(answer.error.unwrap().to_string().contains("the clock cannot be read"));
}

/// Nobody is asked about a request that is refused whoever sent it.
#[test]
fn what_needs_no_key_asks_for_none() {
    let remote = Arc::new(Remote::default());
    let layer = layer_with(Service::S3, Arc::clone(&remote));
    let s3 = || signer(Algorithm::SigV4, Service::S3, credentials());
    let at = |text: &str| {
        let mut request = post("hello");
        s3().sign_request(&mut request, time(text)).unwrap();
        request
    };
    let with = |old: &str, new: &str| {
        let mut request = signed(Algorithm::SigV4, Service::S3, "hello");
        let text = request.headers()[AUTHORIZATION].to_str().unwrap().replacen(old, new, 1);
        request.headers_mut().insert(AUTHORIZATION, text.parse().unwrap());
        request
    };
    let mut hashless = post("hello");
    hashless = signed_by(&signer(Algorithm::SigV4, Service::EXECUTE_API, credentials()), hashless);
    let mut extra = signed(Algorithm::SigV4a, Service::S3, "hello");
    extra.headers_mut().insert("x-amz-tagging", "a=b".parse().unwrap());
    let cases = [
        (post("hello"), Kind::MissingAuthentication),
        (at("20150830T110000Z"), Kind::RequestExpired),
        (at("20150830T130000Z"), Kind::RequestNotYetValid),
        (with("us-east-1", "us-west-1"), Kind::ScopeRegion),
        (with("/s3/", "/sts/"), Kind::ScopeService),
        (with("20150830", "20150829"), Kind::ScopeDate),
        (with("aws4_request", "aws5_request"), Kind::ScopeTerminator),
        (with("host;", ""), Kind::HostNotSigned),
        (with("Signature=", "Signature=0"), Kind::MalformedSignature),
        (hashless, Kind::ScopeService),
        (extra, Kind::HeaderNotSigned),
    ];
    for (request, kind) in cases {
        assert_eq!(call_whole(&layer, request).kind(), Some(kind));
        assert_eq!(remote.calls(), 0, "{kind}");
    }
    assert_eq!(call_whole(&layer, signed(Algorithm::SigV4, Service::S3, "hello")).status, 200);
    assert_eq!(remote.calls(), 1);
}

/// A server without secrets verifies SigV4a, and refuses SigV4 as if it knew nobody.
#[test]
fn public_keys_only() {
    let public = VerificationKey::from_credentials(&credentials()).verifying_key().unwrap();
    let id = AccessKeyId::new(KEY_ID).unwrap();
    let keys: StaticKeys = [VerificationKey::from_public_key(id, public)].into_iter().collect();
    for (service, code) in
        [(Service::S3, "<Code>InvalidAccessKeyId</Code>"), (Service::EXECUTE_API, "UnrecognizedClientException")]
    {
        let layer = layer_with(service.clone(), keys.clone());
        assert!(call_whole(&layer, signed(Algorithm::SigV4a, service.clone(), "hello")).is_from_the_service());
        let forger = signer(Algorithm::SigV4a, service.clone(), forged());
        assert_eq!(call_whole(&layer, signed_by(&forger, post("hello"))).kind(), Some(Kind::SignatureMismatch));
        let v4 = call_whole(&layer, signed(Algorithm::SigV4, service, "hello"));
        assert_eq!((v4.kind(), v4.status), (Some(Kind::KeyCannotVerify), 403));
        assert!(v4.text.contains(code) || v4.header("x-amzn-errortype") == code, "{v4:?}");
    }
}

/// Temporary credentials: with their token, until they end.
#[test]
fn temporary_credentials() {
    let temporary = credentials().with_session_token("TOKEN==").unwrap();
    let key = VerificationKey::from_credentials(&temporary);
    let ended = key.clone().with_expiry(time("20150830T120000Z"));
    let ends = key.clone().with_expiry(time("20150830T120001Z"));
    let other = key.clone().with_session_token(SessionToken::new("OTHER==").unwrap());
    for algorithm in ALGORITHMS {
        let request = |credentials: Credentials| -> Request<&'static str> {
            signed_by(&signer(algorithm, Service::EXECUTE_API, credentials), post("hello"))
        };
        let kind = |key: &VerificationKey, credentials: Credentials| {
            let layer = layer_with(Service::EXECUTE_API, StaticKeys::new().with(key.clone()));
            call_whole(&layer, request(credentials)).kind()
        };
        assert_eq!(kind(&key, temporary.clone()), None);
        assert_eq!(kind(&ends, temporary.clone()), None);
        assert_eq!(kind(&ended, temporary.clone()), Some(Kind::CredentialsExpired));
        assert_eq!(kind(&other, temporary.clone()), Some(Kind::InvalidSessionToken));
        assert_eq!(kind(&key, credentials()), Some(Kind::InvalidSessionToken));
    }
}
