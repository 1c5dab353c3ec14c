//! A received upload form.

use std::{
    borrow::Cow,
    collections::{BTreeMap, btree_map::Entry},
    fmt,
};

use crate::error::{VerifyError, VerifyErrorKind};

/// The fields of an HTML form that uploads a file to a bucket (`multipart/form-data`), those before the file: what
/// comes behind it S3 ignores. They have 20,480 bytes at most, as at S3.
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
///     .with_file_name(r"C:\holidays\beach.jpg")?;
/// assert_eq!(form.field("KEY").as_deref(), Some("user/user1/beach.jpg"));
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct PostForm<'a> {
    pub(super) bucket: &'a str,
    /// By their names in lower case.
    fields: BTreeMap<String, &'a str>,
    /// Of all names and values, in bytes.
    size: usize,
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
        let (file_name, file_size) = (FileName::Absent, FileSize::Unread);
        Self { bucket, fields: BTreeMap::new(), size: 0, file_name, file_size }
    }

    /// Adds a field. Its name may be in any letter case.
    ///
    /// # Errors
    /// [`FormTooLarge`](VerifyErrorKind::FormTooLarge) if the names and values are too long together;
    /// [`MalformedForm`](VerifyErrorKind::MalformedForm) if there is one of this name: which of them another program reads
    /// nobody knows.
    pub fn with_field(mut self, name: &'a str, value: &'a str) -> Result<Self, VerifyError> {
        self.size = self.size.saturating_add(name.len()).saturating_add(value.len());
        if self.size > MAX_FIELDS_LEN {
            let message = format!("expected fields of {MAX_FIELDS_LEN} bytes at most");
            return Err(VerifyError::new(VerifyErrorKind::FormTooLarge, message).found(format!("{} bytes", self.size)));
        }
        match self.fields.entry(name.to_ascii_lowercase()) {
            Entry::Vacant(place) => place.insert(value),
            Entry::Occupied(_) => {
                let message = "a field stands there twice";
                return Err(VerifyError::new(VerifyErrorKind::MalformedForm, message).found(name));
            }
        };
        Ok(self)
    }

    /// The name of the file: its last part, behind any `/` and `\`, takes the place of `${filename}` in every field.
    ///
    /// # Errors
    /// [`FormTooLarge`](VerifyErrorKind::FormTooLarge) if that part has more bytes than a key can have: 1,024.
    pub fn with_file_name(mut self, name: &'a str) -> Result<Self, VerifyError> {
        let name = name.rsplit(['/', '\\']).next().unwrap_or(name);
        if name.len() > MAX_FILE_NAME_LEN {
            let message = format!("expected a file name of {MAX_FILE_NAME_LEN} bytes at most");
            return Err(VerifyError::new(VerifyErrorKind::FormTooLarge, message).found(format!("{} bytes", name.len())));
        }
        self.file_name = FileName::Given(name);
        Ok(self)
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
        self.fields.get(&name.to_ascii_lowercase()).copied()
    }

    /// Every field by its name in lower case, with the name of the file in it.
    pub(super) fn fields(&self) -> impl Iterator<Item = (&str, Cow<'a, str>)> {
        self.fields.iter().map(|(name, value)| (name.as_str(), self.resolved(value)))
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
        let names: Vec<&String> = self.fields.keys().collect();
        f.debug_struct("PostForm").field("bucket", &self.bucket).field("fields", &names).finish_non_exhaustive()
    }
}

const FILE_NAME: &str = "${filename}";

/// "The form data and boundaries (excluding the contents of the file) cannot exceed 20 KB", [HTML form
/// fields](https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTForms.html); S3's error says 20480. The boundaries
/// are not seen here, so that no form is refused that S3 takes.
const MAX_FIELDS_LEN: usize = 20_480;

/// The longest key, in bytes of UTF-8: [Naming
/// objects](https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html). Without a limit, fields full of
/// `${filename}` would grow with the product of both.
const MAX_FILE_NAME_LEN: usize = 1_024;
