//! Signing a POST policy.

use std::{borrow::Cow, collections::BTreeSet, fmt};

use data_encoding::BASE64;

use crate::{
    canonical::StringToSign,
    error::{ParseError, ParseErrorKind, SignError, SignErrorKind},
    sign::{Signer, expiry::check_expiry},
    types::{Algorithm, PostCondition, PostPolicy, SessionToken, Timestamp},
};

impl PostPolicy {
    /// Signs the policy: adds the conditions that bind the fields of the signature, and gives the fields of the form.
    ///
    /// Conditions on those fields that are there already, left by an earlier signing, are replaced; those on a session
    /// token, which these credentials may not have, are dropped.
    ///
    /// See [Calculating a
    /// signature](https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-authentication-HTTPPOST.html). AWS defines
    /// policies for SigV4 only.
    ///
    /// # Errors
    /// [`Unsupported`](SignErrorKind::Unsupported) for a SigV4a signer,
    /// [`CredentialsExpired`](SignErrorKind::CredentialsExpired), [`Invalid`](SignErrorKind::Invalid) for a policy that has
    /// ended at `at`, or what the signer fails with.
    pub fn sign<S: Signer>(&self, signer: &S, at: Timestamp) -> Result<SignedPost, SignError> {
        let binding = Binding::new(signer, at)?;
        let policy = TOKENS.iter().fold(self.clone(), |policy, name| policy.without(name));
        let policy = binding
            .fields
            .iter()
            .fold(policy, |policy, (name, value)| policy.without(name).with(PostCondition::equals(name, value)));
        binding.sign(&policy, &policy.to_json())
    }

    /// Signs a policy that is there as JSON text, to the byte: one that someone wrote by hand, or another program.
    ///
    /// # Errors
    /// As [`sign`](Self::sign); [`Invalid`](SignErrorKind::Invalid) if the text is not a policy, or has not the conditions
    /// that bind the fields of the signature to the values they will have.
    pub fn sign_json<S: Signer>(json: &str, signer: &S, at: Timestamp) -> Result<SignedPost, SignError> {
        let binding = Binding::new(signer, at)?;
        let policy = Self::parse(json)?;
        for (name, value) in &binding.fields {
            let binds =
                |condition: &PostCondition| condition.is_about(name) && condition.exact_value() == Some(value.as_str());
            if !policy.conditions().iter().any(binds) {
                let message = format!("the condition {}", PostCondition::equals(name, value));
                return Err(ParseError::new(ParseErrorKind::PostPolicy, message).into());
            }
        }
        binding.sign(&policy, json)
    }
}

/// The fields of the signature, but for the policy and the signature itself.
struct Binding<'a> {
    signer: &'a dyn Signer,
    at: Timestamp,
    fields: Vec<(&'static str, String)>,
}

impl<'a> Binding<'a> {
    fn new(signer: &'a dyn Signer, at: Timestamp) -> Result<Self, SignError> {
        if signer.algorithm() != Algorithm::SigV4 {
            let message = "expected sigv4, found sigv4a: POST policies have no SigV4a form";
            return Err(SignError::new(SignErrorKind::Unsupported, message));
        }
        check_expiry(signer, at)?;
        let credential = [signer.access_key_id().as_str(), "/", signer.scope(at).as_str()].concat();
        let mut fields = vec![
            ("x-amz-algorithm", Algorithm::SigV4.as_str().to_owned()),
            ("x-amz-credential", credential),
            ("x-amz-date", at.amz_date().to_owned()),
        ];
        if let Some(token) = signer.session_token().map(SessionToken::expose) {
            fields.push((signer.options().profile().session_token_header, token.to_owned()));
        }
        Ok(Self { signer, at, fields })
    }

    /// `json` is the text of `policy`.
    fn sign(self, policy: &PostPolicy, json: &str) -> Result<SignedPost, SignError> {
        let (at, expires_at) = (self.at, policy.expires_at());
        if expires_at <= at {
            let found = format!("{expires_at}, signed at {at}");
            return Err(ParseError::new(ParseErrorKind::PostPolicy, "an end after its signing").found(found).into());
        }
        let policy_base64 = BASE64.encode(json.as_bytes());
        let string_to_sign = StringToSign::for_policy(policy_base64.clone(), self.signer.scope(at));
        let signature = self.signer.sign_string(&string_to_sign)?.to_hex();
        let is_field = |condition: &&PostCondition| !condition.is_about("bucket");
        let known = policy.conditions().iter().filter(is_field);
        let known =
            known.filter_map(|condition| Some((condition.field()?.to_owned(), condition.exact_value()?.to_owned())));
        let own = [("policy", policy_base64), ("x-amz-signature", signature)];
        // Two equal conditions need one field; two that differ can be fulfilled by none.
        let mut names = BTreeSet::new();
        let known = known.filter(|(name, _)| names.insert(name.to_ascii_lowercase()));
        let mut fields: Vec<(Cow<'static, str>, String)> = known.map(|(name, value)| (name.into(), value)).collect();
        fields.extend(own.map(|(name, value)| (Cow::Borrowed(name), value)));
        Ok(SignedPost { fields })
    }
}

/// A signed POST policy, as the hidden fields of a form.
///
/// See [HTML form
/// fields](https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTForms.html).
#[derive(Clone)]
pub struct SignedPost {
    fields: Vec<(Cow<'static, str>, String)>,
}

impl SignedPost {
    /// The fields whose value is known: those with an exact condition, then `policy` and `x-amz-signature`. What only
    /// has to start in some way, often `key`, is the form's to add, and last of all the `file`: S3 reads no field behind
    /// it.
    ///
    /// Whoever has them can upload until the policy ends.
    pub fn fields(&self) -> impl Iterator<Item = (&str, &str)> {
        self.fields.iter().map(|(name, value)| (&**name, value.as_str()))
    }

    /// The value of a field, whose name may be in any letter case.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&str> {
        self.fields().find_map(|(own, value)| own.eq_ignore_ascii_case(name).then_some(value))
    }
}

impl fmt::Debug for SignedPost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignedPost").finish_non_exhaustive()
    }
}

/// The second is that of S3 Express sessions.
const TOKENS: [&str; 2] = ["x-amz-security-token", "x-amz-s3session-token"];
