//! The table of a host's callbacks.

use core::ffi::{c_char, c_void};

use crate::documents::mpass_documents;
use crate::introspection::mpass_introspection;
use crate::signature::mpass_signing_keys;
use crate::status::mpass_status;
use crate::value::mpass_value;

/// The services of a host: clock, entropy, store and gateway. Set `size` to
/// `sizeof(mpass_host)` and all other members to zero before filling them in.
///
/// The first argument of every callback is the `userdata` of the call. All
/// pointers that are passed to a callback are valid until it returns. A
/// callback must return normally (no longjmp and no C++ exception). It may call
/// this library, but must not free or change any handle that was passed to the
/// running call. Callbacks run on the calling thread; those of
/// `mpass_store_probe` run on several threads at once.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct mpass_host {
    /// `sizeof(mpass_host)`.
    pub size: u32,
    /// Must be zero.
    pub reserved: u32,
    /// Returns the current time in milliseconds of Unix time.
    pub now_ms: Option<unsafe extern "C" fn(userdata: *mut c_void) -> u64>,
    /// Fills `out` with `len` bytes of the system's random source. Returns
    /// false if that fails.
    pub entropy:
        Option<unsafe extern "C" fn(userdata: *mut c_void, out: *mut u8, len: usize) -> bool>,
    /// Loads the newest stored value with a key of 16 bytes. If there is a
    /// value, the callback passes it to `mpass_value_set` with `current`;
    /// otherwise it leaves `current` unchanged. Returns `MPASS_ANSWER_LOADED`
    /// in both cases, or `MPASS_ANSWER_FAILED` if the store failed.
    pub load: Option<
        unsafe extern "C" fn(
            userdata: *mut c_void,
            kind: u32,
            key: *const u8,
            current: *mut mpass_value,
        ) -> u32,
    >,
    /// Replaces the value with a key of 16 bytes if it still equals `expected`
    /// (NULL: there is no value), in one atomic operation. Returns
    /// `MPASS_ANSWER_STORED` once the new value is durable;
    /// `MPASS_ANSWER_CONFLICT` if the value differs, after passing the value
    /// that was found, if any, to `mpass_value_set` with `current`;
    /// `MPASS_ANSWER_UNKNOWN` if the value may or may not be stored, also after
    /// an error that the store does not know to be without effect;
    /// `MPASS_ANSWER_FULL` or `MPASS_ANSWER_FAILED` if nothing was stored;
    /// `MPASS_ANSWER_EXPIRED` if nothing was stored because there is no value,
    /// none is expected, and the new one expires no later than a value that the
    /// store has already dropped. The store must keep the value until
    /// `*expires_at_ms` and may drop it from then on; NULL: it does not expire.
    pub swap: Option<
        unsafe extern "C" fn(
            userdata: *mut c_void,
            kind: u32,
            key: *const u8,
            expected: *const u8,
            expected_len: usize,
            value: *const u8,
            value_len: usize,
            expires_at_ms: *const u64,
            now_ms: u64,
            current: *mut mpass_value,
        ) -> u32,
    >,
    /// Lists the values of `MPASS_KIND_DOCUMENT` with a key after the 16 bytes
    /// of `after` (NULL: from the first one), in ascending order of their keys
    /// as unsigned bytes, at most `limit` of them: passes each of them to
    /// `mpass_documents_add` with `documents`. Fewer than `limit` mean that
    /// there are no more. A value that changes meanwhile is listed in its old or
    /// its new form. Returns `MPASS_ANSWER_LISTED`, or `MPASS_ANSWER_FAILED` if
    /// the store failed.
    pub list: Option<
        unsafe extern "C" fn(
            userdata: *mut c_void,
            after: *const u8,
            limit: u32,
            documents: *mut mpass_documents,
        ) -> u32,
    >,
    /// Assesses a phone number in E.164 form that the engine has accepted. May
    /// be NULL: the engine's own rules are then the only ones. `country` is the
    /// calling code of the tenant's country, 0 if it has none. Returns a
    /// `MPASS_ASSESSMENT_` constant. For VALID, may set `*mobile` to a
    /// `MPASS_MOBILE_` constant, which is `MPASS_MOBILE_UNKNOWN` before the
    /// call.
    pub assess: Option<
        unsafe extern "C" fn(
            userdata: *mut c_void,
            number: *const c_char,
            number_len: usize,
            country: u32,
            mobile: *mut u32,
        ) -> u32,
    >,
    /// Passes a message to the gateway. `sender` is NULL if the channel has not
    /// set one; `language` is a `MPASS_LANGUAGE_` constant. Returns
    /// `MPASS_ANSWER_DELIVERED`, `MPASS_ANSWER_REFUSED` if the message was
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
    /// Looks up a bearer token that the engine did not issue. May be NULL,
    /// which means UNSUPPORTED. Fills `introspection` if the token is valid,
    /// otherwise leaves it unchanged, and returns `MPASS_ANSWER_INTROSPECTED`
    /// in both cases. Returns `MPASS_ANSWER_UNSUPPORTED` if the host issues no
    /// tokens, and `MPASS_ANSWER_UNKNOWN` or `MPASS_ANSWER_FAILED` if the
    /// look-up failed.
    pub introspect: Option<
        unsafe extern "C" fn(
            userdata: *mut c_void,
            token: *const c_char,
            token_len: usize,
            introspection: *mut mpass_introspection,
        ) -> u32,
    >,
    /// Looks up the number of the device with a network address, which is in
    /// text form. May be NULL, which means UNSUPPORTED. Passes the number's
    /// E.164 text to `mpass_value_set` with `number`, or leaves `number`
    /// unchanged if the network does not know the address or two numbers share
    /// it, and returns `MPASS_ANSWER_RESOLVED` in both cases. Returns
    /// `MPASS_ANSWER_UNSUPPORTED` if the host is not a mobile network, and
    /// `MPASS_ANSWER_UNKNOWN` or `MPASS_ANSWER_FAILED` if the look-up failed.
    pub resolve: Option<
        unsafe extern "C" fn(
            userdata: *mut c_void,
            address: *const c_char,
            address_len: usize,
            number: *mut mpass_value,
        ) -> u32,
    >,
    /// Lists the public keys of the pairs that sign ID tokens with RS256, the
    /// one that signs first: passes each of them to `mpass_signing_keys_add` with
    /// `keys`. May be NULL, which means UNSUPPORTED. Returns
    /// `MPASS_ANSWER_SIGNING_KEYS`, `MPASS_ANSWER_UNSUPPORTED` if the host has
    /// none, and `MPASS_ANSWER_UNKNOWN` or `MPASS_ANSWER_FAILED` if it failed.
    pub signing_keys:
        Option<unsafe extern "C" fn(userdata: *mut c_void, keys: *mut mpass_signing_keys) -> u32>,
    /// Signs a message with RSASSA-PKCS1-v1_5 and SHA-256 (RS256), and the
    /// private key of the pair with this modulus (big-endian, without leading
    /// zeros). May be NULL, which means UNSUPPORTED. Passes the signature to
    /// `mpass_value_set` with `signature` and returns `MPASS_ANSWER_SIGNED`.
    /// Returns `MPASS_ANSWER_UNSUPPORTED` without such a key, and
    /// `MPASS_ANSWER_UNKNOWN` or `MPASS_ANSWER_FAILED` if it failed.
    pub sign: Option<
        unsafe extern "C" fn(
            userdata: *mut c_void,
            modulus: *const u8,
            modulus_len: usize,
            message: *const u8,
            message_len: usize,
            signature: *mut mpass_value,
        ) -> u32,
    >,
    /// Checks a signature with RSASSA-PKCS1-v1_5 and SHA-256 (RS256), and the
    /// public key with this modulus and the exponent 65537. The signature may
    /// have any length. May be NULL, which means UNSUPPORTED. Returns
    /// `MPASS_ANSWER_GENUINE`, `MPASS_ANSWER_FORGED`,
    /// `MPASS_ANSWER_UNSUPPORTED`, and `MPASS_ANSWER_UNKNOWN` or
    /// `MPASS_ANSWER_FAILED` if it failed.
    pub check_signature: Option<
        unsafe extern "C" fn(
            userdata: *mut c_void,
            modulus: *const u8,
            modulus_len: usize,
            message: *const u8,
            message_len: usize,
            signature: *const u8,
            signature_len: usize,
        ) -> u32,
    >,
    /// Must be NULL. Reserved for future callbacks.
    pub reserved_callbacks: [*mut c_void; 2],
}

