#![doc = include_str!("../README.md")]

// The documents show the whole library, so they need the features they show.
#[cfg(all(doc, feature = "config", feature = "pem", feature = "reqwest", feature = "tower"))]
pub mod _documentation;
mod canonical;
#[cfg(feature = "chunked")]
mod chunked;
mod crypto;
mod error;
mod events;
mod integrations;
mod sign;
mod types;
mod verify;

#[cfg(feature = "chunked")]
pub use integrations::ChunkedReader;
#[cfg(feature = "aws-sdk")]
pub use integrations::aws_sdk;
#[cfg(feature = "client")]
pub use integrations::client;
#[cfg(feature = "config")]
pub use integrations::config;
#[cfg(feature = "client")]
pub use integrations::credentials;
#[cfg(feature = "event-stream")]
pub use integrations::event_stream;
#[cfg(feature = "http-body")]
pub use integrations::http_body;
#[cfg(feature = "json")]
pub use integrations::json;
#[cfg(feature = "reqwest")]
pub use integrations::reqwest;
#[cfg(feature = "tower")]
pub use integrations::tower;

pub use canonical::{CanonicalRequest, PlusSign, SignedHeaderPolicy, StringToSign, UriPolicy};
#[cfg(feature = "chunked")]
pub use chunked::{ChunkDecoder, ChunkEncoder, ChunkedUpload, RunningChecksum};
pub use crypto::{KeyCache, Provider, VerifyingKey};
pub use error::{ParseError, ParseErrorKind, SignError, SignErrorKind, VerifyError, VerifyErrorKind};
pub use events::{EventSignature, EventSigner, EventVerifier, VerifiedEvent};
#[cfg(feature = "post-policy")]
pub use sign::SignedPost;
#[cfg(feature = "presets")]
pub use sign::presets;
pub use sign::{
    AlgorithmChoice, EndpointCheck, PresignedRequest, Resolved, SigV4, SigV4a, SignedRequest, Signer, SignerConfig,
    SignerExt, SigningOptions, SigningRequest, SigningTrace,
};
pub use types::{
    AccessKeyId, Algorithm, CanonicalRules, Checksum, ContentSha256Header, CredentialScope, Credentials, Endpoint,
    ExpiresIn, PayloadHash, PayloadSigning, Region, RegionSet, SecretAccessKey, Service, ServiceProfile, SessionToken,
    SessionTokenMode, Signature, Timestamp, UriEncoding, UriNormalization, endpoint::MultiRegionAccessPoint,
};
#[cfg(feature = "post-policy")]
pub use types::{PostCondition, PostPolicy};
pub use verify::{
    AnswerStyle, Authorization, BodyHash, ContentType, PayloadCheck, Placement, ReceivedRequest, SignedHeaders,
    StaticKeys, Streaming, UnsignedPayload, VerificationKey, VerificationTrace, Verified, Verifier,
};
#[cfg(feature = "post-policy")]
pub use verify::{PostAuthorization, PostForm, VerifiedPost};
