//! What signing gives.

use std::{ffi::c_void, ptr};

use mountpoint_s3_crt_sys::{
    aws_array_list, aws_array_list_get_at_ptr, aws_array_list_length, aws_signing_result, aws_string,
};

use super::{
    bytes::copied_string,
    undeclared::{
        aws_signing_result_get_property, aws_signing_result_get_property_list, aws_signing_result_property,
        g_aws_http_headers_property_list_name, g_aws_http_query_params_property_list_name,
        g_aws_signature_property_name,
    },
};

/// Names and values.
pub(crate) type Pairs = Vec<(String, String)>;

/// A copy of a signing result.
#[derive(Clone)]
pub(crate) struct Signed {
    /// In hex; of a SigV4a chunk or trailer, padded with `*`.
    pub(crate) signature: String,
    pub(crate) headers: Pairs,
    pub(crate) parameters: Pairs,
}

impl Signed {
    /// `None` if there is no signature in it.
    ///
    /// # Safety
    /// `result` is a signing result that nobody changes or releases meanwhile.
    pub(super) unsafe fn copy(result: *const aws_signing_result) -> Option<Self> {
        let mut signature: *mut aws_string = ptr::null_mut();
        // SAFETY: the names are strings the library made when it was loaded; the result is alive, as the caller promises,
        // and so are the string and the pairs found in it.
        unsafe {
            aws_signing_result_get_property(result, g_aws_signature_property_name, &raw mut signature);
            Some(Self {
                signature: copied_string(signature)?,
                headers: pairs(result, g_aws_http_headers_property_list_name),
                parameters: pairs(result, g_aws_http_query_params_property_list_name),
            })
        }
    }
}

/// The pairs of one of a result's lists.
///
/// # Safety
/// `result` is alive and `list_name` a string of the runtime.
unsafe fn pairs(result: *const aws_signing_result, list_name: *const aws_string) -> Pairs {
    let mut list: *mut aws_array_list = ptr::null_mut();
    // SAFETY: both are alive, as the caller promises.
    unsafe { aws_signing_result_get_property_list(result, list_name, &raw mut list) };
    if list.is_null() {
        return Pairs::new();
    }
    // SAFETY: not null, and owned by the result.
    let len = unsafe { aws_array_list_length(list) };
    // SAFETY: as above; the index is checked by the list.
    (0..len).filter_map(|index| unsafe { pair(list, index) }).collect()
}

/// # Safety
/// `list` is a list of properties that is alive.
unsafe fn pair(list: *const aws_array_list, index: usize) -> Option<(String, String)> {
    let mut item: *mut c_void = ptr::null_mut();
    // SAFETY: the list is alive, as the caller promises; it leaves the pointer alone if it has no such item.
    unsafe { aws_array_list_get_at_ptr(list, &raw mut item, index) };
    // SAFETY: an item is a property, aligned as the list's memory is for any type, and stays while the list does.
    let property = unsafe { item.cast::<aws_signing_result_property>().as_ref() }?;
    // SAFETY: its strings live as long as it.
    unsafe { copied_string(property.name).zip(copied_string(property.value)) }
}
