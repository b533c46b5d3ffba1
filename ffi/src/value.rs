//! Values that callbacks and stores hand over.

use crate::boundary::boundary;
use crate::handle::{changed, class, construct, free, used};
use crate::slice::{bytes, give_optional};
use crate::status::mpass_status;

/// A value of a store, or the lack of one. A callback fills the one it is
/// given; freeing that one does nothing.
pub struct mpass_value {
    _opaque: (),
}

class!(mpass_value, Option<Vec<u8>>, 16);

/// A value that is not there yet. `*out` is the caller's, to be freed with
/// `mpass_value_free`. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_value_new(out: *mut *mut mpass_value) -> mpass_status {
    construct(out, || Ok(None))
}

/// Frees a value; NULL does nothing. No other thread may use it meanwhile.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_value_free(value: *mut mpass_value) {
    free(value);
}

/// Makes it these bytes, which are copied. Threads: one at a time.
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

/// Its bytes; `*is_present` is false where nothing is there.
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
