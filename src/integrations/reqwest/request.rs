//! Signing one request of reqwest.

use ::reqwest::{Request, Url};
use http::request::Parts;

use crate::{
    error::{ParseError, ParseErrorKind, SignError, SignErrorKind},
    sign::{Signer, SignerExt as _, SigningRequest},
    types::{PayloadHash, PayloadSigning, Timestamp},
};

/// Signs a request in place. A body that is not in memory is left out of the signature where the service's profile allows
/// it, else it is an error.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use sigv4a::{Credentials, SignerConfig, Timestamp, reqwest::sign_request};
/// let url = "https://abc123.execute-api.eu-west-1.amazonaws.com/private";
/// let signer = SignerConfig::default().signer(url, Credentials::new("AKIDEXAMPLE", "secret")?)?;
/// let mut request = reqwest::Client::new().get(url).query(&[("name", "a b")]).build()?;
/// sign_request(&signer, &mut request, Timestamp::parse_amz_date("20150830T123600Z")?)?;
/// assert_eq!(request.url().query(), Some("name=a%20b"));
/// assert!(request.headers().contains_key("authorization"));
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// As [`SignerExt::sign`](crate::SignerExt::sign); [`Body`](SignErrorKind::Body) for a body that is not in memory; then the
/// request is unchanged.
pub fn sign_request(signer: &(impl Signer + ?Sized), request: &mut Request, at: Timestamp) -> Result<(), SignError> {
    let signer: &dyn Signer = &signer;
    let mut parts = parts_of(request)?;
    let given = SigningRequest::from_parts(&parts)?;
    let given = match request.body() {
        None => given.with_body(b""),
        Some(body) => match (body.as_bytes(), signer.options().profile().payload) {
            (Some(bytes), _) => given.with_body(bytes),
            (None, PayloadSigning::AlwaysUnsigned | PayloadSigning::Unsigned) => {
                given.with_payload(PayloadHash::Unsigned)
            }
            (None, PayloadSigning::Hash) => {
                let message = "expected a body in memory, found a stream: let the middleware sign it";
                return Err(SignError::new(SignErrorKind::Body, message));
            }
        },
    };
    let signed = signer.sign(&given, at)?;
    signed.apply_to(&mut parts)?;
    *request.url_mut() = to_url(&parts.uri)?;
    *request.headers_mut() = parts.headers;
    Ok(())
}

/// Method, URL and headers as the `http` crate has them.
fn parts_of(request: &Request) -> Result<Parts, SignError> {
    let refused =
        |_| ParseError::new(ParseErrorKind::Url, "a URL that `http::Uri` can hold").found(request.url().path());
    let mut url = request.url().clone();
    url.set_fragment(None);
    let (mut parts, ()) =
        http::Request::builder().method(request.method()).uri(url.as_str()).body(()).map_err(refused)?.into_parts();
    parts.headers = request.headers().clone();
    Ok(parts)
}

/// The URL as reqwest has it. What it would change was signed otherwise.
pub(super) fn to_url(uri: &http::Uri) -> Result<Url, SignError> {
    let text = uri.to_string();
    let refused = || ParseError::new(ParseErrorKind::Url, "a URL that reqwest sends as it is");
    let url = Url::parse(&text).map_err(|_| refused().found(before_query(&text)))?;
    match url.as_str() == text || url.path() == uri.path() && url.query() == uri.query() {
        true => Ok(url),
        // A presigned query is a credential: it is not shown.
        false => Err(refused().found(before_query(&text)).into()),
    }
}

fn before_query(url: &str) -> &str {
    url.split_once('?').map_or(url, |(before, _)| before)
}
