//! Like S3, as far as small objects go. An operation beyond that is not taken for one of these: it is refused.

use bytes::Bytes;
use http::{
    HeaderMap, HeaderName, Method, StatusCode,
    header::{
        ACCEPT_RANGES, AUTHORIZATION, CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_ENCODING, CONTENT_LANGUAGE,
        CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE, ETAG, EXPIRES, LAST_MODIFIED, LOCATION, RANGE,
    },
    request::Parts,
};
use percent_encoding::percent_decode_str;

use super::{
    Answer,
    answer::{S3Error, empty, with_body, with_header},
    condition::{Condition, Read, Unmet, range_holds},
    digest::{self, Wrong},
    list::{self, List},
    query::{COPY_SOURCE, Query},
    range::Asked,
    store::{Object, Store, StoreError},
};

/// The headers that a reader of an object may choose.
const RESPONSE: [(&str, HeaderName); 6] = [
    ("response-cache-control", CACHE_CONTROL),
    ("response-content-disposition", CONTENT_DISPOSITION),
    ("response-content-encoding", CONTENT_ENCODING),
    ("response-content-language", CONTENT_LANGUAGE),
    ("response-content-type", CONTENT_TYPE),
    ("response-expires", EXPIRES),
];

pub(super) fn answer(store: &Store, parts: &Parts, body: Bytes) -> Answer {
    let path = parts.uri.path();
    serve(store, parts, body).unwrap_or_else(|error| error.answer(path))
}

fn serve(store: &Store, parts: &Parts, body: Bytes) -> Result<Answer, S3Error> {
    let key = percent_decode_str(parts.uri.path().trim_start_matches('/')).decode_utf8().ok();
    let query = Query::parse(parts.uri.query().unwrap_or_default());
    let (Some(key), Some(query)) = (key, query) else {
        return Err(S3Error::new(StatusCode::BAD_REQUEST, "InvalidURI", "Couldn't parse the specified URI."));
    };
    let is_list = parts.method == Method::GET && (key.is_empty() || query.get("list-type") == Some("2"));
    let unserved = query.unserved(|name| match parts.method {
        Method::GET if is_list => list::PARAMETERS.contains(&name),
        Method::GET | Method::HEAD => RESPONSE.iter().any(|(known, _)| *known == name),
        _ => false,
    });
    if let Some(name) = unserved {
        return Err(not_implemented(&format!("the parameter `{name}`")));
    }
    if parts.headers.contains_key(COPY_SOURCE) {
        return Err(not_implemented("x-amz-copy-source"));
    }
    match parts.method {
        Method::GET if is_list => {
            let list = List::read(&query).map_err(|message| bad("InvalidArgument", message))?;
            Ok(list.answer(store, &key)?)
        }
        Method::HEAD if key.is_empty() || is_bucket(store, &key)? => Ok(empty(StatusCode::OK)),
        Method::GET | Method::HEAD => get(store, &key, parts, &query),
        Method::PUT if !key.is_empty() => put(store, &key, parts, &query, body),
        Method::DELETE if !key.is_empty() => delete(store, &key, parts),
        _ => Err(S3Error::new(
            StatusCode::METHOD_NOT_ALLOWED,
            "MethodNotAllowed",
            "The specified method is not allowed against this resource.",
        )),
    }
}

/// An upload by a form has its signature in the body: the layer finds none.
pub(super) fn refuse_form(parts: &Parts) -> Option<Answer> {
    let content_type = parts.headers.get(CONTENT_TYPE)?.as_bytes();
    let is_form = content_type.get(..FORM.len()).is_some_and(|start| start.eq_ignore_ascii_case(FORM));
    let is_unsigned = !parts.headers.contains_key(AUTHORIZATION) && parts.uri.query().is_none();
    (parts.method == Method::POST && is_form && is_unsigned)
        .then(|| not_implemented("an upload by a form (multipart/form-data)").answer(parts.uri.path()))
}

const FORM: &[u8] = b"multipart/form-data";

fn put(store: &Store, key: &str, parts: &Parts, query: &Query, body: Bytes) -> Result<Answer, S3Error> {
    digest::check(&parts.headers, query, &body).map_err(wrong_digest)?;
    // A bucket is the first segment of its keys, and there without being made: what makes one leaves an object of nothing.
    let makes_bucket = !key.contains('/') && (body.is_empty() || is_bucket_configuration(&body));
    let body = if makes_bucket { Bytes::new() } else { body };
    let object = Object::new(body, parts.headers.get(CONTENT_TYPE).cloned());
    let mut answer = with_header(empty(StatusCode::OK), ETAG, &object.entry.etag);
    if makes_bucket {
        answer = with_header(answer, LOCATION, parts.uri.path());
    }
    store.insert(key, object, &condition(&parts.headers)?)?;
    Ok(answer)
}

fn delete(store: &Store, key: &str, parts: &Parts) -> Result<Answer, S3Error> {
    if is_bucket(store, key)? {
        let message = "The bucket you tried to delete is not empty";
        return Err(S3Error::new(StatusCode::CONFLICT, "BucketNotEmpty", message));
    }
    store.remove(key, &condition(&parts.headers)?).map_err(unless_absent)?;
    Ok(empty(StatusCode::NO_CONTENT))
}

/// A path of one segment is a bucket if there are objects below it and none in its place.
fn is_bucket(store: &Store, key: &str) -> Result<bool, StoreError> {
    let is_one = !key.contains('/') && store.entry(key)?.is_none();
    Ok(is_one && !store.keys(&format!("{key}/"))?.is_empty())
}

