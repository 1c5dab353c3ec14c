//! Functions of the libraries that `mountpoint-s3-crt-sys` builds and links but does not declare: the headers `cal/ecc.h`,
//! `cal/hmac.h`, `auth/signable.h` and `auth/signing_result.h` of the same version.

use std::ffi::c_int;

use mountpoint_s3_crt_sys::{
    aws_allocator, aws_array_list, aws_byte_buf, aws_byte_cursor, aws_ecc_key_pair, aws_http_headers, aws_http_message,
    aws_input_stream, aws_signable, aws_signing_result, aws_string,
};

/// `auth/signing_result.h`: a name and a value, both owned by the result.
#[repr(C)]
pub(super) struct aws_signing_result_property {
    pub(super) name: *mut aws_string,
    pub(super) value: *mut aws_string,
}

// SAFETY: the declarations are those of the headers named above, and the libraries are linked statically with them.
unsafe extern "C" {
    pub(super) fn aws_sha256_hmac_compute(
        allocator: *mut aws_allocator,
        secret: *const aws_byte_cursor,
        to_hmac: *const aws_byte_cursor,
        output: *mut aws_byte_buf,
        truncate_to: usize,
    ) -> c_int;

    pub(super) fn aws_ecc_key_pair_release(key_pair: *mut aws_ecc_key_pair);
    pub(super) fn aws_ecc_key_pair_derive_public_key(key_pair: *mut aws_ecc_key_pair) -> c_int;
    pub(super) fn aws_ecc_key_pair_signature_length(key_pair: *const aws_ecc_key_pair) -> usize;
    pub(super) fn aws_ecc_key_pair_get_public_key(
        key_pair: *const aws_ecc_key_pair,
        pub_x: *mut aws_byte_cursor,
        pub_y: *mut aws_byte_cursor,
    );
    pub(super) fn aws_ecc_key_pair_sign_message(
        key_pair: *const aws_ecc_key_pair,
        message: *const aws_byte_cursor,
        signature: *mut aws_byte_buf,
    ) -> c_int;

    pub(super) fn aws_signable_new_http_request(
        allocator: *mut aws_allocator,
        request: *mut aws_http_message,
    ) -> *mut aws_signable;
    pub(super) fn aws_signable_new_canonical_request(
        allocator: *mut aws_allocator,
        canonical_request: aws_byte_cursor,
    ) -> *mut aws_signable;
    pub(super) fn aws_signable_new_chunk(
        allocator: *mut aws_allocator,
        chunk_data: *mut aws_input_stream,
        previous_signature: aws_byte_cursor,
    ) -> *mut aws_signable;
    pub(super) fn aws_signable_new_trailing_headers(
        allocator: *mut aws_allocator,
        trailing_headers: *mut aws_http_headers,
        previous_signature: aws_byte_cursor,
    ) -> *mut aws_signable;
    pub(super) fn aws_signable_destroy(signable: *mut aws_signable);

    pub(super) fn aws_signing_result_get_property(
        result: *const aws_signing_result,
        property_name: *const aws_string,
        out_property_value: *mut *mut aws_string,
    ) -> c_int;
    pub(super) fn aws_signing_result_get_property_list(
        result: *const aws_signing_result,
        list_name: *const aws_string,
        out_list: *mut *mut aws_array_list,
    );

    pub(super) static g_aws_signature_property_name: *const aws_string;
    pub(super) static g_aws_http_headers_property_list_name: *const aws_string;
    pub(super) static g_aws_http_query_params_property_list_name: *const aws_string;
}
