//! Verifying a POST policy, and an upload form by it.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use data_encoding::BASE64;

use crate::{
    canonical::StringToSign,
    error::{VerifyError, VerifyErrorKind},
    types::{AccessKeyId, Algorithm, CredentialScope, PostCondition, PostPolicy, SessionToken, Signature, Timestamp},
    verify::{
        PostForm, VerificationKey, Verifier,
        authorization::{algorithm, credential, session_token, signature},
        checks,
        post_form::FileSize,
    },
};

/// Who says they signed the policy of an upload form, when and for what: read from the fields of the form, and **not
/// checked yet**. It names the key to look up.
#[derive(Clone)]
pub struct PostAuthorization<'a> {
    form: &'a PostForm<'a>,
    access_key_id: AccessKeyId,
    scope: CredentialScope,
    at: Timestamp,
    signature: Signature,
    session_token: Option<SessionToken>,
    /// In base64, as it was sent: the string to sign.
    policy: &'a str,
}

impl<'a> PostAuthorization<'a> {
    /// Reads what a form says.
    ///
    /// # Errors
    /// [`MissingAuthentication`](VerifyErrorKind::MissingAuthentication) if it has none of the fields of a signature,
    /// [`MalformedForm`](VerifyErrorKind::MalformedForm) if it has not all of them, or an empty `key`,
    /// [`AlgorithmNotEnabled`](VerifyErrorKind::AlgorithmNotEnabled) for SigV4a, which AWS does not define for policies, and
    /// a `Malformed…` or `Scope…` kind for a field that cannot be understood.
    pub fn from_form(form: &'a PostForm<'a>) -> Result<Self, VerifyError> {
        Self::read(form).map_err(VerifyError::in_form)
    }

    fn read(form: &'a PostForm<'a>) -> Result<Self, VerifyError> {
        if [POLICY, ALGORITHM, CREDENTIAL, SIGNATURE].iter().all(|name| form.raw(name).is_none()) {
            let message = "expected the fields of a signed policy, found none";
            return Err(VerifyError::new(VerifyErrorKind::MissingAuthentication, message));
        }
        let required = |name: &'static str| {
            let error = || VerifyError::new(VerifyErrorKind::MalformedForm, "a field is missing").wanted(name);
            form.raw(name).ok_or_else(error)
        };
        required(KEY)?;
        if form.field(KEY).is_some_and(|key| key.is_empty()) {
            let error = VerifyError::new(VerifyErrorKind::MalformedForm, "expected a `key`, found an empty one");
            return Err(error.detail("User key must have a length greater than 0.".to_owned()));
        }
        if algorithm(required(ALGORITHM)?)? == Algorithm::SigV4a {
            let message = "POST policies have no SigV4a form";
            return Err(VerifyError::new(VerifyErrorKind::AlgorithmNotEnabled, message)
                .wanted(Algorithm::SigV4.as_str())
                .found(Algorithm::SigV4a.as_str()));
        }
        let (access_key_id, scope) = credential(required(CREDENTIAL)?, Algorithm::SigV4)?;
        let date = required(DATE)?;
        let at = Timestamp::parse_amz_date(date).map_err(|_| {
            let message = "expected ISO 8601 basic form in UTC such as `20150830T123600Z` in `X-Amz-Date`";
            VerifyError::new(VerifyErrorKind::MalformedDate, message).found(date)
        })?;
        let signature = signature(required(SIGNATURE)?, Algorithm::SigV4)?;
        let token = TOKENS.iter().find_map(|name| form.raw(name));
        Ok(Self {
            form,
            access_key_id,
            scope,
            at,
            signature,
            session_token: token.map(session_token).transpose()?,
            policy: required(POLICY)?,
        })
    }

    /// The access key ID, by which the key is looked up.
    #[must_use]
    pub const fn access_key_id(&self) -> &AccessKeyId {
        &self.access_key_id
    }

    /// The credential scope.
    #[must_use]
    pub const fn scope(&self) -> &CredentialScope {
        &self.scope
    }

    /// When the policy was signed.
    #[must_use]
    pub const fn signed_at(&self) -> Timestamp {
        self.at
    }

    /// The session token of temporary credentials.
    #[must_use]
    pub const fn session_token(&self) -> Option<&SessionToken> {
        self.session_token.as_ref()
    }

    fn string_to_sign(&self) -> StringToSign {
        StringToSign::for_policy(self.policy.to_owned(), self.scope.clone())
    }

    fn policy(&self) -> Result<PostPolicy, VerifyError> {
        let error = |message: String| VerifyError::new(VerifyErrorKind::MalformedPolicy, message);
        let decoded =
            BASE64.decode(self.policy.as_bytes()).map_err(|found| error(format!("expected base64: {found}")))?;
        let json = str::from_utf8(&decoded).map_err(|found| error(format!("expected UTF-8: {found}")))?;
        PostPolicy::parse(json).map_err(|found| error(found.to_string()))
    }
}

impl fmt::Debug for PostAuthorization<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PostAuthorization")
            .field("access_key_id", &self.access_key_id)
            .field("scope", &self.scope)
            .finish_non_exhaustive()
    }
}

