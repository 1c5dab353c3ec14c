//! AWS's own signing test suite, as the `aws-sigv4` package ships it: every complete case, header and query, SigV4 and
//! SigV4a. Texts are compared byte for byte; a SigV4a signature, which is random, is verified with the recorded key.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may panic"
)]

use std::{collections::BTreeMap, fs, path::PathBuf, process::Command};

use serde::Deserialize;
use sigv4a::{
    Algorithm, CanonicalRules, ContentSha256Header, Credentials, ExpiresIn, Provider, Region, RegionSet, Service,
    ServiceProfile, SessionTokenMode, SigV4, SigV4a, Signature, Signer, SignerExt, SigningOptions, SigningRequest,
    SigningTrace, Timestamp, UriNormalization, UriPolicy, VerifyingKey,
};

/// What version 1.6.4 ships; a case that appears or goes must be looked at.
const CASES: [(Algorithm, usize); 2] = [(Algorithm::SigV4, 38), (Algorithm::SigV4a, 38)];

#[test]
fn every_case_of_both_algorithms() {
    for (algorithm, expected) in CASES {
        let mut complete = 0;
        for folder in folders(algorithm) {
            let case = Case { folder, algorithm };
            if !case.folder.join("header-signature.txt").exists() {
                continue;
            }
            case.check_header();
            case.check_query();
            complete += 1;
        }
        println!("{}: {complete} cases, header and query", algorithm.name());
        assert_eq!(complete, expected, "{algorithm:?}");
    }
}

/// A case that the package's authors edited so that their HTTP parser takes it, with what the suite itself has. The
/// entry expires: a text without the edit fails.
const EDITED: [(&str, &str, &str); 1] =
    [("sigv4/get-space-normalized", "GET /example%20space/", "GET /example space/")];

/// The suite's folders for one algorithm, found where cargo keeps the package.
fn folders(algorithm: Algorithm) -> Vec<PathBuf> {
    // Packages for other platforms need not be on this machine.
    let version = Command::new("rustc").arg("-vV").output().unwrap();
    let version = String::from_utf8(version.stdout).unwrap();
    let host = version.lines().find_map(|line| line.strip_prefix("host: ")).unwrap();
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--offline", "--filter-platform", host, "--manifest-path"])
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8(output.stderr).unwrap());
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    let package = packages.iter().find(|package| package["name"] == "aws-sigv4").expect("a dev-dependency");
    let manifest = PathBuf::from(package["manifest_path"].as_str().unwrap());
    let folder = match algorithm {
        Algorithm::SigV4 => "v4",
        _ => "v4a",
    };
    let suite = manifest.parent().unwrap().join("aws-signing-test-suite").join(folder);
    let mut folders: Vec<_> = fs::read_dir(suite).unwrap().map(|entry| entry.unwrap().path()).collect();
    folders.sort();
    folders
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Context {
    credentials: ContextCredentials,
    expiration_in_seconds: u64,
    normalize: bool,
    region: String,
    service: String,
    sign_body: bool,
    timestamp: String,
    #[serde(default)]
    omit_session_token: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ContextCredentials {
    access_key_id: String,
    secret_access_key: String,
    token: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "UPPERCASE")]
struct PublicKey {
    x: String,
    y: String,
}

struct Case {
    folder: PathBuf,
    algorithm: Algorithm,
}

impl Case {
    fn text(&self, file: &str) -> String {
        fs::read_to_string(self.folder.join(file)).unwrap_or_else(|error| panic!("{}/{file}: {error}", self.name()))
    }

    /// A request, with the edits of the package undone.
    fn message(&self, file: &str) -> Message {
        let mut text = self.text(file);
        for (_, edited, original) in EDITED.into_iter().filter(|(name, ..)| *name == self.name()) {
            assert!(text.contains(edited) || file != "request.txt", "{}: the edit is gone", self.name());
            text = text.replace(edited, original);
        }
        Message::parse(&text)
    }

    fn name(&self) -> String {
        format!("{}/{}", self.algorithm.name(), self.folder.file_name().unwrap().to_str().unwrap())
    }

    fn context(&self) -> Context {
        serde_json::from_str(&self.text("context.json")).unwrap()
    }

    fn signer(&self) -> Box<dyn Signer> {
        let context = self.context();
        let mut credentials =
            Credentials::new(&context.credentials.access_key_id, &context.credentials.secret_access_key).unwrap();
        if let Some(token) = &context.credentials.token {
            credentials = credentials.with_session_token(token).unwrap();
        }
        let mut profile = ServiceProfile::STANDARD;
        profile.rules = CanonicalRules::STANDARD;
        if !context.normalize {
            profile.rules.normalization = UriNormalization::Keep;
        }
        if context.sign_body {
            profile.content_sha256 = ContentSha256Header::Send;
        }
        if context.omit_session_token {
            profile.session_token = SessionTokenMode::Append;
        }
        // The suite has paths with raw spaces and raw UTF-8, and wants them left alone.
        let options = SigningOptions::new(profile).with_uri_policy(UriPolicy::AsGiven);
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

    /// The recorded key, for every back end.
    fn public_keys(&self) -> Vec<VerifyingKey> {
        let key: PublicKey = serde_json::from_str(&self.text("public-key.json")).unwrap();
        let sec1 = base16ct::lower::decode_vec(format!("04{}{}", key.x, key.y)).unwrap();
        Provider::all().into_iter().map(|provider| VerifyingKey::from_sec1(&sec1, provider).unwrap()).collect()
    }

    fn time(&self) -> Timestamp {
        self.context().timestamp.parse().unwrap()
    }
}

/// An HTTP/1.1 request as the suite writes it.
struct Message {
    method: String,
    target: String,
    headers: Vec<(String, String)>,
    body: String,
}

impl Message {
    fn parse(text: &str) -> Self {
        let (head, body) = text.split_once("\n\n").unwrap_or((text, ""));
        // Obsolete line folding: a line that starts with white space goes on with the one before.
        let mut lines: Vec<String> = Vec::new();
        for line in head.lines() {
            match lines.last_mut() {
                Some(last) if line.starts_with([' ', '\t']) => *last = format!("{last} {}", line.trim()),
                _ => lines.push(line.to_owned()),
            }
        }
        let mut lines = lines.into_iter();
        let first = lines.next().unwrap();
        let (method, rest) = first.split_once(' ').unwrap();
        let target = rest.strip_suffix(" HTTP/1.1").unwrap();
        let headers =
            lines.map(|line| line.split_once(':').map(|(name, value)| (name.to_owned(), value.to_owned())).unwrap());
        Self { method: method.to_owned(), target: target.to_owned(), headers: headers.collect(), body: body.to_owned() }
    }

    fn url(&self) -> String {
        let host = self.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("host")).unwrap();
        format!("https://{}{}", host.1.trim(), self.target)
    }

    fn request(&self) -> SigningRequest<'_> {
        let url = Box::leak(self.url().into_boxed_str());
        let request = SigningRequest::new(&self.method, url).unwrap().with_body(self.body.as_bytes());
        self.headers.iter().fold(request, |request, (name, value)| request.with_header(name, value).unwrap())
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
