//! An event stream of the SDK, its messages signed by us: every one is accepted where the chain of signatures is checked.

use std::sync::{Arc, Mutex};

use aws_sdk_transcribestreaming::{
    Client, Config,
    config::{
        Builder, Credentials, Region,
        auth::{Params, ResolveAuthScheme},
        retry::RetryConfig,
    },
    primitives::Blob,
    types::{AudioEvent, AudioStream, LanguageCode, MediaEncoding, error::AudioStreamError},
};
use aws_smithy_runtime_api::client::{
    auth::{AuthSchemeId, AuthSchemeOption, AuthSchemeOptionsFuture},
    runtime_components::RuntimeComponents,
};
use aws_smithy_types::config_bag::ConfigBag;
use http_body_util::{BodyExt as _, Full};
use hyper::{
    HeaderMap, Request, Response,
    body::{Bytes, Incoming},
    server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::TokioIo;
use sigv4a::{
    ReceivedRequest, Service, SignErrorKind, Streaming, VerificationKey, Verifier,
    aws_sdk::SigningScheme,
    event_stream::{Event, MessageVerifier},
};
use tokio::net::TcpListener;

use crate::{
    client::{ID, REGION, SECRET},
    scheme::sign_error,
};

/// What a server was sent.
type Received = Arc<Mutex<Option<(http::request::Parts, Bytes)>>>;

/// Takes every request, and answers that nothing was said.
async fn start() -> (String, Received) {
    let received = Received::default();
    let inside = Arc::clone(&received);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            let received = Arc::clone(&inside);
            let service = service_fn(move |request: Request<Incoming>| {
                let received = Arc::clone(&received);
                async move {
                    let (parts, body) = request.into_parts();
                    let body = body.collect().await?.to_bytes();
                    *received.lock().unwrap() = Some((parts, body));
                    Ok::<_, hyper::Error>(Response::new(Full::<Bytes>::default()))
                }
            });
            tokio::spawn(async move { http1::Builder::new().serve_connection(TokioIo::new(stream), service).await });
        }
    });
    (url, received)
}

fn config(url: &str) -> Builder {
    Config::builder()
        .region(Region::new(REGION))
        .endpoint_url(url)
        .credentials_provider(Credentials::new(ID, SECRET, None, None, "example"))
        .retry_config(RetryConfig::disabled())
}

const AUDIO: [&[u8]; 3] = [b"first", b"second", &[7; 4000]];

macro_rules! transcribe {
    ($client:expr) => {{
        let events = AUDIO.map(|audio| {
            let event = AudioEvent::builder().audio_chunk(Blob::new(audio)).build();
            Ok::<_, AudioStreamError>(AudioStream::AudioEvent(event))
        });
        $client
            .start_stream_transcription()
            .language_code(LanguageCode::EnGb)
            .media_sample_rate_hertz(8000)
            .media_encoding(MediaEncoding::Pcm)
            .audio_stream(futures_util::stream::iter(events).into())
            .send()
            .await
    }};
}

fn content_sha256(headers: &HeaderMap) -> Option<&str> {
    headers.get("x-amz-content-sha256").map(|value| value.to_str().unwrap())
}

#[tokio::test]
async fn every_message_is_accepted_by_the_chain() {
    let (url, received) = start().await;
    let client = Client::from_conf(config(&url).push_auth_scheme(SigningScheme::sigv4()).build());
    let mut answer = transcribe!(client).unwrap();
    assert!(answer.transcript_result_stream.recv().await.unwrap().is_none());

    let (parts, body) = received.lock().unwrap().take().unwrap();
    assert_eq!(content_sha256(&parts.headers), Some("STREAMING-AWS4-HMAC-SHA256-EVENTS"));
    let now = sigv4a::config::now().unwrap();
    let key = VerificationKey::new(ID, SECRET).unwrap();
    let verifier = Verifier::new(Service::new("transcribe").unwrap(), sigv4a::Region::new(REGION).unwrap())
        .with_streaming(Streaming::EventsWillBeChecked);
    let request = ReceivedRequest::from_parts(&parts).unwrap();
    let verified = verifier.verify_request(&request, |_| Some(&key), now).unwrap();
    let mut messages = MessageVerifier::new(&verified, &key).unwrap();
    messages.push(&body);
    for audio in AUDIO {
        let event = messages.next_event(now).unwrap().unwrap();
        assert_eq!(event.message().unwrap().unwrap().payload().as_ref(), audio);
    }
    assert_eq!(messages.next_event(now).unwrap(), Some(Event::End));
    messages.finish().unwrap();
}

/// The control. That the body is an event stream, it does not say.
#[tokio::test]
async fn the_sdk_says_that_the_body_is_empty() {
    let (url, received) = start().await;
    transcribe!(Client::from_conf(config(&url).build())).unwrap();
    let (parts, _) = received.lock().unwrap().take().unwrap();
    assert_eq!(content_sha256(&parts.headers), None);
}

/// Somebody who wants SigV4a wherever it goes.
#[derive(Debug)]
struct AlwaysSigV4a;

impl ResolveAuthScheme for AlwaysSigV4a {
    fn resolve_auth_scheme<'a>(
        &'a self,
        _: &'a Params,
        _: &'a ConfigBag,
        _: &'a RuntimeComponents,
    ) -> AuthSchemeOptionsFuture<'a> {
        let option = AuthSchemeOption::builder().scheme_id(AuthSchemeId::new("sigv4a")).build().unwrap();
        AuthSchemeOptionsFuture::ready(Ok(vec![option]))
    }
}

/// The crate of this service knows no SigV4a: ours signs all the same, with its credentials, but for event streams.
#[tokio::test]
async fn an_event_stream_with_sigv4a_is_refused() {
    let (url, received) = start().await;
    let config = config(&url).auth_scheme_resolver(AlwaysSigV4a).push_auth_scheme(SigningScheme::sigv4a());
    let client = Client::from_conf(config.build());
    let (kind, message) = sign_error(&transcribe!(client).unwrap_err());
    assert_eq!((kind, message.contains("event streams")), (SignErrorKind::Unsupported, true), "{message}");
    assert!(received.lock().unwrap().is_none());
    // What this answers is no transcription job; that it was signed is all.
    let _ = client.get_medical_scribe_stream().session_id("00000000-0000-0000-0000-000000000000").send().await;
    let (parts, _) = received.lock().unwrap().take().unwrap();
    assert!(parts.headers["authorization"].to_str().unwrap().starts_with("AWS4-ECDSA-P256-SHA256 "));
    assert_eq!(parts.headers["x-amz-region-set"], REGION);
}
