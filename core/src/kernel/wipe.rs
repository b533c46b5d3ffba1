//! Erasing what was secret.

use zeroize::DefaultIsZeroes;

/// Writes zeros that the compiler may not leave out, in stores as wide as it
/// likes: the crate `zeroize` writes one element after the other, which for a
/// single code costs a tenth of its time.
#[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
#[inline(always)]
pub(crate) fn wipe<Word: DefaultIsZeroes, const N: usize>(words: &mut [Word; N]) {
    *words = [Word::default(); N];
    // SAFETY: it has no instruction. As far as the compiler knows it reads
    // what is behind the pointer, so the zeros have to be there.
    unsafe {
        core::arch::asm!(
            "/* {} */",
            in(reg) words.as_mut_ptr(),
            options(nostack, preserves_flags, readonly),
        );
    }
}

/// The same where assembly is not to be had, as one volatile store.
#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
#[inline(always)]
pub(crate) fn wipe<Word: DefaultIsZeroes, const N: usize>(words: &mut [Word; N]) {
    // SAFETY: the reference is valid for writes and aligned, and `Word` is
    // `Copy`, so nothing is to be dropped.
    unsafe { core::ptr::write_volatile(words, [Word::default(); N]) };
    core::sync::atomic::compiler_fence(core::sync::atomic::Ordering::SeqCst);
}
