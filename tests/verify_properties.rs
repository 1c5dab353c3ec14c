//! What holds for every request: what this library signs it accepts, one flipped bit of what was signed it refuses,
//! nothing that arrives makes it panic, and nothing about the right signature is ever said.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may panic"
)]

mod support;

use proptest::{collection::vec, prelude::*, sample::select, test_runner::FileFailurePersistence};
use sigv4a::{
    Authorization, ExpiresIn, Signer, SignerExt as _, SigningRequest, UnsignedPayload, VerificationKey, VerifyError,
};
use support::{
    fixture::{SECRET, TOKEN, credentials, now, server, signers, with_token},
    flip::flipped,
    sent::{Sent, Server},
    signature::{Part, encode, other_s, part},
};

#[derive(Debug, Clone)]
struct Given {
    method: String,
    url: String,
    headers: Vec<(String, Vec<u8>)>,
    body: Vec<u8>,
    service: &'static str,
    has_token: bool,
}

impl Given {
    fn request(&self) -> SigningRequest<'_> {
        let request = SigningRequest::new(&self.method, &self.url).unwrap().with_body(&self.body);
        self.headers.iter().fold(request, |request, (name, value)| request.with_header(name, value).unwrap())
    }

    fn signers(&self) -> [Box<dyn Signer>; 2] {
        let credentials = if self.has_token { with_token() } else { credentials() };
        signers(self.service, &credentials, |options| options)
    }

    fn sign(&self, signer: &dyn Signer) -> Sent {
        let request = self.request();
        Sent::signed(&self.method, &request, &signer.sign(&request, now()).unwrap(), &self.body)
    }

    fn presign(&self, signer: &dyn Signer) -> Sent {
        let request = self.request();
        let presigned = signer.presign(&request, ExpiresIn::from_secs(60).unwrap(), now()).unwrap();
        Sent::presigned(&self.method, &request, &presigned, &self.body)
    }

    fn server(&self) -> Server {
        let server = server(self.service);
        let credentials = if self.has_token { with_token() } else { credentials() };
        server.with_keys(vec![VerificationKey::from_credentials(&credentials)])
    }
}

/// Any bytes, each as itself where a URL may hold it.
fn spelled(bytes: &[u8], kept: &[u8], escape_all: bool) -> String {
    let is_kept = |byte: u8| !escape_all && (byte.is_ascii_alphanumeric() || kept.contains(&byte));
    bytes
        .iter()
        .map(|byte| if is_kept(*byte) { char::from(*byte).to_string() } else { format!("%{byte:02x}") })
        .collect()
}

fn path() -> impl Strategy<Value = String> {
    (vec(any::<u8>(), 0..20), any::<bool>())
        .prop_map(|(bytes, escape)| format!("/{}", spelled(&bytes, b"/.-_~+=;:@'()*!,$&", escape)))
}

fn query() -> impl Strategy<Value = String> {
    let pair = (vec(any::<u8>(), 0..6), vec(any::<u8>(), 0..8), any::<bool>());
    vec(pair, 0..5).prop_map(|pairs| {
        let pair = |(name, value, escape): &(Vec<u8>, Vec<u8>, bool)| {
            format!("{}={}", spelled(name, b"-_.~/?:@", *escape), spelled(value, b"-_.~/?:@=*'", *escape))
        };
        pairs.iter().map(pair).collect::<Vec<_>>().join("&")
    })
}

fn headers() -> impl Strategy<Value = Vec<(String, Vec<u8>)>> {
    let name = select(vec![
        "Content-Type",
        "x-amz-meta-note",
        "X-Amz-Acl",
        "range",
        "x-custom",
        "X-Custom",
        "user-agent",
        "x-forwarded-for",
        "date",
    ]);
    let value = vec(select(b"abcXYZ019 \t\"',;=-:".to_vec()), 0..12);
    vec((name.prop_map(str::to_owned), value), 0..6)
}

fn given() -> impl Strategy<Value = Given> {
    let method = select(vec!["GET", "PUT", "POST", "DELETE", "PATCH", "M-SEARCH"]);
    let host = select(vec!["h.example", "h.example:8443", "[::1]:9000", "B.example"]);
    let service = select(vec!["s3", "s3express", "execute-api", "iotdevicegateway", "aoss", "vpc-lattice-svcs"]);
    let rest = (vec(any::<u8>(), 0..40), service, any::<bool>());
    (method, host, path(), query(), headers(), rest).prop_map(|(method, host, path, query, headers, rest)| Given {
        method: method.to_owned(),
        url: format!("https://{host}{path}?{query}"),
        headers,
        body: rest.0,
        service: rest.1,
        has_token: rest.2,
    })
}

