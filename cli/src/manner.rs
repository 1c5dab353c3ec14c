//! What the flags change of a service's usual manner of signing.

use sigv4a::{SessionTokenMode, SignedHeaderPolicy, SigningOptions, UriPolicy};

use crate::{
    args::{HeaderPolicyChoice, SigningArgs},
    error::CliError,
};

/// Checked once, and applied to the options of every host.
#[derive(Debug, Clone)]
pub(crate) struct Manner {
    /// `None`: as the service wants it.
    session_token: Option<SessionTokenMode>,
    signed_headers: SignedHeaderPolicy,
    uri_policy: UriPolicy,
}

impl Manner {
    pub(crate) fn new(args: &SigningArgs) -> Result<Self, CliError> {
        let mut policy = match args.signed_headers {
            HeaderPolicyChoice::Standard => SignedHeaderPolicy::standard(),
            HeaderPolicyChoice::Minimal => SignedHeaderPolicy::minimal(),
        };
        for name in &args.sign_headers {
            policy = policy.with(name)?;
        }
        for name in &args.no_sign_headers {
            policy = policy.without(name)?;
        }
        let session_token = args.session_token_mode.map(Into::into);
        Ok(Self { session_token, signed_headers: policy, uri_policy: args.uri_policy.into() })
    }

    pub(crate) fn apply(&self, of_service: SigningOptions) -> SigningOptions {
        let mut profile = *of_service.profile();
        if let Some(mode) = self.session_token {
            profile.session_token = mode;
        }
        of_service
            .with_profile(profile)
            .with_signed_headers(self.signed_headers.clone())
            .with_uri_policy(self.uri_policy)
    }
}