/// Whether the layout is still the one that programs were compiled with.
const fn has_its_layout() -> bool {
    use core::mem::offset_of;

    let word = size_of::<usize>();
    offset_of!(mpass_host, size) == 0
        && offset_of!(mpass_host, reserved) == 4
        && offset_of!(mpass_host, now_ms) == 8
        && offset_of!(mpass_host, entropy) == 8 + word
        && offset_of!(mpass_host, load) == 8 + 2 * word
        && offset_of!(mpass_host, swap) == 8 + 3 * word
        && offset_of!(mpass_host, list) == 8 + 4 * word
        && offset_of!(mpass_host, assess) == 8 + 5 * word
        && offset_of!(mpass_host, deliver) == 8 + 6 * word
        && offset_of!(mpass_host, introspect) == 8 + 7 * word
        && offset_of!(mpass_host, resolve) == 8 + 8 * word
        && offset_of!(mpass_host, signing_keys) == 8 + 9 * word
        && offset_of!(mpass_host, sign) == 8 + 10 * word
        && offset_of!(mpass_host, check_signature) == 8 + 11 * word
        && offset_of!(mpass_host, reserved_callbacks) == 8 + 12 * word
        && size_of::<mpass_host>() == 8 + 14 * word
}

/// The table, if its size is that of this header and its reserved members are
/// zero.
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
        list: None,
        assess: None,
        deliver: None,
        introspect: None,
        resolve: None,
        signing_keys: None,
        sign: None,
        check_signature: None,
        reserved_callbacks: [ptr::null_mut(); 2],
    };

    fn status_of(host: &mpass_host) -> Option<mpass_status> {
        let size = size_of::<mpass_host>().try_into().unwrap();
        // SAFETY: it points to a valid table.
        unsafe { table(&mpass_host { size, ..*host }) }.err()
    }

    #[test]
    fn reserved_members_must_be_zero() {
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
