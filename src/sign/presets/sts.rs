//! AWS STS: `GetCallerIdentity`, signed for someone else to send.

use http::{HeaderMap, HeaderName, HeaderValue, Method, header};

use crate::{
    canonical::{SignedHeaderPolicy, check_name, check_value},
    error::{ParseError, ParseErrorKind, SignError},
    sign::{PresignedRequest, SigV4, SigV4a, Signer, SignerExt, SigningRequest, owned::is_owned_header},
    types::{Credentials, ExpiresIn, Region, RegionSet, Service, Timestamp, endpoint::regional_host},
};

/// The request that tells whose credentials signed it:
/// [`GetCallerIdentity`](https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html). Whoever is given
/// it sends it to STS and learns who gave it, without seeing a secret: so HashiCorp Vault, EKS and others log in their
/// users.
///
/// It goes to the regional endpoint of STS, in the domain of the region's partition. Bind a header that names the one it
/// is meant for, so that nobody else can use it:
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # use sigv4a::{Credentials, Region, Timestamp, presets::sts::CallerIdentity};
/// # let credentials = Credentials::new("AKIDEXAMPLE", "secret")?;
/// # let now = Timestamp::parse_amz_date("20150830T123600Z")?;
/// let identity = CallerIdentity::new().with_header("X-Vault-AWS-IAM-Server-ID", "vault.example.com")?;
/// let request = identity.signed_post(&credentials, &Region::new("eu-west-1")?, now)?;
/// assert_eq!(request.uri(), "https://sts.eu-west-1.amazonaws.com/");
/// assert_eq!(*request.body(), "Action=GetCallerIdentity&Version=2011-06-15");
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallerIdentity {
    headers: HeaderMap,
    scheme: Scheme,
    expires_in: ExpiresIn,
}

/// How it is signed.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Scheme {
    SigV4,
    SigV4a(RegionSet),
}

const PARAMETERS: &str = "Action=GetCallerIdentity&Version=2011-06-15";

impl CallerIdentity {
    /// The request without a header of its own, to be signed with SigV4. Its URL says 900 seconds: for so long STS takes it.
    #[must_use]
    pub fn new() -> Self {
        Self { headers: HeaderMap::new(), scheme: Scheme::SigV4, expires_in: ExpiresIn::FIFTEEN_MINUTES }
    }

    /// Writes another lifetime into the URL. Not public: STS takes it for 15 minutes all the same.
    pub(super) const fn with_expires_in(mut self, expires_in: ExpiresIn) -> Self {
        self.expires_in = expires_in;
        self
    }

    /// Binds a header: the signature covers it, so whoever sends the request must send it with this value.
    ///
    /// # Errors
    /// [`HeaderName`](ParseErrorKind::HeaderName) for a name that is none or that the request has already, or a header that
    /// is never signed because proxies change it; [`HeaderValue`](ParseErrorKind::HeaderValue).
    pub fn with_header(mut self, name: &str, value: &str) -> Result<Self, ParseError> {
        check_name(name)?;
        check_value(name, value.as_bytes())?;
        let refused = || ParseError::new(ParseErrorKind::HeaderName, "a header that can be bound, once").found(name);
        let lower_name = HeaderName::from_bytes(name.as_bytes()).map_err(|_| refused())?;
        let is_taken = [header::HOST, header::CONTENT_TYPE].contains(&lower_name)
            || is_owned_header(lower_name.as_str())
            || self.headers.contains_key(&lower_name);
        if is_taken || !SignedHeaderPolicy::standard().signs(lower_name.as_str()) {
            return Err(refused());
        }
        let beyond_ascii = || ParseError::new(ParseErrorKind::HeaderValue, format!("ASCII in `{name}`"));
        let value = HeaderValue::from_str(value).ok().filter(|value| value.as_bytes().is_ascii());
        self.headers.insert(lower_name, value.ok_or_else(beyond_ascii)?);
        Ok(self)
    }

    /// Signs with SigV4a for these regions, instead of with SigV4 for one. AWS's model of STS has it; that Vault or EKS would
    /// pass it on is said nowhere.
    #[must_use]
    pub fn with_region_set(mut self, region_set: RegionSet) -> Self {
        self.scheme = Scheme::SigV4a(region_set);
        self
    }

    /// The URL for a `GET`, for the endpoint in `region`. The bound headers go with it: they are
    /// [`headers_to_send`](PresignedRequest::headers_to_send).
    ///
    /// # Errors
    /// [`Region`](ParseErrorKind::Region) for a region that is not of AWS's shape,
    /// [`RegionSet`](ParseErrorKind::RegionSet) for a set without it,
    /// [`CredentialsExpired`](crate::SignErrorKind::CredentialsExpired).
    pub fn presigned_url(
        &self,
        credentials: &Credentials,
        region: &Region,
        at: Timestamp,
    ) -> Result<PresignedRequest, SignError> {
        let url = format!("https://{}/?{PARAMETERS}", regional_host("sts", region)?);
        let mut request = SigningRequest::new("GET", &url)?;
        for (name, value) in &self.headers {
            request = request.with_header(name.as_str(), value)?;
        }
        self.signer(credentials, region)?.presign(&request, self.expires_in, at)
    }

    /// The whole request as a `POST` with an `Authorization` header, for the endpoint in `region`: method, URL, headers and
    /// body are what Vault's AWS login asks for. STS takes it for 15 minutes.
    ///
    /// # Errors
    /// As [`presigned_url`](Self::presigned_url).
    pub fn signed_post(
        &self,
        credentials: &Credentials,
        region: &Region,
        at: Timestamp,
    ) -> Result<http::Request<&'static str>, SignError> {
        let url = format!("https://{}/", regional_host("sts", region)?);
        let refused = || ParseError::new(ParseErrorKind::Url, "a URL that `http::Uri` can hold").found(&url);
        let mut request = http::Request::new(PARAMETERS);
        *request.method_mut() = Method::POST;
        *request.uri_mut() = url.parse().map_err(|_| refused())?;
        *request.headers_mut() = self.headers.clone();
        let form = HeaderValue::from_static("application/x-www-form-urlencoded; charset=utf-8");
        request.headers_mut().insert(header::CONTENT_TYPE, form);
        self.signer(credentials, region)?.sign_request(&mut request, at)?;
        Ok(request)
    }

    fn signer(&self, credentials: &Credentials, region: &Region) -> Result<Box<dyn Signer>, ParseError> {
        let (credentials, service) = (credentials.clone(), Service::from_static("sts"));
        match &self.scheme {
            Scheme::SigV4 => Ok(Box::new(SigV4::new(credentials, region.clone(), service))),
            Scheme::SigV4a(set) if set.covers(region) => Ok(Box::new(SigV4a::new(credentials, set.clone(), service))),
            Scheme::SigV4a(set) => {
                let expected = format!("a set with `{region}`, whose endpoint the request goes to");
                Err(ParseError::new(ParseErrorKind::RegionSet, expected).found(set.as_str()))
            }
        }
    }
}

impl Default for CallerIdentity {
    fn default() -> Self {
        Self::new()
    }
}
