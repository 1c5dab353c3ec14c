//! Long documents, for those who read them here.

#[doc = include_str!("../docs/api-gateway.md")]
pub mod api_gateway {}

#[doc = include_str!("../docs/from-aws-sigv4.md")]
pub mod from_aws_sigv4 {}

#[doc = include_str!("../docs/from-reqsign.md")]
pub mod from_reqsign {}

#[doc = include_str!("../docs/from-requests-aws4auth.md")]
pub mod from_requests_aws4auth {}

#[doc = include_str!("../docs/mrap.md")]
pub mod mrap {}

#[doc = include_str!("../docs/verifying.md")]
pub mod verifying {}
