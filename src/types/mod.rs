//! Floor 0: the vocabulary. Values that can only be made right; no key material is used here, nothing is computed.

mod algorithm;
mod checksum;
mod credentials;
pub(crate) mod endpoint;
mod expires_in;
mod payload_hash;
#[cfg(feature = "post-policy")]
mod post_policy;
mod region;
mod region_set;
mod scope;
#[cfg(any(feature = "post-policy", feature = "tower"))]
mod secret_fields;
mod service;
mod service_profile;
mod signature;
mod timestamp;

#[cfg(feature = "post-policy")]
pub use self::post_policy::{PostCondition, PostPolicy};
#[cfg(any(feature = "post-policy", feature = "tower"))]
pub(crate) use self::secret_fields::SECRET_FIELDS;
pub(crate) use self::timestamp::Day;
pub use self::{
    algorithm::Algorithm,
    checksum::Checksum,
    credentials::{AccessKeyId, Credentials, SecretAccessKey, SessionToken},
    endpoint::Endpoint,
    expires_in::ExpiresIn,
    payload_hash::PayloadHash,
    region::Region,
    region_set::RegionSet,
    scope::CredentialScope,
    service::Service,
    service_profile::{
        CanonicalRules, ContentSha256Header, PayloadSigning, ServiceProfile, SessionTokenMode, UriEncoding,
        UriNormalization,
    },
    signature::Signature,
    timestamp::Timestamp,
};
