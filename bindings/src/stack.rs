//! Erasing the stack after an operation.

use core::hint::black_box;

/// Overwrites `BYTES` bytes of the stack below the caller's frame with zeros: secrets
/// and keys that were moved leave copies there. For bindings whose callers see all of
/// the memory, as those of a WebAssembly module do. What an operation leaves must be
/// below the caller's frame too, so it is called in a function that is not inlined.
#[inline(never)]
pub fn wipe_stack<const BYTES: usize>() {
    // The compiler has to assume that the zeros are read.
    black_box(&mut [0_u8; BYTES]);
}
