//! AWS's own signing test suite, as the `aws-sigv4` package ships it: every complete case, header and query, SigV4 and
//! SigV4a. Texts are compared byte for byte; a SigV4a signature, which is random, is verified with the recorded key.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may panic"
)]

mod support;

use std::collections::BTreeMap;

use sigv4a::{
    Algorithm, ExpiresIn, Region, RegionSet, Service, SigV4, SigV4a, Signature, Signer, SignerExt, SigningOptions,
    SigningTrace, UriPolicy,
};
use support::suite::{Case, cases};

/// What version 1.6.4 ships; a case that appears or goes must be looked at.
const CASES: [(Algorithm, usize); 2] = [(Algorithm::SigV4, 38), (Algorithm::SigV4a, 38)];

#[test]
fn every_case_of_both_algorithms() {
    for (algorithm, expected) in CASES {
        let cases = cases(algorithm);
        for case in &cases {
            case.check_header();
            case.check_query();
        }
        let complete = cases.len();
        println!("{}: {complete} cases, header and query", algorithm.name());
        assert_eq!(complete, expected, "{algorithm:?}");
    }
}

impl Case {
    fn signer(&self) -> Box<dyn Signer> {
        let (context, credentials) = (self.context(), self.credentials());
        // The suite has paths with raw spaces and raw UTF-8, and wants them left alone.
        let options = SigningOptions::new(self.profile()).with_uri_policy(UriPolicy::AsGiven);
        let service = Service::new(&context.service).unwrap();
        match self.algorithm {
            Algorithm::SigV4 => {
                Box::new(SigV4::new(credentials, Region::new(&context.region).unwrap(), service).with_options(options))
            }
            _ => Box::new(
                SigV4a::new(credentials, RegionSet::new(&context.region).unwrap(), service).with_options(options),
            ),
        }
    }

    fn check_header(&self) {
        let text = self.message("request.txt");
        let signed = self.signer().sign(&text.request(), self.time()).unwrap();
        self.check_trace("header", signed.trace());

        let expected = self.message("header-signed-request.txt");
        assert_eq!(signed.url(), expected.url(), "{}", self.name());
        let found = signed.wire_headers(&text.request());
        let found = found.into_iter().map(|(name, value)| (name, String::from_utf8(value).unwrap()));
        let (mut found, mut expected) = (comparable(found), comparable(expected.headers));
        if self.algorithm == Algorithm::SigV4a {
            let recorded = expected.remove("authorization").unwrap().remove(0);
            let ours = found.remove("authorization").unwrap().remove(0);
            let split =
                |text: String| text.rsplit_once("Signature=").map(|(a, b)| (a.to_owned(), b.to_owned())).unwrap();
            let ((before, _), (expected_before, recorded)) = (split(ours), split(recorded));
            assert_eq!(before, expected_before, "{}", self.name());
            self.check_recorded("header", &recorded);
        }
        assert_eq!(found, expected, "{}", self.name());
    }

    fn check_query(&self) {
        let text = self.message("request.txt");
        let expires = ExpiresIn::from_secs(self.context().expiration_in_seconds).unwrap();
        let presigned = self.signer().presign(&text.request(), expires, self.time()).unwrap();
        self.check_trace("query", presigned.trace());

        let expected = self.message("query-signed-request.txt").url();
        let parameters = |url: &str| -> Vec<String> {
            let query = url.split_once('?').unwrap().1;
            let mut parameters: Vec<String> = query.split('&').map(str::to_owned).collect();
            parameters.sort();
            parameters
        };
        let (mut found, mut recorded) = (parameters(&presigned.url()), parameters(&expected));
        if self.algorithm == Algorithm::SigV4a {
            let signature = |parameters: &mut Vec<String>| {
                let at = parameters.iter().position(|pair| pair.starts_with("X-Amz-Signature=")).unwrap();
                parameters.remove(at).replace("X-Amz-Signature=", "")
            };
            signature(&mut found);
            self.check_recorded("query", &signature(&mut recorded));
        }
        assert_eq!(found, recorded, "{}", self.name());
        assert_eq!(presigned.url().split('?').next(), expected.split('?').next(), "{}", self.name());
    }

    fn check_trace(&self, form: &str, trace: &SigningTrace) {
        let name = format!("{} {form}", self.name());
        assert_eq!(trace.canonical_request().as_str(), self.text(&format!("{form}-canonical-request.txt")), "{name}");
        assert_eq!(trace.string_to_sign().as_str(), self.text(&format!("{form}-string-to-sign.txt")), "{name}");
        let recorded = self.text(&format!("{form}-signature.txt"));
        match self.algorithm {
            Algorithm::SigV4 => assert_eq!(trace.signature().to_hex(), recorded, "{name}"),
            _ => {
                for key in self.public_keys() {
                    assert!(key.verifies(trace.string_to_sign().as_bytes(), trace.signature()), "{name}: ours");
                }
                self.check_recorded(form, &recorded);
            }
        }
    }

    fn check_recorded(&self, form: &str, signature: &str) {
        let message = self.text(&format!("{form}-string-to-sign.txt"));
        let signature = Signature::parse(signature).unwrap();
        for key in self.public_keys() {
            assert!(key.verifies(message.as_bytes(), &signature), "{} {form}: recorded", self.name());
            let other = message.replace("aws4_request", "aws5_request");
            assert!(!key.verifies(other.as_bytes(), &signature), "{} {form}: anything", self.name());
        }
    }
}

/// Header values by lower-case name; the order among different names means nothing.
fn comparable(headers: impl IntoIterator<Item = (String, String)>) -> BTreeMap<String, Vec<String>> {
    let mut map: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (name, value) in headers {
        let value = value.split_whitespace().collect::<Vec<_>>().join(" ");
        map.entry(name.to_ascii_lowercase()).or_default().push(value);
    }
    map
}
