//! NEON, in registers of 128 bits.

use core::arch::aarch64::*;

use crate::kernel::crossover::{Crossover, Table};
use crate::kernel::lanes;
use crate::kernel::vector::Vector;

cpufeatures::new!(sha, "sha2");

/// Whether the crates `sha1` and `sha2` use SHA instructions on this processor.
pub(in crate::kernel) fn crates_have_instructions() -> bool {
    sha::get()
}

/// The token of NEON, which is enabled for the whole target.
#[derive(Clone, Copy)]
pub(in crate::kernel) struct Neon(());

impl Neon {
    pub(in crate::kernel) fn new() -> Self {
        Self(())
    }
}

impl Neon {
    /// Estimated, not measured: SHA instructions are assumed to be faster, and
    /// two lanes of SHA-512 to be no faster than general-purpose registers.
    pub(in crate::kernel) fn crossover(self, sha: bool) -> Table {
        match sha {
            true => Table::NONE,
            false => Table {
                sha1: Crossover::from(2, 4),
                sha256: Crossover::from(3, 4),
                sha512: Crossover::NONE,
            },
        }
    }
}

macro_rules! vector {
    (
        $name:ident($register:ty) of $lanes:literal $word:ty,
        $splat:ident $load:ident $store:ident $add:ident $xor:ident $and:ident $or:ident
        $left:ident $right:ident $insert:ident, choose $choose:ident, sign |$x:ident| $sign:expr
    ) => {
        #[derive(Clone, Copy)]
        pub(in crate::kernel) struct $name($register);

        // SAFETY, for every block here: NEON is enabled for the target.
        impl Vector for $name {
            type Word = $word;
            type Token = Neon;
            const LANES: usize = $lanes;

            #[inline(always)]
            fn splat(_: Neon, word: $word) -> Self {
                // SAFETY: as above.
                Self(unsafe { $splat(word) })
            }
            #[inline(always)]
            fn load(_: Neon, words: &[$word]) -> Self {
                assert!(words.len() >= $lanes);
                // SAFETY: as above, and the length was checked.
                Self(unsafe { $load(words.as_ptr()) })
            }
            #[inline(always)]
            fn store(self, words: &mut [$word]) {
                assert!(words.len() >= $lanes);
                // SAFETY: as above, and the length was checked.
                unsafe { $store(words.as_mut_ptr(), self.0) }
            }
            #[inline(always)]
            fn add(self, other: Self) -> Self {
                // SAFETY: as above.
                Self(unsafe { $add(self.0, other.0) })
            }
            #[inline(always)]
            fn xor(self, other: Self) -> Self {
                // SAFETY: as above.
                Self(unsafe { $xor(self.0, other.0) })
            }
            #[inline(always)]
            fn and(self, other: Self) -> Self {
                // SAFETY: as above.
                Self(unsafe { $and(self.0, other.0) })
            }
            #[inline(always)]
            fn or(self, other: Self) -> Self {
                // SAFETY: as above.
                Self(unsafe { $or(self.0, other.0) })
            }
            #[inline(always)]
            fn shift_left<const BITS: i32>(self) -> Self {
                // SAFETY: as above.
                Self(unsafe { $left::<BITS>(self.0) })
            }
            #[inline(always)]
            fn shift_right<const BITS: i32>(self) -> Self {
                // SAFETY: as above.
                Self(unsafe { $right::<BITS>(self.0) })
            }
            /// Two instructions: a shift, and a shift with insert.
            #[inline(always)]
            fn rotate<const LEFT: i32, const RIGHT: i32>(self) -> Self {
                // SAFETY: as above.
                Self(unsafe { $insert::<RIGHT>($left::<LEFT>(self.0), self.0) })
            }
            #[inline(always)]
            fn choose(self, yes: Self, no: Self) -> Self {
                // SAFETY: as above.
                Self(unsafe { $choose(self.0, yes.0, no.0) })
            }
            #[inline(always)]
            fn sign(self) -> Self {
                let $x = self.0;
                // SAFETY: as above.
                Self(unsafe { $sign })
            }
        }
    };
}

vector!(
    Words32(uint32x4_t) of 4 u32,
    vdupq_n_u32 vld1q_u32 vst1q_u32 vaddq_u32 veorq_u32 vandq_u32 vorrq_u32
    vshlq_n_u32 vshrq_n_u32 vsriq_n_u32, choose vbslq_u32,
    sign |x| vreinterpretq_u32_s32(vshrq_n_s32::<31>(vreinterpretq_s32_u32(x)))
);
vector!(
    Words64(uint64x2_t) of 2 u64,
    vdupq_n_u64 vld1q_u64 vst1q_u64 vaddq_u64 veorq_u64 vandq_u64 vorrq_u64
    vshlq_n_u64 vshrq_n_u64 vsriq_n_u64, choose vbslq_u64,
    sign |x| vreinterpretq_u64_s64(vshrq_n_s64::<63>(vreinterpretq_s64_u64(x)))
);

kernels!(Neon, Words32, Words64, "neon");
