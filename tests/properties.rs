//! What holds for every request: idempotence, independence of order and letter case, the wire form as a fixed point,
//! and what differs between the algorithms. Both algorithms, always.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may panic"
)]

use std::fmt::Write as _;

use proptest::{collection::vec, prelude::*, sample::select, test_runner::FileFailurePersistence};
use sigv4a::{
    Algorithm, Credentials, EndpointCheck, ExpiresIn, PayloadHash, Region, RegionSet, Service, SessionTokenMode, SigV4,
    SigV4a, SignError, Signer, SignerExt, SigningOptions, SigningRequest, Timestamp, UriPolicy,
};

const SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
const TOKEN: &str = "IQoJb3JpZ2luX2VjEXAMPLETOKEN/+==";

fn at(text: &str) -> Timestamp {
    Timestamp::parse_amz_date(text).unwrap()
}

fn credentials() -> Credentials {
    Credentials::new("AKIDEXAMPLE", SECRET).unwrap().with_session_token(TOKEN).unwrap()
}

/// Both signers for a service, SigV4a with deterministic signatures.
fn signers(service: &str, change: impl Fn(SigningOptions) -> SigningOptions) -> [Box<dyn Signer>; 2] {
    let service = Service::new(service).unwrap();
    let options = change(SigningOptions::for_service(&service).with_endpoint_check(EndpointCheck::Skip));
    [
        Box::new(
            SigV4::new(credentials(), Region::new("us-east-1").unwrap(), service.clone()).with_options(options.clone()),
        ),
        Box::new(
            SigV4a::new(credentials(), RegionSet::all(), service)
                .with_provider(sigv4a::Provider::rust_crypto())
                .with_options(options),
        ),
    ]
}

#[derive(Debug, Clone)]
struct Given {
    method: &'static str,
    url: String,
    headers: Vec<(String, Vec<u8>)>,
    body: Vec<u8>,
}

impl Given {
    fn request(&self) -> Result<SigningRequest<'_>, SignError> {
        let mut request = SigningRequest::new(self.method, &self.url)?.with_body(&self.body);
        for (name, value) in &self.headers {
            request = request.with_header(name, value)?;
        }
        Ok(request)
    }
}

fn path() -> impl Strategy<Value = String> {
    let piece = select(vec![
        "/", "//", "/.", "/..", "a", "B", "%20", "%2F", "%2f", "%FF", "%7E", "~", "+", "=", ";", ":", "@", "'", "(",
        "*", "!", " ", "é", "ሴ", "{", "%25", ".hidden", "-", "_",
    ]);
    vec(piece, 0..12).prop_map(|pieces| format!("/{}", pieces.concat()))
}

fn query() -> impl Strategy<Value = String> {
    let piece = select(vec![
        "&",
        "=",
        "a",
        "b",
        "A",
        "%20",
        "+",
        "%FF",
        "%ff",
        "%7e",
        "*",
        " ",
        "é",
        "x-id",
        "/",
        "?",
        "&&",
        "list-type=2",
        "&X-Amz-Signature=old",
        "&x-amz-DATE=old",
    ]);
    vec(piece, 0..12).prop_map(|pieces| if pieces.is_empty() { String::new() } else { format!("?{}", pieces.concat()) })
}

fn header() -> impl Strategy<Value = (String, Vec<u8>)> {
    let name = select(vec![
        "Content-Type",
        "x-amz-meta-note",
        "X-Amz-Acl",
        "range",
        "User-Agent",
        "connection",
        "Accept-Encoding",
        "x-custom",
        "X-Amz-Date",
        "authorization",
        "X-Amz-Security-Token",
        "x-amz-content-sha256",
        "X-AMZ-REGION-SET",
    ]);
    let value = vec(select(b"abcXYZ019 \t\"',;=-".to_vec()), 0..12);
    (name.prop_map(str::to_owned), value)
}

