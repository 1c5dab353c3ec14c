//! `explain`: every box of the pipeline.

use sigv4a::SigV4a;

use crate::{decision::Decision, error::CliError, signed::Signed};

/// The boxes in their order. What is inside a box is verbatim, so that it can be compared and copied.
pub(crate) fn explain(signed: &Signed, decision: &Decision) -> Result<String, CliError> {
    let trace = signed.trace();
    let last_title = match signed.expiry() {
        None => "Headers to send",
        Some(_) => "URL to send",
    };
    let boxes = [
        ("Request as given", as_given(signed)),
        ("Decided", decided(signed, decision)),
        ("Wire request", wire(signed)),
        ("Canonical request", format!("{}\n", trace.canonical_request().as_str())),
        ("String to sign", format!("{}\n", trace.string_to_sign().as_str())),
        ("Key", key(signed)?),
        ("Signature", format!("{}\n", trace.signature().to_hex())),
        (last_title, to_send(signed)),
    ];
    Ok(boxes.map(|(title, content)| format!("{}{content}", heading(title))).join("\n"))
}

fn heading(title: &str) -> String {
    const WIDTH: usize = 100;
    format!("── {title} {}\n", "─".repeat(WIDTH.saturating_sub(title.len() + 4)))
}

fn as_given(signed: &Signed) -> String {
    let request = &signed.request;
    let mut text = format!("{} {}\n", request.method, request.url);
    request.headers.iter().for_each(|(name, value)| text.push_str(&format!("{name}: {value}\n")));
    text.push_str(&body(signed));
    text
}

fn decided(signed: &Signed, decision: &Decision) -> String {
    let mut text: String =
        decision.lines.iter().map(|(name, value, from)| format!("{name:<16} {value}   (from: {from})\n")).collect();
    text.push_str(&format!("{:<16} {}\n", "signed headers", signed.trace().signed_headers()));
    let is_signed = |name: &str| signed.trace().signed_headers().split(';').any(|signed| signed == name);
    let names = signed.wire_headers().iter().map(|(name, _)| name.to_ascii_lowercase());
    let unsigned: Vec<_> = names.filter(|name| name != "authorization" && !is_signed(name)).collect();
    if !unsigned.is_empty() {
        text.push_str(&format!("{:<16} {}\n", "sent unsigned", unsigned.join(";")));
    }
    text
}

/// The request line as it goes out, and the headers that come from the caller and the host.
fn wire(signed: &Signed) -> String {
    let target = signed.target();
    let (path, query) = target.split_once('?').map_or((target.as_str(), None), |(path, query)| (path, Some(query)));
    // The signature comes five boxes later.
    let pairs =
        query.into_iter().flat_map(|query| query.split('&')).filter(|pair| !pair.starts_with("X-Amz-Signature="));
    let query = pairs.collect::<Vec<_>>().join("&");
    let separator = if query.is_empty() { "" } else { "?" };
    let mut text = format!("{} {path}{separator}{query}\nhost: {}\n", signed.request.method, signed.host());
    for (name, value) in signed.wire_headers() {
        if !["host", "authorization"].iter().any(|shown| name.eq_ignore_ascii_case(shown)) {
            text.push_str(&format!("{name}: {value}\n"));
        }
    }
    text.push_str(&body(signed));
    text
}

fn body(signed: &Signed) -> String {
    match signed.request.body.bytes.len() {
        0 => "(no body)\n".to_owned(),
        len => format!("(body of {len} bytes; the last line of the canonical request says how it is signed)\n"),
    }
}

/// How the key comes about, never the key.
fn key(signed: &Signed) -> Result<String, CliError> {
    let scope = signed.trace().scope();
    let id = signed.credentials.access_key_id();
    Ok(match signed.resolved.region_set() {
        None => format!(
            "access key ID    {id}\nscope            {scope}\n\
             kDate            = HMAC-SHA256(\"AWS4\" + secret access key, \"{}\")\n\
             kRegion          = HMAC-SHA256(kDate, \"{}\")\n\
             kService         = HMAC-SHA256(kRegion, \"{}\")\n\
             kSigning         = HMAC-SHA256(kService, \"aws4_request\")\n\
             signature        = hex(HMAC-SHA256(kSigning, string to sign))\n",
            scope.date_stamp(),
            scope.region().unwrap_or_default(),
            scope.service(),
        ),
        Some(set) => {
            // The pair was derived for signing; the cache of the process still has it.
            let signer = SigV4a::new(signed.credentials.clone(), set.clone(), signed.resolved.service().clone())
                .with_provider(signed.provider);
            let point = signer.verifying_key()?.to_sec1();
            let public_key: String = point.iter().map(|byte| format!("{byte:02x}")).collect();
            let nonce = match signed.provider.name() {
                "rust_crypto" => "the same every time (RFC 6979)",
                _ => "another one every time; --provider rust-crypto repeats it",
            };
            format!(
                "access key ID    {id}\nscope            {scope}\nregion set       {set}\n\
                 private key      = NIST SP 800-108 counter KDF with HMAC-SHA256 and \"AWS4A\" + secret access key,\n\
                 \x20                  label \"AWS4-ECDSA-P256-SHA256\", context access key ID; the same on every day\n\
                 public key       {public_key}\n\
                 signature        = hex(DER(ECDSA-P256-SHA256(private key, string to sign))), {nonce}\n"
            )
        }
    })
}

fn to_send(signed: &Signed) -> String {
    let mut text = String::new();
    if signed.expiry().is_some() {
        text.push_str(&format!("{}\n", signed.url()));
    }
    signed.headers_to_add().iter().for_each(|(name, value)| text.push_str(&format!("{name}: {value}\n")));
    if let Some((expires_at, _)) = signed.expiry() {
        text.push_str(&format!("(expires at {expires_at})\n"));
    }
    text
}
