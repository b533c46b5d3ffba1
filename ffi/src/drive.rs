//! Runs a request to its reply with the callbacks of a host.

use core::ffi::c_void;

use mpass_core::service::{Host, drive};
use zeroize::Zeroizing;

use crate::boundary::boundary;
use crate::callbacks::CallbackHost;
use crate::engine::mpass_engine;
use crate::handle::{Slot, used};
use crate::host::{mpass_host, table};
use crate::reply::mpass_reply;
use crate::request::mpass_request;
use crate::status::mpass_status;

/// Runs a request to its reply with the callbacks of `host`, of which `now_ms`,
/// `entropy`, `load`, `swap`, `list` and `deliver` are required. `userdata` is passed
/// to every callback. The caller must free `*out` with `mpass_reply_free`.
///
/// Errors: STRUCT_SIZE, INVALID_ARGUMENT if a reserved member is not zero,
/// NOT_IMPLEMENTED if a required callback is NULL, ENTROPY_FAILED. If the store
/// or the gateway fails, the call succeeds and the reply is an error reply of
/// the contract. Threads: any, as far as the callbacks allow.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_drive(
    engine: *const mpass_engine,
    request: *const mpass_request,
    host: *const mpass_host,
    userdata: *mut c_void,
    out: *mut *mut mpass_reply,
) -> mpass_status {
    boundary(|| {
        let slot = Slot::new(out)?;
        let (engine, request) = (used(engine)?, used(request)?);
        let host = table(host)?;
        let entropy = host.entropy.ok_or(mpass_status::NotImplemented)?;
        let callbacks = CallbackHost::of(host, userdata)?;
        let mut bytes = Zeroizing::new([0; 32]);
        if !entropy(userdata, bytes.as_mut_ptr(), bytes.len()) {
            return Err(mpass_status::EntropyFailed);
        }
        let exchange = request.begin(&engine, callbacks.now_ms(), &bytes);
        slot.fill(drive(&callbacks, exchange));
        Ok(())
    })
}
