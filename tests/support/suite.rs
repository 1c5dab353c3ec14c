//! AWS's own signing test suite, as the `aws-sigv4` package ships it.

use std::{fs, path::PathBuf, process::Command};

use serde::Deserialize;
use sigv4a::{
    Algorithm, ContentSha256Header, Credentials, Provider, ServiceProfile, SessionTokenMode, SigningRequest, Timestamp,
    UriNormalization, VerifyingKey,
};

/// A case that the package's authors edited so that their HTTP parser takes it, with what the suite itself has. The
/// entry expires: a text without the edit fails.
const EDITED: [(&str, &str, &str); 1] =
    [("sigv4/get-space-normalized", "GET /example%20space/", "GET /example space/")];

/// Every complete case of one algorithm.
pub fn cases(algorithm: Algorithm) -> Vec<Case> {
    let cases = folders(algorithm).into_iter().map(|folder| Case { folder, algorithm });
    cases.filter(|case| case.folder.join("header-signature.txt").exists()).collect()
}

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
pub struct Context {
    pub credentials: ContextCredentials,
    pub expiration_in_seconds: u64,
    pub normalize: bool,
    pub region: String,
    pub service: String,
    pub sign_body: bool,
    pub timestamp: String,
    #[serde(default)]
    pub omit_session_token: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ContextCredentials {
    pub access_key_id: String,
    pub secret_access_key: String,
    pub token: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "UPPERCASE")]
pub struct PublicKey {
    pub x: String,
    pub y: String,
}

pub struct Case {
    pub folder: PathBuf,
    pub algorithm: Algorithm,
}

impl Case {
    pub fn text(&self, file: &str) -> String {
        fs::read_to_string(self.folder.join(file)).unwrap_or_else(|error| panic!("{}/{file}: {error}", self.name()))
    }

    /// A request, with the edits of the package undone.
    pub fn message(&self, file: &str) -> Message {
        let mut text = self.text(file);
        for (_, edited, original) in EDITED.into_iter().filter(|(name, ..)| *name == self.name()) {
            assert!(text.contains(edited) || file != "request.txt", "{}: the edit is gone", self.name());
            text = text.replace(edited, original);
        }
        Message::parse(&text)
    }

    pub fn name(&self) -> String {
        format!("{}/{}", self.algorithm.name(), self.folder.file_name().unwrap().to_str().unwrap())
    }

    pub fn context(&self) -> Context {
        serde_json::from_str(&self.text("context.json")).unwrap()
    }

    pub fn credentials(&self) -> Credentials {
        let given = self.context().credentials;
        let credentials = Credentials::new(&given.access_key_id, &given.secret_access_key).unwrap();
        match given.token {
            Some(token) => credentials.with_session_token(&token).unwrap(),
            None => credentials,
        }
    }

    pub fn profile(&self) -> ServiceProfile {
        let context = self.context();
        let mut profile = ServiceProfile::STANDARD;
        if !context.normalize {
            profile.rules.normalization = UriNormalization::Keep;
        }
        if context.sign_body {
            profile.content_sha256 = ContentSha256Header::Send;
        }
        if context.omit_session_token {
            profile.session_token = SessionTokenMode::Append;
        }
        profile
    }

    /// The recorded key, an uncompressed point.
    pub fn public_key_hex(&self) -> String {
        let key: PublicKey = serde_json::from_str(&self.text("public-key.json")).unwrap();
        format!("04{}{}", key.x, key.y)
    }

    /// The recorded key, for every back end.
    pub fn public_keys(&self) -> Vec<VerifyingKey> {
        let sec1 = base16ct::lower::decode_vec(self.public_key_hex()).unwrap();
        Provider::all().into_iter().map(|provider| VerifyingKey::from_sec1(&sec1, provider).unwrap()).collect()
    }

    pub fn time(&self) -> Timestamp {
        self.context().timestamp.parse().unwrap()
    }
}

/// An HTTP/1.1 request as the suite writes it.
pub struct Message {
    pub method: String,
    pub target: String,
    pub headers: Vec<(String, String)>,
    pub body: String,
}

impl Message {
    pub fn parse(text: &str) -> Self {
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

    pub fn url(&self) -> String {
        let host = self.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("host")).unwrap();
        format!("https://{}{}", host.1.trim(), self.target)
    }

    pub fn request(&self) -> SigningRequest<'_> {
        let url = Box::leak(self.url().into_boxed_str());
        let request = SigningRequest::new(&self.method, url).unwrap().with_body(self.body.as_bytes());
        self.headers.iter().fold(request, |request, (name, value)| request.with_header(name, value).unwrap())
    }
}
