//! Registers of 512 bits, and of 256 bits with AVX-512VL instructions for a
//! remainder that does not fill a long register. Rotations and three-operand
//! logic are one instruction each.

use core::arch::x86_64::*;

use super::vector;
use crate::kernel::crossover::{Crossover, Table};
use crate::kernel::lanes;
use crate::kernel::vector::Vector;

cpufeatures::new!(cpu, "avx512f", "avx512vl");

/// Proves that the processor and the system have AVX-512F and VL.
#[derive(Clone, Copy)]
pub(in crate::kernel) struct Avx512(());

impl Avx512 {
    pub(in crate::kernel) fn new() -> Option<Self> {
        cpu::get().then_some(Self(()))
    }

    /// The token for registers of half the length.
    pub(in crate::kernel) fn half(self) -> Half {
        Half(())
    }
}

impl Avx512 {
    /// Measured on Zen 4. SHA-1: 8 and 16 codes in lanes take 172 and 281 ns, 5
    /// and 11 codes by SHA instructions 187 and 383 ns. SHA-256: 347 and 580
    /// ns, and 6 codes by SHA instructions 368 ns. SHA-512: 4 and 8 codes in
    /// lanes take as long as 0.9 and 1.5 codes by the crate. The shorter
    /// registers compute the remainder.
    pub(in crate::kernel) fn crossover(self, sha: bool) -> Table {
        let (sha1, sha256) = match sha {
            true => (
                Crossover::from(5, 8).and_second_from(3),
                Crossover::from(6, 8).and_second_from(4),
            ),
            false => (Crossover::from(2, 8), Crossover::from(2, 8)),
        };
        let sha512 = Crossover::from(1, 4);
        Table {
            sha1,
            sha256,
            sha512,
        }
    }
}

/// As [`Avx512`], for the shorter registers.
#[derive(Clone, Copy)]
pub(in crate::kernel) struct Half(());

vector!(
    Long32(__m512i) of 16 u32, Avx512,
    _mm512_set1_epi32 _mm512_loadu_si512 _mm512_storeu_si512
    _mm512_add_epi32 _mm512_xor_si512 _mm512_and_si512 _mm512_or_si512
    _mm512_sll_epi32 _mm512_srl_epi32, sign |x| _mm512_srai_epi32::<31>(x),
    rotate _mm512_rol_epi32, ternary _mm512_ternarylogic_epi32
);
vector!(
    Long64(__m512i) of 8 u64, Avx512,
    _mm512_set1_epi64 _mm512_loadu_si512 _mm512_storeu_si512
    _mm512_add_epi64 _mm512_xor_si512 _mm512_and_si512 _mm512_or_si512
    _mm512_sll_epi64 _mm512_srl_epi64, sign |x| _mm512_srai_epi64::<63>(x),
    rotate _mm512_rol_epi64, ternary _mm512_ternarylogic_epi64
);
vector!(
    Half32(__m256i) of 8 u32, Half,
    _mm256_set1_epi32 _mm256_loadu_si256 _mm256_storeu_si256
    _mm256_add_epi32 _mm256_xor_si256 _mm256_and_si256 _mm256_or_si256
    _mm256_sll_epi32 _mm256_srl_epi32, sign |x| _mm256_srai_epi32::<31>(x),
    rotate _mm256_rol_epi32, ternary _mm256_ternarylogic_epi32
);
vector!(
    Half64(__m256i) of 4 u64, Half,
    _mm256_set1_epi64x _mm256_loadu_si256 _mm256_storeu_si256
    _mm256_add_epi64 _mm256_xor_si256 _mm256_and_si256 _mm256_or_si256
    _mm256_sll_epi64 _mm256_srl_epi64, sign |x| _mm256_srai_epi64::<63>(x),
    rotate _mm256_rol_epi64, ternary _mm256_ternarylogic_epi64
);

kernels!(Avx512, Long32, Long64, "avx512f,avx512vl");
kernels!(Half, Half32, Half64, "avx512f,avx512vl");
