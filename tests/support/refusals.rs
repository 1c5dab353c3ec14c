//! A refusal of every kind that the library can make.

use sigv4a::{
    AccessKeyId, Algorithm, PayloadHash, SessionToken, SignerExt as _, SigningRequest, VerificationKey, VerifyError,
};

use super::{
    fixture::{GET, HOST, ID, credentials, now, server, v4, v4a},
    sent::{Body, Sent, Server},
    signature::{Part, with_parameter, with_part},
};

/// Each with a part of its message; several where the answers to a kind differ.
pub fn refusals() -> Vec<(&'static str, VerifyError)> {
    let [sent, s3] = ["execute-api", "s3"].map(|name| GET.sign(&v4(name, &credentials())));
    let [url, s3_url] = ["execute-api", "s3"].map(|name| GET.presign(&v4(name, &credentials()), 60));
    let sent_v4a = GET.sign(&v4a("execute-api", &credentials()));
    let url_v4a = GET.presign(&v4a("execute-api", &credentials()), 60);
    let generic = server("execute-api");
    let at = |seconds| server("execute-api").at(now(), seconds);
    let with_verifier = |change: fn(sigv4a::Verifier) -> sigv4a::Verifier| {
        let mut server = server("execute-api");
        server.verifier = change(server.verifier);
        server
    };
    let with_key = |key: VerificationKey| server("execute-api").with_keys(vec![key]);
    let key = || VerificationKey::from_credentials(&credentials());
    let public = VerificationKey::from_public_key(AccessKeyId::new(ID).unwrap(), key().verifying_key().unwrap());
    let streaming = {
        let url = format!("https://{HOST}/");
        let request = SigningRequest::new("PUT", &url).unwrap().with_payload(PayloadHash::StreamingSigned);
        Sent::signed("PUT", &request, &v4("s3", &credentials()).sign(&request, now()).unwrap(), b"")
    };
    let of = |server: &Server, sent: &Sent| server.judge(sent).unwrap_err();
    let credential = |sent: &Sent, text: &str| with_part(sent, Part::Credential, text);
    vec![
        ("", of(&generic, &Sent::new("GET", "/"))),
        (
            "`NAME=VALUE`, separated by commas",
            of(&generic, &sent.with_header_instead("authorization", "AWS4-HMAC-SHA256 x")),
        ),
        (
            "`Credential`, `SignedHeaders` and `Signature`",
            of(&generic, &sent.with_header_instead("authorization", "AWS4-HMAC-SHA256 Signature=0")),
        ),
        ("nobody knows, found `x`", of(&generic, &sent.with_header_instead("authorization", "AWS4-HMAC-SHA256 x=0"))),
        (
            "twice, found `Signature`",
            of(&generic, &sent.with_header_instead("authorization", "AWS4-HMAC-SHA256 Signature=0,Signature=0")),
        ),
        ("parameter `X-Amz-Date`, found none", of(&generic, &with_parameter(&url, "X-Amz-Date", None))),
        ("found both", of(&generic, &url.with_header("authorization", "Basic x"))),
        (
            "`X-Amz-Date` once and in this letter case",
            of(&generic, &url.with_target(url.target.replace("X-Amz-Date", "x-amz-date"))),
        ),
        (
            "expected `AWS4-HMAC-SHA256` or `AWS4-ECDSA-P256-SHA256`, found `Basic`",
            of(&generic, &sent.with_header_instead("authorization", "Basic dXNlcg==")),
        ),
        ("found `AWS4-HMAC-SHA1`", of(&server("s3"), &with_part(&s3_url, Part::Algorithm, "AWS4-HMAC-SHA1"))),
        (
            "found `AWS4-ECDSA-P256-SHA256`",
            of(&with_verifier(|verifier| verifier.with_algorithms([Algorithm::SigV4])), &sent_v4a),
        ),
        (
            "expected `ACCESS_KEY_ID/YYYYMMDD/REGION/SERVICE/aws4_request`, found `x`",
            of(&generic, &credential(&sent, "x")),
        ),
        ("without a region", of(&generic, &credential(&sent_v4a, "AKID/20150830/us-east-1/s3/aws4_request"))),
        (
            "`YYYYMMDD`, found `2015-08-30`",
            of(&generic, &credential(&sent, "AKID/2015-08-30/us-east-1/execute-api/aws4_request")),
        ),
        ("expected 64 lower-case hex digits", of(&generic, &with_part(&sent, Part::Signature, "ABC"))),
        ("in DER, in lower-case hex", of(&generic, &with_part(&sent_v4a, Part::Signature, "ABC"))),
        ("expected `X-Amz-Date` or `Date`, found neither", of(&generic, &sent.without_header("x-amz-date"))),
        ("such as `20150830T123600Z`, found `yesterday`", of(&generic, &with_part(&sent, Part::Date, "yesterday"))),
        ("found `yesterday`", of(&server("s3"), &with_part(&s3_url, Part::Date, "yesterday"))),
        (
            "1 to 604800 seconds in `X-Amz-Expires`, found `604801`",
            of(&server("s3"), &with_parameter(&s3_url, "X-Amz-Expires", Some("604801"))),
        ),
        ("found `0`", of(&server("s3"), &with_parameter(&s3_url, "X-Amz-Expires", Some("0")))),
        ("found `soon`", of(&server("s3"), &with_parameter(&s3_url, "X-Amz-Expires", Some("soon")))),
        ("`X-Amz-Expires`, found none", of(&server("s3"), &with_parameter(&s3_url, "X-Amz-Expires", None))),
        (
            "901 seconds from now (20150830T125101Z), where 900 are allowed, found `20150830T123600Z`",
            of(&at(901), &sent),
        ),
        (
            "901 seconds from now (20150830T122059Z), where 900 are allowed, found `20150830T123600Z`",
            of(&at(-901), &sent),
        ),
        ("61 seconds from now (20150830T123701Z), where 60 are allowed, found `20150830T123600Z`", of(&at(61), &url)),
        ("901 seconds from now (20150830T122059Z), where 900 are allowed", of(&at(-901), &url)),
        (
            "expected `aws4_request`, found `aws5_request`",
            of(&generic, &credential(&sent, "AKID/20150830/us-east-1/execute-api/aws5_request")),
        ),
        (
            "expected `20150830`, found `20150829`",
            of(&generic, &credential(&sent, "AKID/20150829/us-east-1/execute-api/aws4_request")),
        ),
        (
            "expected `us-east-1`, found `us-west-2`",
            of(&generic, &credential(&sent, "AKID/20150830/us-west-2/execute-api/aws4_request")),
        ),
        (
            "expected `us-east-1`, found `us-west-2`",
            of(&server("s3"), &credential(&s3_url, "AKID/20150830/us-west-2/s3/aws4_request")),
        ),
        (
            "expected `execute-api`, found `iam`",
            of(&generic, &credential(&sent, "AKID/20150830/us-east-1/iam/aws4_request")),
        ),
        ("expected `X-Amz-Region-Set`, found none", of(&generic, &with_parameter(&url_v4a, "X-Amz-Region-Set", None))),
        (
            "expected `*` or a list of regions, found `us east`",
            of(&generic, &with_part(&sent_v4a, Part::RegionSet, "us east")),
        ),
        ("expected `us-east-1`, found `eu-*`", of(&generic, &with_part(&sent_v4a, Part::RegionSet, "eu-*"))),
        (
            "expected `host` or `:authority` in `SignedHeaders`",
            of(&generic, &with_part(&sent, Part::SignedHeaders, "x-amz-date")),
        ),
        ("expected `x-amz-date`", of(&generic, &with_part(&sent, Part::SignedHeaders, "host"))),
        ("found `x-amz-acl`", of(&generic, &sent.with_header("X-Amz-Acl", "public-read"))),
        ("found `x-absent`", of(&generic, &with_part(&sent, Part::SignedHeaders, "host;x-absent;x-amz-date"))),
        ("expected a `Host` header or `:authority`, found neither", of(&generic, &sent.without_header("host"))),
        ("expected `evil.example`, found `h.example`", of(&generic, &sent.with_target("https://evil.example/"))),
        ("expected `%` followed by two hex digits at byte 2", of(&generic, &sent.with_target("/?a=%4"))),
        (
            "ASCII in `x-amz-meta-a`",
            of(
                &generic,
                &with_part(&sent.with_header("x-amz-meta-a", "é"), Part::SignedHeaders, "host;x-amz-date;x-amz-meta-a"),
            ),
        ),
        ("an HTTP method such as `GET`, found `G T`", of(&generic, &sent.with_method("G T"))),
        ("found `x y`", of(&generic, &sent.with_header("x y", "1"))),
        (
            "found `AKIANOBODY`",
            of(&generic, &credential(&sent, "AKIANOBODY/20150830/us-east-1/execute-api/aws4_request")),
        ),
        ("needs the secret access key, only a public key is known", of(&with_key(public), &sent)),
        ("", of(&generic, &sent.with_method("PUT"))),
        (
            "need their session token, found none",
            of(&with_key(key().with_session_token(SessionToken::new("T").unwrap())), &sent),
        ),
        ("expected visible ASCII characters", of(&generic, &sent.with_header("x-amz-security-token", "a b"))),
        ("they ended at 20150830T123600Z, now it is 20150830T123600Z", of(&with_key(key().with_expiry(now())), &sent)),
        ("`x-amz-content-sha256`, found none", of(&server("s3"), &s3.without_header("x-amz-content-sha256"))),
        (
            "a streaming sentinel, found `abc`",
            of(&server("s3"), &s3.with_header_instead("x-amz-content-sha256", "abc")),
        ),
        ("another than the one that was signed", of(&server("s3"), &s3.with_body("x"))),
        ("found `UNSIGNED-PAYLOAD`", of(&generic, &sent_unsigned())),
        ("not decoded here", of(&server("s3"), &streaming)),
        ("which was not given", of(&generic, &Sent { body: Body::Unread, ..sent.clone() })),
    ]
}

fn sent_unsigned() -> Sent {
    let url = format!("https://{HOST}/");
    let request = SigningRequest::new("GET", &url).unwrap().with_payload(PayloadHash::Unsigned);
    let signer = v4("execute-api", &credentials());
    let mut profile = sigv4a::ServiceProfile::STANDARD;
    profile.content_sha256 = sigv4a::ContentSha256Header::Send;
    let signer = signer.with_options(sigv4a::SigningOptions::new(profile));
    Sent::signed("GET", &request, &signer.sign(&request, now()).unwrap(), b"")
}
