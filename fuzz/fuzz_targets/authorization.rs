//! Whatever arrives, a verifier neither panics nor accepts it: nobody who has not the key signs for it. Half of the inputs
//! have the form of a signature, so that the reading goes deep.

#![no_main]

use std::sync::LazyLock;

use arbitrary::Arbitrary;
use libfuzzer_sys::fuzz_target;
use sigv4a::{
    AnswerStyle, Authorization, ReceivedRequest, Region, Service, Timestamp, UnsignedPayload, VerificationKey,
    Verifier, VerifyError,
};

#[derive(Debug, Arbitrary)]
struct Input<'a> {
    method: Option<&'a str>,
    target: &'a str,
    headers: Vec<(Name<'a>, &'a [u8])>,
    body: Option<&'a [u8]>,
    signature: Option<Signature<'a>>,
    service: ServiceName,
    hosts: Vec<&'a str>,
}

/// The parts of a signature; those that are absent are right.
#[derive(Debug, Arbitrary)]
struct Signature<'a> {
    is_sigv4a: bool,
    is_presigned: bool,
    credential: Option<&'a str>,
    date: Option<&'a str>,
    expires: Option<&'a str>,
    region_set: Option<&'a str>,
    signed_headers: Option<&'a str>,
    signature: &'a [u8],
    rest: &'a str,
}

#[derive(Debug, Clone, Copy, Arbitrary)]
enum Name<'a> {
    Host,
    Authorization,
    Date,
    AmzDate,
    ContentSha256,
    SecurityToken,
    RegionSet,
    Any(&'a str),
}

impl Name<'_> {
    fn text(&self) -> &str {
        match self {
            Self::Host => "host",
            Self::Authorization => "authorization",
            Self::Date => "date",
            Self::AmzDate => "x-amz-date",
            Self::ContentSha256 => "x-amz-content-sha256",
            Self::SecurityToken => "x-amz-security-token",
            Self::RegionSet => "x-amz-region-set",
            Self::Any(name) => name,
        }
    }
}

#[derive(Debug, Clone, Copy, Arbitrary)]
enum ServiceName {
    S3,
    ExecuteApi,
    IotDeviceGateway,
}

static KEY: LazyLock<VerificationKey> =
    LazyLock::new(|| VerificationKey::new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY").unwrap());

static NOW: LazyLock<Timestamp> = LazyLock::new(|| Timestamp::parse_amz_date("20150830T123600Z").unwrap());

fuzz_target!(|input: Input<'_>| {
    let service = input.service();
    let verifier = Verifier::new(Service::new(service).unwrap(), Region::new("us-east-1").unwrap())
        .with_unsigned_payload(UnsignedPayload::Accept);
    let target = input.target();
    let Err(error) = judge(&input, &target, &verifier) else { panic!("accepted") };
    for style in [AnswerStyle::S3, AnswerStyle::ApiGateway] {
        assert!(!error.client_message(style).is_empty());
    }
    assert!(!error.to_string().bytes().any(|byte| byte.is_ascii_control()), "{error}");
});

fn judge(input: &Input<'_>, target: &str, verifier: &Verifier) -> Result<(), VerifyError> {
    let mut request = ReceivedRequest::new(input.method.unwrap_or("GET"), target)?.with_hosts(&input.hosts);
    for (name, value) in &input.headers {
        request = request.with_header(name.text(), value)?;
    }
    if let Some(signature) = input.signature.as_ref().filter(|signature| !signature.is_presigned) {
        request = request
            .with_header("authorization", signature.header(input.service()))?
            .with_header("x-amz-date", signature.date.unwrap_or(NOW.amz_date()))?
            .with_header("x-amz-region-set", signature.region_set.unwrap_or("*"))?;
    }
    if let Some(body) = input.body {
        request = request.with_body(body);
    }
    let authorization = Authorization::from_request(&request)?;
    let _ = format!("{authorization:?} {request:?}");
    let _ = verifier.trace(&authorization, &request);
    let _ = verifier.needs_body(&authorization, &request);
    verifier.verify(&authorization, &request, &KEY, *NOW).map(drop)
}

impl Input<'_> {
    const fn service(&self) -> &'static str {
        match self.service {
            ServiceName::S3 => "s3",
            ServiceName::ExecuteApi => "execute-api",
            ServiceName::IotDeviceGateway => "iotdevicegateway",
        }
    }

    fn target(&self) -> String {
        match &self.signature {
            Some(signature) if signature.is_presigned => {
                format!("/{}?{}", self.target, signature.query(self.service()))
            }
            _ => self.target.to_owned(),
        }
    }
}

impl Signature<'_> {
    const fn algorithm(&self) -> &'static str {
        if self.is_sigv4a { "AWS4-ECDSA-P256-SHA256" } else { "AWS4-HMAC-SHA256" }
    }

    fn credential(&self, service: &str) -> String {
        match self.credential {
            Some(credential) => credential.to_owned(),
            None if self.is_sigv4a => format!("AKIDEXAMPLE/20150830/{service}/aws4_request"),
            None => format!("AKIDEXAMPLE/20150830/us-east-1/{service}/aws4_request"),
        }
    }

    fn hex(&self) -> String {
        self.signature.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    fn header(&self, service: &str) -> String {
        let (credential, signature) = (self.credential(service), self.hex());
        let signed_headers = self.signed_headers.unwrap_or("host;x-amz-date;x-amz-region-set");
        let Self { rest, .. } = self;
        let algorithm = self.algorithm();
        format!("{algorithm} Credential={credential}, SignedHeaders={signed_headers}, Signature={signature}{rest}")
    }

    fn query(&self, service: &str) -> String {
        let (algorithm, credential, signature) = (self.algorithm(), self.credential(service), self.hex());
        let (date, expires) = (self.date.unwrap_or(NOW.amz_date()), self.expires.unwrap_or("60"));
        let (region_set, signed_headers) = (self.region_set.unwrap_or("*"), self.signed_headers.unwrap_or("host"));
        let Self { rest, .. } = self;
        format!(
            "X-Amz-Algorithm={algorithm}&X-Amz-Credential={credential}&X-Amz-Date={date}&X-Amz-Expires={expires}\
             &X-Amz-Region-Set={region_set}&X-Amz-SignedHeaders={signed_headers}&X-Amz-Signature={signature}{rest}"
        )
    }
}
