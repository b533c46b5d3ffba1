//! Sixteen HMAC-SHA-1 codes at once by AVX-512, including the reduction to six
//! digits.

use core::arch::x86_64::*;

use super::halves;

/// Codes computed at once.
pub const LANES: usize = 16;

/// Proof that the processor has AVX-512.
#[derive(Clone, Copy)]
pub struct Avx512(());

type State = [__m512i; 5];

impl Avx512 {
    /// `None` if the processor lacks it.
    #[must_use]
    pub fn detect() -> Option<Self> {
        is_x86_feature_detected!("avx512f").then_some(Self(()))
    }

    /// The HOTP values modulo 10^6 of the counters from `first` on, from the
    /// states of one key.
    #[must_use]
    pub fn codes(self, states: &[[u32; 5]; 2], first: u64) -> [u32; LANES] {
        // SAFETY: `detect` has found the feature.
        unsafe { codes(states, first) }
    }
}

#[target_feature(enable = "avx512f")]
fn codes(states: &[[u32; 5]; 2], first: u64) -> [u32; LANES] {
    let zero = _mm512_setzero_si512();
    let end = _mm512_set1_epi32(i32::MIN);
    let [high, low] = halves(first).map(|half| _mm512_set1_epi32(half as i32));
    let indexes = _mm512_set_epi32(15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
    let mut block = [zero; 16];
    block[1] = _mm512_add_epi32(low, indexes);
    let carries = _mm512_cmplt_epu32_mask(block[1], low);
    block[0] = _mm512_mask_add_epi32(high, carries, high, _mm512_set1_epi32(1));
    block[2] = end;
    block[15] = _mm512_set1_epi32((64 + 8) * 8);
    let inner = compress(states[0].map(|word| _mm512_set1_epi32(word as i32)), block);
    let mut block = [zero; 16];
    block[..5].copy_from_slice(&inner);
    block[5] = end;
    block[15] = _mm512_set1_epi32((64 + 20) * 8);
    let mac = compress(states[1].map(|word| _mm512_set1_epi32(word as i32)), block);
    let numbers = modulo_million(truncate(&mac));
    let mut codes = [0; LANES];
    // SAFETY: writes 64 bytes to sixteen words.
    unsafe { _mm512_storeu_epi32(codes.as_mut_ptr().cast(), numbers) };
    codes
}

/// One round: `$e` receives the result, and `$b` is rotated.
macro_rules! round {
    ($a:ident $b:ident $c:ident $d:ident $e:ident, $logic:literal, $k:expr, $w:expr) => {
        $e = _mm512_add_epi32($e, _mm512_add_epi32($k, $w));
        $e = _mm512_add_epi32($e, _mm512_ternarylogic_epi32::<$logic>($b, $c, $d));
        $e = _mm512_add_epi32($e, _mm512_rol_epi32::<5>($a));
        $b = _mm512_rol_epi32::<30>($b);
    };
}

/// Five rounds, after which every name is back in its position.
macro_rules! five {
    ($a:ident $b:ident $c:ident $d:ident $e:ident, $logic:literal, $k:expr, $w:ident, $t:expr) => {
        round!($a $b $c $d $e, $logic, $k, word::<{ $t }>(&mut $w));
        round!($e $a $b $c $d, $logic, $k, word::<{ $t + 1 }>(&mut $w));
        round!($d $e $a $b $c, $logic, $k, word::<{ $t + 2 }>(&mut $w));
        round!($c $d $e $a $b, $logic, $k, word::<{ $t + 3 }>(&mut $w));
        round!($b $c $d $e $a, $logic, $k, word::<{ $t + 4 }>(&mut $w));
    };
}

macro_rules! twenty {
    ($a:ident $b:ident $c:ident $d:ident $e:ident, $logic:literal, $k:literal, $w:ident, $t:expr) => {
        let k = _mm512_set1_epi32($k as i32);
        five!($a $b $c $d $e, $logic, k, $w, $t);
        five!($a $b $c $d $e, $logic, k, $w, $t + 5);
        five!($a $b $c $d $e, $logic, k, $w, $t + 10);
        five!($a $b $c $d $e, $logic, k, $w, $t + 15);
    };
}

/// The message word of a round, from round 16 on computed from earlier ones.
#[inline]
#[target_feature(enable = "avx512f")]
fn word<const T: usize>(w: &mut [__m512i; 16]) -> __m512i {
    if T >= 16 {
        let three =
            _mm512_ternarylogic_epi32::<0x96>(w[(T - 3) % 16], w[(T - 8) % 16], w[(T - 14) % 16]);
        w[T % 16] = _mm512_rol_epi32::<1>(_mm512_xor_si512(three, w[T % 16]));
    }
    w[T % 16]
}

#[inline]
#[target_feature(enable = "avx512f")]
fn compress(state: State, mut w: [__m512i; 16]) -> State {
    let [mut a, mut b, mut c, mut d, mut e] = state;
    // The truth tables of choice, parity and majority.
    twenty!(a b c d e, 0xca, 0x5a82_7999u32, w, 0);
    twenty!(a b c d e, 0x96, 0x6ed9_eba1u32, w, 20);
    twenty!(a b c d e, 0xe8, 0x8f1b_bcdcu32, w, 40);
    twenty!(a b c d e, 0x96, 0xca62_c1d6u32, w, 60);
    [
        _mm512_add_epi32(state[0], a),
        _mm512_add_epi32(state[1], b),
        _mm512_add_epi32(state[2], c),
        _mm512_add_epi32(state[3], d),
        _mm512_add_epi32(state[4], e),
    ]
}

/// Dynamic truncation without indexing: 31 bits from the byte that the last
/// four bits point to.
#[inline]
#[target_feature(enable = "avx512f")]
fn truncate(mac: &State) -> __m512i {
    let offset = _mm512_and_si512(mac[4], _mm512_set1_epi32(15));
    let index = _mm512_srli_epi32::<2>(offset);
    let (mut left, mut right) = (mac[0], mac[1]);
    for (at, pair) in (1..).zip(mac[1..].windows(2)) {
        let here = _mm512_cmpeq_epi32_mask(index, _mm512_set1_epi32(at));
        left = _mm512_mask_mov_epi32(left, here, pair[0]);
        right = _mm512_mask_mov_epi32(right, here, pair[1]);
    }
    let bits = _mm512_slli_epi32::<3>(_mm512_and_si512(offset, _mm512_set1_epi32(3)));
    // A shift by 32 bits yields zero.
    let back = _mm512_sub_epi32(_mm512_set1_epi32(32), bits);
    let word = _mm512_or_si512(
        _mm512_sllv_epi32(left, bits),
        _mm512_srlv_epi32(right, back),
    );
    _mm512_and_si512(word, _mm512_set1_epi32(i32::MAX))
}

/// The remainder modulo 10^6, by multiplication with 2^50 / 10^6.
#[inline]
#[target_feature(enable = "avx512f")]
fn modulo_million(values: __m512i) -> __m512i {
    let factor = _mm512_set1_epi64(0x431b_de83);
    let even = _mm512_srli_epi64::<50>(_mm512_mul_epu32(values, factor));
    let odd = _mm512_mul_epu32(_mm512_srli_epi64::<32>(values), factor);
    let odd = _mm512_slli_epi64::<32>(_mm512_srli_epi64::<50>(odd));
    let quotient = _mm512_or_si512(even, odd);
    let product = _mm512_mullo_epi32(quotient, _mm512_set1_epi32(1_000_000));
    _mm512_sub_epi32(values, product)
}

#[cfg(test)]
mod tests {
    use super::super::sha1_states;
    use super::*;

    use crate::peers::rustcrypto::Cloned;

    #[test]
    fn makes_the_codes_of_hmac() {
        let Some(limit) = Avx512::detect() else {
            return;
        };
        let key = b"12345678901234567890";
        let (states, cloned) = (sha1_states(key), Cloned::new(key));
        for first in [0, 1, 1000, u64::from(u32::MAX) - 7, u64::MAX - 7] {
            let mut counter = first;
            for code in limit.codes(&states, first) {
                let text = format!("{code:06}");
                assert_eq!(text.as_bytes(), cloned.hotp(counter));
                counter = counter.wrapping_add(1);
            }
        }
    }
}
