//! Signing never panics, and the wire form is a fixed point: what signing says to send, signed again at the same time, has
//! the same canonical request and the same URL. For both algorithms, with headers and as a presigned URL.

#![no_main]

use std::sync::LazyLock;

use arbitrary::Arbitrary;
use libfuzzer_sys::fuzz_target;
use sigv4a::{
    Credentials, EndpointCheck, ExpiresIn, PayloadHash, Region, RegionSet, Service, SessionTokenMode, SigV4, SigV4a,
    SignError, SignedHeaderPolicy, Signer, SignerExt, SigningOptions, SigningRequest, Timestamp, UriPolicy,
};

#[derive(Debug, Arbitrary)]
struct Input<'a> {
    method: Method<'a>,
    url: Url<'a>,
    headers: Vec<(Name<'a>, &'a [u8])>,
    body: &'a [u8],
    payload: Payload,
    service: ServiceName,
    uri: Uri,
    appends_token: bool,
    signs_little: bool,
    host: Option<&'a str>,
    is_sigv4a: bool,
}

/// Mostly something that signs, so that there is something to sign again.
#[derive(Debug, Clone, Copy, Arbitrary)]
enum Method<'a> {
    Get,
    Put,
    Any(&'a str),
}

#[derive(Debug, Clone, Copy, Arbitrary)]
enum Url<'a> {
    Path(&'a str),
    PathAndQuery(&'a str, &'a str),
    HostAndRest(&'a str, &'a str),
    Any(&'a str),
}

#[derive(Debug, Clone, Copy, Arbitrary)]
enum Name<'a> {
    Host,
    ContentType,
    UserAgent,
    Authorization,
    Date,
    ContentSha256,
    SecurityToken,
    RegionSet,
    Metadata,
    Any(&'a str),
}

impl Name<'_> {
    fn text(&self) -> &str {
        match self {
            Self::Host => "Host",
            Self::ContentType => "content-type",
            Self::UserAgent => "User-Agent",
            Self::Authorization => "AUTHORIZATION",
            Self::Date => "X-Amz-Date",
            Self::ContentSha256 => "x-amz-content-sha256",
            Self::SecurityToken => "X-Amz-Security-Token",
            Self::RegionSet => "x-amz-region-set",
            Self::Metadata => "x-amz-meta-note",
            Self::Any(name) => name,
        }
    }
}

#[derive(Debug, Clone, Copy, Arbitrary)]
enum Payload {
    Body,
    Unsigned,
    StreamingSigned,
    StreamingEvents,
}

#[derive(Debug, Clone, Copy, Arbitrary)]
enum ServiceName {
    S3,
    S3Express,
    ExecuteApi,
    VpcLattice,
    Aoss,
}

#[derive(Debug, Clone, Copy, Arbitrary)]
enum Uri {
    Rewrite,
    Reject,
    AsGiven,
}

/// What is sent: a URL and headers.
type Wire = (String, Vec<(String, Vec<u8>)>);

static CREDENTIALS: LazyLock<Credentials> = LazyLock::new(|| {
    let credentials = Credentials::new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");
    credentials.and_then(|credentials| credentials.with_session_token("TOKEN/+==")).unwrap()
});

static AT: LazyLock<Timestamp> = LazyLock::new(|| Timestamp::parse_amz_date("20150830T123600Z").unwrap());

fuzz_target!(|input: Input<'_>| {
    let Ok(signer) = input.signer() else { return };
    let headers: Vec<_> = input.headers.iter().map(|(name, value)| (name.text().to_owned(), value.to_vec())).collect();
    let given = (input.url(), headers);
    let (signed, presigned) = (input.sign(&*signer, &given), input.presign(&*signer, &given));
    if let Ok((wire, canonical_request)) = &signed {
        let (again, canonical_again) = input.sign(&*signer, wire).expect("what was signed can be signed");
        assert_eq!(&canonical_again, canonical_request);
        assert_eq!(again.0, wire.0);
    }
    if let Ok((wire, canonical_request)) = &presigned {
        let (again, canonical_again) = input.presign(&*signer, wire).expect("what was presigned can be presigned");
        assert_eq!(&canonical_again, canonical_request);
        assert_eq!(before_signature(&again.0), before_signature(&wire.0));
    }
});

impl Input<'_> {
    fn url(&self) -> String {
        match self.url {
            Url::Path(path) => format!("https://h.example/{path}"),
            Url::PathAndQuery(path, query) => format!("https://h.example:8443/{path}?{query}"),
            Url::HostAndRest(host, rest) => format!("https://{host}/{rest}"),
            Url::Any(url) => url.to_owned(),
        }
    }

    fn signer(&self) -> Result<Box<dyn Signer>, SignError> {
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
        let mut options =
            usual.with_profile(profile).with_endpoint_check(EndpointCheck::Skip).with_uri_policy(match self.uri {
                Uri::Rewrite => UriPolicy::Rewrite,
                Uri::Reject => UriPolicy::Reject,
                Uri::AsGiven => UriPolicy::AsGiven,
            });
        if self.signs_little {
            options = options.with_signed_headers(SignedHeaderPolicy::minimal());
        }
        if let Some(host) = self.host {
            options = options.with_host(host)?;
        }
        Ok(match self.is_sigv4a {
            false => {
                Box::new(SigV4::new(CREDENTIALS.clone(), Region::new("us-east-1")?, service).with_options(options))
            }
            true => Box::new(SigV4a::new(CREDENTIALS.clone(), RegionSet::all(), service).with_options(options)),
        })
    }

    const fn method(&self) -> &str {
        match self.method {
            Method::Get => "GET",
            Method::Put => "PUT",
            Method::Any(method) => method,
        }
    }

    fn request<'a>(&'a self, (url, headers): &'a Wire) -> Result<SigningRequest<'a>, SignError> {
        let mut request = SigningRequest::new(self.method(), url)?;
        for (name, value) in headers {
            request = request.with_header(name, value)?;
        }
        Ok(match self.payload {
            Payload::Body => request.with_body(self.body),
            Payload::Unsigned => request.with_payload(PayloadHash::Unsigned),
            Payload::StreamingSigned => request.with_payload(PayloadHash::StreamingSigned),
            Payload::StreamingEvents => request.with_payload(PayloadHash::StreamingEvents),
        })
    }

    /// What to send, and the canonical request.
    fn sign(&self, signer: &dyn Signer, given: &Wire) -> Result<(Wire, String), SignError> {
        let request = self.request(given)?;
        let signed = signer.sign(&request, *AT)?;
        let canonical_request = signed.trace().canonical_request().as_str().to_owned();
        Ok(((signed.url(), signed.wire_headers(&request)), canonical_request))
    }

    fn presign(&self, signer: &dyn Signer, given: &Wire) -> Result<(Wire, String), SignError> {
        let request = self.request(given)?;
        let presigned = signer.presign(&request, ExpiresIn::MAX, *AT)?;
        let canonical_request = presigned.trace().canonical_request().as_str().to_owned();
        Ok(((presigned.url(), presigned.wire_headers(&request)), canonical_request))
    }
}

/// A SigV4a signature is another one every time.
fn before_signature(url: &str) -> &str {
    url.rsplit_once("X-Amz-Signature=").map_or(url, |(before, _)| before)
}
