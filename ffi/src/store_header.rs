//! The header of a store.

use core::ffi::{c_char, c_void};

use mpass_core::challenge::{Header, Keyring};
use mpass_core::store::Change;

use crate::boundary::boundary;
use crate::handle::{class, construct, free, used};
use crate::host::mpass_host;
use crate::keyring::mpass_keyring;
use crate::runner::Runner;
use crate::slice::{OptionalOut, give_optional, out_param};
use crate::status::mpass_status;

/// The header of a store, as it was read or written: the keyring that the store
/// belongs to, its formats, and when it was restored from a backup. Immutable: it
/// can be used by any number of threads at once.
pub struct mpass_store_header {
    _opaque: (),
}

class!(mpass_store_header, Header, 27);

/// Runs an operation on the header of the store of a host.
///
/// # Safety
/// As [`used`] and [`Runner::of`]; `out` is NULL or writable.
unsafe fn run(
    keyring: *const mpass_keyring,
    host: *const mpass_host,
    userdata: *mut c_void,
    out: *mut *mut mpass_store_header,
    operation: impl FnOnce(&Keyring) -> Change<'_, Header>,
) -> mpass_status {
    construct(out, || {
        let keyring = used(keyring)?;
        Runner::of(host, userdata)?.run(operation(&keyring))
    })
}

/// Loads the header of the store of a host and compares it with a keyring. Call
/// this once at the start, before anything else uses the store, then at least
/// every second, and pass the header to `mpass_engine_apply`. Of `host`,
/// `now_ms`, `entropy`, `load` and `swap` are required; `userdata` is passed to
/// every callback. The caller must free `*out` with `mpass_store_header_free`.
///
/// Errors: STORE_NOT_INITIALIZED if there is no header: the store is empty, or
/// not the one that was meant; OTHER_KEYRING; OTHER_RECORD_KEY if a record key
/// differs from the store's with the same id; UNKNOWN_RECORD_KEY if the keyring
/// lacks the active one; STORE_TOO_NEW; STORE_MOVED; STORE_CLOSED if the store was
/// restored and not confirmed since; RECORD_FORMAT or RECORD_FORGED if the value
/// is no authentic header; and those of `mpass_challenge_issue_in` for `host`
/// and the store. Threads: any, as far as the callbacks allow.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_store_header_open_in(
    keyring: *const mpass_keyring,
    host: *const mpass_host,
    userdata: *mut c_void,
    out: *mut *mut mpass_store_header,
) -> mpass_status {
    run(keyring, host, userdata, out, |keys| Header::opening(keys))
}

/// As `mpass_store_header_open_in`, also for a store that is closed or was
/// moved, so that its state can be shown.
///
/// Errors: those of `mpass_store_header_open_in` except STORE_MOVED and
/// STORE_CLOSED. Threads: any, as far as the callbacks allow.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_store_header_read_in(
    keyring: *const mpass_keyring,
    host: *const mpass_host,
    userdata: *mut c_void,
    out: *mut *mut mpass_store_header,
) -> mpass_status {
    run(keyring, host, userdata, out, |keys| Header::reading(keys))
}

/// As `mpass_store_header_open_in`, and writes the header of an empty store: one
/// that has neither a header nor any other document. Requires `list` as well. Use
/// it where an empty store is expected, such as for a store in memory, and
/// `mpass_store_header_open_in` everywhere else: a store that is unexpectedly
/// empty may be the wrong one.
///
/// Errors: those of `mpass_store_header_open_in`; STORE_NOT_INITIALIZED if there
/// are documents and no header. Threads: any, as far as the callbacks allow.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_store_header_initialize_in(
    keyring: *const mpass_keyring,
    host: *const mpass_host,
    userdata: *mut c_void,
    out: *mut *mut mpass_store_header,
) -> mpass_status {
    construct(out, || {
        let keyring = used(keyring)?;
        let runner = Runner::of(host, userdata)?;
        let initializing = Header::initializing(&**keyring);
        Ok(initializing.run(&runner.store, &runner.callbacks)?)
    })
}

/// Records that a backup was put back: what was issued before is void, and the
/// store is closed until `mpass_store_header_confirm_in` is called. Call it before
/// anything else uses the store.
///
/// Errors: those of `mpass_store_header_open_in` except STORE_CLOSED. Threads:
/// any, as far as the callbacks allow.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_store_header_restored_in(
    keyring: *const mpass_keyring,
    host: *const mpass_host,
    userdata: *mut c_void,
    out: *mut *mut mpass_store_header,
) -> mpass_status {
    run(keyring, host, userdata, out, |keys| Header::restoring(keys))
}

/// Opens a restored store again, after an administrator has checked its tenants:
/// one that was revoked, or whose credential was replaced, after the backup is as
/// it was before. A store that is not closed stays as it is.
///
/// Errors: those of `mpass_store_header_restored_in`. Threads: any, as far as
/// the callbacks allow.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_store_header_confirm_in(
    keyring: *const mpass_keyring,
    host: *const mpass_host,
    userdata: *mut c_void,
    out: *mut *mut mpass_store_header,
) -> mpass_status {
    run(keyring, host, userdata, out, |keys| {
        Header::confirming(keys)
    })
}