/// What SDKs send to create a bucket elsewhere than in `us-east-1`.
fn is_bucket_configuration(body: &[u8]) -> bool {
    let text = str::from_utf8(body).unwrap_or_default().trim_start();
    let root = text.strip_prefix("<?xml").and_then(|rest| rest.split_once("?>")).map_or(text, |(_, root)| root);
    root.trim_start().starts_with("<CreateBucketConfiguration")
}

fn get(store: &Store, key: &str, parts: &Parts, query: &Query) -> Result<Answer, S3Error> {
    let found = match parts.method {
        Method::HEAD => store.entry(key)?.map(|entry| Object { entry, content: Bytes::new() }),
        _ => store.get(key)?,
    };
    let Some(Object { entry, content }) = found else { return Err(no_such_key()) };
    match Read::of(&parts.headers, &entry) {
        Read::Go => {}
        Read::NotModified => return Ok(with_header(empty(StatusCode::NOT_MODIFIED), ETAG, &entry.etag)),
        Read::Failed => return Err(precondition_failed()),
    }
    let range = parts.headers.get(RANGE).filter(|_| range_holds(&parts.headers, &entry));
    let range = range.and_then(|range| range.to_str().ok()).unwrap_or_default();
    let (status, asked) = match Asked::read(range, entry.length) {
        Asked::Whole => (StatusCode::OK, 0..entry.length),
        Asked::Part(asked) => (StatusCode::PARTIAL_CONTENT, asked),
        Asked::Nothing => return Err(invalid_range(range, entry.length)),
    };
    let at = |position: u64| usize::try_from(position).unwrap_or(usize::MAX).min(content.len());
    let mut answer = with_body(status, content.slice(at(asked.start)..at(asked.end)));
    if status == StatusCode::PARTIAL_CONTENT {
        let told = format!("bytes {}-{}/{}", asked.start, asked.end - 1, entry.length);
        answer = with_header(answer, CONTENT_RANGE, told);
    }
    if parts.method == Method::HEAD {
        answer = with_header(answer, CONTENT_LENGTH, (asked.end - asked.start).to_string());
    }
    answer = with_header(answer, ACCEPT_RANGES, "bytes");
    answer = with_header(answer, ETAG, &entry.etag);
    // `aws s3 cp` gives it to the file.
    answer = with_header(answer, LAST_MODIFIED, httpdate::fmt_http_date(entry.modified));
    answer = match entry.content_type {
        Some(content_type) => with_header(answer, CONTENT_TYPE, content_type),
        None => with_header(answer, CONTENT_TYPE, "binary/octet-stream"),
    };
    for (name, header) in RESPONSE {
        if let Some(value) = query.get(name) {
            answer = with_header(answer, header, value);
        }
    }
    Ok(answer)
}

fn condition(headers: &HeaderMap) -> Result<Condition, S3Error> {
    Condition::of_write(headers).ok_or_else(|| not_implemented("this condition"))
}

fn bad(code: &'static str, message: impl Into<String>) -> S3Error {
    S3Error::new(StatusCode::BAD_REQUEST, code, message)
}

fn not_implemented(what: &str) -> S3Error {
    let message =
        format!("{what} is not implemented: this local endpoint stores, reads, lists and deletes small objects only.");
    S3Error::new(StatusCode::NOT_IMPLEMENTED, "NotImplemented", message)
}

fn no_such_key() -> S3Error {
    S3Error::new(StatusCode::NOT_FOUND, "NoSuchKey", "The specified key does not exist.")
}

fn precondition_failed() -> S3Error {
    let message = "At least one of the pre-conditions you specified did not hold";
    S3Error::new(StatusCode::PRECONDITION_FAILED, "PreconditionFailed", message)
}

fn invalid_range(range: &str, length: u64) -> S3Error {
    S3Error::new(StatusCode::RANGE_NOT_SATISFIABLE, "InvalidRange", "The requested range is not satisfiable")
        .with("RangeRequested", range)
        .with("ActualObjectSize", length.to_string())
        .with_header(CONTENT_RANGE, format!("bytes */{length}"))
}

fn wrong_digest(wrong: Wrong) -> S3Error {
    let short = |name: &str| name.trim_start_matches(digest::PREFIX).to_ascii_uppercase();
    match wrong {
        Wrong::Malformed(name) if name == digest::CONTENT_MD5 => {
            bad("InvalidDigest", "The Content-MD5 you specified was invalid.")
        }
        Wrong::Mismatch(name) if name == digest::CONTENT_MD5 => {
            bad("BadDigest", "The Content-MD5 you specified did not match what we received.")
        }
        Wrong::Malformed(name) => bad("InvalidRequest", format!("Value for {name} header is invalid.")),
        Wrong::Mismatch(name) => {
            bad("BadDigest", format!("The {} you specified did not match the calculated checksum.", short(&name)))
        }
        Wrong::Unknown(name) => not_implemented(&name),
    }
}

/// Whoever deletes what is not there has nothing to match.
fn unless_absent(error: StoreError) -> S3Error {
    match error {
        StoreError::Unmet(Unmet::Nothing) => precondition_failed(),
        error => error.into(),
    }
}

impl From<StoreError> for S3Error {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Key => bad("KeyTooLongError", "Your key is too long, or no file can have it."),
            StoreError::Unmet(Unmet::Nothing) => no_such_key(),
            StoreError::Unmet(Unmet::Another) => precondition_failed(),
            StoreError::Io(error) => Self::new(StatusCode::INTERNAL_SERVER_ERROR, "InternalError", error.to_string()),
        }
    }
}
