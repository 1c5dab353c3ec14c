//! How each kind of refusal is answered: AWS's code, status and words, as both kinds of service have them.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may panic"
)]

mod support;

use sigv4a::{
    AnswerStyle::{ApiGateway, S3},
    Authorization, ReceivedRequest, VerifyError,
    VerifyErrorKind::*,
};
use support::{fixture::SECRET, refusals::refusals};

/// Code and status of each kind, and what must stand in the message: PROTOCOL section 2, from AWS's pages and what was
/// seen live. The second line of a kind is for what a presigned URL of S3 has otherwise.
#[test]
fn every_kind_is_answered_as_aws_does() {
    for (_, error) in refusals() {
        for style in [S3, ApiGateway] {
            let (code, message) = (error.code(style), error.client_message(style));
            assert!(!code.is_empty() && code.bytes().all(|byte| byte.is_ascii_alphanumeric()), "{error}: {code}");
            assert!(!message.trim().is_empty() && !message.contains(SECRET), "{error}");
            assert!((400..=501).contains(&error.status(style)), "{error}");
            assert_eq!(code.ends_with("Exception"), style == ApiGateway, "{error}: {code}");
            let found = (code, error.status(style));
            let right = expected(&error, style);
            assert!(
                right.iter().any(|(code, status, part)| (*code, *status) == found && message.contains(part)),
                "{error}: {style:?}: expected one of {right:?}, found {found:?}, {message}"
            );
        }
    }
}

/// SigV2, which S3 once had, and headers that are somebody else's.
#[test]
fn what_is_not_sigv4_is_answered_as_aws_does() {
    const V2: &str = "AWS AKIDEXAMPLE:frJIUN8DYpKDtOLCwo//yllqDzg=";
    const V2_QUERY: &str =
        "/key?AWSAccessKeyId=AKIDEXAMPLE&Expires=1999999999&Signature=frJIUN8DYpKDtOLCwo%2F%2FyllqDzg%3D";
    const USE_V4: &str = "The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.";
    // printf 'Bearer x' | openssl dgst -sha256 -binary | base64
    const BEARER: &str = "Invalid key=value pair (missing equal-sign) in Authorization header (hashed with SHA-256 and encoded \
                          with Base64): 'uTem/WB082UJMN2ajD6lH6UChGpTAddMJSx2iu923No='.";
    const JUNK: &str = "Invalid key=value pair (missing equal-sign) in Authorization header (hashed with SHA-256 and encoded \
                        with Base64): 'olbAem6dt7h28jCmZWJOXMRinhfa/yZxBuQnWxNP8X4='.";
    let (missing, incomplete) = ("MissingAuthenticationTokenException", "IncompleteSignatureException");
    for (target, header, kind, in_s3, elsewhere) in [
        (
            "/key",
            V2,
            AlgorithmNotEnabled,
            ("InvalidRequest", 400, USE_V4),
            (incomplete, "Unsupported AWS 'algorithm': 'AWS'"),
        ),
        (V2_QUERY, "", AlgorithmNotEnabled, ("InvalidRequest", 400, USE_V4), (missing, "Missing Authentication Token")),
        (
            "/key?Signature=x",
            "",
            MissingAuthentication,
            ("AccessDenied", 403, "Access Denied"),
            (missing, "Missing Authentication Token"),
        ),
        (
            "/key",
            "Bearer x",
            UnknownAlgorithm,
            ("InvalidArgument", 400, "Unsupported Authorization Type"),
            (incomplete, BEARER),
        ),
        (
            "/key",
            "AWS4-HMAC-SHA256 Credential=a, junk",
            MalformedAuthorization,
            ("AuthorizationHeaderMalformed", 400, "malformed"),
            (incomplete, JUNK),
        ),
        (
            "/key",
            "AWS5-HMAC Credential=a",
            UnknownAlgorithm,
            ("InvalidArgument", 400, "Unsupported Authorization Type"),
            (incomplete, "Unsupported AWS 'algorithm': 'AWS5-HMAC'"),
        ),
    ] {
        let mut request = http::Request::get(target).header("host", "example.com");
        if !header.is_empty() {
            request = request.header("authorization", header);
        }
        let request = request.body("").unwrap();
        let error = Authorization::from_request(&ReceivedRequest::from_request(&request).unwrap()).unwrap_err();
        assert_eq!(error.kind(), kind, "{target} {header}");
        let (code, status, message) = in_s3;
        assert_eq!((error.code(S3), error.status(S3)), (code, status), "{target} {header}");
        assert!(error.client_message(S3).contains(message), "{}", error.client_message(S3));
        let (code, message) = elsewhere;
        assert_eq!((error.code(ApiGateway), error.status(ApiGateway)), (code, 403), "{target} {header}");
        assert_eq!(error.client_message(ApiGateway), message);
    }
}

