//! AWS's whole signing process, to compare with.

mod message;

use sigv4a::{Algorithm, Credentials, Region, RegionSet, Service, ServiceProfile, Timestamp};

pub use self::message::{Claim, Message, Signed};
use crate::{
    CrtError,
    ffi::{self, CrtCredentials, Kind, Settings, Signable},
};

/// The AWS Common Runtime as a whole: it makes the canonical request, the string to sign and the signature itself, of
/// requests, of the chunks of a body and of its trailers, with both algorithms; and it verifies SigV4a.
///
/// It is here to be compared with. To sign requests, [`CrtSigner`](crate::CrtSigner) is the better choice.
#[derive(Debug)]
pub struct Oracle {
    algorithm: Algorithm,
    credentials: CrtCredentials,
    /// The region, or the region set of SigV4a.
    region: Box<str>,
    service: Service,
    profile: ServiceProfile,
}

impl Oracle {
    /// One for SigV4.
    ///
    /// # Errors
    /// If the runtime does not take the credentials.
    pub fn sigv4(credentials: &Credentials, region: &Region, service: &Service) -> Result<Self, CrtError> {
        let credentials = CrtCredentials::new(credentials)?;
        Ok(Self::new(Algorithm::SigV4, credentials, region.as_str(), service))
    }

    /// One for SigV4a.
    ///
    /// # Errors
    /// If the runtime does not take the credentials, or derives no key pair from them.
    pub fn sigv4a(credentials: &Credentials, region_set: &RegionSet, service: &Service) -> Result<Self, CrtError> {
        let credentials = CrtCredentials::new(credentials)?.with_key_pair()?;
        Ok(Self::new(Algorithm::SigV4a, credentials, region_set.as_str(), service))
    }

    fn new(algorithm: Algorithm, credentials: CrtCredentials, region: &str, service: &Service) -> Self {
        let profile = ServiceProfile::for_service(service);
        Self { algorithm, credentials, region: region.into(), service: service.clone(), profile }
    }

    /// Signs as another kind of service wants it. What the profile says about bodies is not looked at: the [`Message`]
    /// says it.
    #[must_use]
    pub const fn with_profile(mut self, profile: ServiceProfile) -> Self {
        self.profile = profile;
        self
    }

    /// Signs a request.
    ///
    /// # Errors
    /// What the runtime refuses, such as a header it adds itself.
    pub fn sign(&self, message: &Message, at: Timestamp) -> Result<Signed, CrtError> {
        let signed = ffi::sign(&message.signable()?, message.kind(), &self.settings(message.payload(), at))?;
        Ok(signed.into())
    }

    /// Signs a request whose canonical form is given.
    ///
    /// # Errors
    /// What the runtime refuses.
    pub fn sign_canonical_request(&self, canonical_request: &str, at: Timestamp) -> Result<Signed, CrtError> {
        let signable = Signable::canonical_request(canonical_request)?;
        Ok(ffi::sign(&signable, Kind::CanonicalRequest, &self.settings("", at))?.into())
    }

    /// The signature of a chunk, in hex, after the one before it. A SigV4a signature is padded with `*` to 144, as it is
    /// sent; `previous` may be padded or not.
    ///
    /// # Errors
    /// What the runtime refuses.
    pub fn sign_chunk(&self, data: &[u8], previous: &str, at: Timestamp) -> Result<String, CrtError> {
        Ok(ffi::sign(&Signable::chunk(data, previous)?, Kind::Chunk, &self.settings("", at))?.signature)
    }

    /// The signature of trailers, in hex and padded like a chunk's, after the one of the last chunk.
    ///
    /// # Errors
    /// What the runtime refuses.
    pub fn sign_trailers(
        &self,
        trailers: &[(String, String)],
        previous: &str,
        at: Timestamp,
    ) -> Result<String, CrtError> {
        let signable = Signable::trailers(message::bytes(trailers), previous)?;
        Ok(ffi::sign(&signable, Kind::Trailers, &self.settings("", at))?.signature)
    }

    /// Verifies a SigV4a signature: makes the canonical request of `message`, which is the request without what signing
    /// adds, compares it with the one claimed, and verifies the signature with the key.
    ///
    /// # Errors
    /// `AWS_AUTH_CANONICAL_REQUEST_MISMATCH`, `AWS_AUTH_SIGV4A_SIGNATURE_VALIDATION_FAILURE`, or what the runtime refuses
    /// otherwise; SigV4 it does not verify.
    pub fn verify(&self, message: &Message, claim: &Claim<'_>, at: Timestamp) -> Result<(), CrtError> {
        let settings = self.settings(message.payload(), at);
        claim.verify(&message.signable()?, message.kind(), &settings)
    }

    /// Verifies the SigV4a signature, padded or not, of a chunk. Of the claim its canonical request is empty: a chunk has
    /// none.
    ///
    /// # Errors
    /// As [`verify`](Self::verify).
    pub fn verify_chunk(&self, data: &[u8], previous: &str, claim: &Claim<'_>, at: Timestamp) -> Result<(), CrtError> {
        claim.verify(&Signable::chunk(data, previous)?, Kind::Chunk, &self.settings("", at))
    }

    /// Verifies the SigV4a signature, padded or not, of trailers. The canonical request of the claim is the text whose
    /// hash is signed: a line `name:value` for each, in the order of their names.
    ///
    /// # Errors
    /// As [`verify`](Self::verify).
    pub fn verify_trailers(
        &self,
        trailers: &[(String, String)],
        previous: &str,
        claim: &Claim<'_>,
        at: Timestamp,
    ) -> Result<(), CrtError> {
        let signable = Signable::trailers(message::bytes(trailers), previous)?;
        claim.verify(&signable, Kind::Trailers, &self.settings("", at))
    }

    fn settings<'a>(&'a self, payload: &'a str, at: Timestamp) -> Settings<'a> {
        Settings {
            algorithm: self.algorithm,
            credentials: &self.credentials,
            region: &self.region,
            service: self.service.as_str(),
            profile: &self.profile,
            at,
            payload,
        }
    }
}
