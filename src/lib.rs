#![doc = include_str!("../README.md")]

mod canonical;
mod crypto;
mod error;
mod integrations;
mod sign;
mod types;
mod verify;

#[cfg(feature = "config")]
pub use integrations::config;
#[cfg(feature = "json")]
pub use integrations::json;
#[cfg(feature = "tower")]
pub use integrations::tower;

pub use canonical::{CanonicalRequest, PlusSign, SignedHeaderPolicy, StringToSign, UriPolicy};
pub use crypto::{KeyCache, Provider, VerifyingKey};
pub use error::{ParseError, ParseErrorKind, SignError, SignErrorKind, VerifyError, VerifyErrorKind};
pub use sign::{
    AlgorithmChoice, EndpointCheck, PresignedRequest, Resolved, SigV4, SigV4a, SignedRequest, Signer, SignerConfig,
    SignerExt, SigningOptions, SigningRequest, SigningTrace,
};
pub use types::{
    AccessKeyId, Algorithm, CanonicalRules, ContentSha256Header, CredentialScope, Credentials, Endpoint, ExpiresIn,
    PayloadHash, PayloadSigning, Region, RegionSet, SecretAccessKey, Service, ServiceProfile, SessionToken,
    SessionTokenMode, Signature, Timestamp, UriEncoding, UriNormalization, endpoint::MultiRegionAccessPoint,
};
pub use verify::{
    AnswerStyle, Authorization, BodyHash, ContentType, PayloadCheck, Placement, ReceivedRequest, SignedHeaders,
    StaticKeys, UnsignedPayload, VerificationKey, VerificationTrace, Verified, Verifier,
};
