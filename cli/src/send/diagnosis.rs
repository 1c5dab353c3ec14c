//! Why a signature was found wrong: our canonical request beside the server's.

use std::fmt::Write as _;

use http::HeaderName;
use sigv4a::{PayloadHash, SignError, SignerExt as _, SigningRequest, SigningTrace, client::RequestSigner};
use similar::{ChangeTag, TextDiff};

use super::{answer::Sent, difference::Difference, servers_view::ServersView, transport::signed_at};

/// What was computed here for a request that was sent, once more: by the same signer, from the request as it went out.
pub(super) async fn ours(signer: &RequestSigner, sent: &Sent) -> Result<Option<SigningTrace>, SignError> {
    const CONTENT_SHA256: HeaderName = HeaderName::from_static("x-amz-content-sha256");
    let Some(at) = signed_at(&sent.parts) else { return Ok(None) };
    let attempt = signer.attempt(&sent.parts.uri, &sent.parts.headers).await?;
    let signer = attempt.signer();
    let request = SigningRequest::from_parts(&sent.parts)?;
    let told = sent.parts.headers.get(CONTENT_SHA256).and_then(|value| value.to_str().ok());
    let request = match (told.map(|told| PayloadHash::parse(told, signer.algorithm())), &sent.body) {
        (Some(payload), _) => request.with_payload(payload?),
        (None, Some(body)) => request.with_body(body),
        (None, None) => return Ok(None),
    };
    Ok(Some(signer.sign(&request, at)?.trace().clone()))
}

/// The lines to print: what differs first, what usually causes that, and all differences.
pub(super) fn compare(ours: &SigningTrace, theirs: &ServersView) -> String {
    let canonical = ours.canonical_request().as_str();
    let difference = Difference::between(canonical, ours.string_to_sign().as_str(), theirs);
    let mut text = format!("note: {difference}\n");
    let (title, ours, theirs) = match difference.is_in_canonical_request() {
        true => ("canonical request", canonical, theirs.canonical_request.as_str()),
        false => {
            ("string to sign", ours.string_to_sign().as_str(), theirs.string_to_sign.as_deref().unwrap_or_default())
        }
    };
    if difference != Difference::None {
        let _ = writeln!(text, "{title}, - as signed here, + as computed by the server:");
        for change in TextDiff::from_lines(ours, theirs).iter_all_changes() {
            let sign = match change.tag() {
                ChangeTag::Equal => ' ',
                ChangeTag::Delete => '-',
                ChangeTag::Insert => '+',
            };
            let _ = writeln!(text, "  {sign} {}", shown(change.value().trim_end_matches('\n')));
        }
    }
    let _ = write!(text, "hint: {}", difference.hint());
    text
}

/// A line without its secret.
fn shown(line: &str) -> String {
    match line.split_once(':') {
        Some((name, _)) if name.contains("token") || name.contains("customer-key") => format!("{name}:(hidden)"),
        _ => line.to_owned(),
    }
}
