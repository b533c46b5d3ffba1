//! A host as a table of callbacks.

use core::ffi::{c_char, c_void};

use crate::introspection::mpass_introspection;
use crate::status::mpass_status;
use crate::value::mpass_value;

/// What a host brings: its clock, entropy, store and gateway. Set `size` to
/// `sizeof(mpass_host)` and the rest to zero before filling it in.
///
/// Each callback is given the `userdata` of the call first. What it is given
/// is valid until it returns; it returns normally (no longjmp and no C++
/// exception). It may call this library, but frees or changes nothing that
/// the running call was given. Callbacks run on the calling thread; those of
/// `mpass_store_probe` on several threads at once.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct mpass_host {
    /// `sizeof(mpass_host)`.
    pub size: u32,
    /// Zero.
    pub reserved: u32,
    /// The time in milliseconds of Unix time.
    pub now_ms: Option<unsafe extern "C" fn(userdata: *mut c_void) -> u64>,
    /// Fills `out` with `len` bytes of the system's random source; false when
    /// there are none.
    pub entropy:
        Option<unsafe extern "C" fn(userdata: *mut c_void, out: *mut u8, len: usize) -> bool>,
    /// Gives the value at a key of 16 bytes by `mpass_value_set`, or leaves it
    /// as it is where there is none, and returns `MPASS_ANSWER_LOADED`;
    /// `MPASS_ANSWER_FAILED` when the store failed. It must be the newest
    /// stored value.
    pub load: Option<
        unsafe extern "C" fn(
            userdata: *mut c_void,
            kind: u32,
            key: *const u8,
            current: *mut mpass_value,
        ) -> u32,
    >,
    /// Replaces the value at a key of 16 bytes if it is still the expected one
    /// (NULL: there is none), in one atomic operation. Returns
    /// `MPASS_ANSWER_STORED` once that is durable; `MPASS_ANSWER_CONFLICT`,
    /// with the current value by `mpass_value_set` where there is one;
    /// `MPASS_ANSWER_UNKNOWN` when it may or may not be stored; `MPASS_ANSWER_FULL` or
    /// `MPASS_ANSWER_FAILED` when nothing was stored. From `expires_at_ms` on
    /// the store may drop the value, never before; UINT64_MAX: never.
    pub swap: Option<
        unsafe extern "C" fn(
            userdata: *mut c_void,
            kind: u32,
            key: *const u8,
            expected: *const u8,
            expected_len: usize,
            value: *const u8,
            value_len: usize,
            expires_at_ms: u64,
            now_ms: u64,
            current: *mut mpass_value,
        ) -> u32,
    >,
    /// May be NULL, which leaves numbers to the engine. Assesses a number as it
    /// was written; `country` is the calling code of
    /// numbers in national form, 0 for none. Returns a `MPASS_ASSESSMENT_`
    /// constant; for VALID it gives the E.164 text by `mpass_value_set` and
    /// sets `*mobile` to a `MPASS_MOBILE_` constant.
    pub assess: Option<
        unsafe extern "C" fn(
            userdata: *mut c_void,
            number: *const c_char,
            number_len: usize,
            country: u32,
            canonical: *mut mpass_value,
            mobile: *mut u32,
        ) -> u32,
    >,
    /// Hands a message to the gateway. `sender` is NULL where the channel has
    /// none, `language` a `MPASS_LANGUAGE_` constant. Returns
    /// `MPASS_ANSWER_DELIVERED`, `MPASS_ANSWER_REFUSED` when it was
    /// definitely not sent, or `MPASS_ANSWER_UNKNOWN`.
    pub deliver: Option<
        unsafe extern "C" fn(
            userdata: *mut c_void,
            to: *const c_char,
            to_len: usize,
            text: *const c_char,
            text_len: usize,
            sender: *const c_char,
            sender_len: usize,
            language: u32,
        ) -> u32,
    >,
    /// May be NULL, which is UNSUPPORTED. Looks up a bearer token that is not
    /// the engine's own: fills `introspection`, or leaves it as it is for a
    /// text that is not a valid token, and returns
    /// `MPASS_ANSWER_INTROSPECTED`. `MPASS_ANSWER_UNSUPPORTED` where the host
    /// gives out no tokens, `MPASS_ANSWER_UNKNOWN` or `MPASS_ANSWER_FAILED`
    /// when the look-up failed.
    pub introspect: Option<
        unsafe extern "C" fn(
            userdata: *mut c_void,
            token: *const c_char,
            token_len: usize,
            introspection: *mut mpass_introspection,
        ) -> u32,
    >,
    /// May be NULL, which is UNSUPPORTED. Gives the E.164 text of the number
    /// behind a network address, which is in text form, by `mpass_value_set`,
    /// or leaves it as it is for an address that the network does not know or
    /// that two numbers share, and returns `MPASS_ANSWER_RESOLVED`.
    /// `MPASS_ANSWER_UNSUPPORTED` where the host is no network,
    /// `MPASS_ANSWER_UNKNOWN` or `MPASS_ANSWER_FAILED` when the look-up failed.
    pub resolve: Option<
        unsafe extern "C" fn(
            userdata: *mut c_void,
            address: *const c_char,
            address_len: usize,
            number: *mut mpass_value,
        ) -> u32,
    >,
    /// NULL, for callbacks to come.
    pub reserved_callbacks: [*mut c_void; 2],
}

