//! What can be signed: a request, a canonical request, a chunk, trailers.

use std::{marker::PhantomData, ptr::NonNull};

use mountpoint_s3_crt_sys::{
    aws_http_header, aws_http_header_compression, aws_http_headers, aws_http_headers_add_header, aws_http_headers_new,
    aws_http_headers_release, aws_http_message, aws_http_message_add_header, aws_http_message_new_request,
    aws_http_message_release, aws_http_message_set_body_stream, aws_http_message_set_request_method,
    aws_http_message_set_request_path, aws_input_stream, aws_input_stream_new_from_cursor, aws_input_stream_release,
    aws_signable,
};

use super::{
    bytes::cursor,
    library::{allocator, check, last_error},
    undeclared::{
        aws_signable_destroy, aws_signable_new_canonical_request, aws_signable_new_chunk,
        aws_signable_new_http_request, aws_signable_new_trailing_headers,
    },
};
use crate::CrtError;

/// An HTTP request as the runtime is told it.
pub(crate) struct Request<'a, H> {
    pub(crate) method: &'a str,
    /// Path and query.
    pub(crate) target: &'a str,
    /// Names and values.
    pub(crate) headers: H,
    pub(crate) body: &'a [u8],
}

/// Something to sign. It may read the bytes it was made of until it is dropped.
pub(crate) struct Signable<'a> {
    object: NonNull<aws_signable>,
    bytes: PhantomData<&'a [u8]>,
}

impl<'a> Signable<'a> {
    /// A request.
    pub(crate) fn request<'h>(
        request: Request<'a, impl Iterator<Item = (&'h [u8], &'h [u8])>>,
    ) -> Result<Self, CrtError> {
        let message = HttpMessage::new()?;
        let body = (!request.body.is_empty()).then(|| InputStream::new(request.body)).transpose()?;
        // SAFETY: the message is alive and nobody else has it; it copies the strings. The body's stream it holds for
        // itself, and that only reads `request.body`, which outlives what is made here.
        unsafe {
            check(aws_http_message_set_request_method(message.0.as_ptr(), cursor(request.method.as_bytes())))?;
            check(aws_http_message_set_request_path(message.0.as_ptr(), cursor(request.target.as_bytes())))?;
            if let Some(body) = &body {
                aws_http_message_set_body_stream(message.0.as_ptr(), body.0.as_ptr());
            }
        }
        for (name, value) in request.headers {
            // SAFETY: as above; the header is copied.
            check(unsafe { aws_http_message_add_header(message.0.as_ptr(), header(name, value)) })?;
        }
        // SAFETY: the message is alive, and the new object holds it for itself.
        Self::own(unsafe { aws_signable_new_http_request(allocator(), message.0.as_ptr()) })
    }

    /// A canonical request that someone else made.
    pub(crate) fn canonical_request(text: &str) -> Result<Self, CrtError> {
        // SAFETY: the text is borrowed for the call, which copies it.
        Self::own(unsafe { aws_signable_new_canonical_request(allocator(), cursor(text.as_bytes())) })
    }

    /// The data of a chunk, after the signature before it.
    pub(crate) fn chunk(data: &'a [u8], previous: &str) -> Result<Self, CrtError> {
        let stream = InputStream::new(data)?;
        // SAFETY: the new object holds the stream, which reads `data`, for itself, and copies the signature.
        Self::own(unsafe { aws_signable_new_chunk(allocator(), stream.0.as_ptr(), cursor(previous.as_bytes())) })
    }

    /// Trailers, after the signature of the last chunk.
    pub(crate) fn trailers<'h>(
        trailers: impl Iterator<Item = (&'h [u8], &'h [u8])>,
        previous: &str,
    ) -> Result<Self, CrtError> {
        let headers = HttpHeaders::new()?;
        for (name, value) in trailers {
            // SAFETY: the headers are alive and nobody else has them; the header is copied.
            check(unsafe { aws_http_headers_add_header(headers.0.as_ptr(), &header(name, value)) })?;
        }
        let previous = cursor(previous.as_bytes());
        // SAFETY: the new object holds the headers for itself, and copies the signature.
        Self::own(unsafe { aws_signable_new_trailing_headers(allocator(), headers.0.as_ptr(), previous) })
    }

    fn own(made: *mut aws_signable) -> Result<Self, CrtError> {
        let object = NonNull::new(made).ok_or_else(last_error)?;
        Ok(Self { object, bytes: PhantomData })
    }

    pub(super) const fn as_ptr(&self) -> *const aws_signable {
        self.object.as_ptr()
    }
}

impl Drop for Signable<'_> {
    fn drop(&mut self) {
        // SAFETY: this owns the object, and nobody uses it after. What it holds it releases itself.
        unsafe { aws_signable_destroy(self.object.as_ptr()) };
    }
}

const fn header(name: &[u8], value: &[u8]) -> aws_http_header {
    let compression = aws_http_header_compression::AWS_HTTP_HEADER_COMPRESSION_USE_CACHE;
    aws_http_header { name: cursor(name), value: cursor(value), compression }
}

/// One reference to an object of the runtime that counts them.
macro_rules! counted {
    ($name:ident, $object:ty, $release:path) => {
        struct $name(NonNull<$object>);

        impl $name {
            fn own(made: *mut $object) -> Result<Self, CrtError> {
                NonNull::new(made).map(Self).ok_or_else(last_error)
            }
        }

        impl Drop for $name {
            fn drop(&mut self) {
                // SAFETY: this is the reference that making the object gave, and nobody uses it after.
                unsafe { $release(self.0.as_ptr()) };
            }
        }
    };
}

counted!(HttpMessage, aws_http_message, aws_http_message_release);
counted!(HttpHeaders, aws_http_headers, aws_http_headers_release);
counted!(InputStream, aws_input_stream, aws_input_stream_release);

impl HttpMessage {
    fn new() -> Result<Self, CrtError> {
        // SAFETY: makes an object of its own.
        Self::own(unsafe { aws_http_message_new_request(allocator()) })
    }
}

impl HttpHeaders {
    fn new() -> Result<Self, CrtError> {
        // SAFETY: makes an object of its own.
        Self::own(unsafe { aws_http_headers_new(allocator()) })
    }
}

impl InputStream {
    /// A stream that reads `bytes`, which must outlive everyone who holds it.
    fn new(bytes: &[u8]) -> Result<Self, CrtError> {
        // SAFETY: the cursor is copied; its bytes are read only when the stream is, which each caller answers for.
        Self::own(unsafe { aws_input_stream_new_from_cursor(allocator(), &cursor(bytes)) })
    }
}
