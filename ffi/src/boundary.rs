//! The one way in: every exported function runs its body in [`boundary`].

use core::any::Any;
use core::panic::AssertUnwindSafe;
use std::panic::catch_unwind;

use crate::status::mpass_status as Status;

#[cfg(panic = "abort")]
compile_error!("a panic has to come back as a status: build with panic = \"unwind\"");

/// Runs the body of an exported function and returns its status. A panic
/// ends here; the handles that were in use are poisoned by their guards.
pub(crate) fn boundary(body: impl FnOnce() -> Result<(), Status>) -> Status {
    match catch_unwind(AssertUnwindSafe(body)) {
        Ok(Ok(())) => Status::Ok,
        Ok(Err(status)) => status,
        Err(payload) => {
            discard(payload);
            Status::Panic
        }
    }
}

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
