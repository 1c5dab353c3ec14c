//! What a server computed that found a signature wrong, as its answer tells.

use quick_xml::{Reader, escape::unescape, events::Event};
use sigv4a::Timestamp;

/// What should have been signed.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct ServersView {
    pub(crate) canonical_request: String,
    pub(crate) string_to_sign: Option<String>,
}

/// What S3, other services and API Gateway say, each in its own form.
pub(crate) fn is_mismatch(body: &[u8]) -> bool {
    ["SignatureDoesNotMatch", "InvalidSignatureException", "signature we calculated does not match"]
        .iter()
        .any(|words| body.windows(words.len()).any(|window| window == words.as_bytes()))
}

impl ServersView {
    /// Reads elements of S3, or the message of API Gateway and of services with XML and JSON protocols.
    pub(crate) fn read(body: &[u8]) -> Option<Self> {
        let text = str::from_utf8(body).ok()?;
        if let Ok(json) = serde_json::from_str::<serde_json::Value>(text) {
            return Self::in_message(["message", "Message"].iter().find_map(|name| json.get(name)?.as_str())?);
        }
        let elements = Elements::read(text)?;
        match elements.canonical_request {
            Some(canonical_request) => Some(Self { canonical_request, string_to_sign: elements.string_to_sign }),
            None => Self::in_message(&elements.message?),
        }
    }

    /// When the request was signed: by the string to sign, the header, or the query of a presigned URL.
    pub(crate) fn signed_at(&self) -> Option<Timestamp> {
        let told = self.string_to_sign.as_deref().and_then(|text| text.lines().nth(1));
        let header = || self.canonical_request.lines().find_map(|line| line.strip_prefix("x-amz-date:"));
        let query = || self.query().split('&').find_map(|pair| pair.strip_prefix("X-Amz-Date="));
        Timestamp::parse_amz_date(told.or_else(header).or_else(query)?.trim()).ok()
    }

    pub(crate) fn is_presigned(&self) -> bool {
        self.query().split('&').any(|pair| pair.starts_with("X-Amz-Algorithm="))
    }

    fn query(&self) -> &str {
        self.canonical_request.lines().nth(2).unwrap_or_default()
    }

    fn in_message(message: &str) -> Option<Self> {
        let canonical_request = quoted(message, "The Canonical String for this request should have been")?;
        Some(Self { canonical_request, string_to_sign: quoted(message, "The String-to-Sign should have been") })
    }
}

/// The text in quotes after a title. A header may hold quotes too, so it ends where the next title begins, or last.
fn quoted(message: &str, title: &str) -> Option<String> {
    let (_, rest) = message.split_once(title)?;
    let rest = rest.trim_start().strip_prefix('\'')?;
    let end = rest.find("'\n\nThe String-to-Sign").or_else(|| rest.rfind('\''))?;
    rest.get(..end).map(str::to_owned)
}

#[derive(Default)]
struct Elements {
    canonical_request: Option<String>,
    string_to_sign: Option<String>,
    message: Option<String>,
}

impl Elements {
    fn read(text: &str) -> Option<Self> {
        let mut reader = Reader::from_str(text);
        let mut found = Self::default();
        loop {
            let start = match reader.read_event().ok()? {
                Event::Start(start) => start,
                Event::Eof => return Some(found),
                _ => continue,
            };
            let place = match start.local_name().as_ref() {
                "CanonicalRequest" => &mut found.canonical_request,
                "StringToSign" => &mut found.string_to_sign,
                "Message" => &mut found.message,
                _ => continue,
            };
            let raw = reader.read_text(start.name()).ok()?;
            *place = Some(unescape(&raw).ok()?.into_owned());
        }
    }
}
