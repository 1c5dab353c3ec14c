//! What was proved.

use crate::{
    crypto::{Provider, normalized_ecdsa},
    types::{AccessKeyId, Algorithm, CredentialScope, PayloadHash, RegionSet, SessionToken, Signature, Timestamp},
    verify::{Authorization, PayloadCheck, Placement, SignedHeaders, verification_key::Checker},
};

/// A request whose signature was checked. Only a [`Verifier`](crate::Verifier) makes one.
///
/// If the body was not given to the verifier, [`payload_check`](Self::payload_check) is still to be done.
#[derive(Debug, Clone)]
pub struct Verified {
    authorization: Authorization,
    host: Box<str>,
    payload: PayloadHash,
    checker: Checker,
    provider: Provider,
}

impl Verified {
    pub(super) fn new(
        authorization: &Authorization,
        host: &str,
        payload: PayloadHash,
        checker: Checker,
        provider: Provider,
    ) -> Self {
        Self { authorization: authorization.clone(), host: host.into(), payload, checker, provider }
    }

    /// What hashes the body.
    #[cfg(feature = "chunked")]
    pub(crate) const fn provider(&self) -> Provider {
        self.provider
    }

    /// What checks the pieces of a body that is signed piece by piece.
    #[cfg_attr(not(feature = "chunked"), expect(dead_code, reason = "only the decoder of chunks asks"))]
    pub(crate) const fn checker(&self) -> &Checker {
        &self.checker
    }

    /// The signature of the request: the first of the chain.
    pub(crate) const fn seed(&self) -> &Signature {
        &self.authorization.signature
    }

    /// Who sent the request.
    #[must_use]
    pub const fn access_key_id(&self) -> &AccessKeyId {
        self.authorization.access_key_id()
    }

    /// The algorithm.
    #[must_use]
    pub const fn algorithm(&self) -> Algorithm {
        self.authorization.algorithm()
    }

    /// The credential scope.
    #[must_use]
    pub const fn scope(&self) -> &CredentialScope {
        self.authorization.scope()
    }

    /// The headers that were signed. The value of any other header is anyone's.
    #[must_use]
    pub const fn signed_headers(&self) -> &SignedHeaders {
        self.authorization.signed_headers()
    }

    /// Where the signature was.
    #[must_use]
    pub const fn placement(&self) -> Placement {
        self.authorization.placement()
    }

    /// Whether the request came by a presigned URL: whoever sent it need not have the key, only the URL.
    #[must_use]
    pub fn is_presigned(&self) -> bool {
        self.placement() == Placement::Query
    }

    /// When the request was signed.
    #[must_use]
    pub const fn signed_at(&self) -> Timestamp {
        self.authorization.signed_at()
    }

    /// The region set of a SigV4a signature.
    #[must_use]
    pub const fn region_set(&self) -> Option<&RegionSet> {
        self.authorization.region_set()
    }

    /// The session token, if the client sent one.
    #[must_use]
    pub const fn session_token(&self) -> Option<&SessionToken> {
        self.authorization.session_token()
    }

    /// The host that was signed. Go by it, not by the `Host` header, where hosts were given to the verifier.
    #[must_use]
    pub const fn host(&self) -> &str {
        &self.host
    }

    /// What was signed about the body.
    #[must_use]
    pub const fn payload(&self) -> PayloadHash {
        self.payload
    }

    /// What checks a body that comes later against the one that was signed. One that is signed piece by piece
    /// ([`PayloadHash::is_chunked`]) needs a [`ChunkDecoder`](crate::ChunkDecoder) instead.
    pub fn payload_check(&self) -> PayloadCheck {
        PayloadCheck::new(self.payload, self.provider)
    }

    /// The lifetime of a presigned URL, in seconds from [`signed_at`](Self::signed_at).
    #[must_use]
    pub const fn expires_in(&self) -> Option<u64> {
        self.authorization.expires_in()
    }

    /// What tells a request that is sent twice from two that were signed: hex of the HMAC, or of an ECDSA signature's r
    /// and lower s. (Of one ECDSA signature anyone can make a second that is as right; both have the same identifier.)
    ///
    /// Remember it for as long as the verifier accepts the request: the allowed skew after
    /// [`signed_at`](Self::signed_at), or until a presigned URL expires.
    #[must_use]
    pub fn replay_id(&self) -> String {
        let signature = &self.authorization.signature;
        match normalized_ecdsa(signature).filter(|_| self.algorithm() == Algorithm::SigV4a) {
            Some(pair) => base16ct::lower::encode_string(&pair),
            None => signature.to_hex(),
        }
    }
}
