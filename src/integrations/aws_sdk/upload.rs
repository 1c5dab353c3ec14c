//! Which uploads of the SDK are signed chunk by chunk.

use aws_runtime::auth::{HttpSignatureType, PayloadSigningOverride, SigV4OperationSigningConfig};
use aws_smithy_runtime_api::{
    box_error::BoxError,
    client::{
        interceptors::{
            Intercept,
            context::{BeforeTransmitInterceptorContextMut, BeforeTransmitInterceptorContextRef},
        },
        orchestrator::HttpRequest,
        runtime_components::RuntimeComponents,
    },
};
use aws_smithy_types::{
    checksum_config::RequestChecksumCalculation,
    config_bag::{ConfigBag, Storable, StoreReplace},
};
use aws_types::SigningName;

use crate::{chunked::ChunkedUpload, error::ParseError, types::Checksum};

/// An interceptor of the SDK, beside the [`SigningScheme`](super::SigningScheme)s: streams that go to S3 are sent as
/// [aws-chunked](https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html) with every chunk signed, and after
/// them a signed checksum. With SigV4 and with SigV4a, over https and over plain http.
///
/// Without it the SDK sends its streams with an unsigned checksum after them and leaves the rest to TLS; over plain http it
/// signs chunks itself, which is [`Unsupported`](crate::SignErrorKind::Unsupported) beside another's scheme.
///
/// The checksum is the one that the operation asks for, or else CRC-32, as the SDK does. Left to the SDK are bodies in
/// memory, whose hash is signed; bodies of unknown length; checksums that we do not compute; requests whose payload
/// somebody chose (`disable_payload_signing`); and presigned ones. The SDK's `aws_chunked_encoding_chunk_size` is not
/// seen: say it [here](Self::with_chunk_size).
///
/// ```
/// # fn main() -> Result<(), sigv4a::ParseError> {
/// use sigv4a::{Checksum, aws_sdk::SignedUploads};
/// let uploads = SignedUploads::new().with_chunk_size(1 << 20)?.with_checksum(Checksum::Crc64Nvme);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct SignedUploads {
    /// Of no length yet.
    template: ChunkedUpload,
    checksum: Checksum,
}

impl SignedUploads {
    /// Chunks of 64 KiB and CRC-32.
    #[must_use]
    pub const fn new() -> Self {
        Self { template: ChunkedUpload::new(0), checksum: Checksum::Crc32 }
    }

    /// Bytes of data in every chunk but the last: at least 8192, 65536 unless told otherwise.
    ///
    /// # Errors
    /// [`ChunkSize`](crate::ParseErrorKind::ChunkSize).
    pub fn with_chunk_size(mut self, bytes: usize) -> Result<Self, ParseError> {
        self.template = self.template.with_chunk_size(bytes)?;
        Ok(self)
    }

    /// The checksum of operations that ask for none.
    #[must_use]
    pub const fn with_checksum(mut self, checksum: Checksum) -> Self {
        self.checksum = checksum;
        self
    }

    fn trailer(&self, request: &HttpRequest, bag: &ConfigBag) -> Option<Trailer> {
        let headers = request.headers();
        if headers.iter().any(|(name, _)| name.starts_with("x-amz-checksum-")) {
            return Some(Trailer::None);
        }
        if let Some(name) = headers.get("x-amz-sdk-checksum-algorithm") {
            return name.to_ascii_lowercase().parse().ok().map(Trailer::Checksum);
        }
        match bag.load::<RequestChecksumCalculation>() {
            Some(RequestChecksumCalculation::WhenRequired) => Some(Trailer::None),
            _ => Some(Trailer::Checksum(self.checksum)),
        }
    }

    fn plan(&self, request: &HttpRequest, bag: &ConfigBag) -> Option<PlannedUpload> {
        let trailer = bag.load::<Trailer>()?;
        let operation = bag.load::<SigV4OperationSigningConfig>()?;
        let is_presigned = operation.signing_options.signature_type == HttpSignatureType::HttpRequestQueryParams;
        let is_encoded = request.headers().get_all("content-encoding").any(|value| value.contains("aws-chunked"));
        if is_presigned || is_encoded {
            return None;
        }
        let upload = self.template.clone().with_decoded_len(length(request)?);
        Some(PlannedUpload(match trailer {
            Trailer::Checksum(checksum) => upload.with_checksum(*checksum),
            Trailer::None => upload,
        }))
    }
}

impl Default for SignedUploads {
    fn default() -> Self {
        Self::new()
    }
}

impl Intercept for SignedUploads {
    fn name(&self) -> &'static str {
        "SignedUploads"
    }

    /// Before the SDK begins to compute a checksum of its own: the one here is computed while the chunks are signed.
    fn modify_before_retry_loop(
        &self,
        context: &mut BeforeTransmitInterceptorContextMut<'_>,
        _: &RuntimeComponents,
        bag: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let request = context.request();
        if let (true, Some(trailer)) = (is_upload(request, bag), self.trailer(request, bag)) {
            bag.interceptor_state().store_put(trailer);
            bag.interceptor_state().store_put(RequestChecksumCalculation::WhenRequired);
        }
        Ok(())
    }

    /// After everybody who changes the request, the SDK's own encoder of chunks among them.
    fn read_before_signing(
        &self,
        context: &BeforeTransmitInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        bag: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        if let Some(plan) = self.plan(context.request(), bag) {
            bag.interceptor_state().store_put(plan);
        }
        Ok(())
    }
}

/// How a body is going to be sent: for the scheme, which signs it.
#[derive(Debug)]
pub(super) struct PlannedUpload(pub(super) ChunkedUpload);

impl Storable for PlannedUpload {
    type Storer = StoreReplace<Self>;
}

/// What goes after the chunks.
#[derive(Debug, Clone, Copy)]
enum Trailer {
    Checksum(Checksum),
    None,
}

impl Storable for Trailer {
    type Storer = StoreReplace<Self>;
}

/// Only S3 knows aws-chunked.
fn is_upload(request: &HttpRequest, bag: &ConfigBag) -> bool {
    request.body().bytes().is_none()
        && length(request).is_some()
        && bag.load::<SigningName>().is_some_and(|name| name.as_ref() == "s3")
        && bag.load::<PayloadSigningOverride>().is_none()
}

fn length(request: &HttpRequest) -> Option<u64> {
    let announced = request.headers().get("content-length").and_then(|text| text.parse().ok());
    announced.or_else(|| request.body().content_length())
}
