//! The keys of a deployment.

use core::ffi::c_char;
use std::sync::Arc;

use mpass_core::challenge::Keyring;

use crate::boundary::boundary;
use crate::handle::{changed, class, construct, free, used};
use crate::slice::{array, give_display, out_param, text};
use crate::status::mpass_status;

/// The keys of a deployment: one locator key, which never changes, and up to
/// eight record keys with ids. What is made from a keyring keeps the keys as
/// they were then.
pub struct mpass_keyring {
    _opaque: (),
}

class!(mpass_keyring, Arc<Keyring>, 8);

/// A new keyring with record key 1, from exactly 32 bytes of the system's
/// best entropy. `*out` is the caller's, to be freed with
/// `mpass_keyring_free`.
///
/// Errors: WRONG_LENGTH of the entropy. Threads: any.
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

/// Reads keyring text as `mpass_keyring_text` writes it; empty lines and
/// lines that begin with `#` are skipped. `*out` is the caller's, to be freed
/// with `mpass_keyring_free`.
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

/// Frees a keyring; NULL does nothing. Its keys are erased with the last
/// handle that was made from it. No other thread may use it meanwhile.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_keyring_free(keyring: *mut mpass_keyring) {
    free(keyring);
}

/// The keyring as text, secrets included, for the file that holds it: below
/// 1,024 characters. The caller owns and erases `out`.
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

/// Adds a record key from exactly 32 bytes of entropy under the next free id,
/// which is returned. It is not used for writing before
/// `mpass_keyring_activate`: first give the keyring to every machine.
///
/// Errors: WRONG_LENGTH of the entropy, KEYRING_FULL. Threads: one at a time.
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

/// Makes a record key the newest: the one that records are written with.
///
/// Errors: UNKNOWN_RECORD_KEY. Threads: one at a time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_keyring_activate(
    keyring: *mut mpass_keyring,
    id: u16,
) -> mpass_status {
    boundary(|| Ok(Arc::make_mut(&mut *changed(keyring)?).activate(id)?))
}

/// Drops a record key that is not the newest; records under it can no longer
/// be read.
///
/// Errors: UNKNOWN_RECORD_KEY. Threads: one at a time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_keyring_remove(
    keyring: *mut mpass_keyring,
    id: u16,
) -> mpass_status {
    boundary(|| Ok(Arc::make_mut(&mut *changed(keyring)?).remove(id)?))
}

/// The id of the record key that writes. Threads: any.
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

/// The id of the record key of an index from 0 on.
///
/// Errors: WRONG_STATE where there are not as many. Threads: any.
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
