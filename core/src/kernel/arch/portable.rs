//! One lane in a general-purpose register, on any processor. The reference for
//! every other backend.

use crate::kernel::crossover::Table;
use crate::kernel::lanes;
use crate::kernel::vector::Vector;

/// Requires no special instructions.
#[derive(Clone, Copy)]
pub(in crate::kernel) struct Portable;

impl Portable {
    #[allow(dead_code)] // Targets with SIMD do not need it.
    pub(in crate::kernel) const fn new() -> Self {
        Self
    }

    /// A single lane has no advantage over single codes.
    pub(in crate::kernel) fn crossover(self, _: bool) -> Table {
        Table::NONE
    }
}

macro_rules! word {
    ($word:ty) => {
        impl Vector for $word {
            type Word = Self;
            type Token = Portable;
            const LANES: usize = 1;

            #[inline(always)]
            fn splat(_: Portable, word: Self) -> Self {
                word
            }
            #[inline(always)]
            fn load(_: Portable, words: &[Self]) -> Self {
                words[0]
            }
            #[inline(always)]
            fn store(self, words: &mut [Self]) {
                words[0] = self;
            }
            #[inline(always)]
            fn add(self, other: Self) -> Self {
                self.wrapping_add(other)
            }
            #[inline(always)]
            fn xor(self, other: Self) -> Self {
                self ^ other
            }
            #[inline(always)]
            fn and(self, other: Self) -> Self {
                self & other
            }
            #[inline(always)]
            fn or(self, other: Self) -> Self {
                self | other
            }
            #[inline(always)]
            fn shift_left<const BITS: i32>(self) -> Self {
                self << BITS
            }
            #[inline(always)]
            fn shift_right<const BITS: i32>(self) -> Self {
                self >> BITS
            }
            #[inline(always)]
            fn sign(self) -> Self {
                // Without the barrier LLVM turns the selection by this bit into
                // a branch.
                core::hint::black_box(self >> (Self::BITS - 1)).wrapping_neg()
            }
        }
    };
}

word!(u32);
word!(u64);

kernels!(Portable, u32, u64);

/// The token of the x86-64 SHA instructions, uninhabited on other targets.
#[cfg(not(all(target_arch = "x86_64", target_feature = "sse2")))]
pub(in crate::kernel) enum ShaNi {}

#[cfg(not(all(target_arch = "x86_64", target_feature = "sse2")))]
impl ShaNi {
    pub(in crate::kernel) fn compress1(self, _: &mut [u32; 5], _: &[u8; 64]) {
        match self {}
    }
    pub(in crate::kernel) fn compress256(self, _: &mut [u32; 8], _: &[u8; 64]) {
        match self {}
    }
    pub(in crate::kernel) fn short256(self, _: [u64; 2], _: u32, _: u32) -> [u8; 32] {
        match self {}
    }
    pub(in crate::kernel) fn compress_key1(self, _: &mut [u32; 5], _: &mut [u32; 5], _: &[u8; 64]) {
        match self {}
    }
    pub(in crate::kernel) fn two_truncated1(
        self,
        _: &[u32; 5],
        _: &[u32; 5],
        _: [u64; 2],
    ) -> [u32; 2] {
        match self {}
    }
    pub(in crate::kernel) fn truncated_once1(self, _: &[u8; 64], _: u64) -> u32 {
        match self {}
    }
    pub(in crate::kernel) fn truncated1(self, _: &[u32; 5], _: &[u32; 5], _: u64) -> u32 {
        match self {}
    }
    pub(in crate::kernel) fn truncated256(self, _: &[u32; 8], _: &[u32; 8], _: u64) -> u32 {
        match self {}
    }
}
