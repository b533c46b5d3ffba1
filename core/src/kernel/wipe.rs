//! Erasing what was secret.

use core::ptr;
use core::sync::atomic::{Ordering, compiler_fence};

use zeroize::DefaultIsZeroes;

/// Writes zeros that the compiler may not leave out, as one store of the whole
/// array: the crate `zeroize` writes one element after the other, which for a
/// single code costs a tenth of its time.
#[inline(always)]
pub(crate) fn wipe<Word: DefaultIsZeroes, const N: usize>(words: &mut [Word; N]) {
    // SAFETY: the reference is valid for writes and aligned, and `Word` is
    // `Copy`, so nothing is to be dropped.
    unsafe { ptr::write_volatile(words, [Word::default(); N]) };
    compiler_fence(Ordering::SeqCst);
}
