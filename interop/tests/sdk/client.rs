//! The SDK's client, and what it sends.

use std::sync::{Arc, Mutex};

use aws_sdk_s3::{
    Client, Config,
    config::{
        Builder, ConfigBag, Credentials, Intercept, Region, RuntimeComponents,
        interceptors::BeforeTransmitInterceptorContextRef, retry::RetryConfig,
    },
    error::BoxError,
};
use sigv4a::aws_sdk::{SignedUploads, SigningScheme};

pub(crate) const ID: &str = "AKIDEXAMPLE";
pub(crate) const SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
pub(crate) const REGION: &str = "us-east-1";
pub(crate) const BUCKET: &str = "bucket";

/// The payload of a body that is streamed over plain http.
pub(crate) const SIGNED_TRAILER: &str = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER";

/// Around the least size of a chunk, and more than one chunk of the SDK.
pub(crate) const LENGTHS: [usize; 7] = [0, 1, 8191, 65536, 65537, (1 << 20) + 1, 5 << 20];

/// Which repeats, but not from chunk to chunk.
pub(crate) fn data(length: usize) -> Vec<u8> {
    (0..length).map(|index| u8::try_from((index * 31 + index / 251) % 256).unwrap()).collect()
}

pub(crate) fn client(url: &str, secret: &str, sent: &Sent) -> Client {
    Client::from_conf(config(url, secret, sent).build())
}

pub(crate) fn client_with_our_scheme(url: &str, secret: &str, sent: &Sent) -> Client {
    let config = config(url, secret, sent);
    Client::from_conf(config.push_auth_scheme(SigningScheme::sigv4()).interceptor(SignedUploads::new()).build())
}

fn config(url: &str, secret: &str, sent: &Sent) -> Builder {
    Config::builder()
        .region(Region::new(REGION))
        .endpoint_url(url)
        .force_path_style(true)
        .credentials_provider(Credentials::new(ID, secret, None, None, "example"))
        .retry_config(RetryConfig::disabled())
        .interceptor(sent.clone())
}

/// The headers of the last request.
#[derive(Debug, Clone, Default)]
pub(crate) struct Sent {
    headers: Arc<Mutex<Vec<(String, String)>>>,
}

impl Sent {
    pub(crate) fn header(&self, name: &str) -> Option<String> {
        let headers = self.headers.lock().unwrap();
        headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone())
    }
}

impl Intercept for Sent {
    fn name(&self) -> &'static str {
        "Sent"
    }

    fn read_before_transmit(
        &self,
        context: &BeforeTransmitInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let headers = context.request().headers().iter();
        *self.headers.lock().unwrap() = headers.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        Ok(())
    }
}
