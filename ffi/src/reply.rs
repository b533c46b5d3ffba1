//! Replies to requests.

use core::ffi::c_char;

use mpass_core::service::{Reason, Reply};

use crate::boundary::boundary;
use crate::handle::{class, free, used};
use crate::slice::{give, give_text, out_param};
use crate::status::mpass_status;

/// The reply to a request. Immutable: it can be used by any number of threads
/// at once.
pub struct mpass_reply {
    _opaque: (),
}

class!(mpass_reply, Reply, 18);

/// Frees a reply. Does nothing for NULL. No other thread may be using the
/// handle.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_reply_free(reply: *mut mpass_reply) {
    free(reply);
}

/// Gets the HTTP status code. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_reply_status(
    reply: *const mpass_reply,
    out: *mut u16,
) -> mpass_status {
    boundary(|| {
        let reply = used(reply)?;
        out_param(out)?.set(reply.status);
        Ok(())
    })
}

/// Gets the body, which is empty for a HEAD request.
///
/// Errors: BUFFER_TOO_SMALL. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_reply_body(
    reply: *const mpass_reply,
    out: *mut u8,
    cap: usize,
    written: *mut usize,
) -> mpass_status {
    boundary(|| give(&used(reply)?.body, out, cap, written))
}

/// Gets the number of headers. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_reply_header_count(
    reply: *const mpass_reply,
    out: *mut usize,
) -> mpass_status {
    boundary(|| {
        let reply = used(reply)?;
        out_param(out)?.set(reply.headers.len());
        Ok(())
    })
}

/// Gets the name of a header. `index` starts at 0.
///
/// Errors: WRONG_STATE if `index` is out of range, BUFFER_TOO_SMALL. Threads:
/// any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_reply_header_name(
    reply: *const mpass_reply,
    index: usize,
    out: *mut c_char,
    cap: usize,
    written: *mut usize,
) -> mpass_status {
    boundary(|| {
        let reply = used(reply)?;
        let (name, _) = reply.headers.get(index).ok_or(mpass_status::WrongState)?;
        give_text(name, out, cap, written)
    })
}

/// Gets the value of a header. `index` starts at 0.
///
/// Errors: WRONG_STATE if `index` is out of range, BUFFER_TOO_SMALL. Threads:
/// any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_reply_header_value(
    reply: *const mpass_reply,
    index: usize,
    out: *mut c_char,
    cap: usize,
    written: *mut usize,
) -> mpass_status {
    boundary(|| {
        let reply = used(reply)?;
        let (_, value) = reply.headers.get(index).ok_or(mpass_status::WrongState)?;
        give_text(value, out, cap, written)
    })
}

/// Gets why the exchange ended as it did, for metrics and audit: a stable
/// number, such as 10 for a code that was compared and is wrong. Do not send it
/// to the caller of the service. `mpass_reason_name` returns its name. Threads:
/// any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_reply_reason(
    reply: *const mpass_reply,
    out: *mut u32,
) -> mpass_status {
    boundary(|| {
        let reply = used(reply)?;
        out_param(out)?.set(reply.reason.number().into());
        Ok(())
    })
}

/// Gets the name of a reason, such as `wrong_code`, for metric labels and logs.
///
/// Errors: INVALID_ARGUMENT for an unknown reason, BUFFER_TOO_SMALL. Threads:
/// any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_reason_name(
    reason: u32,
    out: *mut c_char,
    cap: usize,
    written: *mut usize,
) -> mpass_status {
    boundary(|| {
        let found = Reason::ALL
            .iter()
            .find(|known| u32::from(known.number()) == reason);
        let name = found.ok_or(mpass_status::InvalidArgument)?.name();
        give_text(name, out, cap, written)
    })
}
