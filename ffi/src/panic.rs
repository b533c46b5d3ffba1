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

/// Panics where a test build is asked to. The feature adds no symbol, so the
/// library under test is otherwise the one that is shipped.
#[allow(clippy::panic)]
pub(crate) fn deliberate(is_asked_for: bool) {
    if cfg!(feature = "deliberate-panic") && is_asked_for {
        panic!("a deliberate panic of a test build");
    }
}