fn both(given: &Given, signer: &dyn Signer) -> [Sent; 2] {
    [given.sign(signer), given.presign(signer)]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 192, failure_persistence: Some(Box::new(FileFailurePersistence::WithSource("regressions"))), ..ProptestConfig::default() })]

    #[test]
    fn what_is_signed_is_accepted_and_one_bit_less_is_not(
        given in given(),
        flips in vec((0_usize..8, any::<usize>(), 0_u8..8), 12),
    ) {
        for signer in given.signers() {
            for sent in both(&given, &*signer) {
                let verified = given.server().judge(&sent);
                prop_assert!(verified.is_ok(), "{:?}: {:?}", verified, sent);
                let verified = verified.unwrap();
                for (place, at, bit) in &flips {
                    if let Some(changed) = flipped(&sent, &verified, *place, *at, *bit) {
                        let outcome = given.server().judge(&changed);
                        prop_assert!(outcome.is_err(), "accepted {:?}\n   for {:?}", changed, sent);
                    }
                }
            }
        }
    }

    /// Neither the right signature nor a secret is in anything that is said about a wrong one.
    #[test]
    fn nothing_is_said_about_the_right_signature(given in given(), wrong in "[0-9a-f]{64}", method in "[A-Z]{1,6}") {
        for signer in given.signers() {
            for sent in both(&given, &*signer) {
                let right = part(&sent, Part::Signature);
                let wrong = if right.len() == 64 { wrong.clone() } else { other_s(&right).replacen("0220", "0221", 1) };
                let changed = [
                    sent.with_method(&format!("X{method}")),
                    support::signature::with_part(&sent, Part::Signature, &wrong),
                ];
                for (index, changed) in changed.iter().enumerate() {
                    let server = given.server();
                    if let Err(error) = server.judge(changed) {
                        let said = everything_said(&error, changed, &server);
                        prop_assert!(!said.contains(SECRET) && !said.contains(TOKEN) && !said.contains(&encode(TOKEN)), "{}", said);
                        // In the first the client has said it itself, and even then it is not repeated.
                        prop_assert!(!said.contains(&right), "{}: {}", index, said);
                        prop_assert!(!said.contains(&right[..16]), "{}: {}", index, said);
                    }
                }
            }
        }
    }

    /// Whatever arrives is an error and no panic.
    #[test]
    fn no_panic_for_anything_that_arrives(
        method in any::<String>(),
        target in any::<String>(),
        headers in vec((header_name(), vec(any::<u8>(), 0..60)), 0..6),
        parameters in vec((parameter_name(), ".{0,40}"), 0..8),
    ) {
        let query: Vec<String> = parameters.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let texts: Vec<String> = parameters.iter().map(|(name, value)| format!("{}={}", name.trim_start_matches("X-Amz-"), value.replace(',', ""))).collect();
        for (method, target) in [(&*method, target.clone()), ("GET", format!("/{target}")), ("GET", format!("/?{}", query.join("&"))), ("GET", format!("https://{target}"))] {
            let mut sent = Sent { headers: headers.clone(), ..Sent::new(method, &target) };
            for authorization in [None, Some(format!("AWS4-HMAC-SHA256 {}", texts.join(", "))), Some(format!("AWS4-ECDSA-P256-SHA256 {}", texts.join(",")))] {
                if let Some(text) = authorization {
                    sent = sent.with_header_instead("authorization", text);
                }
                for name in ["s3", "execute-api", "iotdevicegateway"] {
                    let mut server = server(name);
                    server.verifier = server.verifier.with_unsigned_payload(UnsignedPayload::Accept);
                    match server.judge(&sent) {
                        Ok(verified) => prop_assert!(false, "accepted {:?}: {:?}", sent, verified),
                        Err(error) => prop_assert!(!everything_said(&error, &sent, &server).is_empty()),
                    }
                }
            }
        }
    }
}

fn header_name() -> impl Strategy<Value = String> {
    select(vec![
        "host",
        "authorization",
        "x-amz-date",
        "date",
        "x-amz-content-sha256",
        "x-amz-region-set",
        "X-Amz-Security-Token",
        "content-type",
        "",
        "a b",
    ])
    .prop_map(str::to_owned)
}

fn parameter_name() -> impl Strategy<Value = String> {
    select(vec![
        "X-Amz-Algorithm",
        "X-Amz-Credential",
        "X-Amz-Date",
        "X-Amz-Expires",
        "X-Amz-SignedHeaders",
        "X-Amz-Signature",
        "X-Amz-Region-Set",
        "X-Amz-Security-Token",
        "X-Amz-Content-Sha256",
        "x-amz-date",
        "a",
    ])
    .prop_map(str::to_owned)
}

/// Every text that comes out of a refusal.
fn everything_said(error: &VerifyError, sent: &Sent, server: &Server) -> String {
    use sigv4a::AnswerStyle::{ApiGateway, S3};
    let mut said = format!("{error} {error:?}");
    for style in [S3, ApiGateway] {
        said += &format!(" {} {} {}", error.code(style), error.status(style), error.client_message(style));
    }
    if let Ok(request) = sent.received() {
        said += &format!(" {request:?}");
        if let Ok(authorization) = Authorization::from_request(&request) {
            said += &format!(" {authorization:?} {:?}", server.verifier.trace(&authorization, &request));
        }
    }
    said + &format!(" {:?} {:?}", server.verifier, server.keys)
}
