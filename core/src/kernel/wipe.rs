//! Erasing secrets.

use zeroize::DefaultIsZeroes;

/// Overwrites with zeros in a way the compiler cannot remove, while leaving it
/// free to use wide stores. The crate `zeroize` writes element by element,
/// which costs 10 % of the time of a single code.
#[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
#[inline(always)]
pub(crate) fn wipe<Word: DefaultIsZeroes, const N: usize>(words: &mut [Word; N]) {
    *words = [Word::default(); N];
    // SAFETY: the assembly is empty. The compiler must assume that it reads the
    // memory behind the pointer, so the zeros have to be written.
    unsafe {
        core::arch::asm!(
            "/* {} */",
            in(reg) words.as_mut_ptr(),
            options(nostack, preserves_flags, readonly),
        );
    }
}

/// As above for targets without inline assembly, by one volatile store.
#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
#[inline(always)]
pub(crate) fn wipe<Word: DefaultIsZeroes, const N: usize>(words: &mut [Word; N]) {
    // SAFETY: the reference is valid for writes and aligned, and `Word` is
    // `Copy`, so there is nothing to drop.
    unsafe { core::ptr::write_volatile(words, [Word::default(); N]) };
    core::sync::atomic::compiler_fence(core::sync::atomic::Ordering::SeqCst);
}
