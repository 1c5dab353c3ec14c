//! The event of the signing Lambda, read strictly: what is wrong with it is said by field, and no value that could be a
//! secret is repeated.

use std::{error::Error, fmt};

use data_encoding::BASE64;
use http::{HeaderMap, HeaderName, HeaderValue, Method, header::CONTENT_TYPE};
use serde_json::{Map, Value};
use sigv4a::{Algorithm, AlgorithmChoice, Credentials, Region, RegionSet, Service, SignerConfig, Timestamp};

/// What to sign and send.
pub(crate) struct SigningEvent {
    pub(crate) endpoint: reqwest::Url,
    pub(crate) method: Method,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
    pub(crate) config: SignerConfig,
    /// Absent: the role's.
    pub(crate) credentials: Option<Credentials>,
}

/// An event that cannot be served, and why.
#[derive(Debug)]
pub(crate) struct BadEvent(String);

const FIELDS: [&str; 11] = [
    "Endpoint",
    "HTTPMethod",
    "Region",
    "Service",
    "Headers",
    "Body",
    "BodyBase64",
    "IsBase64Encoded",
    "Algorithm",
    "RegionSet",
    "Credentials",
];
const CREDENTIALS: [&str; 4] = ["AccessKeyId", "SecretAccessKey", "SessionToken", "Expiration"];
const METHODS: [Method; 7] =
    [Method::GET, Method::HEAD, Method::POST, Method::PUT, Method::PATCH, Method::DELETE, Method::OPTIONS];

impl SigningEvent {
    /// # Errors
    /// For whatever is missing, of another type, unknown or contradictory.
    pub(crate) fn parse(event: &Value) -> Result<Self, BadEvent> {
        let fields = Fields::new("", event, &FIELDS)?;
        let (endpoint, method) = (endpoint(fields.required("Endpoint")?)?, method(fields.required("HTTPMethod")?)?);
        let mut headers = headers(&fields)?;
        let body = body(&fields, &mut headers)?;
        Ok(Self { endpoint, method, headers, body, config: config(&fields)?, credentials: credentials(&fields)? })
    }
}

fn endpoint(text: &str) -> Result<reqwest::Url, BadEvent> {
    // A query may be a presigned one, a user name has a password beside it: both stay out of the message.
    let shown = if text.contains('@') { "a URL with a user name" } else { text.split('?').next().unwrap_or_default() };
    let refused = || bad("Endpoint", &format!("expected a URL such as `https://HOST/PATH`, found `{shown}`"));
    let url = reqwest::Url::parse(text).map_err(|_| refused())?;
    let is_plain = matches!(url.scheme(), "https" | "http") && url.username().is_empty() && url.password().is_none();
    if is_plain && url.has_host() { Ok(url) } else { Err(refused()) }
}

fn method(text: &str) -> Result<Method, BadEvent> {
    METHODS.into_iter().find(|method| method.as_str().eq_ignore_ascii_case(text)).ok_or_else(|| {
        let names = METHODS.map(|method| method.to_string()).join(", ");
        bad("HTTPMethod", &format!("expected one of {names}, found `{text}`"))
    })
}

fn headers(fields: &Fields<'_>) -> Result<HeaderMap, BadEvent> {
    let mut headers = HeaderMap::new();
    let Some(given) = fields.get("Headers") else { return Ok(headers) };
    let given = given.as_object().ok_or_else(|| wrong_type("Headers", "an object of names and strings", given))?;
    for (name, value) in given {
        let field = format!("Headers.{name}");
        let text = value.as_str().ok_or_else(|| wrong_type(&field, "a string", value))?;
        let name = HeaderName::try_from(name).map_err(|_| bad(&field, "expected the name of a header"))?;
        let value = HeaderValue::try_from(text)
            .map_err(|_| bad(&field, "expected a value without control characters (it is not shown)"))?;
        headers.insert(name, value);
    }
    Ok(headers)
}

/// A string is sent as it is; any other JSON value as JSON, with its type unless the headers say one.
fn body(fields: &Fields<'_>, headers: &mut HeaderMap) -> Result<Vec<u8>, BadEvent> {
    let is_base64 = match fields.get("IsBase64Encoded") {
        None => false,
        Some(value) => value.as_bool().ok_or_else(|| wrong_type("IsBase64Encoded", "true or false", value))?,
    };
    let decode = |field, text: &str| {
        BASE64.decode(text.as_bytes()).map_err(|_| bad(field, "expected base64 with padding (it is not shown)"))
    };
    match (fields.get("Body"), fields.text("BodyBase64")?) {
        (Some(_), Some(_)) => Err(bad("BodyBase64", "expected it or `Body`, found both")),
        (None, Some(text)) => decode("BodyBase64", text),
        (None, None) => Ok(Vec::new()),
        (Some(Value::String(text)), None) if is_base64 => decode("Body", text),
        (Some(Value::String(text)), None) => Ok(text.clone().into_bytes()),
        (Some(other), None) if is_base64 => Err(wrong_type("Body", "a string of base64", other)),
        (Some(other), None) => {
            headers.entry(CONTENT_TYPE).or_insert(HeaderValue::from_static("application/json"));
            Ok(other.to_string().into_bytes())
        }
    }
}

