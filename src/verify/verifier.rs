//! The verifier: what a server demands of a signed request.

use std::borrow::Cow;

use crate::{
    canonical::{PlusSign, check_name},
    crypto::Provider,
    error::{ParseError, VerifyError, VerifyErrorKind},
    types::{Algorithm, Region, Service, ServiceProfile, Timestamp},
    verify::{
        AnswerStyle, Authorization, Placement, ReceivedRequest, VerificationKey, VerificationTrace, Verified,
        canonical::Received, checks, payload,
    },
};

/// Checks requests for one service in one region. Every rule is on from the start; each `with_…` that loosens one says
/// what it costs, and `docs/verifying.md` why it is there.
///
/// AWS's side of it: [troubleshooting
/// signatures](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-troubleshooting.html). Where services
/// differ, the strictest is followed.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use sigv4a::{Credentials, ReceivedRequest, Region, Service, SigV4, SignerExt, Timestamp, VerificationKey, Verifier};
///
/// // A client signs a request…
/// let at = Timestamp::parse_amz_date("20150830T123600Z")?;
/// let credentials = Credentials::new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")?;
/// let signer = SigV4::new(credentials, Region::new("us-east-1")?, Service::EXECUTE_API);
/// let mut request = http::Request::get("https://api.example.com/private").body("")?;
/// signer.sign_request(&mut request, at)?;
///
/// // … and a server, which has the key, asks who it was.
/// let verifier = Verifier::new(Service::EXECUTE_API, Region::new("us-east-1")?);
/// let key = VerificationKey::new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")?;
/// let received = ReceivedRequest::from_request(&request)?;
/// let verified = verifier.verify_request(&received, |asked| (asked.access_key_id() == key.access_key_id()).then_some(&key), at)?;
/// assert_eq!(verified.access_key_id().as_str(), "AKIDEXAMPLE");
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Verifier {
    pub(super) service: Service,
    /// This server's own, then others it answers to.
    pub(super) regions: Vec<Region>,
    pub(super) profile: ServiceProfile,
    pub(super) algorithms: Vec<Algorithm>,
    pub(super) max_skew: u32,
    pub(super) content_type: ContentType,
    pub(super) unsigned_headers: Vec<Cow<'static, str>>,
    pub(super) unsigned_payload: UnsignedPayload,
    pub(super) streaming: Streaming,
    plus: PlusSign,
    provider: Provider,
}

/// Whether a body may be signed piece by piece.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Streaming {
    /// It may not: the signature of such a request covers none of its body.
    #[default]
    Refuse,
    /// It may, and whoever has the [`Verified`] decodes it with a [`ChunkDecoder`](crate::ChunkDecoder). The tower layer
    /// does.
    WillBeDecoded,
    /// It may be an event stream, and whoever has the [`Verified`] checks every event of it with an
    /// [`EventVerifier`](crate::EventVerifier).
    EventsWillBeChecked,
}

/// Whether a `content-type` must be signed.
///
/// See [Create a signed
/// request](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html), canonical headers.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum ContentType {
    /// It must, if there is one, as AWS's rules for signing say.
    #[default]
    MustBeSigned,
    /// It need not. S3 and API Gateway accept that, from browsers with presigned URLs and from `curl -d` among others;
    /// whoever is in between can change how the body is read.
    MayBeUnsigned,
}

/// Whether a body may be unsigned (`UNSIGNED-PAYLOAD`).
///
/// See [Authenticating requests](https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html), the
/// payload.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum UnsignedPayload {
    /// It may: only TLS protects the body then. The default for S3, where every presigned URL is of this kind, and for VPC
    /// Lattice, which knows nothing else.
    Accept,
    /// It may not. The default for every other service.
    Refuse,
}

impl Verifier {
    /// A verifier for a service, which decides how a request becomes canonical, and for the region that this server is
    /// in: a SigV4 scope must name it, a SigV4a region set must cover it.
    #[must_use]
    pub fn new(service: Service, region: Region) -> Self {
        let profile = ServiceProfile::for_service(&service);
        let verifier = Self {
            service,
            regions: vec![region],
            profile,
            algorithms: vec![Algorithm::SigV4, Algorithm::SigV4a],
            max_skew: MAX_SKEW,
            content_type: ContentType::MustBeSigned,
            unsigned_headers: Vec::new(),
            unsigned_payload: UnsignedPayload::Refuse,
            streaming: Streaming::Refuse,
            plus: PlusSign::Space,
            provider: Provider::default(),
        };
        verifier.with_profile(profile)
    }

