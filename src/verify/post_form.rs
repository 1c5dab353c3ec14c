//! A received upload form.

use std::{borrow::Cow, fmt};

use crate::error::{VerifyError, VerifyErrorKind};

/// The fields of an HTML form that uploads a file to a bucket (`multipart/form-data`), those before the file: what
/// comes behind it S3 ignores.
///
/// See [POST
/// object](https://docs.aws.amazon.com/AmazonS3/latest/API/RESTObjectPOST.html).
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use sigv4a::PostForm;
/// let form = PostForm::new("sigv4examplebucket")
///     .with_field("key", "user/user1/${filename}")?
///     .with_field("Content-Type", "image/jpeg")?
///     .with_file_name(r"C:\holidays\beach.jpg");
/// assert_eq!(form.field("KEY").as_deref(), Some("user/user1/beach.jpg"));
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct PostForm<'a> {
    pub(super) bucket: &'a str,
    fields: Vec<(&'a str, &'a str)>,
    file_name: FileName<'a>,
    pub(super) file_size: FileSize,
}

/// What `${filename}` becomes.
#[derive(Clone, Copy)]
enum FileName<'a> {
    /// It stays, as S3 leaves it when the file has no name.
    Absent,
    Given(&'a str),
}

/// How large the file is.
#[derive(Clone, Copy)]
pub(super) enum FileSize {
    /// It is still to come.
    Unread,
    Known(u64),
}

impl<'a> PostForm<'a> {
    /// A form that was sent to this bucket: the one in the URL, whatever the form says.
    #[must_use]
    pub const fn new(bucket: &'a str) -> Self {
        Self { bucket, fields: Vec::new(), file_name: FileName::Absent, file_size: FileSize::Unread }
    }

    /// Adds a field. Its name may be in any letter case.
    ///
    /// # Errors
    /// [`MalformedForm`](VerifyErrorKind::MalformedForm) if there is one of this name: which of them another program reads
    /// nobody knows.
    pub fn with_field(mut self, name: &'a str, value: &'a str) -> Result<Self, VerifyError> {
        if self.raw(name).is_some() {
            let message = "a field stands there twice";
            return Err(VerifyError::new(VerifyErrorKind::MalformedForm, message).found(name));
        }
        self.fields.push((name, value));
        Ok(self)
    }

    /// The name of the file: its last part, behind any `/` and `\`, takes the place of `${filename}` in every field.
    #[must_use]
    pub fn with_file_name(mut self, name: &'a str) -> Self {
        self.file_name = FileName::Given(name.rsplit(['/', '\\']).next().unwrap_or(name));
        self
    }

    /// The size of the file in bytes. Without it, [`VerifiedPost::check_size`](crate::VerifiedPost::check_size) is still
    /// to be done.
    #[must_use]
    pub const fn with_file_size(mut self, bytes: u64) -> Self {
        self.file_size = FileSize::Known(bytes);
        self
    }

    /// The bucket.
    #[must_use]
    pub const fn bucket(&self) -> &str {
        self.bucket
    }

    /// The value of a field, with the name of the file in it.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<Cow<'a, str>> {
        self.raw(name).map(|value| self.resolved(value))
    }

    /// The value of a field as it was sent.
    pub(super) fn raw(&self, name: &str) -> Option<&'a str> {
        self.fields.iter().find_map(|(own, value)| own.eq_ignore_ascii_case(name).then_some(*value))
    }

    /// Every field, with the name of the file in it.
    pub(super) fn fields(&self) -> impl Iterator<Item = (&'a str, Cow<'a, str>)> {
        self.fields.iter().map(|(name, value)| (*name, self.resolved(value)))
    }

    fn resolved(&self, value: &'a str) -> Cow<'a, str> {
        match self.file_name {
            FileName::Given(name) if value.contains(FILE_NAME) => Cow::Owned(value.replace(FILE_NAME, name)),
            _ => Cow::Borrowed(value),
        }
    }
}

impl fmt::Debug for PostForm<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A value may be a session token, a key of the client's (SSE-C), or anything.
        let names: Vec<&str> = self.fields.iter().map(|(name, _)| *name).collect();
        f.debug_struct("PostForm").field("bucket", &self.bucket).field("fields", &names).finish_non_exhaustive()
    }
}

const FILE_NAME: &str = "${filename}";
