//! What the library signs, with headers or as a presigned URL, it accepts; with another method, another body, another
//! value of a signed header, another signature or one more parameter it does not.

#![no_main]

use std::sync::LazyLock;

use arbitrary::Arbitrary;
use libfuzzer_sys::fuzz_target;
use sigv4a::{
    Credentials, EndpointCheck, ExpiresIn, PayloadHash, ReceivedRequest, Region, RegionSet, Service, SessionTokenMode,
    SigV4, SigV4a, SignError, Signer, SignerExt, SigningOptions, SigningRequest, Timestamp, VerificationKey, Verified,
    Verifier, VerifyError,
};

#[derive(Debug, Arbitrary)]
struct Input<'a> {
    is_put: bool,
    path: &'a str,
    query: Option<&'a str>,
    headers: Vec<(Name<'a>, &'a [u8])>,
    body: &'a [u8],
    service: ServiceName,
    appends_token: bool,
    is_sigv4a: bool,
    is_presigned: bool,
    flip: (u8, u8),
}

#[derive(Debug, Clone, Copy, Arbitrary)]
enum Name<'a> {
    ContentType,
    UserAgent,
    Metadata,
    Custom,
    Any(&'a str),
}

impl Name<'_> {
    fn text(&self) -> &str {
        match self {
            Self::ContentType => "content-type",
            Self::UserAgent => "User-Agent",
            Self::Metadata => "x-amz-meta-note",
            Self::Custom => "X-Custom",
            Self::Any(name) => name,
        }
    }
}

#[derive(Debug, Clone, Copy, Arbitrary)]
enum ServiceName {
    S3,
    S3Express,
    ExecuteApi,
    VpcLattice,
    Aoss,
}

/// What is sent.
#[derive(Clone)]
struct Sent {
    method: &'static str,
    target: String,
    headers: Vec<(String, Vec<u8>)>,
    body: Vec<u8>,
}

static CREDENTIALS: LazyLock<Credentials> = LazyLock::new(|| {
    let credentials = Credentials::new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");
    credentials.and_then(|credentials| credentials.with_session_token("TOKEN/+==")).unwrap()
});

static KEY: LazyLock<VerificationKey> = LazyLock::new(|| VerificationKey::from_credentials(&CREDENTIALS));

static AT: LazyLock<Timestamp> = LazyLock::new(|| Timestamp::parse_amz_date("20150830T123600Z").unwrap());

fuzz_target!(|input: Input<'_>| {
    let (service, signer) = input.signer().unwrap();
    // What cannot be signed, or not be sent.
    let Ok(sent) = input.sign(&*signer) else { return };
    let profile = *signer.options().profile();
    let verifier = Verifier::new(service, Region::new("us-east-1").unwrap()).with_profile(profile);
    let verified = match judge(&verifier, &sent) {
        Ok(verified) => verified,
        Err(error) => panic!("{error}: {} {}", sent.method, sent.target),
    };
    for (what, changed) in changes(&sent, &verified, input.flip) {
        if judge(&verifier, &changed).is_ok() {
            panic!("accepted with another {what}: {} {}", changed.method, changed.target);
        }
    }
});

fn judge(verifier: &Verifier, sent: &Sent) -> Result<Verified, VerifyError> {
    let mut request = ReceivedRequest::new(sent.method, &sent.target)?.with_body(&sent.body);
    for (name, value) in &sent.headers {
        request = request.with_header(name, value)?;
    }
    verifier.verify_request(&request, |_| Some(&*KEY), *AT)
}

