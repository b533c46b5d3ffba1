//! Codes, ranges and windows of HOTP and TOTP, for busy hosts.
//!
//! Arguments and results are numbers of 32 bits: 64 bits come as two halves,
//! the high one first, codes as [`PackedText`], and positions are returned as
//! their distance from where the search began.

use core::convert::Infallible;

use js_sys::Uint32Array;
use mpass_core::oath::{Hotp, PackedText, Totp};
use mpass_wasm_memory::wipe_stack;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::objects::with_object;

/// Bytes of the stack that are wiped after a range: more than the 4.5 KB of a piece.
const PIECES: usize = 8 * 1024;

/// 64 bits of their halves.
fn whole(high: u32, low: u32) -> u64 {
    u64::from(high) << 32 | u64::from(low)
}

/// The code of a counter as a number.
#[wasm_bindgen(js_name = hotpValue)]
#[must_use]
pub fn hotp_value(hotp: f64, high: u32, low: u32) -> u32 {
    with_object(hotp, |hotp: &Hotp| hotp.generate_value(whole(high, low)))
}

/// The codes of consecutive counters as numbers; how many there are.
#[wasm_bindgen(js_name = hotpRange)]
#[must_use]
pub fn hotp_range(hotp: f64, high: u32, low: u32, values: &Uint32Array) -> u32 {
    let count = put_range(hotp, whole(high, low), values);
    wipe_stack::<PIECES>();
    count
}

/// Puts the codes of consecutive counters in an array. Not inlined, so that all it leaves
/// on the stack is where [`wipe_stack`] wipes.
#[inline(never)]
fn put_range(hotp: f64, first: u64, values: &Uint32Array) -> u32 {
    let index = |index: usize| u32::try_from(index).unwrap_or(u32::MAX);
    let count = usize::try_from(values.length()).unwrap_or_default();
    let put = |at: usize, piece: &[u32]| {
        let piece_of = values.subarray(index(at), index(at + piece.len()));
        piece_of.copy_from(piece);
        Ok::<(), Infallible>(())
    };
    with_object(hotp, |hotp: &Hotp| {
        let Ok(count) = hotp.generate_in_pieces(first, count, put);
        index(count)
    })
}

/// How far after a counter a code of ASCII digits is.
#[wasm_bindgen(js_name = hotpFind)]
#[must_use]
pub fn hotp_find(
    hotp: f64,
    code_high: u32,
    code_low: u32,
    high: u32,
    low: u32,
    look_ahead: u32,
) -> Option<u32> {
    let code = PackedText::new(whole(code_high, code_low));
    let counter = whole(high, low);
    with_object(hotp, |hotp: &Hotp| {
        let found = hotp.verify(code.as_str(), counter, look_ahead)?;
        u32::try_from(found - counter).ok()
    })
}

/// The time step of a time; `None` before T0 and after the year 9999.
#[wasm_bindgen(js_name = totpTimeStep)]
#[must_use]
pub fn totp_time_step(totp: f64, high: u32, low: u32) -> Option<u64> {
    with_object(totp, |totp: &Totp| totp.time_step(whole(high, low)).ok())
}

/// The code of a time as a number; `None` before T0 and after the year 9999.
#[wasm_bindgen(js_name = totpValue)]
#[must_use]
pub fn totp_value(totp: f64, high: u32, low: u32) -> Option<u32> {
    with_object(totp, |totp: &Totp| {
        let step = totp.time_step(whole(high, low)).ok()?;
        Some(totp.as_hotp().generate_value(step))
    })
}

/// The code of a time step as a number.
#[wasm_bindgen(js_name = totpStepValue)]
#[must_use]
pub fn totp_step_value(totp: f64, high: u32, low: u32) -> u32 {
    let step = whole(high, low);
    with_object(totp, |totp: &Totp| totp.as_hotp().generate_value(step))
}

/// How far after the step of a time, or before it, a code of ASCII digits is.
#[wasm_bindgen(js_name = totpFind)]
#[must_use]
pub fn totp_find(
    totp: f64,
    code_high: u32,
    code_low: u32,
    high: u32,
    low: u32,
    past: u32,
    future: u32,
) -> Option<i32> {
    let code = PackedText::new(whole(code_high, code_low));
    let time = whole(high, low);
    with_object(totp, |totp: &Totp| {
        let found = totp.verify(code.as_str(), time, past, future).ok()??;
        let now = totp.time_step(time).ok()?;
        i32::try_from(found.wrapping_sub(now).cast_signed()).ok()
    })
}

/// How far after the first of some steps a code of ASCII digits is.
#[wasm_bindgen(js_name = totpFindStep)]
#[must_use]
pub fn totp_find_step(
    totp: f64,
    code_high: u32,
    code_low: u32,
    high: u32,
    low: u32,
    count: u32,
) -> Option<u32> {
    let code = PackedText::new(whole(code_high, code_low));
    let first = whole(high, low);
    with_object(totp, |totp: &Totp| {
        let found = totp.verify_steps(code.as_str(), first, count)?;
        u32::try_from(found - first).ok()
    })
}