    /// Treats requests as another kind of service does: for servers that only speak like S3.
    #[must_use]
    pub fn with_profile(mut self, profile: ServiceProfile) -> Self {
        use crate::types::PayloadSigning::{AlwaysUnsigned, Hash, Unsigned};
        self.unsigned_payload = match (profile.payload, profile.presigned_payload) {
            (Hash, Hash) => UnsignedPayload::Refuse,
            (Unsigned | AlwaysUnsigned, _) | (_, Unsigned | AlwaysUnsigned) => UnsignedPayload::Accept,
        };
        // S3 takes the value into the canonical request whether it is signed as a header or not.
        self.unsigned_headers.retain(|name| name != CONTENT_SHA256);
        if profile.rules == crate::CanonicalRules::S3 {
            self.unsigned_headers.push(Cow::Borrowed(CONTENT_SHA256));
        }
        self.profile = profile;
        self
    }

    /// Accepts these algorithms only.
    #[must_use]
    pub fn with_algorithms(mut self, algorithms: impl IntoIterator<Item = Algorithm>) -> Self {
        self.algorithms = algorithms.into_iter().collect();
        self
    }

    /// Answers to another region too, for clients that were told `auto`, say.
    #[must_use]
    pub fn with_region_alias(mut self, region: Region) -> Self {
        self.regions.push(region);
        self
    }

    /// Accepts clocks that differ by this many seconds, in both directions; 900 unless told otherwise. Until it is over,
    /// whoever saw a request can send it again.
    #[must_use]
    pub const fn with_max_skew(mut self, seconds: u32) -> Self {
        self.max_skew = seconds;
        self
    }

    /// Says whether `content-type` must be signed.
    #[must_use]
    pub const fn with_content_type(mut self, rule: ContentType) -> Self {
        self.content_type = rule;
        self
    }

    /// Accepts this header unsigned, though its name begins with `x-amz-` or it is `content-type`. Never trust its value.
    ///
    /// # Errors
    /// [`HeaderName`](crate::ParseErrorKind::HeaderName).
    pub fn with_unsigned_header(mut self, name: &str) -> Result<Self, ParseError> {
        check_name(name)?;
        self.unsigned_headers.push(Cow::Owned(name.to_ascii_lowercase()));
        Ok(self)
    }

    /// Demands this header signed, if it is there, that was accepted unsigned: for a server that follows S3 but not in
    /// `x-amz-content-sha256`.
    #[must_use]
    pub fn without_unsigned_header(mut self, name: &str) -> Self {
        self.unsigned_headers.retain(|known| !known.eq_ignore_ascii_case(name));
        self
    }

    /// Says whether a body may be unsigned.
    #[must_use]
    pub const fn with_unsigned_payload(mut self, rule: UnsignedPayload) -> Self {
        self.unsigned_payload = rule;
        self
    }

    /// Says whether a body may be signed piece by piece.
    #[must_use]
    pub const fn with_streaming(mut self, rule: Streaming) -> Self {
        self.streaming = rule;
        self
    }

    /// Says what a literal `+` in a query means; it is a space unless told otherwise. This project's signers and most
    /// others send none.
    #[must_use]
    pub const fn with_plus_sign(mut self, plus: PlusSign) -> Self {
        self.plus = plus;
        self
    }

    /// Computes with another back end.
    #[must_use]
    pub const fn with_provider(mut self, provider: Provider) -> Self {
        self.provider = provider;
        self
    }

    /// The service.
    #[must_use]
    pub const fn service(&self) -> &Service {
        &self.service
    }

    /// The region of this server, without its aliases.
    #[must_use]
    pub fn region(&self) -> Option<&Region> {
        self.regions.first()
    }

    /// By how many seconds clocks may differ.
    #[must_use]
    pub const fn max_skew(&self) -> u32 {
        self.max_skew
    }

    /// The back end.
    #[must_use]
    pub const fn provider(&self) -> Provider {
        self.provider
    }

    /// How AWS would word its errors for this service.
    #[must_use]
    pub fn answer_style(&self) -> AnswerStyle {
        match self.profile.rules == crate::CanonicalRules::S3 {
            true => AnswerStyle::S3,
            false => AnswerStyle::ApiGateway,
        }
    }

