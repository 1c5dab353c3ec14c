//! What the SDK says about how a request is to be signed.
//!
//! Of every value the endpoint's rules go before the client, and the client before the operation; only the region set of
//! SigV4a may be configured for all endpoints.

use aws_runtime::auth::{HttpSignatureType, SigV4OperationSigningConfig, SigV4SessionTokenNameOverride};
use aws_sigv4::http_request::{SignatureLocation, SigningSettings};
use aws_smithy_runtime_api::client::auth::AuthSchemeEndpointConfig;
use aws_smithy_types::{Document, config_bag::ConfigBag};
use aws_types::{
    SigningName,
    region::{Region as ClientRegion, SigningRegion, SigningRegionSet},
};

#[allow(unused_imports, reason = "unused where the SDK has the method")]
use super::older::Property as _;
use crate::{
    error::{ParseError, ParseErrorKind, SignError, SignErrorKind},
    types::{
        CanonicalRules, ContentSha256Header, ExpiresIn, Region, RegionSet, Service, ServiceProfile, SessionTokenMode,
        UriEncoding, UriNormalization,
    },
};

/// The three places where the SDK keeps them.
pub(super) struct Instructions<'a> {
    endpoint: &'a AuthSchemeEndpointConfig<'a>,
    bag: &'a ConfigBag,
    operation: &'a SigV4OperationSigningConfig,
}

/// Where the signature goes.
pub(super) enum Location {
    Headers,
    Query(ExpiresIn),
}

impl<'a> Instructions<'a> {
    pub(super) fn new(endpoint: &'a AuthSchemeEndpointConfig<'a>, bag: &'a ConfigBag) -> Result<Self, SignError> {
        let operation = bag.load::<SigV4OperationSigningConfig>();
        let operation = operation.ok_or_else(|| refused("a `SigV4OperationSigningConfig` of the operation"))?;
        Ok(Self { endpoint, bag, operation })
    }

    pub(super) fn service(&self) -> Result<Service, SignError> {
        let client = || self.bag.load::<SigningName>().or(self.operation.name.as_ref());
        match self.text("signingName")?.or_else(|| client().map(AsRef::as_ref)) {
            Some(name) => Ok(Service::new(name)?),
            None => Err(SignError::new(SignErrorKind::MissingService, "the SDK tells no signing name")),
        }
    }

    pub(super) fn region(&self) -> Result<Region, SignError> {
        let client = || self.bag.load::<SigningRegion>().or(self.operation.region.as_ref());
        match self.text("signingRegion")?.or_else(|| client().map(AsRef::as_ref)) {
            Some(region) => Ok(Region::new(region)?),
            None => Err(SignError::new(SignErrorKind::MissingRegion, "the SDK tells no region: configure one")),
        }
    }

    pub(super) fn region_set(&self) -> Result<RegionSet, SignError> {
        if let Some(configured) = self.bag.load::<SigningRegionSet>() {
            return Ok(RegionSet::new(configured.as_ref())?);
        }
        if let Some(entries) = self.endpoint.get(REGION_SET) {
            let entries = entries.as_array().ok_or_else(|| refused_property(REGION_SET, "a list"))?;
            let entries: Option<Vec<&str>> = entries.iter().map(Document::as_string).collect();
            let entries = entries.ok_or_else(|| refused_property(REGION_SET, "a list of texts"))?;
            return Ok(RegionSet::new(&entries.join(","))?);
        }
        let region = self.bag.load::<ClientRegion>().map(AsRef::as_ref);
        match region.or_else(|| self.operation.region_set.as_ref().map(AsRef::as_ref)) {
            Some(region) => Ok(RegionSet::new(region)?),
            None => {
                Err(SignError::new(SignErrorKind::MissingRegion, "the SDK tells no region set: configure a region"))
            }
        }
    }

    /// The service's profile, with what the SDK wants otherwise. `content_sha256` is the header that the SDK has set.
    pub(super) fn profile(&self, service: &Service, content_sha256: Option<&str>) -> Result<ServiceProfile, SignError> {
        let options = &self.operation.signing_options;
        let usual = ServiceProfile::for_service(service);
        let encodes_twice = self.switch("disableDoubleEncoding")?.map_or(options.double_uri_encode, |off| !off);
        let normalizes = self.switch("disableNormalizePath")?.map_or(options.normalize_uri_path, |off| !off);
        let mut profile = ServiceProfile {
            rules: CanonicalRules {
                encoding: if encodes_twice { UriEncoding::Twice } else { UriEncoding::Once },
                normalization: if normalizes { UriNormalization::Normalize } else { UriNormalization::Keep },
            },
            ..usual
        };
        if options.content_sha256_header || content_sha256.is_some() {
            profile.content_sha256 = ContentSha256Header::Send;
        }
        if options.omit_session_token {
            profile.session_token = SessionTokenMode::Append;
        }
        if let Some(name) = self.session_token_name(SignatureLocation::Headers)? {
            profile.session_token_header = name;
        }
        if let Some(name) = self.session_token_name(SignatureLocation::QueryParams)? {
            profile.session_token_parameter = name;
        }
        Ok(profile)
    }

    pub(super) fn location(&self) -> Result<Location, SignError> {
        let options = &self.operation.signing_options;
        match (options.signature_type, options.expires_in) {
            (HttpSignatureType::HttpRequestHeaders, _) => Ok(Location::Headers),
            (HttpSignatureType::HttpRequestQueryParams, Some(lifetime)) => {
                Ok(Location::Query(ExpiresIn::try_from(lifetime)?))
            }
            (HttpSignatureType::HttpRequestQueryParams, None) => {
                Err(ParseError::new(ParseErrorKind::ExpiresIn, "one of the presigned request, found none").into())
            }
        }
    }

    pub(super) const fn operation(&self) -> &'a SigV4OperationSigningConfig {
        self.operation
    }

    /// S3 Express calls it otherwise.
    fn session_token_name(&self, location: SignatureLocation) -> Result<Option<&'static str>, SignError> {
        let Some(names) = self.bag.load::<SigV4SessionTokenNameOverride>() else { return Ok(None) };
        let mut settings = SigningSettings::default();
        settings.signature_location = location;
        names.name_override(&settings, self.bag).map_err(SignError::from_signer)
    }

    fn text(&self, name: &'static str) -> Result<Option<&'a str>, SignError> {
        match self.endpoint.get(name) {
            Some(Document::String(text)) => Ok(Some(text)),
            Some(_) => Err(refused_property(name, "a text")),
            None => Ok(None),
        }
    }

    fn switch(&self, name: &'static str) -> Result<Option<bool>, SignError> {
        match self.endpoint.get(name) {
            Some(Document::Bool(switch)) => Ok(Some(*switch)),
            Some(_) => Err(refused_property(name, "`true` or `false`")),
            None => Ok(None),
        }
    }
}

fn refused_property(name: &str, expected: &str) -> SignError {
    refused(format!("{expected} as `{name}` of the endpoint's authentication scheme"))
}

fn refused(expected: impl Into<std::borrow::Cow<'static, str>>) -> SignError {
    ParseError::new(ParseErrorKind::Config, expected).into()
}

const REGION_SET: &str = "signingRegionSet";
