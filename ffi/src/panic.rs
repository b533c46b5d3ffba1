//! Panic handling, shared by the C functions and the Java natives: a panic must
//! not unwind into a caller in another language.

use core::any::Any;
use core::panic::AssertUnwindSafe;
use std::panic::catch_unwind;

/// Drops the payload of a panic. If that panics too, the second payload is
/// leaked.
pub(crate) fn discard(payload: Box<dyn Any + Send>) {
    if let Err(second) = catch_unwind(AssertUnwindSafe(|| drop(payload))) {
        core::mem::forget(second);
    }
}

/// Panics in a debug build if the environment variable is set. A release build
/// does not contain this.
#[allow(clippy::panic)]
pub(crate) fn deliberate(is_asked_for: bool) {
    #[cfg(debug_assertions)]
    if is_asked_for && std::env::var_os("MPASS_DELIBERATE_PANIC").is_some() {
        panic!("a deliberate panic of a test");
    }
    #[cfg(not(debug_assertions))]
    let _ = is_asked_for;
}
