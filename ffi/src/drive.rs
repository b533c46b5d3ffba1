//! What carries a request to its reply by a host's callbacks.

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

/// Carries a request to its reply by the host's callbacks; `now_ms`,
/// `entropy`, `load`, `swap` and `deliver` are needed. `*out` is the caller's,
/// to be freed with `mpass_reply_free`.
///
/// Errors: STRUCT_SIZE, INVALID_ARGUMENT where what is reserved is not zero,
/// NOT_IMPLEMENTED for a callback that is missing, ENTROPY_FAILED. A store or
/// a gateway that fails is no error here but a reply of the contract. Threads: any, as far as the
/// callbacks allow.
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