/// Programs that were compiled with an older header have this layout.
const fn has_its_layout() -> bool {
    use core::mem::offset_of;

    let word = size_of::<usize>();
    offset_of!(mpass_host, size) == 0
        && offset_of!(mpass_host, reserved) == 4
        && offset_of!(mpass_host, now_ms) == 8
        && offset_of!(mpass_host, entropy) == 8 + word
        && offset_of!(mpass_host, load) == 8 + 2 * word
        && offset_of!(mpass_host, swap) == 8 + 3 * word
        && offset_of!(mpass_host, assess) == 8 + 4 * word
        && offset_of!(mpass_host, deliver) == 8 + 5 * word
        && offset_of!(mpass_host, introspect) == 8 + 6 * word
        && offset_of!(mpass_host, resolve) == 8 + 7 * word
        && offset_of!(mpass_host, reserved_callbacks) == 8 + 8 * word
        && size_of::<mpass_host>() == 8 + 10 * word
}

/// The table, if it has this header's size and its reserved members are zero.
pub(crate) unsafe fn table(host: *const mpass_host) -> Result<mpass_host, mpass_status> {
    const { assert!(has_its_layout()) };
    if host.is_null() {
        return Err(mpass_status::NullArgument);
    }
    let size = usize::try_from((&raw const (*host).size).read()).unwrap_or(usize::MAX);
    if size != size_of::<mpass_host>() {
        return Err(mpass_status::StructSize);
    }
    let host = *host;
    if host.reserved != 0 || host.reserved_callbacks.iter().any(|slot| !slot.is_null()) {
        return Err(mpass_status::InvalidArgument);
    }
    Ok(host)
}

#[cfg(test)]
mod tests {
    use core::ptr;

    use super::*;

    const EMPTY: mpass_host = mpass_host {
        size: 0,
        reserved: 0,
        now_ms: None,
        entropy: None,
        load: None,
        swap: None,
        assess: None,
        deliver: None,
        introspect: None,
        resolve: None,
        reserved_callbacks: [ptr::null_mut(); 2],
    };

    fn status_of(host: &mpass_host) -> Option<mpass_status> {
        let size = size_of::<mpass_host>().try_into().unwrap();
        // SAFETY: it is a table, whatever is in it.
        unsafe { table(&mpass_host { size, ..*host }) }.err()
    }

    #[test]
    fn what_is_reserved_is_empty() {
        assert_eq!(status_of(&EMPTY), None);
        let reserved = mpass_host {
            reserved: 1,
            ..EMPTY
        };
        assert_eq!(status_of(&reserved), Some(mpass_status::InvalidArgument));
        let mut callbacks = EMPTY;
        callbacks.reserved_callbacks[1] = ptr::dangling_mut();
        assert_eq!(status_of(&callbacks), Some(mpass_status::InvalidArgument));
    }
}