    /// Everything that can be checked without the key, in AWS's order: what is refused here needs no lookup.
    /// [`verify`](Self::verify) does it again.
    ///
    /// # Errors
    /// [`VerifyError`], see its kinds.
    pub fn check(
        &self,
        authorization: &Authorization,
        request: &ReceivedRequest<'_>,
        now: Timestamp,
    ) -> Result<(), VerifyError> {
        checks::algorithm(self, authorization)
            .and_then(|()| checks::time(self, authorization, now))
            .and_then(|()| checks::scope(self, authorization))
            .and_then(|()| checks::signed_headers(self, authorization, request))
            .map_err(|error| error.in_query(authorization.placement() == Placement::Query))
    }

    /// Whether the body must be given: the request does not say its hash, so the signature covers what was received.
    ///
    /// # Errors
    /// [`MissingPayloadHash`](VerifyErrorKind::MissingPayloadHash),
    /// [`MalformedPayloadHash`](VerifyErrorKind::MalformedPayloadHash).
    pub fn needs_body(
        &self,
        authorization: &Authorization,
        request: &ReceivedRequest<'_>,
    ) -> Result<bool, VerifyError> {
        payload::needs_body(authorization, request, &self.profile)
    }

    /// Checks everything: the request is what the owner of the key sent, is fresh, is for this service and region, and
    /// leaves nothing unsigned that matters. A body that the request was not given is left to
    /// [`Verified::payload_check`].
    ///
    /// # Errors
    /// [`VerifyError`], see its kinds.
    pub fn verify(
        &self,
        authorization: &Authorization,
        request: &ReceivedRequest<'_>,
        key: &VerificationKey,
        now: Timestamp,
    ) -> Result<Verified, VerifyError> {
        self.check(authorization, request, now)?;
        if key.access_key_id() != authorization.access_key_id() {
            return Err(unknown_key(authorization));
        }
        let signed = payload::signed(authorization, request, &self.profile, self.provider)?;
        checks::payload(self, signed.payload)?;
        let checker = key.checker(authorization.algorithm(), authorization.scope())?;
        let received = Received::new(authorization, request, &self.profile, self.plus, &signed.line)?;
        for host in request.hosts()? {
            let accepts = |trace: &VerificationTrace| checker.accepts(trace.string_to_sign(), &authorization.signature);
            if received.find(host, self.provider, accepts)?.is_some() {
                key.check_session(authorization.session_token(), now)?;
                payload::check_body(&signed, request, self.provider)?;
                return Ok(Verified::new(authorization, host, signed.payload, checker, self.provider));
            }
        }
        Err(VerifyError::new(VerifyErrorKind::SignatureMismatch, "the signature is not the key's over this request"))
    }

    /// Reads the authorization, looks up the key with `find_key`, and checks everything.
    ///
    /// # Errors
    /// [`VerifyError`], see its kinds.
    pub fn verify_request<K: AsRef<VerificationKey>>(
        &self,
        request: &ReceivedRequest<'_>,
        find_key: impl FnOnce(&Authorization) -> Option<K>,
        now: Timestamp,
    ) -> Result<Verified, VerifyError> {
        let authorization = Authorization::from_request(request)?;
        self.check(&authorization, request, now)?;
        let key = find_key(&authorization).ok_or_else(|| unknown_key(&authorization))?;
        self.verify(&authorization, request, key.as_ref(), now)
    }

    /// What this server computes from a request, for those who look for the line that differs. Nothing in it is secret
    /// but the session token.
    ///
    /// # Errors
    /// [`InvalidRequest`](VerifyErrorKind::InvalidRequest) and what else keeps a request from being canonical.
    pub fn trace(
        &self,
        authorization: &Authorization,
        request: &ReceivedRequest<'_>,
    ) -> Result<VerificationTrace, VerifyError> {
        let signed = payload::signed(authorization, request, &self.profile, self.provider)?;
        let received = Received::new(authorization, request, &self.profile, self.plus, &signed.line)?;
        let hosts = request.hosts()?;
        let host = hosts.first().copied().unwrap_or_default();
        let trace = received.find(host, self.provider, |_| true)?;
        trace.ok_or_else(|| VerifyError::new(VerifyErrorKind::InvalidRequest, "there is no canonical path"))
    }
}

/// S3's `MaxAllowedSkewMilliseconds` is 900000.
const MAX_SKEW: u32 = 900;

const CONTENT_SHA256: &str = "x-amz-content-sha256";

pub(crate) fn unknown_key(authorization: &Authorization) -> VerifyError {
    VerifyError::new(VerifyErrorKind::UnknownKey, "nobody here has it").found(authorization.access_key_id().as_str())
}
