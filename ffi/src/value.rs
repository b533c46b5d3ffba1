//! Values that callbacks and stores return.

use crate::boundary::boundary;
use crate::handle::{changed, class, construct, free, used};
use crate::slice::{bytes, give_optional};
use crate::status::mpass_status;

/// The value of a store, or its absence. The handle that is passed to a
/// callback belongs to the library; freeing it has no effect.
pub struct mpass_value {
    _opaque: (),
}

class!(mpass_value, Option<Vec<u8>>, 16);

/// Creates an absent value. The caller must free `*out` with
/// `mpass_value_free`. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_value_new(out: *mut *mut mpass_value) -> mpass_status {
    construct(out, || Ok(None))
}

/// Frees a value. Does nothing for NULL. No other thread may be using the
/// handle.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_value_free(value: *mut mpass_value) {
    free(value);
}

/// Sets the value to bytes, which are copied. Threads: one at a time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_value_set(
    value: *mut mpass_value,
    data: *const u8,
    data_len: usize,
) -> mpass_status {
    boundary(|| {
        let data = bytes(data, data_len)?;
        *changed(value)? = Some(data.into());
        Ok(())
    })
}

/// Gets the bytes of the value. `*is_present` is false if the value is absent.
///
/// Errors: BUFFER_TOO_SMALL. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_value_get(
    value: *const mpass_value,
    is_present: *mut bool,
    out: *mut u8,
    cap: usize,
    written: *mut usize,
) -> mpass_status {
    boundary(|| {
        let value = used(value)?;
        give_optional(value.as_deref(), is_present, out, cap, written)
    })
}
