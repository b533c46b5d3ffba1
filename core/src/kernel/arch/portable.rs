//! One lane in an ordinary register, on any processor: what every other
//! backend is compared with.

use crate::kernel::lanes;
use crate::kernel::vector::Vector;

/// Asks nothing of the processor.
#[derive(Clone, Copy)]
pub(in crate::kernel) struct Portable;

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
                (self >> (Self::BITS - 1)).wrapping_neg()
            }
        }
    };
}

word!(u32);
word!(u64);

kernels!(Portable, u32, u64);
