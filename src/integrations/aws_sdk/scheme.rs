//! An authentication scheme of the SDK that signs with this library.

use std::sync::Arc;

use aws_smithy_runtime_api::{
    box_error::BoxError,
    client::{
        auth::{AuthScheme, AuthSchemeEndpointConfig, AuthSchemeId, Sign},
        identity::{Identity, SharedIdentityResolver},
        orchestrator::HttpRequest,
        runtime_components::{GetIdentityResolver, RuntimeComponents},
    },
};
use aws_smithy_types::{body::SdkBody, config_bag::ConfigBag};

use super::{
    event,
    instructions::{Instructions, Location},
    payload::SignedPayload,
    request,
    upload::PlannedUpload,
};
use crate::{
    canonical::SignedHeaderPolicy,
    chunked::ChunkedUpload,
    crypto::Provider,
    error::SignError,
    integrations::http_body::ChunkedBody,
    sign::{SigV4, SigV4a, Signer, SignerExt as _, SigningOptions},
    types::{Algorithm, Credentials, Timestamp},
};

/// Takes the place of the SDK's own scheme of the same name: give it to `push_auth_scheme` of a service's configuration.
///
/// It signs with what the SDK has resolved: the identity, the endpoint's signing name, region or region set and rules of
/// paths, the operation's payload and the time of the client's time source. See the [module](crate::aws_sdk) for what differs.
#[derive(Debug, Clone)]
pub struct SigningScheme {
    id: AuthSchemeId,
    signer: SchemeSigner,
}

impl SigningScheme {
    /// In place of the scheme `sigv4`.
    #[must_use]
    pub const fn sigv4() -> Self {
        Self::new(SIGV4, Algorithm::SigV4)
    }

    /// In place of the scheme `sigv4a`, which S3 Multi-Region Access Points need.
    #[must_use]
    pub const fn sigv4a() -> Self {
        Self::new("sigv4a", Algorithm::SigV4a)
    }

    /// In place of the scheme `sigv4-s3express`, for directory buckets: SigV4 with the credentials of a session, which the
    /// SDK's client for S3 creates.
    #[must_use]
    pub const fn s3_express() -> Self {
        Self::new("sigv4-s3express", Algorithm::SigV4)
    }

    /// Computes with another back end.
    #[must_use]
    pub const fn with_provider(mut self, provider: Provider) -> Self {
        self.signer.provider = Some(provider);
        self
    }

    /// Signs other headers.
    #[must_use]
    pub fn with_signed_headers(mut self, policy: SignedHeaderPolicy) -> Self {
        self.signer.signed_headers = policy;
        self
    }

    const fn new(id: &'static str, algorithm: Algorithm) -> Self {
        let signed_headers = SignedHeaderPolicy::standard();
        Self { id: AuthSchemeId::new(id), signer: SchemeSigner { algorithm, provider: None, signed_headers } }
    }
}

impl AuthScheme for SigningScheme {
    fn scheme_id(&self) -> AuthSchemeId {
        self.id.clone()
    }

    fn identity_resolver(&self, identity_resolvers: &dyn GetIdentityResolver) -> Option<SharedIdentityResolver> {
        let own = identity_resolvers.identity_resolver(self.scheme_id());
        match self.signer.algorithm {
            Algorithm::SigV4 => own,
            // A client that was not built for it has the same credentials under the other name only.
            Algorithm::SigV4a => own.or_else(|| identity_resolvers.identity_resolver(AuthSchemeId::new(SIGV4))),
        }
    }

    fn signer(&self) -> &dyn Sign {
        &self.signer
    }
}

#[derive(Debug, Clone)]
struct SchemeSigner {
    algorithm: Algorithm,
    provider: Option<Provider>,
    signed_headers: SignedHeaderPolicy,
}

impl Sign for SchemeSigner {
    fn sign_http_request(
        &self,
        request: &mut HttpRequest,
        identity: &Identity,
        auth_scheme_endpoint_config: AuthSchemeEndpointConfig<'_>,
        runtime_components: &RuntimeComponents,
        config_bag: &ConfigBag,
    ) -> Result<(), BoxError> {
        let time = runtime_components.time_source().unwrap_or_default();
        let at = Timestamp::try_from(time.now())?;
        let instructions = Instructions::new(&auth_scheme_endpoint_config, config_bag)?;
        let signer = self.signer_for(request, identity, &instructions)?;
        match instructions.location()? {
            Location::Query(expires_in) => {
                let payload = SignedPayload::new(request, instructions.operation(), config_bag, self.algorithm)?;
                let presigned = signer.presign(&payload.put_into(request::read(request)?), expires_in, at)?;
                request::write_presigned(&presigned, request)?;
            }
            Location::Headers => match config_bag.load::<PlannedUpload>() {
                Some(PlannedUpload(upload)) => sign_upload(upload, signer, request, at)?,
                None => {
                    let payload = SignedPayload::new(request, instructions.operation(), config_bag, self.algorithm)?;
                    let signed = signer.sign(&payload.put_into(request::read(request)?), at)?;
                    event::hand_over(config_bag, signer, signed.trace().signature(), move || time.now())?;
                    request::write(&signed, request)?;
                }
            },
        }
        Ok(())
    }
}

impl SchemeSigner {
    fn signer_for(
        &self,
        request: &HttpRequest,
        identity: &Identity,
        instructions: &Instructions<'_>,
    ) -> Result<Arc<dyn Signer>, SignError> {
        let credentials = Credentials::try_from(identity)?;
        let service = instructions.service()?;
        let profile = instructions.profile(&service, request::content_sha256(request.headers()))?;
        let options = SigningOptions::new(profile).with_signed_headers(self.signed_headers.clone());
        let provider = self.provider.unwrap_or_default();
        Ok(match self.algorithm {
            Algorithm::SigV4 => {
                let signer = SigV4::new(credentials, instructions.region()?, service);
                Arc::new(signer.with_options(options).with_provider(provider))
            }
            Algorithm::SigV4a => {
                let signer = SigV4a::new(credentials, instructions.region_set()?, service);
                Arc::new(signer.with_options(options).with_provider(provider))
            }
        })
    }
}

/// Signs a request whose chunks are signed while they are sent, and puts its body into them.
fn sign_upload(
    upload: &ChunkedUpload,
    signer: Arc<dyn Signer>,
    request: &mut HttpRequest,
    at: Timestamp,
) -> Result<(), SignError> {
    request::announce(upload, signer.algorithm(), request)?;
    let given = request::read(request)?.with_payload(upload.payload());
    let signed = signer.sign(&given, at)?;
    request::write(&signed, request)?;
    let (upload, seed) = (upload.clone(), signed.trace().signature().clone());
    let body = std::mem::replace(request.body_mut(), SdkBody::taken());
    // Whoever sends it may clone a body that can be read again.
    *request.body_mut() = body.map(move |body| {
        let framer = upload.clone().framer(Arc::clone(&signer), at, seed.clone());
        SdkBody::from_body_1_x(ChunkedBody::from_framer(body, framer))
    });
    Ok(())
}

const SIGV4: &str = "sigv4";
