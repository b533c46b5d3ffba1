//! Turns panics into statuses: every exported function runs its body in
//! [`boundary`].

use core::panic::AssertUnwindSafe;
use std::panic::catch_unwind;

use crate::panic::discard;
use crate::status::mpass_status as Status;

#[cfg(panic = "abort")]
compile_error!("a panic must be returned as a status: build with panic = \"unwind\"");

/// Runs the body of an exported function and returns its status. A panic does
/// not unwind further; the handles in use are poisoned by their guards.
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