fn request() -> impl Strategy<Value = Given> {
    let host = select(vec!["h.example", "h.example:443", "h.example:8443", "[::1]:9000", "B.S3.amazonaws.com"]);
    (select(vec!["GET", "PUT", "POST", "DELETE"]), host, path(), query(), vec(header(), 0..6), vec(any::<u8>(), 0..40))
        .prop_map(|(method, host, path, query, headers, body)| Given {
            method,
            url: format!("https://{host}{path}{query}"),
            headers,
            body,
        })
}

fn service() -> impl Strategy<Value = &'static str> {
    select(vec!["s3", "execute-api", "s3express", "vpc-lattice-svcs", "aoss", "iotdevicegateway"])
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: Some(Box::new(FileFailurePersistence::WithSource("regressions"))), ..ProptestConfig::default() })]

    /// Signing what was signed changes nothing, also when the first signature was another algorithm's, or a presigned
    /// URL's, of another time.
    #[test]
    fn signing_is_idempotent_across_algorithms(given in request(), service in service()) {
        let (first_time, time) = (at("20150830T123600Z"), at("20200101T000000Z"));
        for first in signers(service, |options| options) {
            let signed = first.sign(&given.request().unwrap(), first_time).unwrap();
            let presigned = first.presign(&given.request().unwrap(), ExpiresIn::MAX, first_time).unwrap();
            let earlier = [
                Given { url: signed.url(), headers: signed.wire_headers(&given.request().unwrap()), ..given.clone() },
                Given { url: presigned.url(), headers: presigned.wire_headers(&given.request().unwrap()), ..given.clone() },
            ];
            for second in signers(service, |options| options) {
                let fresh = second.sign(&given.request().unwrap(), time).unwrap();
                for earlier in &earlier {
                    let again = second.sign(&earlier.request().unwrap(), time).unwrap();
                    prop_assert_eq!(again.trace().canonical_request().as_str(), fresh.trace().canonical_request().as_str());
                    prop_assert_eq!(again.authorization(), fresh.authorization());
                    prop_assert_eq!(again.url(), fresh.url());
                }
                if second.algorithm() == Algorithm::SigV4 {
                    let headers = second.sign(&earlier[0].request().unwrap(), time).unwrap();
                    let headers = headers.wire_headers(&earlier[0].request().unwrap());
                    prop_assert!(headers.iter().all(|(name, _)| !name.eq_ignore_ascii_case("x-amz-region-set")));
                }
            }
        }
    }

    /// The URI that signing gives back is its own wire form, and passes where rewriting is forbidden.
    #[test]
    fn the_wire_form_is_a_fixed_point(given in request(), service in service()) {
        for (rewriting, rejecting) in signers(service, |options| options)
            .into_iter()
            .zip(signers(service, |options| options.with_uri_policy(UriPolicy::Reject)))
        {
            let once = rewriting.sign(&given.request().unwrap(), at("20150830T123600Z")).unwrap();
            let wire = Given { url: once.url(), ..given.clone() };
            let twice = rejecting.sign(&wire.request().unwrap(), at("20150830T123600Z")).unwrap();
            prop_assert_eq!(once.url(), twice.url());
            prop_assert_eq!(once.authorization(), twice.authorization());
            prop_assert!(once.url().is_ascii() && !once.url().contains(' '));
        }
    }

    /// Neither the order of different headers, nor the letter case of their names, nor the order of parameters matters.
    #[test]
    fn order_and_letter_case_do_not_matter(given in request(), service in service()) {
        let (url, query) = given.url.split_once('?').map_or_else(|| (given.url.clone(), None), |(url, query)| {
            (url.to_owned(), Some(query.split('&').rev().collect::<Vec<_>>().join("&")))
        });
        let mut headers = given.headers.clone();
        headers.sort_by_key(|(name, _)| std::cmp::Reverse(name.to_ascii_lowercase()));
        let other = Given {
            url: query.map_or_else(|| url.clone(), |query| format!("{url}?{query}")),
            headers: headers.into_iter().map(|(name, value)| (name.to_ascii_uppercase(), value)).collect(),
            ..given.clone()
        };
        for signer in signers(service, |options| options) {
            let [one, two] = [&given, &other].map(|given| signer.sign(&given.request().unwrap(), at("20150830T123600Z")).unwrap());
            prop_assert_eq!(one.trace().canonical_request().as_str(), two.trace().canonical_request().as_str());
        }
    }

    /// The algorithms differ in the region set, the scope and the signature, and in nothing else.
    #[test]
    fn the_algorithms_differ_only_where_the_scheme_says(given in request(), service in service()) {
        let [v4, v4a] = signers(service, |options| options)
            .map(|signer| signer.sign(&given.request().unwrap(), at("20150830T123600Z")).unwrap());
        prop_assert_eq!(v4.url(), v4a.url());
        let without = v4a
            .trace()
            .canonical_request()
            .as_str()
            .replace("x-amz-region-set:*\n", "")
            .replace(";x-amz-region-set", "");
        prop_assert_eq!(without, v4.trace().canonical_request().as_str());
        let lines = |text: &str| text.lines().map(str::to_owned).collect::<Vec<_>>();
        let (v4, v4a) = (lines(v4.trace().string_to_sign().as_str()), lines(v4a.trace().string_to_sign().as_str()));
        prop_assert_eq!(&v4[1], &v4a[1]);
        prop_assert_eq!(v4[2].replace("/us-east-1/", "/"), v4a[2].clone());
        prop_assert_eq!((v4[0].as_str(), v4a[0].as_str()), ("AWS4-HMAC-SHA256", "AWS4-ECDSA-P256-SHA256"));
    }

    /// Whatever comes in: no panic, and neither secret nor token in anything that is printed.
    #[test]
    fn no_panic_and_no_secret_for_arbitrary_input(
        method in any::<String>(),
        url in any::<String>(),
        name in any::<String>(),
        value in vec(any::<u8>(), 0..30),
        host in any::<String>(),
        service in service(),
    ) {
        for url in [url.clone(), format!("https://{url}"), format!("https://h/{url}"), format!("https://h/?{url}")] {
            for signer in signers(service, |options| options.clone().with_host(&host).unwrap_or(options)) {
                let mut printed = format!("{signer:?} {:?}", signer.options());
                for method in ["GET", &method] {
                    let request = SigningRequest::new(method, &url)
                        .and_then(|request| request.with_header(&name, &value))
                        .map(|request| request.with_payload(PayloadHash::Unsigned));
                    match request {
                        Err(error) => write!(printed, "{error} {error:?}").unwrap(),
                        Ok(request) => {
                            write!(printed, "{request:?}").unwrap();
                            write!(printed, "{:?}", signer.sign(&request, at("20150830T123600Z"))).unwrap();
                            write!(printed, "{:?}", signer.presign(&request, ExpiresIn::MAX, at("20150830T123600Z"))).unwrap();
                        }
                    }
                }
                prop_assert!(!printed.contains(SECRET) && !printed.contains(TOKEN), "{}", printed);
            }
        }
    }
}

/// An appended token is sent and not signed; a signed one is both. Under both algorithms, in both forms.
#[test]
fn the_session_token_is_signed_or_appended() {
    for (mode, is_signed) in [(SessionTokenMode::Sign, true), (SessionTokenMode::Append, false)] {
        let change = |options: SigningOptions| {
            let mut profile = *options.profile();
            profile.session_token = mode;
            options.with_profile(profile)
        };
        for signer in signers("execute-api", change) {
            let request = SigningRequest::new("GET", "https://h.example/").unwrap();
            let signed = signer.sign(&request, at("20150830T123600Z")).unwrap();
            assert!(
                signed.added_headers().iter().any(|(name, value)| name == "x-amz-security-token" && value == TOKEN)
            );
            assert_eq!(signed.trace().signed_headers().contains("x-amz-security-token"), is_signed);
            let presigned = signer.presign(&request, ExpiresIn::MAX, at("20150830T123600Z")).unwrap();
            assert!(presigned.url().contains("&X-Amz-Security-Token=IQoJb3JpZ2luX2VjEXAMPLETOKEN%2F%2B%3D%3D"));
            assert_eq!(presigned.trace().canonical_request().as_str().contains("X-Amz-Security-Token"), is_signed);
        }
    }
}
