//! Bytes on their way in and out.

use std::{ffi::c_int, ptr, slice};

use mountpoint_s3_crt_sys::{aws_byte_buf, aws_byte_cursor, aws_byte_cursor_from_string, aws_string};

use super::library::{check, unknown_error};
use crate::CrtError;

/// What the runtime reads bytes through: address and length. It never writes through one.
///
/// A cursor does not know how long its bytes live: whoever passes one on sees to that.
pub(super) const fn cursor(bytes: &[u8]) -> aws_byte_cursor {
    aws_byte_cursor { len: bytes.len(), ptr: bytes.as_ptr().cast_mut() }
}

/// Lets the runtime write into `room` and returns what it wrote.
pub(super) fn written(room: &mut [u8], write: impl FnOnce(*mut aws_byte_buf) -> c_int) -> Result<&[u8], CrtError> {
    // Without an allocator the runtime cannot grow it: what does not fit is an error.
    let mut buffer =
        aws_byte_buf { len: 0, buffer: room.as_mut_ptr(), capacity: room.len(), allocator: ptr::null_mut() };
    check(write(&raw mut buffer))?;
    room.get(..buffer.len).ok_or_else(unknown_error)
}

/// Copies a cursor's bytes.
///
/// # Safety
/// The cursor's bytes are there and nobody writes to them meanwhile.
pub(super) unsafe fn copied(cursor: aws_byte_cursor) -> Vec<u8> {
    if cursor.ptr.is_null() {
        return Vec::new();
    }
    // SAFETY: not null, and `len` bytes are there, as the caller promises.
    unsafe { slice::from_raw_parts(cursor.ptr, cursor.len) }.to_vec()
}

/// Copies a string.
///
/// # Safety
/// `string` is null or a string of the runtime that nobody releases meanwhile.
pub(super) unsafe fn copied_string(string: *const aws_string) -> Option<String> {
    if string.is_null() {
        return None;
    }
    // SAFETY: a string that is alive, so that the cursor's bytes are too.
    let bytes = unsafe { copied(aws_byte_cursor_from_string(string)) };
    String::from_utf8(bytes).ok()
}
