//! Erasing the stack after an operation.

use core::hint::black_box;

/// Overwrites `BYTES` bytes of the stack below the frame of the caller with zeros. What
/// an operation leaves is below this frame if the operation is not inlined in the caller.
#[inline(never)]
pub fn wipe_stack<const BYTES: usize>() {
    // The compiler has to assume that the zeros are read.
    black_box(&mut [0_u8; BYTES]);
}
