//! Headers, and fields of a form, whose value nobody but the recipient may see.

/// In lower case: a signature, the tokens of sessions, and the keys of whoever encrypts what S3 stores ([server-side
/// encryption with customer-provided
/// keys](https://docs.aws.amazon.com/AmazonS3/latest/userguide/ServerSideEncryptionCustomerKeys.html)).
pub(crate) const SECRET_FIELDS: [&str; 5] = [
    "authorization",
    "x-amz-security-token",
    "x-amz-s3session-token",
    "x-amz-server-side-encryption-customer-key",
    "x-amz-copy-source-server-side-encryption-customer-key",
];
