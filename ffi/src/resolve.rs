//! The RESOLVE step of an exchange.

use core::ffi::c_char;

use mpass_core::service::{Answer, Step};

use crate::boundary::boundary;
use crate::exchange::{advance, mpass_exchange};
use crate::handle::{changed, used};
use crate::number::{mpass_number, optional_number};
use crate::slice::{give_display, out_param};
use crate::status::mpass_status;

/// Gets the network address of a RESOLVE step in text form, at most 45
/// characters.
///
/// Errors: WRONG_STATE in any other step, BUFFER_TOO_SMALL. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_exchange_resolve_address(
    exchange: *const mpass_exchange,
    out: *mut c_char,
    cap: usize,
    written: *mut usize,
) -> mpass_status {
    boundary(|| match &used(exchange)?.step {
        Some(Step::Resolve(address)) => give_display(address, out, cap, written),
        _ => Err(mpass_status::WrongState),
    })
}

/// Answers a RESOLVE step. `number` is the number of the device with the
/// address; NULL if the network does not know the address or two numbers share
/// it. Otherwise like `mpass_exchange_next`.
///
/// Threads: one at a time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_exchange_next_resolved(
    exchange: *mut mpass_exchange,
    number: *const mpass_number,
    now_ms: u64,
    step: *mut u32,
) -> mpass_status {
    boundary(|| {
        let exchange = changed(exchange)?;
        let number = optional_number(number)?;
        let step = out_param(step)?;
        advance(exchange, Answer::Resolved(number), now_ms, step)
    })
}