impl Verifier {
    /// Everything about a signed upload form that can be checked without the key: what is refused here needs no lookup.
    /// [`verify_post`](Self::verify_post) does it again.
    ///
    /// # Errors
    /// [`VerifyError`], see its kinds.
    pub fn check_post(&self, authorization: &PostAuthorization<'_>) -> Result<(), VerifyError> {
        if !self.algorithms.contains(&Algorithm::SigV4) {
            return Err(VerifyError::new(VerifyErrorKind::AlgorithmNotEnabled, "this server does not accept it")
                .found(Algorithm::SigV4.as_str()));
        }
        let scope = &authorization.scope;
        let scope_is_right = checks::scope_date(scope, authorization.at)
            .and_then(|()| checks::region(self, scope))
            .and_then(|()| checks::service(self, scope));
        scope_is_right.map_err(VerifyError::in_form)
    }

    /// Checks everything, in S3's order: the owner of the key signed this policy, it has not ended, and the form fulfils
    /// it. A policy is good until its own end, whenever it was signed: there is no window around its date.
    ///
    /// More strictly than S3 may: a policy must name the bucket, and bind algorithm, credential and date to one value
    /// each.
    ///
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use sigv4a::{
    ///     Credentials, PostAuthorization, PostForm, PostPolicy, Region, Service, SigV4, Timestamp, VerificationKey, Verifier,
    /// };
    ///
    /// // Someone lets a browser upload one picture…
    /// let now = Timestamp::parse_amz_date("20151229T000000Z")?;
    /// let credentials = Credentials::new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")?;
    /// let signer = SigV4::new(credentials, Region::new("us-east-1")?, Service::S3);
    /// let policy = PostPolicy::new("pictures", now.saturating_add(600)).with_field("key", "beach.jpg")?;
    /// let signed = policy.with_content_length_range(1..=1_000_000)?.sign(&signer, now)?;
    ///
    /// // … and a server receives it.
    /// let mut form = PostForm::new("pictures").with_file_size(54_321);
    /// for (name, value) in signed.fields() {
    ///     form = form.with_field(name, value)?;
    /// }
    /// let verifier = Verifier::new(Service::S3, Region::new("us-east-1")?);
    /// let key = VerificationKey::new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")?;
    /// let authorization = PostAuthorization::from_form(&form)?;
    /// let verified = verifier.verify_post(&authorization, &key, now)?;
    /// assert_eq!((verified.bucket(), verified.key()), ("pictures", "beach.jpg"));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`VerifyError`], see its kinds.
    pub fn verify_post(
        &self,
        authorization: &PostAuthorization<'_>,
        key: &VerificationKey,
        now: Timestamp,
    ) -> Result<VerifiedPost, VerifyError> {
        self.check_post(authorization)?;
        if key.access_key_id() != authorization.access_key_id() {
            return Err(VerifyError::new(VerifyErrorKind::UnknownKey, "nobody here has it")
                .found(authorization.access_key_id.as_str()));
        }
        let checker = key.checker(Algorithm::SigV4, &authorization.scope)?;
        if !checker.accepts(&authorization.string_to_sign(), &authorization.signature) {
            let message = "the signature is not the key's over this policy";
            return Err(VerifyError::new(VerifyErrorKind::SignatureMismatch, message));
        }
        key.check_session(authorization.session_token(), now)?;
        let policy = authorization.policy()?;
        if policy.expires_at() <= now {
            let message = format!("it ended at {}, now it is {now}", policy.expires_at());
            return Err(VerifyError::new(VerifyErrorKind::PolicyExpired, message));
        }
        let verified = VerifiedPost::new(authorization, policy);
        verified.check_conditions()?;
        verified.check_coverage()?;
        match authorization.form.file_size {
            FileSize::Known(bytes) => verified.check_size(bytes)?,
            FileSize::Unread => {}
        }
        Ok(verified)
    }
}

/// An upload form whose policy was checked, and which fulfils it. Only a [`Verifier`] makes one.
///
/// If the size of the file was not given to the verifier, [`check_size`](Self::check_size) is still to be done.
#[derive(Clone)]
pub struct VerifiedPost {
    access_key_id: AccessKeyId,
    scope: CredentialScope,
    at: Timestamp,
    bucket: Box<str>,
    /// By names in lower case; `${filename}` replaced.
    fields: BTreeMap<String, String>,
    policy: PostPolicy,
}

impl VerifiedPost {
    fn new(authorization: &PostAuthorization<'_>, policy: PostPolicy) -> Self {
        let form = authorization.form;
        let fields = form.fields().map(|(name, value)| (name.to_owned(), value.into_owned()));
        Self {
            access_key_id: authorization.access_key_id.clone(),
            scope: authorization.scope.clone(),
            at: authorization.at,
            bucket: form.bucket.into(),
            fields: fields.collect(),
            policy,
        }
    }

    /// Who signed the policy.
    #[must_use]
    pub const fn access_key_id(&self) -> &AccessKeyId {
        &self.access_key_id
    }