fn changes(sent: &Sent, verified: &Verified, (at, bit): (u8, u8)) -> Vec<(&'static str, Sent)> {
    let at = usize::from(at);
    let mut changes = vec![("method", Sent { method: "DELETE", ..sent.clone() })];
    let separator = if sent.target.contains('?') { '&' } else { '?' };
    changes.push(("query", Sent { target: format!("{}{separator}intruder=1", sent.target), ..sent.clone() }));
    let (path, query) = sent.target.split_once('?').map_or((&*sent.target, None), |(path, query)| (path, Some(query)));
    let target = query.map_or_else(|| format!("{path}/x"), |query| format!("{path}/x?{query}"));
    changes.push(("path", Sent { target, ..sent.clone() }));
    if verified.payload() != PayloadHash::Unsigned {
        let mut changed = sent.clone();
        match at.checked_rem(sent.body.len()) {
            Some(at) => changed.body[at] ^= 1 << (bit % 8),
            None => changed.body.push(bit),
        }
        changes.push(("body", changed));
    }
    let signed = |name: &str| verified.signed_headers().contains(&name.to_ascii_lowercase());
    for (index, (_, value)) in sent.headers.iter().enumerate().filter(|(_, (name, _))| signed(name)) {
        let mut changed = sent.clone();
        match at.checked_rem(value.len()).filter(|at| !value[*at].is_ascii_whitespace()) {
            Some(at) => changed.headers[index].1[at] = if value[at] == b'x' { b'y' } else { b'x' },
            None => changed.headers[index].1.push(b'x'),
        }
        changes.push(("header", changed));
    }
    // A digit of the signature, wherever it is.
    let digit = |text: &str| {
        let start = text.find("Signature=")? + "Signature=".len();
        let len = text[start..].find('&').unwrap_or(text.len() - start);
        let at = start + at % len;
        let value = text.get(at..=at)?.chars().next()?.to_digit(16)?;
        Some([&text[..at], &format!("{:x}", value ^ (1 << (bit % 4))), &text[at + 1..]].concat())
    };
    let mut changed = sent.clone();
    match sent.headers.iter().position(|(name, _)| name == "authorization") {
        Some(index) => {
            let text = str::from_utf8(&sent.headers[index].1).unwrap();
            changed.headers[index].1 = digit(text).unwrap().into_bytes();
        }
        // The last parameter: an earlier one of this name would be the caller's.
        None => {
            let (before, signature) = sent.target.rsplit_once("X-Amz-").unwrap();
            changed.target = format!("{before}X-Amz-{}", digit(signature).unwrap());
        }
    }
    changes.push(("signature", changed));
    changes
}

impl Input<'_> {
    fn signer(&self) -> Result<(Service, Box<dyn Signer>), SignError> {
        let service = Service::new(match self.service {
            ServiceName::S3 => "s3",
            ServiceName::S3Express => "s3express",
            ServiceName::ExecuteApi => "execute-api",
            ServiceName::VpcLattice => "vpc-lattice-svcs",
            ServiceName::Aoss => "aoss",
        })?;
        let usual = SigningOptions::for_service(&service);
        let mut profile = *usual.profile();
        if self.appends_token {
            profile.session_token = SessionTokenMode::Append;
        }
        let options = usual.with_profile(profile).with_endpoint_check(EndpointCheck::Skip);
        let (credentials, region) = (CREDENTIALS.clone(), Region::new("us-east-1")?);
        let signer: Box<dyn Signer> = match self.is_sigv4a {
            false => Box::new(SigV4::new(credentials, region, service.clone()).with_options(options)),
            true => Box::new(SigV4a::new(credentials, RegionSet::all(), service.clone()).with_options(options)),
        };
        Ok((service, signer))
    }

    fn sign(&self, signer: &dyn Signer) -> Result<Sent, SignError> {
        let url = match self.query {
            Some(query) => format!("https://h.example/{}?{query}", self.path),
            None => format!("https://h.example/{}", self.path),
        };
        let method = if self.is_put { "PUT" } else { "GET" };
        let names: Vec<(String, &[u8])> =
            self.headers.iter().map(|(name, value)| (name.text().to_owned(), *value)).collect();
        let mut request = SigningRequest::new(method, &url)?.with_body(self.body);
        for (name, value) in &names {
            request = request.with_header(name, value)?;
        }
        let (url, headers) = match self.is_presigned {
            false => {
                let signed = signer.sign(&request, *AT)?;
                (signed.url(), signed.wire_headers(&request))
            }
            true => {
                let presigned = signer.presign(&request, ExpiresIn::MAX, *AT)?;
                (presigned.url(), presigned.wire_headers(&request))
            }
        };
        let target = url.strip_prefix("https://h.example").unwrap_or_default().to_owned();
        Ok(Sent { method, target, headers, body: self.body.to_vec() })
    }
}
