//! Why a request was refused.

use std::{borrow::Cow, error::Error, fmt, sync::Arc};

use super::{ParseError, SignError, kinds, shown};

/// A request was refused: its signature is missing, malformed, wrong, or does not cover what it must.
///
/// The message is safe to log. It may name what the client sent; it never holds anything about the signature that was
/// expected, and that of [`SignatureMismatch`](VerifyErrorKind::SignatureMismatch) holds nothing at all.
#[derive(Debug, Clone)]
pub struct VerifyError {
    kind: VerifyErrorKind,
    message: Cow<'static, str>,
    expected: Option<Box<str>>,
    found: Option<Box<str>>,
    detail: Option<Box<str>>,
    place: Place,
    source: Option<Arc<dyn Error + Send + Sync>>,
}

/// Where the signature is: AWS words some errors otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Header,
    Query,
    #[cfg_attr(not(feature = "post-policy"), expect(dead_code, reason = "only a POST policy is there"))]
    Form,
}

impl VerifyError {
    /// Why the request was refused.
    #[must_use]
    pub const fn kind(&self) -> VerifyErrorKind {
        self.kind
    }

    pub(crate) fn new(kind: VerifyErrorKind, message: impl Into<Cow<'static, str>>) -> Self {
        Self {
            kind,
            message: message.into(),
            expected: None,
            found: None,
            detail: None,
            place: Place::Header,
            source: None,
        }
    }

    /// What went wrong inside, for the log of the operator only.
    #[cfg(feature = "tower")]
    pub(crate) fn caused_by(mut self, source: Box<dyn Error + Send + Sync>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// What only AWS's wording of the error has in it.
    pub(crate) fn detail(mut self, detail: String) -> Self {
        self.detail = Some(detail.into());
        self
    }

    /// The signature is in the query, where AWS words some errors otherwise.
    pub(crate) const fn in_query(mut self, is_presigned: bool) -> Self {
        self.place = if is_presigned { Place::Query } else { Place::Header };
        self
    }

    pub(crate) const fn is_presigned(&self) -> bool {
        matches!(self.place, Place::Query)
    }

    /// The signature is in the fields of an upload form.
    #[cfg(feature = "post-policy")]
    pub(crate) const fn in_form(mut self) -> Self {
        self.place = Place::Form;
        self
    }

    pub(crate) const fn is_in_form(&self) -> bool {
        matches!(self.place, Place::Form)
    }

    pub(crate) fn detail_text(&self) -> &str {
        self.detail.as_deref().unwrap_or_default()
    }

    /// The value that would have been right.
    pub(crate) fn wanted(mut self, expected: &str) -> Self {
        self.expected = Some(expected.into());
        self
    }

    /// The value that the client sent, shortened and escaped.
    pub(crate) fn found(mut self, found: impl AsRef<[u8]>) -> Self {
        self.found = Some(shown(found.as_ref()).into());
        self
    }

    /// The value that would have been right, where one is meant.
    pub(crate) fn expected_value(&self) -> &str {
        self.expected.as_deref().unwrap_or_default()
    }

    /// The value that the client sent, where one is meant.
    pub(crate) fn found_value(&self) -> &str {
        self.found.as_deref().unwrap_or_default()
    }
}

impl fmt::Display for VerifyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.kind.noun(), self.message)?;
        if let Some(expected) = &self.expected {
            write!(f, ", expected `{expected}`")?;
        }
        match &self.found {
            Some(found) => write!(f, ", found `{found}`"),
            None => Ok(()),
        }
    }
}

impl Error for VerifyError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source.as_ref().map(|source| {
            let source: &(dyn Error + 'static) = source.as_ref();
            source
        })
    }
}

/// Two errors are equal if they say the same, whatever caused them.
impl PartialEq for VerifyError {
    fn eq(&self, other: &Self) -> bool {
        (self.kind, &self.message, &self.expected, &self.found)
            == (other.kind, &other.message, &other.expected, &other.found)
    }
}

impl Eq for VerifyError {}

/// A part of the request that has no canonical form.
impl From<ParseError> for VerifyError {
    fn from(error: ParseError) -> Self {
        Self::new(VerifyErrorKind::InvalidRequest, error.to_string())
    }
}

