//! Registers of 128 bits.

use core::arch::x86_64::*;

use super::vector;
use crate::kernel::crossover::{Crossover, Table};
use crate::kernel::lanes;
use crate::kernel::vector::Vector;

/// The token of SSE2, which is part of the x86-64 baseline.
#[derive(Clone, Copy)]
pub(in crate::kernel) struct Sse2(());

impl Sse2 {
    pub(in crate::kernel) fn new() -> Self {
        Self(())
    }
}

impl Sse2 {
    /// Measured on Zen 4. SHA-1: 4 codes in lanes take 243 ns, 131 ns by SHA
    /// instructions. SHA-256: 789 ns and 246 ns. SHA-512: 2 codes in lanes take
    /// as long as 2.0 codes by the crate.
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
    // SSE2 has no arithmetic 64-bit shift: the sign of the upper half is
    // copied.
    _mm_sll_epi64 _mm_srl_epi64, sign |x| _mm_shuffle_epi32::<0xf5>(_mm_srai_epi32::<31>(x))
);

kernels!(Sse2, Words32, Words64);
