//! Starting the libraries, and their errors.

use std::{
    ffi::{CStr, c_char, c_int},
    sync::Once,
};

use mountpoint_s3_crt_sys::{
    aws_allocator, aws_auth_library_init, aws_common_error, aws_default_allocator, aws_error_name, aws_error_str,
    aws_last_error,
};

use crate::CrtError;

/// The allocator everything is made with. To ask for it initialises the libraries, so nothing can be made before.
///
/// They are never cleaned up. Their initialisation is a flag and no count: to clear it would take the libraries from
/// under whoever else in the process uses them, and under threads that still run. What stays is a few tables, reachable
/// until the process ends.
pub(super) fn allocator() -> *mut aws_allocator {
    static STARTED: Once = Once::new();
    STARTED.call_once(|| {
        // SAFETY: the default allocator is a static of the library. `Once` lets one thread in and makes the others wait.
        // What another user of these libraries initialised before is left as it is; against one who does so at the same
        // instant C has no lock, as the README says.
        unsafe { aws_auth_library_init(aws_default_allocator()) };
    });
    // SAFETY: returns the address of a static, which may be used from every thread.
    unsafe { aws_default_allocator() }
}

/// What a function of the runtime returned, as a result: it is 0, or the thread's last error says more.
pub(super) fn check(status: c_int) -> Result<(), CrtError> {
    match status {
        0 => Ok(()),
        _ => Err(last_error()),
    }
}

/// The error the runtime raised last on this thread.
pub(super) fn last_error() -> CrtError {
    // SAFETY: reads a thread-local integer.
    error(unsafe { aws_last_error() })
}

/// The error for what the runtime does not say.
pub(super) fn unknown_error() -> CrtError {
    error(UNKNOWN)
}

/// The error of a code; an unknown one for 0, which is none.
pub(super) fn error(code: c_int) -> CrtError {
    let code = match code {
        0 => UNKNOWN,
        code => code,
    };
    // SAFETY: both look the code up in tables of string literals, for any integer, and answer with a literal of their own
    // if it is in none. Literals live as long as the process: the libraries are linked statically and never cleaned up.
    let (name, message) = unsafe { (text(aws_error_name(code)), text(aws_error_str(code))) };
    CrtError::new(code, name, message)
}

#[expect(clippy::as_conversions, reason = "the number of a C enum")]
const UNKNOWN: c_int = aws_common_error::AWS_ERROR_UNKNOWN as c_int;

/// # Safety
/// `literal` is null or a string that lives as long as the process.
unsafe fn text(literal: *const c_char) -> &'static str {
    if literal.is_null() {
        return "";
    }
    // SAFETY: not null, and a string for ever, as the caller promises.
    unsafe { CStr::from_ptr(literal) }.to_str().unwrap_or_default()
}