impl From<SignError> for VerifyError {
    fn from(error: SignError) -> Self {
        Self::new(VerifyErrorKind::InvalidRequest, error.to_string())
    }
}

kinds! {
    /// Why a request was refused.
    VerifyErrorKind {
        /// There is neither an `Authorization` header nor a signature in the query.
        MissingAuthentication = "missing_authentication", "missing authentication";
        /// The `Authorization` header has not the form of SigV4.
        MalformedAuthorization = "malformed_authorization", "malformed Authorization header";
        /// A parameter of a presigned URL is missing or malformed.
        MalformedPresign = "malformed_presign", "malformed presigned URL";
        /// There is an `Authorization` header and a signature in the query.
        BothMechanisms = "both_mechanisms", "two signatures";
        /// A parameter of a presigned URL stands there twice, or in another letter case.
        AmbiguousParameter = "ambiguous_parameter", "ambiguous parameter";
        /// The algorithm is neither SigV4 nor SigV4a.
        UnknownAlgorithm = "unknown_algorithm", "unknown algorithm";
        /// The algorithm is not among those that are accepted here; SigV2 never is.
        AlgorithmNotEnabled = "algorithm_not_enabled", "algorithm not enabled";
        /// The credential is not `ACCESS_KEY_ID/DATE[/REGION]/SERVICE/aws4_request`.
        MalformedCredential = "malformed_credential", "malformed credential";
        /// The signature is not lower-case hex of an HMAC, or of an ECDSA signature in strict DER.
        MalformedSignature = "malformed_signature", "malformed signature";
        /// There is no date.
        MissingDate = "missing_date", "missing date";
        /// The date is not one.
        MalformedDate = "malformed_date", "malformed date";
        /// The lifetime of a presigned URL is not from 1 to 604800 seconds, or absent where it is needed.
        ExpiresOutOfRange = "expires_out_of_range", "lifetime out of range";
        /// The request was signed too long ago.
        RequestExpired = "request_expired", "request expired";
        /// The request was signed too far in the future.
        RequestNotYetValid = "request_not_yet_valid", "request not yet valid";
        /// The presigned URL has expired.
        PresignExpired = "presign_expired", "presigned URL expired";
        /// The presigned URL is not valid yet.
        PresignNotYetValid = "presign_not_yet_valid", "presigned URL not yet valid";
        /// The scope does not end with `aws4_request`.
        ScopeTerminator = "scope_terminator", "wrong terminator in the scope";
        /// The scope is of another day than the request.
        ScopeDate = "scope_date", "wrong date in the scope";
        /// The scope is of another region than this server's.
        ScopeRegion = "scope_region", "wrong region in the scope";
        /// The scope is of another service.
        ScopeService = "scope_service", "wrong service in the scope";
        /// SigV4a without a region set, or with a malformed one.
        MalformedRegionSet = "malformed_region_set", "malformed region set";
        /// The region set does not cover this server's region.
        RegionSetMismatch = "region_set_mismatch", "region set without this region";
        /// Neither `host` nor `:authority` is signed.
        HostNotSigned = "host_not_signed", "host not signed";
        /// The date is not signed.
        DateNotSigned = "date_not_signed", "date not signed";
        /// A header that must be signed if it is there is not.
        HeaderNotSigned = "header_not_signed", "header not signed";
        /// A header that is signed is not there.
        SignedHeaderAbsent = "signed_header_absent", "signed header absent";
        /// The request names no host, or two.
        InvalidHost = "invalid_host", "invalid host";
        /// The request cannot be made canonical: a broken escape, a header that is not ASCII.
        InvalidRequest = "invalid_request", "invalid request";
        /// Nobody has this access key ID.
        UnknownKey = "unknown_access_key", "unknown access key";
        /// The key cannot verify this algorithm: SigV4 needs the secret, a public key is for SigV4a.
        KeyCannotVerify = "key_cannot_verify", "key of another algorithm";
        /// The signature is not the key's over this request.
        SignatureMismatch = "signature_mismatch", "signature mismatch";
        /// The session token is not the key's.
        InvalidSessionToken = "invalid_session_token", "invalid session token";
        /// The credentials have expired.
        CredentialsExpired = "credentials_expired", "credentials expired";
        /// `x-amz-content-sha256` is not there and this service wants it.
        MissingPayloadHash = "missing_payload_hash", "missing payload hash";
        /// `x-amz-content-sha256` is neither a hash nor a sentinel of the algorithm.
        MalformedPayloadHash = "malformed_payload_hash", "malformed payload hash";
        /// The body is not the one that was signed.
        PayloadMismatch = "payload_mismatch", "payload mismatch";
        /// The body is not signed, and must be here.
        UnsignedPayload = "unsigned_payload", "unsigned payload";
        /// The body is aws-chunked or an event stream, and whoever asks has not said that it will be decoded.
        StreamingPayload = "streaming_payload", "streaming payload";
        /// The signature covers the hash of a body that was not given.
        BodyNeeded = "body_needed", "body needed";
        /// The body is longer than is accepted here.
        BodyTooLarge = "body_too_large", "body too large";
        /// The body broke off.
        BodyIncomplete = "body_incomplete", "body incomplete";
        /// The line before a chunk is not one.
        MalformedChunk = "malformed_chunk", "malformed chunk";
        /// The line before a chunk has no end.
        ChunkHeaderTooLong = "chunk_header_too_long", "chunk header too long";
        /// A chunk that is not the last has fewer than 8192 bytes.
        ChunkTooSmall = "chunk_too_small", "chunk too small";
        /// A chunk is larger than is held in memory here.
        ChunkTooLarge = "chunk_too_large", "chunk too large";
        /// The signature of a chunk is not lower-case hex, or not filled up with `*` at its end only.
        MalformedChunkSignature = "malformed_chunk_signature", "malformed chunk signature";
        /// The signature of a chunk is not the key's over this data at this place.
        ChunkSignatureMismatch = "chunk_signature_mismatch", "chunk signature mismatch";
        /// `x-amz-decoded-content-length` is not there, or no number.
        MissingDecodedLength = "missing_decoded_length", "missing decoded length";
        /// The body has another length than `x-amz-decoded-content-length` says.
        DecodedLengthMismatch = "decoded_length_mismatch", "decoded length mismatch";
        /// The trailers are not lines of `name:value`.
        MalformedTrailer = "malformed_trailer", "malformed trailer";
        /// A trailer is not among those that `x-amz-trailer` announces, or the other way round.
        TrailerMismatch = "trailer_mismatch", "trailers other than announced";
        /// The trailers are not signed.
        MissingTrailerSignature = "missing_trailer_signature", "missing trailer signature";
        /// The signature of the trailers is not the key's.
        TrailerSignatureMismatch = "trailer_signature_mismatch", "trailer signature mismatch";
        /// The checksum in a trailer is not that of the body.
        ChecksumMismatch = "checksum_mismatch", "checksum mismatch";
        /// There are bytes after the end of the body.
        BytesAfterEnd = "bytes_after_end", "bytes after the end";
        /// The body is shorter than the client may send.
        BodyTooSmall = "body_too_small", "body too small";
        /// A field of an upload form is missing, malformed, or stands there twice.
        MalformedForm = "malformed_form", "malformed form";
        /// The fields of an upload form are too long together, or the name of its file is.
        FormTooLarge = "form_too_large", "form too large";
        /// The POST policy of an upload form is not one.
        MalformedPolicy = "malformed_policy", "malformed POST policy";
        /// The POST policy has expired.
        PolicyExpired = "policy_expired", "POST policy expired";
        /// The upload form does not fulfil a condition of its POST policy.
        PolicyCondition = "policy_condition", "POST policy condition failed";
        /// A field of the upload form is in no condition of its POST policy.
        PolicyExtraField = "policy_extra_field", "field not in the POST policy";
        /// An event is not framed as one, lacks its date or signature, or comes after the end of its stream.
        MalformedEvent = "malformed_event", "malformed event";
        /// The signature of an event is not the key's over this event at this place.
        EventSignatureMismatch = "event_signature_mismatch", "event signature mismatch";
        /// The request was seen before.
        Replayed = "replayed", "replayed request";
        /// The key could not be looked up.
        KeyLookup = "key_lookup", "key lookup failed";
    }
}
