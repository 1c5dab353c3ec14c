//! The digests of a body that came before it: `Content-MD5` and `x-amz-checksum-…`, as headers or in the query of a
//! presigned URL. Those that come after it, as trailers, are checked where the body is decoded.

use data_encoding::BASE64;
use http::HeaderMap;
use md5::{Digest as _, Md5};
use sigv4a::{Checksum, RunningChecksum};

use super::query::Query;

/// What is wrong with a digest.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Wrong {
    /// It is not base64 of the right length.
    Malformed(String),
    /// It is another body's.
    Mismatch(String),
    /// It is computed in a way that nobody here knows.
    Unknown(String),
}

pub(super) fn check(headers: &HeaderMap, query: &Query, body: &[u8]) -> Result<(), Wrong> {
    let given = headers.iter().map(|(name, value)| (name.as_str().to_owned(), value.as_bytes()));
    let asked = query.pairs().map(|(name, value)| (name.to_ascii_lowercase(), value.as_bytes()));
    // In a query it would be another parameter.
    for (name, value) in given.chain(asked.filter(|(name, _)| name != CONTENT_MD5)) {
        if name != CONTENT_MD5 && (!name.starts_with(PREFIX) || ABOUT.contains(&name.as_str())) {
            continue;
        }
        let Some(computed) = compute(&name, body) else { return Err(Wrong::Unknown(name)) };
        match BASE64.decode(value) {
            Ok(value) if value == computed => {}
            Ok(value) if value.len() == computed.len() => return Err(Wrong::Mismatch(name)),
            _ => return Err(Wrong::Malformed(name)),
        }
    }
    Ok(())
}

pub(super) const CONTENT_MD5: &str = "content-md5";
pub(super) const PREFIX: &str = "x-amz-checksum-";

/// What is no digest, but says which there are.
const ABOUT: [&str; 3] = ["x-amz-checksum-algorithm", "x-amz-checksum-mode", "x-amz-checksum-type"];

fn compute(name: &str, body: &[u8]) -> Option<Vec<u8>> {
    if name == CONTENT_MD5 {
        return Some(Md5::digest(body).to_vec());
    }
    let mut checksum = RunningChecksum::new(Checksum::from_header_name(name)?);
    checksum.update(body);
    BASE64.decode(checksum.finish().as_bytes()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_digest_is_computed() {
        // CRC RevEng's check values, and what coreutils print, over "123456789".
        for (name, right) in [
            ("content-md5", "JfnnlDI7RTiF9RgfG2JNCw=="),
            ("x-amz-checksum-crc32", "y/Q5Jg=="),
            ("x-amz-checksum-crc32c", "4waSgw=="),
            ("x-amz-checksum-crc64nvme", "rosUhgp5mIg="),
            ("x-amz-checksum-sha1", "98O8HYCOBHMq32eZZczDTKeuNEE="),
            ("x-amz-checksum-sha256", "FeKw08M4keuw8e9gnsQZQgwg4yDOlMZfvIwzEkSOsiU="),
        ] {
            let headers = HeaderMap::from_iter([(name.parse().unwrap(), right.parse().unwrap())]);
            let none = Query::parse("").unwrap();
            assert_eq!(check(&headers, &none, b"123456789"), Ok(()), "{name}");
            assert_eq!(check(&headers, &none, b"12345678"), Err(Wrong::Mismatch(name.to_owned())));
            let short = HeaderMap::from_iter([(name.parse().unwrap(), "AAA=".parse().unwrap())]);
            assert_eq!(check(&short, &none, b"123456789"), Err(Wrong::Malformed(name.to_owned())));
            let query = Query::parse(&format!("{name}=AAA%3D")).unwrap();
            let wrong = if name == CONTENT_MD5 { Ok(()) } else { Err(Wrong::Malformed(name.to_owned())) };
            assert_eq!(check(&HeaderMap::new(), &query, b""), wrong);
        }
        let unknown = HeaderMap::from_iter([("x-amz-checksum-sha3".parse().unwrap(), "AAAA".parse().unwrap())]);
        let name = "x-amz-checksum-sha3".to_owned();
        assert_eq!(check(&unknown, &Query::parse("").unwrap(), b""), Err(Wrong::Unknown(name)));
    }
}