/// Code, status and a part of the message; several where the cases of a kind differ.
fn expected(error: &VerifyError, style: sigv4a::AnswerStyle) -> &'static [(&'static str, u16, &'static str)] {
    const HEADER: &str = "AuthorizationHeaderMalformed";
    const QUERY: &str = "AuthorizationQueryParametersError";
    const DENIED: &str = "AccessDenied";
    const INCOMPLETE: &str = "IncompleteSignatureException";
    const INVALID: &str = "InvalidSignatureException";
    const NOT_SIGNED: &str = "There were headers present in the request which were not signed";
    match (error.kind(), style) {
        (MissingAuthentication, S3) => &[(DENIED, 403, "Access Denied")],
        (MissingAuthentication, _) => &[("MissingAuthenticationTokenException", 403, "Missing Authentication Token")],
        (MalformedAuthorization, S3) => &[(HEADER, 400, "malformed")],
        (MalformedSignature, S3) => &[(HEADER, 400, "hex")],
        (MalformedRegionSet, S3) => &[(HEADER, 400, "egion"), (QUERY, 400, "egion")],
        (MalformedCredential, S3) => &[(HEADER, 400, "aws4_request"), (HEADER, 400, "YYYYMMDD")],
        (MalformedPresign | AmbiguousParameter, S3) => &[(QUERY, 400, "X-Amz-")],
        (ExpiresOutOfRange, S3) => &[
            (QUERY, 400, "must be less than a week (in seconds)"),
            (QUERY, 400, "should be a number"),
            (QUERY, 400, "requires the X-Amz-Algorithm, X-Amz-Credential"),
            (DENIED, 403, "Request has expired"),
        ],
        (MalformedAuthorization | MalformedPresign | AmbiguousParameter | MalformedSignature, _)
        | (MalformedRegionSet | MalformedCredential, _) => &[(INCOMPLETE, 403, "")],
        (BothMechanisms, S3) => &[("InvalidArgument", 400, "Only one auth mechanism allowed")],
        (BothMechanisms, _) => &[(
            INVALID,
            403,
            "Found both 'X-Amz-Algorithm' as a query-string param and 'Authorization' as HTTP header.",
        )],
        (UnknownAlgorithm, S3) => &[
            ("InvalidArgument", 400, "Unsupported Authorization Type"),
            (QUERY, 400, "X-Amz-Algorithm only supports \"AWS4-HMAC-SHA256 and AWS4-ECDSA-P256-SHA256\""),
        ],
        (UnknownAlgorithm, _) => &[(INCOMPLETE, 403, "Unsupported AWS 'algorithm': '")],
        (AlgorithmNotEnabled, S3) => {
            &[("InvalidRequest", 400, "The authorization mechanism you have provided is not supported")]
        }
        (AlgorithmNotEnabled, _) => &[(INVALID, 403, "Unsupported AWS 'algorithm': 'AWS4-ECDSA-P256-SHA256'")],
        (MissingDate, S3) => &[(DENIED, 403, "AWS authentication requires a valid Date or x-amz-date header")],
        (MissingDate, _) => {
            &[(INCOMPLETE, 403, "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.")]
        }
        (MalformedDate, S3) => &[(DENIED, 403, "a valid Date or x-amz-date header"), (QUERY, 400, "X-Amz-Date")],
        (MalformedDate, _) => &[(INCOMPLETE, 403, "Date must be in ISO-8601 'basic format'. Got 'yesterday'")],
        (ExpiresOutOfRange | PresignExpired | PresignNotYetValid, ApiGateway) => &[(INVALID, 403, "")],
        (RequestExpired | RequestNotYetValid, S3) => &[(
            "RequestTimeTooSkewed",
            403,
            "The difference between the request time and the current time is too large.",
        )],
        (RequestExpired, _) => &[(
            INVALID,
            403,
            "Signature expired: 20150830T123600Z is now earlier than 20150830T123601Z (20150830T125101Z - 15 min.)",
        )],
        (RequestNotYetValid, _) => &[(
            INVALID,
            403,
            "Signature not yet current: 20150830T123600Z is still later than 20150830T123559Z (20150830T122059Z + 15 min.)",
        )],
        (PresignExpired, S3) => &[(DENIED, 403, "Request has expired")],
        (PresignNotYetValid, S3) => &[(DENIED, 403, "Request is not yet valid")],
        (ScopeTerminator, S3) => {
            &[(HEADER, 400, "incorrect terminal \"aws5_request\". This endpoint uses \"aws4_request\".")]
        }
        (ScopeTerminator, _) => &[(
            INVALID,
            403,
            "Credential should be scoped with a valid terminator: 'aws4_request', not 'aws5_request'. ",
        )],
        (ScopeDate, S3) => &[(HEADER, 400, "nvalid credential date")],
        (ScopeDate, _) => &[(
            INVALID,
            403,
            "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '20150829' != '20150830'",
        )],
        (ScopeRegion | RegionSetMismatch, S3) => &[
            (HEADER, 400, "The authorization header is malformed; the region '"),
            (
                QUERY,
                400,
                "Error parsing the X-Amz-Credential parameter; the region 'us-west-2' is wrong; expecting 'us-east-1'",
            ),
        ],
        (ScopeRegion | RegionSetMismatch, _) => {
            &[(INVALID, 403, "Credential should be scoped to a valid region, not '")]
        }
        (ScopeService, S3) => &[(HEADER, 400, "incorrect service \"iam\". This endpoint belongs to \"execute-api\".")],
        (ScopeService, _) => &[(INVALID, 403, "Credential should be scoped to correct service: 'execute-api'. ")],
        (HostNotSigned | HeaderNotSigned, S3) => &[(DENIED, 403, NOT_SIGNED)],
        (HostNotSigned, _) => {
            &[(INVALID, 403, "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.")]
        }
        (DateNotSigned, S3) => &[(DENIED, 403, "")],
        (SignedHeaderAbsent | UnsignedPayload | BodyNeeded, S3) => &[(DENIED, 403, "")],
        (InvalidHost | InvalidRequest, S3) => &[("InvalidRequest", 400, "")],
        (InvalidRequest, _) => &[("BadRequestException", 400, "")],
        (UnknownKey | KeyCannotVerify, S3) => &[("InvalidAccessKeyId", 403, "")],
        (UnknownKey | KeyCannotVerify | InvalidSessionToken, _) => match style {
            S3 => &[("InvalidToken", 400, "")],
            _ => &[("UnrecognizedClientException", 403, "")],
        },
        (CredentialsExpired, S3) => &[("ExpiredToken", 400, "The provided token has expired.")],
        (CredentialsExpired, _) => &[("ExpiredTokenException", 403, "expired")],
        (SignatureMismatch, S3) => &[(
            "SignatureDoesNotMatch",
            403,
            "The request signature we calculated does not match the signature you provided.",
        )],
        (SignatureMismatch, _) => &[(
            INVALID,
            403,
            "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.",
        )],
        (MissingPayloadHash, S3) => &[("InvalidRequest", 400, "x-amz-content-sha256")],
        (MalformedPayloadHash, S3) => &[("InvalidArgument", 400, "x-amz-content-sha256")],
        (PayloadMismatch, S3) => &[("XAmzContentSHA256Mismatch", 400, "x-amz-content-sha256")],
        (StreamingPayload, S3) => &[("NotImplemented", 501, "")],
        (StreamingPayload, _) => &[("NotImplementedException", 501, "")],
        (
            DateNotSigned | HeaderNotSigned | SignedHeaderAbsent | InvalidHost | UnsignedPayload | BodyNeeded,
            ApiGateway,
        )
        | (MissingPayloadHash | MalformedPayloadHash | PayloadMismatch, ApiGateway) => &[(INVALID, 403, "")],
        (kind, _) => panic!("no row for {kind}"),
    }
}
