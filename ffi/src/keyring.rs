//! The keys of a deployment.

use core::ffi::c_char;
use std::sync::Arc;

use mpass_core::challenge::Keyring;

use crate::boundary::boundary;
use crate::handle::{changed, class, construct, free, used};
use crate::slice::{array, give_display, out_param, text};
use crate::status::mpass_status;

/// The keys of a deployment: one locator key, which never changes, and up to
/// eight record keys with ids. Handles created from a keyring keep a copy of
/// its keys at that time.
pub struct mpass_keyring {
    _opaque: (),
}

class!(mpass_keyring, Arc<Keyring>, 8);

/// Generates a keyring with record key 1 from exactly 32 bytes of
/// cryptographically secure entropy. The caller must free `*out` with
/// `mpass_keyring_free`.
///
/// Errors: WRONG_LENGTH if `entropy` is not 32 bytes. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_keyring_generate(
    entropy: *const u8,
    entropy_len: usize,
    out: *mut *mut mpass_keyring,
) -> mpass_status {
    construct(out, || {
        Ok(Arc::new(Keyring::generate(array(entropy, entropy_len)?)))
    })
}

/// Parses a keyring in the format that `mpass_keyring_text` writes. Empty lines
/// and lines that begin with `#` are ignored. The caller must free `*out` with
/// `mpass_keyring_free`.
///
/// Errors: INVALID_UTF8, INVALID_KEYRING, KEYRING_FULL, DUPLICATE_RECORD_KEY,
/// UNKNOWN_RECORD_KEY. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_keyring_parse(
    text: *const c_char,
    text_len: usize,
    out: *mut *mut mpass_keyring,
) -> mpass_status {
    construct(out, || Ok(Arc::new(self::text(text, text_len)?.parse()?)))
}

/// Frees a keyring. Does nothing for NULL. Its keys are erased when the last
/// handle created from it is freed. No other thread may be using the handle.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_keyring_free(keyring: *mut mpass_keyring) {
    free(keyring);
}

/// Gets the keyring as text, including its secrets, to be saved in a file:
/// fewer than 1,024 characters. The caller must erase `out` after use.
///
/// Errors: BUFFER_TOO_SMALL. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_keyring_text(
    keyring: *const mpass_keyring,
    out: *mut c_char,
    cap: usize,
    written: *mut usize,
) -> mpass_status {
    boundary(|| {
        let keyring = used(keyring)?;
        give_display(&keyring.expose(), out, cap, written)
    })
}

/// Adds a record key from exactly 32 bytes of entropy and sets `*id` to its id,
/// the next free one. The key is not used for writing until
/// `mpass_keyring_activate` is called; distribute the keyring to all machines
/// before that.
///
/// Errors: WRONG_LENGTH if `entropy` is not 32 bytes, KEYRING_FULL. Threads:
/// one at a time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_keyring_add(
    keyring: *mut mpass_keyring,
    entropy: *const u8,
    entropy_len: usize,
    id: *mut u16,
) -> mpass_status {
    boundary(|| {
        let mut keyring = changed(keyring)?;
        let entropy = array(entropy, entropy_len)?;
        let id = out_param(id)?;
        id.set(Arc::make_mut(&mut keyring).add(entropy)?);
        Ok(())
    })
}

/// Makes a record key the newest, with which records are written.
///
/// Errors: UNKNOWN_RECORD_KEY. Threads: one at a time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_keyring_activate(
    keyring: *mut mpass_keyring,
    id: u16,
) -> mpass_status {
    boundary(|| Ok(Arc::make_mut(&mut *changed(keyring)?).activate(id)?))
}

/// Removes a record key that is not the newest. Records under it can no longer
/// be read.
///
/// Errors: ACTIVE_RECORD_KEY for the newest, UNKNOWN_RECORD_KEY. Threads: one at a time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_keyring_remove(
    keyring: *mut mpass_keyring,
    id: u16,
) -> mpass_status {
    boundary(|| Ok(Arc::make_mut(&mut *changed(keyring)?).remove(id)?))
}

/// Gets the id of the newest record key, with which records are written.
/// Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_keyring_newest(
    keyring: *const mpass_keyring,
    id: *mut u16,
) -> mpass_status {
    boundary(|| {
        let keyring = used(keyring)?;
        out_param(id)?.set(keyring.newest());
        Ok(())
    })
}

/// Gets the id of a record key. `index` starts at 0.
///
/// Errors: WRONG_STATE if `index` is out of range. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_keyring_id(
    keyring: *const mpass_keyring,
    index: usize,
    id: *mut u16,
) -> mpass_status {
    boundary(|| {
        let keyring = used(keyring)?;
        let id = out_param(id)?;
        id.set(keyring.ids().nth(index).ok_or(mpass_status::WrongState)?);
        Ok(())
    })
}
