//! What was computed here for a request that a server found wrongly signed.

use http::HeaderName;
use sigv4a::{PayloadHash, SignError, SignerExt as _, SigningRequest, SigningTrace, client::RequestSigner};

use super::{answer::Sent, transport::signed_at};
use crate::request::PayloadChoice;

/// The same once more: by the same signer, at the same time, from the request as it went out. Where no header tells what
/// was signed about the body, the choice of the plan does.
pub(super) async fn ours(
    signer: &RequestSigner,
    sent: &Sent,
    payload: PayloadChoice,
) -> Result<Option<SigningTrace>, SignError> {
    const CONTENT_SHA256: HeaderName = HeaderName::from_static("x-amz-content-sha256");
    let Some(at) = signed_at(&sent.parts) else { return Ok(None) };
    let attempt = signer.attempt(&sent.parts.uri, &sent.parts.headers).await?;
    let signer = attempt.signer();
    let request = SigningRequest::from_parts(&sent.parts)?;
    let told = sent.parts.headers.get(CONTENT_SHA256).and_then(|value| value.to_str().ok());
    let request = match (told.map(|told| PayloadHash::parse(told, signer.algorithm())), payload, &sent.body) {
        (Some(payload), ..) => request.with_payload(payload?),
        (None, PayloadChoice::Unsigned, _) => request.with_payload(PayloadHash::Unsigned),
        (None, PayloadChoice::Given(hash), _) => request.with_payload(hash),
        (None, PayloadChoice::OfService, Some(body)) => request.with_body(body),
        (None, PayloadChoice::OfService, None) => return Ok(None),
    };
    Ok(Some(signer.sign(&request, at)?.trace().clone()))
}
