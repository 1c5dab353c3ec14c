//! Amazon EKS: the bearer token of a Kubernetes cluster.

use data_encoding::BASE64URL_NOPAD;
use zeroize::Zeroizing;

use super::{Token, sts::CallerIdentity};
use crate::{
    error::{ParseError, ParseErrorKind, SignError},
    types::{Credentials, ExpiresIn, Region, Timestamp},
};

/// A cluster on Amazon EKS, for the token that `aws eks get-token` gives; see [granting access to Kubernetes
/// APIs](https://docs.aws.amazon.com/eks/latest/userguide/grant-k8s-access.html).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cluster(Box<str>);

impl Cluster {
    /// A cluster by its name, or by its ID if it is a local cluster on AWS Outposts: 1 to 100 ASCII letters, digits, `-` and
    /// `_`, the first a letter or a digit.
    ///
    /// # Errors
    /// [`ClusterName`](ParseErrorKind::ClusterName) for anything else, such as an ARN.
    pub fn new(name: &str) -> Result<Self, ParseError> {
        let is_name_byte = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        let starts_well = name.bytes().next().is_some_and(|first| first.is_ascii_alphanumeric());
        if !starts_well || name.len() > 100 || !name.bytes().all(is_name_byte) {
            let expected = "1 to 100 letters, digits, `-` and `_`, the first a letter or a digit";
            return Err(ParseError::new(ParseErrorKind::ClusterName, expected).found(name));
        }
        Ok(Self(name.into()))
    }

    /// The token: `k8s-aws-v1.` and, in base64url without padding, the presigned URL of `GetCallerIdentity` at the STS of
    /// the region, bound to the cluster by the signed header `x-k8s-aws-id`. The cluster's server sends that request and
    /// learns who asks.
    ///
    /// `X-Amz-Expires` is 60 as in every such token, but STS takes the URL for 15 minutes. So the token expires 14 minutes
    /// (840 seconds) from `at`, which is what `aws eks get-token` tells `kubectl`, or with the credentials.
    ///
    /// # Errors
    /// [`Region`](ParseErrorKind::Region) for a region that is not of AWS's shape,
    /// [`CredentialsExpired`](crate::SignErrorKind::CredentialsExpired).
    pub fn bearer_token(&self, credentials: &Credentials, region: &Region, at: Timestamp) -> Result<Token, SignError> {
        let identity =
            CallerIdentity::new().with_header("x-k8s-aws-id", &self.0)?.with_expires_in(ExpiresIn::from_secs(60)?);
        let url = Zeroizing::new(identity.presigned_url(credentials, region, at)?.url());
        let mut text = Zeroizing::new("k8s-aws-v1.".to_owned());
        BASE64URL_NOPAD.encode_append(url.as_bytes(), &mut text);
        let expires_at = at.saturating_add(840);
        Ok(Token::new(text, credentials.expires_at().map_or(expires_at, |end| end.min(expires_at))))
    }
}
