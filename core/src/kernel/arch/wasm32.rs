//! WebAssembly SIMD, in registers of 128 bits.

use core::arch::wasm32::*;

use crate::kernel::crossover::{Crossover, Table};
use crate::kernel::lanes;
use crate::kernel::vector::Vector;

/// The token of `simd128`, which is enabled for the whole module: engines
/// without it reject the module.
#[derive(Clone, Copy)]
pub(in crate::kernel) struct Simd128(());

impl Simd128 {
    pub(in crate::kernel) fn new() -> Self {
        Self(())
    }
}

impl Simd128 {
    /// Two lanes of SHA-512 are no faster than two single codes.
    pub(in crate::kernel) fn crossover(self, _: bool) -> Table {
        Table {
            sha1: Crossover::from(2, 4),
            sha256: Crossover::from(3, 4),
            sha512: Crossover::NONE,
        }
    }
}

macro_rules! vector {
    (
        $name:ident of $lanes:literal $word:ty,
        $splat:ident $add:ident $left:ident $right:ident $signed_right:ident
    ) => {
        #[derive(Clone, Copy)]
        pub(in crate::kernel) struct $name(v128);

        impl Vector for $name {
            type Word = $word;
            type Token = Simd128;
            const LANES: usize = $lanes;

            #[inline(always)]
            fn splat(_: Simd128, word: $word) -> Self {
                Self($splat(word))
            }
            #[inline(always)]
            fn load(_: Simd128, words: &[$word]) -> Self {
                assert!(words.len() >= $lanes);
                // SAFETY: the length was checked, and unaligned loads are
                // allowed.
                Self(unsafe { v128_load(words.as_ptr().cast()) })
            }
            #[inline(always)]
            fn store(self, words: &mut [$word]) {
                assert!(words.len() >= $lanes);
                // SAFETY: the length was checked, and unaligned stores are
                // allowed.
                unsafe { v128_store(words.as_mut_ptr().cast(), self.0) }
            }
            #[inline(always)]
            fn add(self, other: Self) -> Self {
                Self($add(self.0, other.0))
            }
            #[inline(always)]
            fn xor(self, other: Self) -> Self {
                Self(v128_xor(self.0, other.0))
            }
            #[inline(always)]
            fn and(self, other: Self) -> Self {
                Self(v128_and(self.0, other.0))
            }
            #[inline(always)]
            fn or(self, other: Self) -> Self {
                Self(v128_or(self.0, other.0))
            }
            #[inline(always)]
            fn shift_left<const BITS: i32>(self) -> Self {
                Self($left(self.0, BITS.cast_unsigned()))
            }
            #[inline(always)]
            fn shift_right<const BITS: i32>(self) -> Self {
                Self($right(self.0, BITS.cast_unsigned()))
            }
            #[inline(always)]
            fn choose(self, yes: Self, no: Self) -> Self {
                Self(v128_bitselect(yes.0, no.0, self.0))
            }
            #[inline(always)]
            fn sign(self) -> Self {
                Self($signed_right(self.0, <$word>::BITS - 1))
            }
        }
    };
}

vector!(Words32 of 4 u32, u32x4_splat u32x4_add u32x4_shl u32x4_shr i32x4_shr);
vector!(Words64 of 2 u64, u64x2_splat u64x2_add u64x2_shl u64x2_shr i64x2_shr);

kernels!(Simd128, Words32, Words64);
