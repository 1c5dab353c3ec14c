//! Credentials: an access key ID, its secret access key and, for temporary ones, a session token and an expiry.

use std::fmt;

use bytes::Bytes;
use http::HeaderValue;
use zeroize::Zeroizing;

use crate::{
    error::{ParseError, ParseErrorKind},
    types::Timestamp,
};

/// AWS [security credentials](https://docs.aws.amazon.com/IAM/latest/UserGuide/security-creds.html).
///
/// The secret and the token are wiped from memory on drop and never printed: `Debug` shows the access key ID only.
///
/// ```
/// # fn main() -> Result<(), sigv4a::ParseError> {
/// use sigv4a::Credentials;
/// let credentials = Credentials::new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")?;
/// assert!(!format!("{credentials:?}").contains("wJalr"));
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Credentials {
    access_key_id: AccessKeyId,
    secret_access_key: SecretAccessKey,
    session_token: Option<SessionToken>,
    expires_at: Option<Timestamp>,
}

impl Credentials {
    /// Long-term credentials; add [`with_session_token`](Self::with_session_token) for temporary ones.
    ///
    /// # Errors
    /// [`AccessKeyId`](ParseErrorKind::AccessKeyId) or [`SecretAccessKey`](ParseErrorKind::SecretAccessKey).
    pub fn new(access_key_id: &str, secret_access_key: &str) -> Result<Self, ParseError> {
        Ok(Self {
            access_key_id: AccessKeyId::new(access_key_id)?,
            secret_access_key: SecretAccessKey::new(secret_access_key)?,
            session_token: None,
            expires_at: None,
        })
    }

    /// Adds the session token of temporary credentials.
    ///
    /// With SigV4a the token must come from a *regional* STS endpoint: tokens of the global one are refused.
    ///
    /// # Errors
    /// [`SessionToken`](ParseErrorKind::SessionToken).
    pub fn with_session_token(mut self, session_token: &str) -> Result<Self, ParseError> {
        self.session_token = Some(SessionToken::new(session_token)?);
        Ok(self)
    }

    /// Says when temporary credentials end: signing later is refused, and a presigned URL never claims to live longer.
    #[must_use]
    pub const fn with_expiry(mut self, expires_at: Timestamp) -> Self {
        self.expires_at = Some(expires_at);
        self
    }

    /// The access key ID.
    #[must_use]
    pub const fn access_key_id(&self) -> &AccessKeyId {
        &self.access_key_id
    }

    /// The secret access key.
    #[must_use]
    pub const fn secret_access_key(&self) -> &SecretAccessKey {
        &self.secret_access_key
    }

    /// The session token of temporary credentials.
    #[must_use]
    pub const fn session_token(&self) -> Option<&SessionToken> {
        self.session_token.as_ref()
    }

    /// When temporary credentials end.
    #[must_use]
    pub const fn expires_at(&self) -> Option<Timestamp> {
        self.expires_at
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials").field("access_key_id", &self.access_key_id).finish_non_exhaustive()
    }
}

/// The public half of credentials, such as `AKIAIOSFODNN7EXAMPLE`: it names the key in `Credential=`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct AccessKeyId(Box<str>);

impl AccessKeyId {
    /// Visible ASCII without `/` (it separates the credential scope) and `,` (it ends the credential).
    ///
    /// # Errors
    /// [`AccessKeyId`](ParseErrorKind::AccessKeyId) for anything else.
    pub fn new(text: &str) -> Result<Self, ParseError> {
        let refused = text.bytes().position(|byte| !byte.is_ascii_graphic() || matches!(byte, b'/' | b','));
        if text.is_empty() || refused.is_some() {
            // The value is not shown: a common mistake is to paste the secret here.
            return Err(ParseError::new(ParseErrorKind::AccessKeyId, "visible ASCII characters without `/` and `,`")
                .at(refused.unwrap_or(0)));
        }
        Ok(Self(text.into()))
    }

    /// The ID as text.
    #[must_use]
    pub const fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for AccessKeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The secret half of credentials. Wiped on drop, never printed, not comparable.
#[derive(Clone)]
pub struct SecretAccessKey(Zeroizing<String>);

impl SecretAccessKey {
    /// Any text without control characters and without white space at its ends: a copied line break or blank is the
    /// commonest cause of a wrong signature, so it is refused here.
    ///
    /// # Errors
    /// [`SecretAccessKey`](ParseErrorKind::SecretAccessKey); the message never shows the value.
    pub fn new(text: &str) -> Result<Self, ParseError> {
        if text.is_empty() || text.trim() != text || text.contains(char::is_control) {
            return Err(ParseError::new(
                ParseErrorKind::SecretAccessKey,
                "text without white space at its ends and without control characters (the value is not shown)",
            ));
        }
        Ok(Self(Zeroizing::new(text.to_owned())))
    }

    /// The secret, for a [`Signer`](crate::Signer) of your own whose cryptography is elsewhere. Mind where it goes; here
    /// only floor 2 reads it.
    #[must_use]
    pub fn expose(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

impl fmt::Debug for SecretAccessKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SecretAccessKey").finish_non_exhaustive()
    }
}

/// The token of temporary credentials, sent as `X-Amz-Security-Token`. Never printed, and wiped when the last who has it
/// is dropped: the requests signed with headers hold the same memory, not copies.
#[derive(Clone)]
pub struct SessionToken(HeaderValue);

impl SessionToken {
    /// Visible ASCII characters: the token travels in a header.
    ///
    /// # Errors
    /// [`SessionToken`](ParseErrorKind::SessionToken); the message never shows the value.
    pub fn new(text: &str) -> Result<Self, ParseError> {
        let error =
            || ParseError::new(ParseErrorKind::SessionToken, "visible ASCII characters (the value is not shown)");
        let refused = text.bytes().position(|byte| !byte.is_ascii_graphic());
        if text.is_empty() || refused.is_some() {
            return Err(error().at(refused.unwrap_or(0)));
        }
        let wiped = Bytes::from_owner(Zeroizing::new(text.to_owned()));
        let mut value = HeaderValue::from_maybe_shared(wiped).map_err(|_| error())?;
        // HTTP/2 must not index it, and `Debug` of a request must not print it.
        value.set_sensitive(true);
        Ok(Self(value))
    }

    /// The token as it is sent. Mind where it goes: whoever has it and the keys is you.
    #[must_use]
    pub fn expose(&self) -> &str {
        // Only ASCII is ever stored.
        str::from_utf8(self.0.as_bytes()).unwrap_or_default()
    }

    /// The value of the header; it shares its memory with this one.
    pub(crate) fn header_value(&self) -> HeaderValue {
        self.0.clone()
    }
}

impl fmt::Debug for SessionToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SessionToken").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_header_value_is_the_token_itself() {
        let token = SessionToken::new("IQoJb3JpZ2lu==").unwrap();
        let value = token.header_value();
        assert_eq!(value.as_bytes().as_ptr(), token.expose().as_ptr(), "no copy that nobody wipes");
        assert!(value.is_sensitive());
        assert_eq!(value, "IQoJb3JpZ2lu==");
    }
}
