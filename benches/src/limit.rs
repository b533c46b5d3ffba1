//! Prototypes of the least that a code costs on this processor: compressions
//! alone, with nothing read, written, truncated or compared.

// Intrinsics take a processor that has them.
#![allow(unsafe_code)]

/// `count` compressions of SHA-1, each on the state of the one before, by the
/// crate `sha1`, which has the SHA instructions.
#[must_use]
pub fn sha1_in_a_row(state: [u32; 5], counter: u64, count: usize) -> [u32; 5] {
    let (mut state, mut block) = (state, [0; 64]);
    block[..8].copy_from_slice(&counter.to_be_bytes());
    for _ in 0..count {
        sha1::block_api::compress(&mut state, &[block]);
    }
    state
}

/// One compression of SHA-256.
#[must_use]
pub fn sha256(state: [u32; 8], block: &[u8; 64]) -> [u32; 8] {
    let mut state = state;
    sha2::block_api::compress256(&mut state, core::slice::from_ref(block));
    state
}

/// Sixteen HOTP values' compressions of SHA-1, two for each, side by side in
/// the registers of AVX-512; `None` on a processor without.
#[must_use]
pub fn sha1_sixteen(first: u64) -> Option<[u32; 16]> {
    #[cfg(target_arch = "x86_64")]
    if std::is_x86_feature_detected!("avx512f") {
        // SAFETY: the processor has AVX-512F.
        return Some(unsafe { avx512::two_compressions(first) });
    }
    let _ = first;
    None
}

#[cfg(target_arch = "x86_64")]
mod avx512 {
    use core::arch::x86_64::*;

    const STATE: [u32; 5] = [
        0x6745_2301,
        0xefcd_ab89,
        0x98ba_dcfe,
        0x1032_5476,
        0xc3d2_e1f0,
    ];
    const K: [u32; 4] = [0x5a82_7999, 0x6ed9_eba1, 0x8f1b_bcdc, 0xca62_c1d6];

    #[target_feature(enable = "avx512f")]
    #[inline]
    fn words(word: u32) -> __m512i {
        _mm512_set1_epi32(word.cast_signed())
    }

    #[target_feature(enable = "avx512f")]
    pub(super) fn two_compressions(first: u64) -> [u32; 16] {
        let lanes = _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
        // The lower half of a counter is enough here.
        let low = u32::try_from(first & 0xffff_ff00).unwrap_or_default();
        let mut block = [words(0); 16];
        block[1] = _mm512_add_epi32(words(low), lanes);
        let mut state = STATE.map(|word| _mm512_set1_epi32(word.cast_signed()));
        for _ in 0..2 {
            compress(&mut state, block);
            block[..5].copy_from_slice(&state);
        }
        let mut out = [0; 16];
        // SAFETY: `out` has the size of the register.
        unsafe { _mm512_storeu_si512(out.as_mut_ptr().cast(), state[4]) };
        out
    }

    #[target_feature(enable = "avx512f")]
    fn compress(state: &mut [__m512i; 5], mut w: [__m512i; 16]) {
        let [mut a, mut b, mut c, mut d, mut e] = *state;
        macro_rules! round {
            ($round:expr, $function:literal, $k:expr) => {
                if $round > 15 {
                    let mixed = _mm512_ternarylogic_epi32::<0x96>(
                        w[($round + 13) & 15],
                        w[($round + 8) & 15],
                        w[($round + 2) & 15],
                    );
                    let mixed = _mm512_xor_si512(mixed, w[$round & 15]);
                    w[$round & 15] = _mm512_rol_epi32::<1>(mixed);
                }
                let mixed = _mm512_ternarylogic_epi32::<$function>(b, c, d);
                let sum = _mm512_add_epi32(_mm512_add_epi32(e, words($k)), w[$round & 15]);
                let sum = _mm512_add_epi32(_mm512_add_epi32(sum, mixed), _mm512_rol_epi32::<5>(a));
                (e, d, c, b, a) = (d, c, _mm512_rol_epi32::<30>(b), a, sum);
            };
        }
        macro_rules! twenty {
            ($first:expr, $function:literal, $k:expr) => {
                twenty!(@ $first, $function, $k, 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19);
            };
            (@ $first:expr, $function:literal, $k:expr, $($index:literal)*) => {
                $(round!($first + $index, $function, $k);)*
            };
        }
        twenty!(0, 0xca, K[0]);
        twenty!(20, 0x96, K[1]);
        twenty!(40, 0xe8, K[2]);
        twenty!(60, 0x96, K[3]);
        for (word, add) in state.iter_mut().zip([a, b, c, d, e]) {
            *word = _mm512_add_epi32(*word, add);
        }
    }
}
