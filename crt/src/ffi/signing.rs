//! The runtime's signing process, whole.

use std::{
    ffi::{c_int, c_void},
    mem::MaybeUninit,
    ptr,
};

use mountpoint_s3_crt_sys::{
    aws_date_format, aws_date_time_init_from_str_cursor, aws_sign_request_aws, aws_signature_type,
    aws_signed_body_header_type, aws_signing_algorithm, aws_signing_config_aws, aws_signing_config_aws__bindgen_ty_1,
    aws_signing_config_type, aws_signing_result, aws_verify_sigv4a_signing,
};
use sigv4a::{
    Algorithm, ContentSha256Header, ServiceProfile, SessionTokenMode, Timestamp, UriEncoding, UriNormalization,
};

use super::{
    bytes::cursor,
    credentials::CrtCredentials,
    library::{allocator, check, error, unknown_error},
    result::Signed,
    signable::Signable,
};
use crate::CrtError;

/// How to sign.
pub(crate) struct Settings<'a> {
    pub(crate) algorithm: Algorithm,
    pub(crate) credentials: &'a CrtCredentials,
    /// The region, or the region set of SigV4a.
    pub(crate) region: &'a str,
    pub(crate) service: &'a str,
    pub(crate) profile: &'a ServiceProfile,
    pub(crate) at: Timestamp,
    /// The last line of the canonical request; empty: the hash of the body.
    pub(crate) payload: &'a str,
}

/// What the signature is of.
#[derive(Clone, Copy)]
pub(crate) enum Kind {
    /// A request, signed with headers.
    Headers,
    /// A request, signed with its query, for so many seconds.
    Query {
        expires: u64,
    },
    /// A request whose canonical form is given.
    CanonicalRequest,
    Chunk,
    Trailers,
}

/// Signs.
pub(crate) fn sign(signable: &Signable<'_>, kind: Kind, settings: &Settings<'_>) -> Result<Signed, CrtError> {
    let config = settings.to_config(kind)?;
    let mut answer = None;
    // SAFETY: signable and config are alive during the call. The config has credentials, so the runtime signs at once: it
    // calls back once, on this thread, before it returns, or returns an error and never calls. So `answer` is there when
    // it is written, and nothing is left that points to it.
    let status = unsafe {
        let answer: *mut Option<Answer> = &raw mut answer;
        aws_sign_request_aws(
            allocator(),
            signable.as_ptr(),
            (&raw const config).cast(),
            Some(on_complete),
            answer.cast(),
        )
    };
    check(status)?;
    answer.unwrap_or_else(|| Err(unknown_error()))
}

type Answer = Result<Signed, CrtError>;

/// # Safety
/// `answer` is the one of [`sign`], and `result`, if not null, alive.
unsafe extern "C" fn on_complete(result: *mut aws_signing_result, error_code: c_int, answer: *mut c_void) {
    // SAFETY: `sign` passes the address of its own variable, which nobody else uses during the call.
    let Some(answer) = (unsafe { answer.cast::<Option<Answer>>().as_mut() }) else { return };
    *answer = Some(match (error_code, result.is_null()) {
        // SAFETY: the runtime destroys the result only after this returns.
        (0, false) => unsafe { Signed::copy(result) }.ok_or_else(unknown_error),
        (code, _) => Err(error(code)),
    });
}

/// What a SigV4a signature is held against.
pub(crate) struct Evidence<'a> {
    pub(crate) canonical_request: &'a str,
    /// In hex.
    pub(crate) signature: &'a str,
    /// Coordinates of the public key in hex.
    pub(crate) key: [&'a str; 2],
}

/// Makes the canonical request of `signable`, compares it, and verifies the signature.
pub(crate) fn verify(
    signable: &Signable<'_>,
    kind: Kind,
    settings: &Settings<'_>,
    evidence: &Evidence<'_>,
) -> Result<(), CrtError> {
    let config = settings.to_config(kind)?;
    let [x, y] = evidence.key.map(|coordinate| cursor(coordinate.as_bytes()));
    // SAFETY: everything is alive during the call, which keeps nothing of it.
    check(unsafe {
        aws_verify_sigv4a_signing(
            allocator(),
            signable.as_ptr(),
            (&raw const config).cast(),
            cursor(evidence.canonical_request.as_bytes()),
            cursor(evidence.signature.as_bytes()),
            x,
            y,
        )
    })
}

impl Settings<'_> {
    /// The runtime's form, which must not outlive these.
    fn to_config(&self, kind: Kind) -> Result<aws_signing_config_aws, CrtError> {
        let mut date = MaybeUninit::uninit();
        let at = cursor(self.at.amz_date().as_bytes());
        let format = aws_date_format::AWS_DATE_FORMAT_ISO_8601_BASIC;
        // SAFETY: the text is borrowed for the call, and the date is written whole if it succeeds.
        let date = unsafe {
            check(aws_date_time_init_from_str_cursor(date.as_mut_ptr(), &raw const at, format))?;
            date.assume_init()
        };
        let mut flags = aws_signing_config_aws__bindgen_ty_1::default();
        flags.set_use_double_uri_encode((self.profile.rules.encoding == UriEncoding::Twice).into());
        flags.set_should_normalize_uri_path((self.profile.rules.normalization == UriNormalization::Normalize).into());
        flags.set_omit_session_token((self.profile.session_token == SessionTokenMode::Append).into());
        Ok(aws_signing_config_aws {
            config_type: aws_signing_config_type::AWS_SIGNING_CONFIG_AWS,
            algorithm: self.algorithm(),
            signature_type: kind.signature_type(),
            region: cursor(self.region.as_bytes()),
            service: cursor(self.service.as_bytes()),
            date,
            should_sign_header: None,
            should_sign_header_ud: ptr::null_mut(),
            flags,
            signed_body_value: cursor(self.payload.as_bytes()),
            signed_body_header: match self.profile.content_sha256 {
                ContentSha256Header::Send => aws_signed_body_header_type::AWS_SBHT_X_AMZ_CONTENT_SHA256,
                _ => aws_signed_body_header_type::AWS_SBHT_NONE,
            },
            credentials: self.credentials.as_ptr(),
            credentials_provider: ptr::null_mut(),
            expiration_in_seconds: match kind {
                Kind::Query { expires } => expires,
                _ => 0,
            },
        })
    }

    fn algorithm(&self) -> aws_signing_algorithm {
        let is_express = self.profile.session_token_header == ServiceProfile::S3_EXPRESS.session_token_header
            && self.credentials.has_session_token();
        match self.algorithm {
            Algorithm::SigV4 if is_express => aws_signing_algorithm::AWS_SIGNING_ALGORITHM_V4_S3EXPRESS,
            Algorithm::SigV4 => aws_signing_algorithm::AWS_SIGNING_ALGORITHM_V4,
            _ => aws_signing_algorithm::AWS_SIGNING_ALGORITHM_V4_ASYMMETRIC,
        }
    }
}

impl Kind {
    const fn signature_type(self) -> aws_signature_type {
        match self {
            Self::Headers => aws_signature_type::AWS_ST_HTTP_REQUEST_HEADERS,
            Self::Query { .. } => aws_signature_type::AWS_ST_HTTP_REQUEST_QUERY_PARAMS,
            Self::CanonicalRequest => aws_signature_type::AWS_ST_CANONICAL_REQUEST_HEADERS,
            Self::Chunk => aws_signature_type::AWS_ST_HTTP_REQUEST_CHUNK,
            Self::Trailers => aws_signature_type::AWS_ST_HTTP_REQUEST_TRAILING_HEADERS,
        }
    }
}
