//! How AWS words its refusals.

use crate::{
    error::{VerifyError, VerifyErrorKind as Kind},
    verify::{authorization::SIGV2, post_answer},
};

/// What S3 answers when it cannot read a presigned URL.
const QUERY_ERROR: (&str, u16) = ("AuthorizationQueryParametersError", 400);

const MISSING_TOKEN: &str = "MissingAuthenticationTokenException";
const INCOMPLETE: &str = "IncompleteSignatureException";

/// Whose errors to speak in.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AnswerStyle {
    /// [Amazon S3](https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html): XML, a code per cause, statuses
    /// from 400 to 411.
    S3,
    /// API Gateway, and with small differences most services but S3: JSON, the type in `x-amzn-errortype`, status 403.
    ApiGateway,
}

impl AnswerStyle {
    /// The `Content-Type` of an answer.
    #[must_use]
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::S3 => "application/xml",
            Self::ApiGateway => "application/json",
        }
    }
}

impl VerifyError {
    /// AWS's code for this refusal: an S3 error code such as `SignatureDoesNotMatch`, or the type in `x-amzn-errortype`.
    #[must_use]
    pub fn code(&self, style: AnswerStyle) -> &'static str {
        match style {
            AnswerStyle::S3 => self.s3().0,
            AnswerStyle::ApiGateway => self.api_gateway(),
        }
    }

    /// The HTTP status that AWS answers with.
    #[must_use]
    pub fn status(&self, style: AnswerStyle) -> u16 {
        match (self.kind(), style) {
            (Kind::KeyLookup, _) => 500,
            (Kind::BodyTooLarge | Kind::ChunkTooLarge, AnswerStyle::ApiGateway) => 413,
            (_, AnswerStyle::ApiGateway) if self.api_gateway() == "BadRequestException" => 400,
            (Kind::StreamingPayload, _) => 501,
            (_, AnswerStyle::S3) => self.s3().1,
            (_, AnswerStyle::ApiGateway) => 403,
        }
    }

    fn s3(&self) -> (&'static str, u16) {
        if let Some(answer) = post_answer::code(self) {
            return answer;
        }
        match self.kind() {
            Kind::SignatureMismatch
            | Kind::ChunkSignatureMismatch
            | Kind::TrailerSignatureMismatch
            | Kind::EventSignatureMismatch => ("SignatureDoesNotMatch", 403),
            Kind::ChunkTooSmall => ("InvalidChunkSizeError", 403),
            Kind::MissingDecodedLength => ("MissingContentLength", 411),
            Kind::ChecksumMismatch => ("BadDigest", 400),
            Kind::MalformedTrailer | Kind::TrailerMismatch | Kind::MissingTrailerSignature => {
                ("MalformedTrailerError", 400)
            }
            Kind::BodyIncomplete
            | Kind::MalformedChunk
            | Kind::ChunkHeaderTooLong
            | Kind::MalformedChunkSignature
            | Kind::DecodedLengthMismatch
            | Kind::BytesAfterEnd => ("IncompleteBody", 400),
            Kind::RequestExpired | Kind::RequestNotYetValid => ("RequestTimeTooSkewed", 403),
            Kind::UnknownKey | Kind::KeyCannotVerify => ("InvalidAccessKeyId", 403),
            Kind::MalformedPresign | Kind::AmbiguousParameter => QUERY_ERROR,
            // A lifetime of nothing has ended.
            Kind::ExpiresOutOfRange if self.found_value() == "0" => ("AccessDenied", 403),
            Kind::ExpiresOutOfRange => QUERY_ERROR,
            Kind::MissingDate | Kind::MalformedDate | Kind::UnknownAlgorithm if self.is_presigned() => QUERY_ERROR,
            Kind::MalformedAuthorization
            | Kind::MalformedCredential
            | Kind::MalformedSignature
            | Kind::MalformedRegionSet
            | Kind::ScopeTerminator
            | Kind::ScopeDate
            | Kind::ScopeRegion
            | Kind::ScopeService
            | Kind::RegionSetMismatch => match self.is_presigned() {
                true => QUERY_ERROR,
                false => ("AuthorizationHeaderMalformed", 400),
            },
            Kind::BothMechanisms | Kind::UnknownAlgorithm | Kind::MalformedPayloadHash => ("InvalidArgument", 400),
            Kind::AlgorithmNotEnabled
            | Kind::MissingPayloadHash
            | Kind::InvalidRequest
            | Kind::InvalidHost
            | Kind::MalformedEvent => ("InvalidRequest", 400),
            Kind::PayloadMismatch => ("XAmzContentSHA256Mismatch", 400),
            Kind::InvalidSessionToken => ("InvalidToken", 400),
            Kind::CredentialsExpired => ("ExpiredToken", 400),
            Kind::BodyTooLarge | Kind::ChunkTooLarge => ("EntityTooLarge", 400),
            Kind::StreamingPayload => ("NotImplemented", 501),
            Kind::KeyLookup => ("InternalError", 500),
            // No authentication, no date, an unsigned header or body, a presigned URL outside its time, a replay.
            _ => ("AccessDenied", 403),
        }
    }

    fn api_gateway(&self) -> &'static str {
        match self.kind() {
            Kind::MissingAuthentication => MISSING_TOKEN,
            // Elsewhere than at S3 nobody ever signed like that: in a query these are parameters as any.
            Kind::AlgorithmNotEnabled if self.found_value() == SIGV2 => match self.is_presigned() {
                true => MISSING_TOKEN,
                false => INCOMPLETE,
            },
            Kind::MalformedAuthorization
            | Kind::MalformedPresign
            | Kind::AmbiguousParameter
            | Kind::MalformedCredential
            | Kind::MalformedSignature
            | Kind::MalformedRegionSet
            | Kind::MissingDate
            | Kind::MalformedDate
            | Kind::UnknownAlgorithm => INCOMPLETE,
            Kind::UnknownKey | Kind::KeyCannotVerify | Kind::InvalidSessionToken => "UnrecognizedClientException",
            Kind::CredentialsExpired => "ExpiredTokenException",
            Kind::BodyTooLarge | Kind::ChunkTooLarge => "RequestTooLargeException",
            Kind::InvalidRequest
            | Kind::BodyIncomplete
            | Kind::MalformedChunk
            | Kind::ChunkHeaderTooLong
            | Kind::ChunkTooSmall
            | Kind::MissingDecodedLength
            | Kind::DecodedLengthMismatch
            | Kind::MalformedTrailer
            | Kind::TrailerMismatch
            | Kind::BytesAfterEnd
            | Kind::ChecksumMismatch
            | Kind::MalformedEvent => "BadRequestException",
            Kind::StreamingPayload => "NotImplementedException",
            Kind::KeyLookup => "InternalServerErrorException",
            Kind::Replayed => "AccessDeniedException",
            _ => "InvalidSignatureException",
        }
    }

    /// The message for the client, in AWS's words where AWS has some: programs and people match on them.
    #[must_use]
    pub fn client_message(&self, style: AnswerStyle) -> String {
        let known = match style {
            AnswerStyle::S3 => self.s3_message(),
            AnswerStyle::ApiGateway => self.api_gateway_message(),
        };
        known.unwrap_or_else(|| match self.kind() {
            // What went wrong inside is nobody's business outside.
            Kind::KeyLookup => "We encountered an internal error. Please try again.".to_owned(),
            _ => self.to_string(),
        })
    }

    fn s3_message(&self) -> Option<String> {
        if let Some(message) = post_answer::message(self) {
            return Some(message);
        }
        let (expected, found) = (self.expected_value(), self.found_value());
        let malformed = |detail: String| match self.is_presigned() {
            true => Some(format!("Error parsing the X-Amz-Credential parameter; {detail}")),
            false if self.is_in_form() => Some(detail),
            false => Some(format!("The authorization header is malformed; {detail}")),
        };
        let text = match self.kind() {
            Kind::MissingAuthentication => "Access Denied",
            Kind::SignatureMismatch
            | Kind::ChunkSignatureMismatch
            | Kind::TrailerSignatureMismatch
            | Kind::EventSignatureMismatch => {
                "The request signature we calculated does not match the signature you provided. Check your key and signing \
                 method."
            }
            Kind::RequestExpired | Kind::RequestNotYetValid => {
                "The difference between the request time and the current time is too large."
            }
            Kind::UnknownKey => "The AWS Access Key Id you provided does not exist in our records.",
            Kind::PresignExpired => "Request has expired",
            Kind::ExpiresOutOfRange if found == "0" => "Request has expired",
            Kind::ExpiresOutOfRange if found.is_empty() => {
                "Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, X-Amz-Signature, \
                 X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters."
            }
            Kind::ExpiresOutOfRange if found.bytes().all(|byte| byte.is_ascii_digit()) => {
                "X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than \
                 604800 seconds"
            }
            Kind::ExpiresOutOfRange if found.starts_with('-') => "X-Amz-Expires must be non-negative",
            Kind::ExpiresOutOfRange => "X-Amz-Expires should be a number",
            Kind::PresignNotYetValid => "Request is not yet valid",
            Kind::MalformedDate if self.is_presigned() => {
                "X-Amz-Date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\""
            }
            Kind::HeaderNotSigned | Kind::HostNotSigned => {
                "There were headers present in the request which were not signed"
            }
            Kind::MissingDate | Kind::MalformedDate | Kind::DateNotSigned => {
                "AWS authentication requires a valid Date or x-amz-date header"
            }
            Kind::UnknownAlgorithm if self.is_presigned() => {
                "X-Amz-Algorithm only supports \"AWS4-HMAC-SHA256 and AWS4-ECDSA-P256-SHA256\""
            }
            Kind::UnknownAlgorithm => "Unsupported Authorization Type",
            Kind::BothMechanisms => {
                "Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query string parameter \
                 or the Authorization header should be specified"
            }
            Kind::MissingPayloadHash => "Missing required header for this request: x-amz-content-sha256",
            Kind::ChunkTooSmall => "Only the last chunk is allowed to have a size less than 8192 bytes",
            Kind::MissingDecodedLength => "You must provide the Content-Length HTTP header.",
            Kind::MalformedPayloadHash => {
                "x-amz-content-sha256 must be UNSIGNED-PAYLOAD, STREAMING-UNSIGNED-PAYLOAD-TRAILER, \
                 STREAMING-AWS4-HMAC-SHA256-PAYLOAD, STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER, \
                 STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD, STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD-TRAILER or a valid \
                 sha256 value"
            }
            Kind::PayloadMismatch => "The provided 'x-amz-content-sha256' header does not match what was computed.",
            Kind::InvalidSessionToken => "The provided token is malformed or otherwise invalid.",
            Kind::CredentialsExpired => "The provided token has expired.",
            Kind::AlgorithmNotEnabled if found == SIGV2 => {
                "The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256."
            }
            Kind::AlgorithmNotEnabled => "The authorization mechanism you have provided is not supported.",
            Kind::ScopeRegion | Kind::RegionSetMismatch => {
                return malformed(format!("the region '{found}' is wrong; expecting '{expected}'"));
            }
            Kind::ScopeService => {
                return malformed(format!("incorrect service \"{found}\". This endpoint belongs to \"{expected}\"."));
            }
            Kind::ScopeTerminator => {
                return malformed(format!("incorrect terminal \"{found}\". This endpoint uses \"aws4_request\"."));
            }
            Kind::ScopeDate => {
                return malformed(format!(
                    "Invalid credential date \"{found}\". This date is not the same as X-Amz-Date: \"{expected}\"."
                ));
            }
            _ => return None,
        };
        Some(text.to_owned())
    }

    fn api_gateway_message(&self) -> Option<String> {
        let (expected, found) = (self.expected_value(), self.found_value());
        let text = match self.kind() {
            _ if self.api_gateway() == MISSING_TOKEN => "Missing Authentication Token",
            // Somebody else's header: a bearer token, say.
            Kind::MalformedAuthorization | Kind::UnknownAlgorithm if !self.detail_text().is_empty() => {
                return Some(format!(
                    "Invalid key=value pair (missing equal-sign) in Authorization header (hashed with SHA-256 and encoded \
                     with Base64): '{}'.",
                    self.detail_text()
                ));
            }
            Kind::RequestExpired | Kind::PresignExpired => {
                return Some(format!("Signature expired: {}", self.detail_text()));
            }
            Kind::RequestNotYetValid | Kind::PresignNotYetValid => {
                return Some(format!("Signature not yet current: {}", self.detail_text()));
            }
            Kind::MalformedDate => {
                return Some(format!("Date must be in ISO-8601 'basic format'. Got '{found}'."));
            }
            Kind::MalformedCredential => {
                return Some(format!(
                    "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got \
                     '{found}'"
                ));
            }
            Kind::SignatureMismatch | Kind::EventSignatureMismatch => {
                "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access \
                 Key and signing method. Consult the service documentation for details."
            }
            Kind::UnknownKey | Kind::InvalidSessionToken => "The security token included in the request is invalid.",
            Kind::CredentialsExpired => "The security token included in the request is expired",
            Kind::HostNotSigned => "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.",
            Kind::BothMechanisms => {
                "Found both 'X-Amz-Algorithm' as a query-string param and 'Authorization' as HTTP header."
            }
            Kind::MissingDate => "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.",
            Kind::ScopeRegion | Kind::RegionSetMismatch => {
                return Some(format!("Credential should be scoped to a valid region, not '{found}'. "));
            }
            Kind::ScopeService => {
                return Some(format!("Credential should be scoped to correct service: '{expected}'. "));
            }
            Kind::ScopeTerminator => {
                return Some(format!(
                    "Credential should be scoped with a valid terminator: 'aws4_request', not '{found}'. "
                ));
            }
            Kind::ScopeDate => {
                return Some(format!(
                    "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '{found}' != \
                     '{expected}'."
                ));
            }
            Kind::UnknownAlgorithm | Kind::AlgorithmNotEnabled => {
                return Some(format!("Unsupported AWS 'algorithm': '{found}'"));
            }
            _ => return None,
        };
        Some(text.to_owned())
    }
}
