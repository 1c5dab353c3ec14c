//! Like S3, as far as small objects go.

use bytes::Bytes;
use http::{
    HeaderName, Method, StatusCode,
    header::{CONTENT_LENGTH, CONTENT_TYPE, ETAG, LAST_MODIFIED},
    request::Parts,
};
use percent_encoding::percent_decode_str;
use quick_xml::escape::escape;

use super::{
    Answer,
    answer::{empty, s3_error, typed, with_body, with_header},
    store::{Object, Store, StoreError},
};

const COPY_SOURCE: HeaderName = HeaderName::from_static("x-amz-copy-source");

/// What S3 does not take for a plain object: what it asks for is not done here.
const SUBRESOURCES: [&str; 22] = [
    "accelerate",
    "acl",
    "analytics",
    "cors",
    "delete",
    "encryption",
    "inventory",
    "legal-hold",
    "lifecycle",
    "logging",
    "metrics",
    "notification",
    "object-lock",
    "policy",
    "replication",
    "requestPayment",
    "restore",
    "retention",
    "select",
    "tagging",
    "uploads",
    "website",
];

pub(super) fn answer(store: &Store, parts: &Parts, body: Bytes) -> Answer {
    let path = parts.uri.path();
    let query = Query::parse(parts.uri.query().unwrap_or_default());
    let Ok(key) = percent_decode_str(path.trim_start_matches('/')).decode_utf8() else {
        return s3_error(StatusCode::BAD_REQUEST, "InvalidURI", "Couldn't parse the specified URI.", path);
    };
    let is_elsewhere = query.has_any(&SUBRESOURCES) || query.get("uploadId").is_some();
    if is_elsewhere || parts.headers.contains_key(COPY_SOURCE) {
        let message = "This local endpoint stores, reads, lists and deletes small objects only.";
        return s3_error(StatusCode::NOT_IMPLEMENTED, "NotImplemented", message, path);
    }
    let outcome = match (&parts.method, key.is_empty()) {
        (&Method::GET, true) => list(store, "", &query),
        (&Method::GET, false) if query.get("list-type").is_some() => list(store, &key, &query),
        (&Method::GET, false) => get(store, &key, path, true),
        (&Method::HEAD, true) => Ok(empty(StatusCode::OK)),
        (&Method::HEAD, false) => get(store, &key, path, false),
        (&Method::PUT, false) => put(store, &key, parts, body),
        (&Method::DELETE, false) => store.remove(&key).map(|()| empty(StatusCode::NO_CONTENT)),
        _ => {
            let message = "The specified method is not allowed against this resource.";
            Ok(s3_error(StatusCode::METHOD_NOT_ALLOWED, "MethodNotAllowed", message, path))
        }
    };
    outcome.unwrap_or_else(|error| match error {
        StoreError::Key => {
            s3_error(StatusCode::BAD_REQUEST, "KeyTooLongError", "Your key is too long, or no file can have it.", path)
        }
        StoreError::Io(error) => s3_error(StatusCode::INTERNAL_SERVER_ERROR, "InternalError", &error.to_string(), path),
    })
}

fn put(store: &Store, key: &str, parts: &Parts, body: Bytes) -> Result<Answer, StoreError> {
    let object = Object::new(body, parts.headers.get(CONTENT_TYPE).cloned());
    let answer = with_header(empty(StatusCode::OK), ETAG, &object.etag);
    store.insert(key, object)?;
    Ok(answer)
}

fn get(store: &Store, key: &str, path: &str, with_content: bool) -> Result<Answer, StoreError> {
    let Some(object) = store.get(key)? else {
        return Ok(match with_content {
            true => s3_error(StatusCode::NOT_FOUND, "NoSuchKey", "The specified key does not exist.", path),
            false => empty(StatusCode::NOT_FOUND),
        });
    };
    let length = object.content.len().to_string();
    let content = if with_content { object.content } else { Bytes::new() };
    let mut answer = with_header(with_body(StatusCode::OK, content), ETAG, &object.etag);
    // `aws s3 cp` gives it to the file.
    answer = with_header(answer, LAST_MODIFIED, httpdate::fmt_http_date(object.modified));
    if !with_content {
        answer = with_header(answer, CONTENT_LENGTH, length);
    }
    Ok(match object.content_type {
        Some(content_type) => with_header(answer, CONTENT_TYPE, content_type),
        None => with_header(answer, CONTENT_TYPE, "binary/octet-stream"),
    })
}

/// Everything below a bucket in the path, or everything there is, whose key begins with the prefix.
fn list(store: &Store, bucket: &str, query: &Query) -> Result<Answer, StoreError> {
    let below = match bucket.trim_end_matches('/') {
        "" => String::new(),
        bucket => format!("{bucket}/"),
    };
    let prefix = query.get("prefix").unwrap_or_default();
    let mut contents = String::new();
    let mut count = 0;
    for (key, object) in store.list(&format!("{below}{prefix}"))? {
        let key = key.strip_prefix(&below).unwrap_or(&key);
        contents.push_str(&format!(
            "<Contents><Key>{}</Key><LastModified>{}</LastModified><Size>{}</Size><ETag>{}</ETag></Contents>",
            escape(key),
            humantime::format_rfc3339_millis(object.modified),
            object.content.len(),
            escape(&object.etag),
        ));
        count += 1;
    }
    let xml = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<ListBucketResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">\
         <Name>{}</Name><Prefix>{}</Prefix><KeyCount>{count}</KeyCount><MaxKeys>{count}</MaxKeys>\
         <IsTruncated>false</IsTruncated>{contents}</ListBucketResult>",
        escape(bucket),
        escape(&prefix),
    );
    Ok(typed(StatusCode::OK, "application/xml", xml))
}

/// The parameters, decoded. What is not text is of no use here.
struct Query(Vec<(String, String)>);

impl Query {
    fn parse(text: &str) -> Self {
        let decode = |text: &str| {
            let spaced = text.replace('+', " ");
            percent_decode_str(&spaced).decode_utf8().map(|text| text.into_owned()).unwrap_or_default()
        };
        let pairs = text.split('&').filter(|pair| !pair.is_empty());
        Self(
            pairs.map(|pair| pair.split_once('=').unwrap_or((pair, ""))).map(|(n, v)| (decode(n), decode(v))).collect(),
        )
    }

    fn get(&self, name: &str) -> Option<String> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone())
    }

    fn has_any(&self, names: &[&str]) -> bool {
        self.0.iter().any(|(known, _)| names.contains(&known.as_str()))
    }
}
