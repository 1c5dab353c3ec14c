//! How S3 words its refusals of upload forms.

use crate::error::{VerifyError, VerifyErrorKind as Kind};

/// The code and status of what only an upload form is refused for, or is refused for otherwise than a request.
pub(super) fn code(error: &VerifyError) -> Option<(&'static str, u16)> {
    match error.kind() {
        Kind::MalformedForm => Some(INVALID_ARGUMENT),
        // As S3 sends it; its list of errors has an `Error` at the end.
        Kind::FormTooLarge => Some(("MaxPostPreDataLengthExceeded", 400)),
        Kind::MalformedPolicy => Some(("InvalidPolicyDocument", 400)),
        Kind::PolicyExpired | Kind::PolicyCondition | Kind::PolicyExtraField => Some(("AccessDenied", 403)),
        Kind::BodyTooSmall => Some(("EntityTooSmall", 400)),
        Kind::MalformedCredential
        | Kind::MalformedSignature
        | Kind::MalformedDate
        | Kind::ScopeTerminator
        | Kind::ScopeDate
        | Kind::ScopeRegion
        | Kind::ScopeService
            if error.is_in_form() =>
        {
            Some(INVALID_ARGUMENT)
        }
        _ => None,
    }
}

/// The message, where S3 has one of its own.
pub(super) fn message(error: &VerifyError) -> Option<String> {
    let (expected, found) = (error.expected_value(), error.found_value());
    let text = match error.kind() {
        Kind::PolicyExpired => "Invalid according to Policy: Policy expired.",
        Kind::PolicyCondition => {
            return Some(format!("Invalid according to Policy: Policy Condition failed: {expected}"));
        }
        Kind::PolicyExtraField => return Some(format!("Invalid according to Policy: Extra input fields: {found}")),
        Kind::FormTooLarge => "Your POST request fields preceeding the upload file was too large.",
        Kind::MalformedPolicy => return Some(format!("Invalid Policy: {error}")),
        Kind::BodyTooSmall => "Your proposed upload is smaller than the minimum allowed size",
        Kind::BodyTooLarge if error.is_in_form() => "Your proposed upload exceeds the maximum allowed size",
        Kind::MalformedForm if !error.detail_text().is_empty() => error.detail_text(),
        Kind::MalformedForm if !expected.is_empty() => {
            return Some(format!(
                "Bucket POST must contain a field named '{expected}'.  If it is specified, please check the order of the \
                 fields."
            ));
        }
        Kind::MalformedDate if error.is_in_form() => "X-Amz-Date must be formated via ISO8601 Long format",
        _ => return None,
    };
    Some(text.to_owned())
}

const INVALID_ARGUMENT: (&str, u16) = ("InvalidArgument", 400);
