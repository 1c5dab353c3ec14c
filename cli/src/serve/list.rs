//! [`ListObjectsV2`](https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html).

use data_encoding::BASE64URL_NOPAD;
use http::StatusCode;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use quick_xml::escape::escape;

use super::{
    Answer,
    answer::typed,
    query::Query,
    store::{Store, StoreError},
};

/// What a list may be asked with.
pub(super) const PARAMETERS: [&str; 8] = [
    "continuation-token",
    "delimiter",
    "encoding-type",
    "fetch-owner",
    "list-type",
    "max-keys",
    "prefix",
    "start-after",
];

/// What S3 gives at once.
const MOST: usize = 1000;

/// What a list is asked for.
pub(super) struct List<'a> {
    prefix: &'a str,
    delimiter: Option<&'a str>,
    after: Option<String>,
    most: usize,
    spelling: Spelling,
    query: &'a Query,
}

#[derive(Clone, Copy)]
enum Spelling {
    Plain,
    /// For keys that XML cannot hold.
    Encoded,
}

impl<'a> List<'a> {
    /// Reads the parameters; the error is S3's message about the wrong one.
    pub(super) fn read(query: &'a Query) -> Result<Self, &'static str> {
        let most = match query.get("max-keys").map(str::parse) {
            None => MOST,
            Some(Ok(most)) => MOST.min(most),
            Some(Err(_)) => return Err("Provided max-keys not an integer or within integer range"),
        };
        let spelling = match query.get("encoding-type") {
            None => Spelling::Plain,
            Some("url") => Spelling::Encoded,
            Some(_) => return Err("Invalid Encoding Method specified in Request"),
        };
        let after = match query.get("continuation-token") {
            None => query.get("start-after").map(str::to_owned),
            Some(token) => Some(decode(token).ok_or("The continuation token provided is incorrect")?),
        };
        let delimiter = query.get("delimiter").filter(|delimiter| !delimiter.is_empty());
        Ok(Self { prefix: query.get("prefix").unwrap_or_default(), delimiter, after, most, spelling, query })
    }

    /// Everything below a bucket in the path, or everything there is, as far as it is asked for.
    pub(super) fn answer(&self, store: &Store, bucket: &str) -> Result<Answer, StoreError> {
        let bucket = bucket.trim_end_matches('/');
        let below = if bucket.is_empty() { String::new() } else { format!("{bucket}/") };
        let (mut listed, mut groups, mut count) = (String::new(), String::new(), 0);
        let (mut last, mut next) = (String::new(), None);
        for full in store.keys(&format!("{below}{}", self.prefix))? {
            let key = full.strip_prefix(&below).unwrap_or(&full);
            let item = self.group(key).unwrap_or(key);
            // A page that ended with a group has all of it.
            if self.after.as_deref().is_some_and(|after| key <= after || item == after) || (count > 0 && item == last) {
                continue;
            }
            if count == self.most {
                next = (count > 0).then(|| encode(&last));
                break;
            }
            if item == key {
                let Some(entry) = store.entry(&full)? else { continue };
                listed.push_str(&format!(
                    "<Contents><Key>{}</Key><LastModified>{}</LastModified><Size>{}</Size><ETag>{}</ETag>{}\
                     <StorageClass>STANDARD</StorageClass></Contents>",
                    self.spell(key),
                    humantime::format_rfc3339_millis(entry.modified),
                    entry.length,
                    escape(&entry.etag),
                    self.owner(),
                ));
            } else {
                groups.push_str(&format!("<CommonPrefixes><Prefix>{}</Prefix></CommonPrefixes>", self.spell(item)));
            }
            count += 1;
            item.clone_into(&mut last);
        }
        let xml = format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<ListBucketResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">\
             <Name>{}</Name><Prefix>{}</Prefix><KeyCount>{count}</KeyCount><MaxKeys>{}</MaxKeys>\
             <IsTruncated>{}</IsTruncated>{}{}{listed}{groups}</ListBucketResult>",
            escape(bucket),
            self.spell(self.prefix),
            self.most,
            next.is_some(),
            next.map(|token| format!("<NextContinuationToken>{token}</NextContinuationToken>")).unwrap_or_default(),
            self.told_again(),
        );
        Ok(typed(StatusCode::OK, "application/xml", xml))
    }

    /// What a key is told as together with its neighbours: all of it up to the first delimiter after the prefix.
    fn group<'k>(&self, key: &'k str) -> Option<&'k str> {
        let delimiter = self.delimiter?;
        let (group, _) = key.get(self.prefix.len()..)?.split_once(delimiter)?;
        key.get(..self.prefix.len() + group.len() + delimiter.len())
    }

    /// What the client asked with, as it spells it.
    fn told_again(&self) -> String {
        let element = |name: &str, value: String| format!("<{name}>{value}</{name}>");
        let mut xml = String::new();
        if let Some(delimiter) = self.delimiter {
            xml.push_str(&element("Delimiter", self.spell(delimiter)));
        }
        if let Some(after) = self.query.get("start-after") {
            xml.push_str(&element("StartAfter", self.spell(after)));
        }
        if let Some(token) = self.query.get("continuation-token") {
            xml.push_str(&element("ContinuationToken", escape(token).into_owned()));
        }
        if let Spelling::Encoded = self.spelling {
            xml.push_str(&element("EncodingType", "url".to_owned()));
        }
        xml
    }

    /// Everything is everybody's.
    fn owner(&self) -> &'static str {
        match self.query.get("fetch-owner") {
            Some("true") => "<Owner><ID>everybody</ID></Owner>",
            _ => "",
        }
    }

    fn spell(&self, text: &str) -> String {
        match self.spelling {
            Spelling::Plain => escape(text).into_owned(),
            Spelling::Encoded => utf8_percent_encode(text, KEPT).to_string(),
        }
    }
}

/// What `encoding-type=url` leaves as it is.
const KEPT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~').remove(b'/');

/// A token is where the last page ended.
fn encode(last: &str) -> String {
    BASE64URL_NOPAD.encode(last.as_bytes())
}

fn decode(token: &str) -> Option<String> {
    String::from_utf8(BASE64URL_NOPAD.decode(token.as_bytes()).ok()?).ok()
}
