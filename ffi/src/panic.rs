//! Panics, of which no caller in another language may see anything: shared by
//! the C functions and the natives of Java.

use core::any::Any;
use core::panic::AssertUnwindSafe;
use std::panic::catch_unwind;

/// Drops what a panic carried. That may panic in its turn, and then it stays
/// where it is.
pub(crate) fn discard(payload: Box<dyn Any + Send>) {
    if let Err(second) = catch_unwind(AssertUnwindSafe(|| drop(payload))) {
        core::mem::forget(second);
    }
}

/// Panics in a debug build if the environment asks for it. A release build does
/// not contain this.
#[allow(clippy::panic)]
pub(crate) fn deliberate(is_asked_for: bool) {
    #[cfg(debug_assertions)]
    if is_asked_for && std::env::var_os("MPASS_DELIBERATE_PANIC").is_some() {
        panic!("a deliberate panic of a test");
    }
    #[cfg(not(debug_assertions))]
    let _ = is_asked_for;
}
