//! What the older line of the SDK's crates has not.
//!
//! A method of a type goes before one of a trait: where the newer line has it, the trait here is not used.

use aws_smithy_runtime_api::client::auth::AuthSchemeEndpointConfig;
use aws_smithy_types::Document;
use aws_types::{SdkConfig, region::SigningRegionSet};

/// A property of the endpoint's authentication scheme. In the newer line it need not be in a document.
#[allow(dead_code, reason = "not of the newer line")]
pub(super) trait Property<'a> {
    fn get(&self, name: &str) -> Option<&'a Document>;
}

impl<'a> Property<'a> for AuthSchemeEndpointConfig<'a> {
    fn get(&self, name: &str) -> Option<&'a Document> {
        self.as_document()?.as_object()?.get(name)
    }
}

/// The region set of the shared configuration, which was of the services' configuration once.
#[allow(dead_code, reason = "not of the newer line")]
pub(super) trait ConfiguredRegionSet {
    fn sigv4a_signing_region_set(&self) -> Option<&SigningRegionSet>;
}

impl ConfiguredRegionSet for SdkConfig {
    fn sigv4a_signing_region_set(&self) -> Option<&SigningRegionSet> {
        None
    }
}
