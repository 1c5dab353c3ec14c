//! What the flags change of a service's usual manner of signing.

use sigv4a::{ContentSha256Header, SessionTokenMode, SignedHeaderPolicy, SigningOptions, UriPolicy};

use crate::{
    args::{HeaderPolicyChoice, SigningArgs},
    error::CliError,
    signature_headers::SignatureHeaders,
};

/// Checked once, and applied to the options of every host.
#[derive(Debug, Clone)]
pub(crate) struct Manner {
    /// `None`: as the service wants it.
    session_token: Option<SessionTokenMode>,
    /// `None`: as the service wants it.
    content_sha256: Option<ContentSha256Header>,
    signed_headers: SignedHeaderPolicy,
    uri_policy: UriPolicy,
}

impl Manner {
    pub(crate) fn new(args: &SigningArgs, told: &SignatureHeaders) -> Result<Self, CliError> {
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
        // Who writes it wants it sent.
        let content_sha256 = told.payload.map(|_| ContentSha256Header::Send);
        Ok(Self { session_token, content_sha256, signed_headers: policy, uri_policy: args.uri_policy.into() })
    }

    pub(crate) fn apply(&self, of_service: SigningOptions) -> SigningOptions {
        let mut profile = *of_service.profile();
        if let Some(mode) = self.session_token {
            profile.session_token = mode;
        }
        if let Some(mode) = self.content_sha256 {
            profile.content_sha256 = mode;
        }
        of_service
            .with_profile(profile)
            .with_signed_headers(self.signed_headers.clone())
            .with_uri_policy(self.uri_policy)
    }
}
