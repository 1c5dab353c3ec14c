//! The layer that signs.

use tower_layer::Layer;

use super::SignService;
use crate::integrations::client::RequestSigner;

/// Signs every request that passes to an HTTP client, hyper-util's for example, each attempt anew.
///
/// Bodies are signed as [`BodySigning`](crate::client::BodySigning) says; a request that was refused for its time or for an
/// expired token is signed and sent once more, if its body was hashed and so is in memory. An answer that a token of the
/// global STS endpoint may have caused has a [`Hint`](crate::client::Hint) in its extensions, and so has a redirect that was
/// not followed with its body.
///
/// **Put it innermost**, next to the client: retries, compression and whatever adds headers belong outside of it, so that
/// each attempt is signed over what is sent. A layer inside of it must leave path, query, signed headers and body alone.
///
/// **What silently breaks it**: a layer that follows redirects. Outside of this one, it has a redirect to another host signed
/// with your credentials, which [`RequestSigner::with_hosts`] prevents, also for requests with a `Host` header; inside, it
/// carries the session token there. Leave it out and let [`Redirects::Follow`](crate::client::Redirects) do it.
///
/// ```no_run
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// use http_body_util::Full;
/// use sigv4a::{Credentials, SignerConfig, client::RequestSigner, tower::SignLayer};
/// # fn client() -> tower::util::BoxCloneSyncService<
/// #     http::Request<sigv4a::client::SignedBody<Full<bytes::Bytes>>>, http::Response<Full<bytes::Bytes>>, std::io::Error,
/// # > { unimplemented!() }
/// use tower::{Layer, Service, ServiceExt};
/// let signer = RequestSigner::new(SignerConfig::default(), Credentials::new("AKIDEXAMPLE", "secret")?);
/// // For example `hyper_util::client::legacy::Client::builder(TokioExecutor::new()).build(connector)`.
/// let mut client = SignLayer::new(signer).layer(client());
/// let request = http::Request::get("https://abc123.execute-api.eu-west-1.amazonaws.com/private");
/// let answer = client.ready().await.map_err(|error| error.to_string())?.call(request.body(Full::default())?).await;
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct SignLayer {
    signer: RequestSigner,
}

impl SignLayer {
    /// A layer that signs with this.
    #[must_use]
    pub const fn new(signer: RequestSigner) -> Self {
        Self { signer }
    }
}

impl<S> Layer<S> for SignLayer {
    type Service = SignService<S>;

    fn layer(&self, inner: S) -> SignService<S> {
        SignService::new(inner, self.signer.clone())
    }
}
