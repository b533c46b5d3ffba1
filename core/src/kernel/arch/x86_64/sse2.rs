//! Registers of 128 bits.

use core::arch::x86_64::*;

use super::vector;
use crate::kernel::lanes;
use crate::kernel::pays::{Pays, Table};
use crate::kernel::vector::Vector;

/// Every x86-64 processor has it, and this target uses it.
#[derive(Clone, Copy)]
pub(in crate::kernel) struct Sse2(());

impl Sse2 {
    pub(in crate::kernel) fn new() -> Self {
        Self(())
    }
}

impl Sse2 {
    /// On Zen 4 four codes of SHA-1 take 243 ns, where four take 131 by the
    /// SHA instructions, of SHA-256 789 and 246; two of SHA-512 as long as 2.0
    /// by the crate.
    pub(in crate::kernel) fn pays(self, sha: bool) -> Table {
        match sha {
            true => Table::NONE,
            false => Table {
                sha1: Pays::from(2, 4),
                sha256: Pays::from(3, 4),
                sha512: Pays::NONE,
            },
        }
    }
}

vector!(
    Words32(__m128i) of 4 u32, Sse2,
    _mm_set1_epi32 _mm_loadu_si128 _mm_storeu_si128
    _mm_add_epi32 _mm_xor_si128 _mm_and_si128 _mm_or_si128
    _mm_sll_epi32 _mm_srl_epi32, sign |x| _mm_srai_epi32::<31>(x)
);
vector!(
    Words64(__m128i) of 2 u64, Sse2,
    _mm_set1_epi64x _mm_loadu_si128 _mm_storeu_si128
    _mm_add_epi64 _mm_xor_si128 _mm_and_si128 _mm_or_si128
    // No shift of 64 bits brings the sign along: the upper halves' are copied.
    _mm_sll_epi64 _mm_srl_epi64, sign |x| _mm_shuffle_epi32::<0xf5>(_mm_srai_epi32::<31>(x))
);

kernels!(Sse2, Words32, Words64);