    /// The credential scope.
    #[must_use]
    pub const fn scope(&self) -> &CredentialScope {
        &self.scope
    }

    /// When the policy was signed.
    #[must_use]
    pub const fn signed_at(&self) -> Timestamp {
        self.at
    }

    /// The policy.
    #[must_use]
    pub const fn policy(&self) -> &PostPolicy {
        &self.policy
    }

    /// The bucket the form was sent to, which the policy allows.
    #[must_use]
    pub const fn bucket(&self) -> &str {
        &self.bucket
    }

    /// The key to store the file under, which the policy allows.
    #[must_use]
    pub fn key(&self) -> &str {
        self.field(KEY).unwrap_or_default()
    }

    /// The value of a field, the name of the file in it as the policy allows it. The name of the field may be in any
    /// letter case.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&str> {
        self.fields.get(&name.to_ascii_lowercase()).map(String::as_str)
    }

    /// Whether the file has a size that the policy allows. For one that is read in pieces:
    /// [`PostPolicy::content_length_range`] says where to stop.
    ///
    /// # Errors
    /// [`BodyTooLarge`](VerifyErrorKind::BodyTooLarge), [`BodyTooSmall`](VerifyErrorKind::BodyTooSmall).
    pub fn check_size(&self, bytes: u64) -> Result<(), VerifyError> {
        let range = self.policy.content_length_range();
        let error = |kind, rule: String| Err(VerifyError::new(kind, rule).found(format!("{bytes} bytes")).in_form());
        match bytes {
            bytes if bytes > *range.end() => {
                error(VerifyErrorKind::BodyTooLarge, format!("the policy allows {} bytes", range.end()))
            }
            bytes if bytes < *range.start() => {
                error(VerifyErrorKind::BodyTooSmall, format!("the policy wants {} bytes", range.start()))
            }
            _ => Ok(()),
        }
    }

    /// The values that a condition is about: of the bucket that of the URL, and that of the form if it has one.
    fn values(&self, condition: &PostCondition) -> impl Iterator<Item = &str> {
        let bucket = condition.is_about(BUCKET).then_some(&*self.bucket);
        let named = condition.field().and_then(|name| self.field(name));
        bucket.into_iter().chain(named)
    }

    /// Every condition is met. One about a field that is not there never is, as at S3.
    fn check_conditions(&self) -> Result<(), VerifyError> {
        let is_met = |condition: &PostCondition| match condition.field() {
            None => true,
            Some(_) => {
                self.values(condition).next().is_some() && self.values(condition).all(|value| condition.allows(value))
            }
        };
        match self.policy.conditions().iter().find(|condition| !is_met(condition)) {
            None => Ok(()),
            Some(condition) => {
                let message = "the form does not fulfil it";
                Err(VerifyError::new(VerifyErrorKind::PolicyCondition, message).wanted(&condition.to_string()))
            }
        }
    }

    /// Every field is in a condition, and so is the bucket: what the policy does not mention, its signer did not allow.
    fn check_coverage(&self) -> Result<(), VerifyError> {
        let names = self.fields.keys().map(String::as_str);
        let needs_none = |name: &str| NO_CONDITION.contains(&name) || name.starts_with(IGNORED);
        let covered = |condition: &PostCondition| {
            let name = condition.field()?.to_ascii_lowercase();
            (!EXACT.contains(&name.as_str()) || condition.exact_value().is_some()).then_some(name)
        };
        let covered: BTreeSet<String> = self.policy.conditions().iter().filter_map(covered).collect();
        let is_covered = |name: &str| covered.contains(name);
        match names.chain([BUCKET]).find(|name| !needs_none(name) && !is_covered(name)) {
            None => Ok(()),
            Some(name) => {
                let message = match EXACT.contains(&name) {
                    true => "no condition binds it to one value",
                    false => "no condition mentions it",
                };
                Err(VerifyError::new(VerifyErrorKind::PolicyExtraField, message).found(name))
            }
        }
    }
}

impl fmt::Debug for VerifiedPost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VerifiedPost")
            .field("access_key_id", &self.access_key_id)
            .field("bucket", &self.bucket)
            .finish_non_exhaustive()
    }
}

const BUCKET: &str = "bucket";
const KEY: &str = "key";

/// Spelled as S3 names them when they are missing.
const ALGORITHM: &str = "X-Amz-Algorithm";
const CREDENTIAL: &str = "X-Amz-Credential";
const DATE: &str = "X-Amz-Date";
const SIGNATURE: &str = "X-Amz-Signature";
const POLICY: &str = "Policy";
/// The second is that of S3 Express sessions.
const TOKENS: [&str; 2] = ["X-Amz-Security-Token", "X-Amz-S3session-Token"];

/// Fields that need no condition, and the beginning of the names of others.
const NO_CONDITION: [&str; 3] = ["policy", "x-amz-signature", "file"];
const IGNORED: &str = "x-ignore-";

/// Fields that AWS binds with exact conditions only: else a policy could be used with another time of day.
const EXACT: [&str; 3] = ["x-amz-algorithm", "x-amz-credential", "x-amz-date"];
