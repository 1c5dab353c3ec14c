//! Each style's answer to each refusal.

use http::{Request, header::AUTHORIZATION};
use quick_xml::{Reader, events::Event};
use sigv4a::{Algorithm, AnswerStyle, Service, SignerExt as _, SigningRequest, VerifyErrorKind as Kind, tower::Echo};

use crate::support::{
    ALGORITHMS, Answer, KEY_ID, call_whole, forged, layer, noon, over_http1, post, signed, signed_by, signer, time,
};

/// Each refusal that needs no body, with what S3 and API Gateway say: kind, code and status of S3, elements of S3 beside
/// `Code` and `Message`, type of API Gateway.
#[test]
fn codes_and_statuses() {
    let v4 = |service: Service| signed(Algorithm::SigV4, service, "hello");
    let cases: [(&str, Change, Expected); 9] = [
        ("unsigned", |_, _| post("hello"), (Kind::MissingAuthentication, "AccessDenied", 403, &[])),
        (
            "forged",
            |service, _| signed_by(&signer(Algorithm::SigV4a, service, forged()), post("hello")),
            (Kind::SignatureMismatch, "SignatureDoesNotMatch", 403, &[]),
        ),
        (
            "stale",
            |service, _| at(service, "20150830T114459Z"),
            (Kind::RequestExpired, "RequestTimeTooSkewed", 403, &SKEW),
        ),
        (
            "early",
            |service, _| at(service, "20150830T121501Z"),
            (Kind::RequestNotYetValid, "RequestTimeTooSkewed", 403, &SKEW),
        ),
        (
            "nobody's",
            |_, request| authorization(request, "AKIDEXAMPLE", "AKIDNOBODY"),
            (Kind::UnknownKey, "InvalidAccessKeyId", 403, &["AWSAccessKeyId"]),
        ),
        (
            "of another region",
            |_, request| authorization(request, "us-east-1", "eu-west-3"),
            (Kind::ScopeRegion, "AuthorizationHeaderMalformed", 400, &["Region"]),
        ),
        (
            "with a header nobody signed",
            |_, mut request| {
                request.headers_mut().insert("x-amz-acl", "public-read".parse().unwrap());
                request
            },
            (Kind::HeaderNotSigned, "AccessDenied", 403, &["HeadersNotSigned"]),
        ),
        (
            "for any host",
            |_, request| authorization(request, ";host;", ";"),
            (Kind::HostNotSigned, "AccessDenied", 403, &["HeadersNotSigned"]),
        ),
        (
            "malformed",
            |_, request| authorization(request, "Signature=", "Signature=zz"),
            (Kind::MalformedSignature, "AuthorizationHeaderMalformed", 400, &[]),
        ),
    ];
    for (name, change, (kind, code, status, elements)) in cases {
        let s3 = call_whole(&layer(Service::S3), change(Service::S3, v4(Service::S3)));
        assert_eq!((s3.kind(), s3.status), (Some(kind), status), "{name}: {s3:?}");
        assert!(!s3.is_from_the_service() && s3.header("content-type") == "application/xml", "{s3:?}");
        let found = xml(&s3.text);
        assert_eq!(value(&found, "Code"), code, "{name}");
        let names: Vec<&str> = found.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, [&["Code", "Message"], elements].concat(), "{name}");
        assert!(found.iter().all(|(_, text)| !text.is_empty()), "{name}: {found:?}");

        let service = Service::EXECUTE_API;
        let gateway = call_whole(&layer(service.clone()), change(service.clone(), v4(service)));
        assert_eq!((gateway.kind(), gateway.status), (Some(kind), 403), "{name}: {gateway:?}");
        let error = gateway.error.as_ref().unwrap();
        assert_eq!(gateway.header("x-amzn-errortype"), error.code(AnswerStyle::ApiGateway));
        assert_eq!(gateway.header("content-type"), "application/json");
        assert_eq!(gateway.json()["message"], error.client_message(AnswerStyle::ApiGateway), "{name}");
        assert_eq!(gateway.json().as_object().unwrap().len(), 1);
    }
}