/// Makes a record key of the keyring the active one, with which all machines
/// write, and adds its fingerprint. Distribute the keyring to all machines
/// before that.
///
/// Errors: UNKNOWN_RECORD_KEY, KEYRING_FULL for more than 64 fingerprints, and
/// those of `mpass_store_header_restored_in`. Threads: any, as far as the
/// callbacks allow.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_store_header_activate_in(
    keyring: *const mpass_keyring,
    host: *const mpass_host,
    userdata: *mut c_void,
    id: u16,
    out: *mut *mut mpass_store_header,
) -> mpass_status {
    run(keyring, host, userdata, out, |keys| {
        Header::activating(keys, id)
    })
}

/// Removes the fingerprint of a record key that was removed from the keyring.
///
/// Errors: ACTIVE_RECORD_KEY for the active record key, and those of
/// `mpass_store_header_restored_in`. Threads: any, as far as the callbacks
/// allow.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_store_header_remove_key_in(
    keyring: *const mpass_keyring,
    host: *const mpass_host,
    userdata: *mut c_void,
    id: u16,
    out: *mut *mut mpass_store_header,
) -> mpass_status {
    run(keyring, host, userdata, out, |keys| {
        Header::removing_key(keys, id)
    })
}

/// Raises the formats that machines may write to the newest of this version,
/// once every machine reads them.
///
/// Errors: those of `mpass_store_header_restored_in`. Threads: any, as far as
/// the callbacks allow.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_store_header_upgrade_in(
    keyring: *const mpass_keyring,
    host: *const mpass_host,
    userdata: *mut c_void,
    out: *mut *mut mpass_store_header,
) -> mpass_status {
    run(keyring, host, userdata, out, |keys| Header::upgrading(keys))
}

/// Frees a header. Does nothing for NULL. The header in the store stays. No other
/// thread may be using the handle.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_store_header_free(header: *mut mpass_store_header) {
    free(header);
}

/// Gets the versions in the header: the layout of the store, the newest format
/// of values that machines may write, and the table of numbering plans that
/// numbers are canonical by (`mpass_number_table_version`). Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_store_header_versions(
    header: *const mpass_store_header,
    layout: *mut u16,
    write_format: *mut u16,
    number_table: *mut u16,
) -> mpass_status {
    boundary(|| {
        let header = used(header)?;
        let (layout, write_format) = (out_param(layout)?, out_param(write_format)?);
        out_param(number_table)?.set(header.number_table());
        layout.set(header.layout());
        write_format.set(header.write_format());
        Ok(())
    })
}

/// Gets the id of the record key with which all machines write. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_store_header_active_key(
    header: *const mpass_store_header,
    id: *mut u16,
) -> mpass_status {
    boundary(|| {
        let header = used(header)?;
        out_param(id)?.set(header.active_key());
        Ok(())
    })
}

/// Gets the id of a record key whose fingerprint the header has. `index` starts
/// at 0.
///
/// Errors: WRONG_STATE if `index` is out of range. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_store_header_key(
    header: *const mpass_store_header,
    index: usize,
    id: *mut u16,
) -> mpass_status {
    boundary(|| {
        let header = used(header)?;
        let id = out_param(id)?;
        let known = header.known_keys().nth(index);
        id.set(known.ok_or(mpass_status::WrongState)?);
        Ok(())
    })
}

/// Gets when a backup was last put back, in milliseconds of Unix time, for
/// `mpass_challenge_set_restored_at` and `mpass_token_set_restored_at`.
/// `*is_restored` is false if that never happened. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_store_header_restored_at(
    header: *const mpass_store_header,
    is_restored: *mut bool,
    restored_at_ms: *mut u64,
) -> mpass_status {
    boundary(|| {
        let header = used(header)?;
        OptionalOut::new(is_restored, restored_at_ms)?.set(header.restored_at_ms());
        Ok(())
    })
}

/// Gets when an administrator confirmed the restored store, in milliseconds of
/// Unix time. `*is_confirmed` is false for a store that is closed, and for one
/// that was never restored. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_store_header_confirmed_at(
    header: *const mpass_store_header,
    is_confirmed: *mut bool,
    confirmed_at_ms: *mut u64,
) -> mpass_status {
    boundary(|| {
        let header = used(header)?;
        OptionalOut::new(is_confirmed, confirmed_at_ms)?.set(header.confirmed_at_ms());
        Ok(())
    })
}

/// Gets whether the store was restored and not confirmed since. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_store_header_is_closed(
    header: *const mpass_store_header,
    out: *mut bool,
) -> mpass_status {
    boundary(|| {
        let header = used(header)?;
        out_param(out)?.set(header.is_closed());
        Ok(())
    })
}

/// Gets the name of the store that the contents were moved to, at most 64 bytes
/// of UTF-8. `*is_moved` is false if they were not moved.
///
/// Errors: BUFFER_TOO_SMALL. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_store_header_moved_to(
    header: *const mpass_store_header,
    is_moved: *mut bool,
    out: *mut c_char,
    cap: usize,
    written: *mut usize,
) -> mpass_status {
    boundary(|| {
        let header = used(header)?;
        let name = header.moved_to().map(str::as_bytes);
        give_optional(name, is_moved, out.cast(), cap, written)
    })
}