fn config(fields: &Fields<'_>) -> Result<SignerConfig, BadEvent> {
    let mut config = SignerConfig::default();
    if let Some(text) = fields.text("Algorithm")? {
        config = config.with_algorithm(text.parse().map_err(|error| bad("Algorithm", &error))?);
    }
    if let Some(text) = fields.text("Service")? {
        config = config.with_service(Service::new(text).map_err(|error| bad("Service", &error))?);
    }
    if let Some(text) = fields.text("Region")? {
        let region = Region::new(text).map_err(|error| match text.contains(['*', ',']) {
            true => bad("Region", &format!("expected one region, found the region set `{text}`: call it `RegionSet`")),
            false => bad("Region", &error),
        });
        config = config.with_region(region?);
    }
    let Some(text) = fields.text("RegionSet")? else { return Ok(config) };
    let sigv4a = AlgorithmChoice::Always(Algorithm::SigV4a);
    if config.algorithm() == Some(AlgorithmChoice::Always(Algorithm::SigV4)) {
        return Err(bad("RegionSet", &"expected it with SigV4a only, found the `Algorithm` `sigv4`"));
    }
    // Whoever names a set means it, whatever the host would take.
    let set = RegionSet::new(text).map_err(|error| bad("RegionSet", &error))?;
    Ok(config.with_region_set(set).with_algorithm(sigv4a))
}

/// As STS gives them. No message has a value: what is pasted into the wrong field may be the secret.
fn credentials(fields: &Fields<'_>) -> Result<Option<Credentials>, BadEvent> {
    let Some(given) = fields.get("Credentials") else { return Ok(None) };
    let fields = Fields::new("Credentials.", given, &CREDENTIALS)?;
    let (id, secret) = (fields.required("AccessKeyId")?, fields.required("SecretAccessKey")?);
    let mut credentials = Credentials::new(id, secret).map_err(|error| bad("Credentials", &error))?;
    if let Some(token) = fields.text("SessionToken")? {
        credentials = credentials.with_session_token(token).map_err(|error| bad("Credentials.SessionToken", &error))?;
    }
    if let Some(end) = fields.text("Expiration")? {
        let refused = || bad("Credentials.Expiration", &"expected a time such as `2030-01-01T00:00:00Z`");
        let end: jiff::Timestamp = end.parse().map_err(|_| refused())?;
        credentials = credentials.with_expiry(Timestamp::from_unix(end.as_second()).map_err(|_| refused())?);
    }
    Ok(Some(credentials))
}

/// The fields of an object, none of them unknown; `null` counts as absent.
struct Fields<'a> {
    prefix: &'static str,
    object: &'a Map<String, Value>,
}

impl<'a> Fields<'a> {
    fn new(prefix: &'static str, value: &'a Value, known: &[&str]) -> Result<Self, BadEvent> {
        let names = || known.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
        let place = if prefix.is_empty() { "the event" } else { prefix.trim_end_matches('.') };
        let object = value.as_object().ok_or_else(|| wrong_type(place, "an object", value))?;
        match object.keys().find(|name| !known.contains(&name.as_str())) {
            Some(name) => Err(bad(&format!("{prefix}{name}"), &format!("expected only {}, found this field", names()))),
            None => Ok(Self { prefix, object }),
        }
    }

    fn get(&self, name: &str) -> Option<&'a Value> {
        self.object.get(name).filter(|value| !value.is_null())
    }

    fn text(&self, name: &str) -> Result<Option<&'a str>, BadEvent> {
        let Some(value) = self.get(name) else { return Ok(None) };
        value.as_str().map(Some).ok_or_else(|| wrong_type(&format!("{}{name}", self.prefix), "a string", value))
    }

    fn required(&self, name: &str) -> Result<&'a str, BadEvent> {
        self.text(name)?.ok_or_else(|| bad(&format!("{}{name}", self.prefix), &"expected a string, found nothing"))
    }
}

fn wrong_type(field: &str, expected: &str, found: &Value) -> BadEvent {
    let found = match found {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    };
    bad(field, &format!("expected {expected}, found {found}"))
}

fn bad(field: &str, message: &(impl fmt::Display + ?Sized)) -> BadEvent {
    BadEvent(format!("`{field}`: {message}"))
}

impl fmt::Display for BadEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Error for BadEvent {}