type Change = fn(Service, Request<&'static str>) -> Request<&'static str>;
type Expected = (Kind, &'static str, u16, &'static [&'static str]);

const SKEW: [&str; 3] = ["RequestTime", "ServerTime", "MaxAllowedSkewMilliseconds"];

fn at(service: Service, text: &str) -> Request<&'static str> {
    let mut request = post("hello");
    signer(Algorithm::SigV4, service, crate::support::credentials()).sign_request(&mut request, time(text)).unwrap();
    request
}

/// With other words in its `Authorization`.
fn authorization(mut request: Request<&'static str>, old: &str, new: &str) -> Request<&'static str> {
    let before = request.headers()[AUTHORIZATION].to_str().unwrap();
    assert!(before.contains(old), "{before}");
    let after = before.replacen(old, new, 1).parse().unwrap();
    request.headers_mut().insert(AUTHORIZATION, after);
    request
}

#[test]
fn the_clock_of_the_client_can_be_set_by_the_answer() {
    let found = xml(&call_whole(&layer(Service::S3), at(Service::S3, "20150830T114459Z")).text);
    assert_eq!(value(&found, "RequestTime"), "20150830T114459Z");
    assert_eq!(value(&found, "ServerTime"), "2015-08-30T12:00:00Z");
    assert_eq!(value(&found, "MaxAllowedSkewMilliseconds"), "900000");
}

/// The text to compare with one's own, exactly, and only for those who were told to show it.
#[test]
fn echo_of_s3() {
    for algorithm in ALGORITHMS {
        let forger = signer(algorithm, Service::S3, forged());
        let request = || {
            let mut request = post("<body> & \"more\"");
            request.headers_mut().insert("x-amz-meta-note", "a < b && \"c\"\t'd'".parse().unwrap());
            request
        };
        let given = request();
        let expected = forger.sign(&SigningRequest::from_request(&given).unwrap(), noon()).unwrap();
        let refused = signed_by(&forger, request());
        let sent = refused.headers()[AUTHORIZATION].to_str().unwrap().to_owned();

        let quiet = call_whole(&layer(Service::S3), over_http1(refused.clone()));
        assert_eq!(xml(&quiet.text).len(), 2, "{}", quiet.text);

        let answer = call_whole(&layer(Service::S3).with_echo(Echo::On), over_http1(refused));
        assert_eq!(answer.kind(), Some(Kind::SignatureMismatch));
        let found = xml(&answer.text);
        let texts = [
            ("StringToSign", expected.trace().string_to_sign().as_str()),
            ("CanonicalRequest", expected.trace().canonical_request().as_str()),
        ];
        for (name, text) in texts {
            assert_eq!(value(&found, name), text);
            let hex: String = value(&found, &format!("{name}Bytes")).split(' ').collect();
            assert_eq!(base16ct::lower::decode_vec(&hex).unwrap(), text.as_bytes());
        }
        assert_eq!(value(&found, "AWSAccessKeyId"), KEY_ID);
        assert!(sent.ends_with(&format!("Signature={}", value(&found, "SignatureProvided"))), "{sent}");
        assert_eq!(found.len(), 8);
    }
}

#[test]
fn echo_of_api_gateway() {
    const WORDS: &str = "The request signature we calculated does not match the signature you provided. Check your AWS \
                         Secret Access Key and signing method. Consult the service documentation for details.";
    for algorithm in ALGORITHMS {
        let forger = signer(algorithm, Service::EXECUTE_API, forged());
        let given = post("hello");
        let expected = forger.sign(&SigningRequest::from_request(&given).unwrap(), noon()).unwrap();
        let refused = signed_by(&forger, given);

        let quiet = call_whole(&layer(Service::EXECUTE_API), refused.clone());
        assert_eq!(quiet.json()["message"], WORDS);

        let answer = call_whole(&layer(Service::EXECUTE_API).with_echo(Echo::On), refused);
        let trace = expected.trace();
        let echo = format!(
            "{WORDS}\n\nThe Canonical String for this request should have been\n'{}'\n\nThe String-to-Sign should have \
             been\n'{}'\n",
            trace.canonical_request().as_str(),
            trace.string_to_sign().as_str()
        );
        assert_eq!(answer.json()["message"], echo);
    }
}

/// Nothing else is echoed, and no answer holds the signature that would have been right.
#[test]
fn echo_is_for_wrong_signatures_only() {
    for service in [Service::S3, Service::EXECUTE_API] {
        let layer = layer(service.clone()).with_echo(Echo::On);
        for request in [post("hello"), at(service.clone(), "20150830T110000Z")] {
            let answer = call_whole(&layer, request);
            assert!(!answer.text.contains("Canonical"), "{}", answer.text);
        }
        let right = signed(Algorithm::SigV4, service.clone(), "hello");
        let (_, signature) = right.headers()[AUTHORIZATION].to_str().unwrap().split_once("Signature=").unwrap();
        let altered = authorization(right.clone(), signature, &"0".repeat(64));
        let answer = call_whole(&layer, altered);
        assert!(answer.text.contains("Canonical") && !answer.text.contains(signature), "{}", answer.text);
        assert!(!format!("{:?}", answer.error).contains(signature));
    }
}

/// A server that only speaks like another may answer like it.
#[test]
fn another_style() {
    let answer = call_whole(&layer(Service::S3).with_answer_style(AnswerStyle::ApiGateway), post(""));
    assert_eq!(answer.text, r#"{"message":"Missing Authentication Token"}"#);
    let answer = call_whole(&layer(Service::EXECUTE_API).with_answer_style(AnswerStyle::S3), post(""));
    assert_eq!(value(&xml(&answer.text), "Code"), "AccessDenied");
    assert_eq!(answer.header("x-amzn-errortype"), "");
}

#[test]
fn who_is_accepted_gets_no_error() {
    let answer: Answer = call_whole(&layer(Service::S3), signed(Algorithm::SigV4a, Service::S3, "hello"));
    assert!(answer.is_from_the_service() && answer.error.is_none());
}

/// The elements of an error document, in their order; panics unless it is well-formed.
fn xml(text: &str) -> Vec<(String, String)> {
    let mut reader = Reader::from_str(text);
    reader.config_mut().enable_all_checks(true);
    let (mut path, mut found): (Vec<String>, Vec<(String, String)>) = (Vec::new(), Vec::new());
    loop {
        match reader.read_event().unwrap() {
            Event::Decl(declaration) => assert_eq!(&*declaration.version().unwrap(), "1.0"),
            Event::Start(tag) => {
                path.push(tag.name().as_ref().to_owned());
                if path.len() == 2 {
                    found.push((path[1].clone(), String::new()));
                }
            }
            Event::End(_) => drop(path.pop().unwrap()),
            Event::Text(text) if path.len() == 2 => found.last_mut().unwrap().1 += &text.xml10_content(),
            Event::Text(text) => assert!(text.xml10_content().trim().is_empty()),
            Event::GeneralRef(name) => {
                let entity = format!("&{};", &*name);
                found.last_mut().unwrap().1 += &quick_xml::escape::unescape(&entity).unwrap();
            }
            Event::Eof => break,
            event => panic!("{event:?} in {text}"),
        }
    }
    assert!(path.is_empty() && text.starts_with("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error>"), "{text}");
    found
}

fn value<'a>(found: &'a [(String, String)], name: &str) -> &'a str {
    let mut values = found.iter().filter(|(known, _)| known == name);
    let (_, value) = values.next().unwrap_or_else(|| panic!("{name} in {found:?}"));
    assert!(values.next().is_none(), "{name} twice");
    value
}
