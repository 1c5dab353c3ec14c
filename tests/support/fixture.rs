//! A client and a server that know each other.

use sigv4a::{
    Credentials, ExpiresIn, Provider, Region, RegionSet, Service, SigV4, SigV4a, Signer, SignerExt, SigningOptions,
    SigningRequest, Timestamp, VerificationKey, Verifier,
};

use super::sent::{Sent, Server};

pub const ID: &str = "AKIDEXAMPLE";
pub const SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
pub const TOKEN: &str = "IQoJb3JpZ2luX2VjEXAMPLETOKEN/+==";
pub const DATE: &str = "20150830T123600Z";
pub const HOST: &str = "h.example";

pub fn now() -> Timestamp {
    Timestamp::parse_amz_date(DATE).unwrap()
}

pub fn credentials() -> Credentials {
    Credentials::new(ID, SECRET).unwrap()
}

pub fn with_token() -> Credentials {
    credentials().with_session_token(TOKEN).unwrap()
}

pub fn region(text: &str) -> Region {
    Region::new(text).unwrap()
}

pub fn service(name: &str) -> Service {
    Service::new(name).unwrap()
}

/// A server in us-east-1.
pub fn server(name: &str) -> Server {
    let verifier = Verifier::new(service(name), region("us-east-1"));
    Server { verifier, keys: vec![VerificationKey::from_credentials(&credentials())], now: now() }
}

pub fn v4(name: &str, credentials: &Credentials) -> SigV4 {
    SigV4::new(credentials.clone(), region("us-east-1"), service(name))
}

pub fn v4a(name: &str, credentials: &Credentials) -> SigV4a {
    SigV4a::new(credentials.clone(), RegionSet::all(), service(name))
}

/// Both signers; SigV4a with deterministic signatures.
pub fn signers(
    name: &str,
    credentials: &Credentials,
    change: impl Fn(SigningOptions) -> SigningOptions,
) -> [Box<dyn Signer>; 2] {
    let options = change(SigningOptions::for_service(&service(name)));
    [
        Box::new(v4(name, credentials).with_options(options.clone())),
        Box::new(v4a(name, credentials).with_provider(Provider::rust_crypto()).with_options(options)),
    ]
}

/// A request as a client would send it.
#[derive(Debug, Clone, Copy)]
pub struct Plain<'a> {
    pub method: &'a str,
    pub target: &'a str,
    pub headers: &'a [(&'a str, &'a str)],
    pub body: &'a [u8],
}

pub const GET: Plain<'_> = Plain { method: "GET", target: "/", headers: &[], body: b"" };
pub const POST: Plain<'_> =
    Plain { method: "POST", target: "/a?b=c", headers: &[("content-type", "text/plain")], body: b"hello" };

impl Plain<'_> {
    pub fn sign(&self, signer: &dyn Signer) -> Sent {
        let url = format!("https://{HOST}{}", self.target);
        let request = self.request(&url);
        Sent::signed(self.method, &request, &signer.sign(&request, now()).unwrap(), self.body)
    }

    pub fn presign(&self, signer: &dyn Signer, seconds: u64) -> Sent {
        let url = format!("https://{HOST}{}", self.target);
        let request = self.request(&url);
        let presigned = signer.presign(&request, ExpiresIn::from_secs(seconds).unwrap(), now()).unwrap();
        Sent::presigned(self.method, &request, &presigned, self.body)
    }

    fn request<'a>(&'a self, url: &'a str) -> SigningRequest<'a> {
        let request = SigningRequest::new(self.method, url).unwrap().with_body(self.body);
        self.headers.iter().fold(request, |request, (name, value)| request.with_header(name, value).unwrap())
    }
}
