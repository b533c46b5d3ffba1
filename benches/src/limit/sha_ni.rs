//! SHA-1 and SHA-256 by the SHA instructions, on prepared words.

use core::arch::x86_64::*;

use super::{SHA1_INITIAL, halves};

/// Length in bits of the key block and a counter.
const COUNTER_BITS: i32 = (64 + 8) * 8;
/// Length in bits of the key block and an inner digest.
const DIGEST_BITS: i32 = (64 + 20) * 8;

const K256: [u32; 64] = [
    0x428a_2f98,
    0x7137_4491,
    0xb5c0_fbcf,
    0xe9b5_dba5,
    0x3956_c25b,
    0x59f1_11f1,
    0x923f_82a4,
    0xab1c_5ed5,
    0xd807_aa98,
    0x1283_5b01,
    0x2431_85be,
    0x550c_7dc3,
    0x72be_5d74,
    0x80de_b1fe,
    0x9bdc_06a7,
    0xc19b_f174,
    0xe49b_69c1,
    0xefbe_4786,
    0x0fc1_9dc6,
    0x240c_a1cc,
    0x2de9_2c6f,
    0x4a74_84aa,
    0x5cb0_a9dc,
    0x76f9_88da,
    0x983e_5152,
    0xa831_c66d,
    0xb003_27c8,
    0xbf59_7fc7,
    0xc6e0_0bf3,
    0xd5a7_9147,
    0x06ca_6351,
    0x1429_2967,
    0x27b7_0a85,
    0x2e1b_2138,
    0x4d2c_6dfc,
    0x5338_0d13,
    0x650a_7354,
    0x766a_0abb,
    0x81c2_c92e,
    0x9272_2c85,
    0xa2bf_e8a1,
    0xa81a_664b,
    0xc24b_8b70,
    0xc76c_51a3,
    0xd192_e819,
    0xd699_0624,
    0xf40e_3585,
    0x106a_a070,
    0x19a4_c116,
    0x1e37_6c08,
    0x2748_774c,
    0x34b0_bcb5,
    0x391c_0cb3,
    0x4ed8_aa4a,
    0x5b9c_ca4f,
    0x682e_6ff3,
    0x748f_82ee,
    0x78a5_636f,
    0x84c8_7814,
    0x8cc7_0208,
    0x90be_fffa,
    0xa450_6ceb,
    0xbef9_a3f7,
    0xc671_78f2,
];
const SHA256_INITIAL: [u32; 8] = [
    0x6a09_e667,
    0xbb67_ae85,
    0x3c6e_f372,
    0xa54f_f53a,
    0x510e_527f,
    0x9b05_688c,
    0x1f83_d9ab,
    0x5be0_cd19,
];

/// Proof that the processor has the SHA instructions.
#[derive(Clone, Copy)]
pub struct ShaNi(());

/// A state in registers: a, b, c, d from the highest lane down, and e in the
/// highest lane of the other.
#[derive(Clone, Copy)]
struct Sha1(__m128i, __m128i);

impl ShaNi {
    /// `None` if the processor lacks them.
    #[must_use]
    pub fn detect() -> Option<Self> {
        let has = is_x86_feature_detected!("sha")
            && is_x86_feature_detected!("ssse3")
            && is_x86_feature_detected!("sse4.1");
        has.then_some(Self(()))
    }

    /// HMAC-SHA-1 of a counter from the states of the key: two compressions.
    #[must_use]
    pub fn mac(self, states: &[[u32; 5]; 2], counter: u64) -> [u32; 5] {
        // SAFETY: `detect` has found the features.
        unsafe { mac(states, counter) }
    }

    /// HMAC-SHA-1 of a counter from a key of at most 20 bytes, padded with
    /// zeros: four compressions.
    #[must_use]
    pub fn mac_of_key(self, key: &[u8; 20], counter: u64) -> [u32; 5] {
        // SAFETY: as above.
        unsafe { mac_of_key(key, counter) }
    }

    /// SHA-256 of a message that is already one padded block, as hexadecimal
    /// text: one compression.
    #[must_use]
    pub fn sha256_hex(self, block: &[u8; 64]) -> [u8; 64] {
        // SAFETY: as above.
        unsafe { sha256_hex(block) }
    }
}

/// The padded block of a message of at most 55 bytes.
#[must_use]
pub fn padded(message: &[u8]) -> [u8; 64] {
    let mut block = [0; 64];
    block[..message.len()].copy_from_slice(message);
    block[message.len()] = 0x80;
    let bits = u64::try_from(message.len()).unwrap_or_default() * 8;
    block[56..].copy_from_slice(&bits.to_be_bytes());
    block
}

/// Twenty rounds, four at a time. `$first` is the number of the first group of
/// four.
macro_rules! rounds {
    ($abcd:ident, $e:ident, $w:ident, $function:literal, $first:literal) => {
        for group in $first..$first + 5 {
            let words = if group < 4 {
                $w[group]
            } else {
                // w[t] = rol(w[t-3] ^ w[t-8] ^ w[t-14] ^ w[t-16], 1), four at once.
                let (a, b) = ($w[group % 4], $w[(group + 1) % 4]);
                let (c, d) = ($w[(group + 2) % 4], $w[(group + 3) % 4]);
                let next = _mm_sha1msg2_epu32(_mm_xor_si128(_mm_sha1msg1_epu32(a, b), c), d);
                $w[group % 4] = next;
                next
            };
            let e = if group == 0 {
                _mm_add_epi32($e, words)
            } else {
                _mm_sha1nexte_epu32($e, words)
            };
            $e = $abcd;
            $abcd = _mm_sha1rnds4_epu32::<$function>($abcd, e);
        }
    };
}

#[inline]
#[target_feature(enable = "sha,ssse3,sse4.1")]
fn compress(state: Sha1, mut w: [__m128i; 4]) -> Sha1 {
    let Sha1(mut abcd, mut e) = state;
    rounds!(abcd, e, w, 0, 0);
    rounds!(abcd, e, w, 1, 5);
    rounds!(abcd, e, w, 2, 10);
    rounds!(abcd, e, w, 3, 15);
    Sha1(
        _mm_add_epi32(abcd, state.0),
        _mm_sha1nexte_epu32(e, state.1),
    )
}

#[inline]
#[target_feature(enable = "sha,ssse3,sse4.1")]
fn words(a: u32, b: u32, c: u32, d: u32) -> __m128i {
    _mm_set_epi32(a as i32, b as i32, c as i32, d as i32)
}

#[inline]
#[target_feature(enable = "sha,ssse3,sse4.1")]
fn load(state: &[u32; 5]) -> Sha1 {
    let [a, b, c, d, e] = *state;
    Sha1(words(a, b, c, d), words(e, 0, 0, 0))
}

#[inline]
#[target_feature(enable = "sha,ssse3,sse4.1")]
fn of_counter(inner: Sha1, outer: Sha1, counter: u64) -> [u32; 5] {
    let [high, low] = halves(counter);
    let zero = _mm_setzero_si128();
    let block = [
        words(high, low, 0x8000_0000, 0),
        zero,
        zero,
        _mm_set_epi32(0, 0, 0, COUNTER_BITS),
    ];
    let Sha1(abcd, e) = compress(inner, block);
    // e in the highest lane, followed by the padding bit.
    let last = _mm_or_si128(e, words(0, 0x8000_0000, 0, 0));
    let block = [abcd, last, zero, _mm_set_epi32(0, 0, 0, DIGEST_BITS)];
    let Sha1(abcd, e) = compress(outer, block);
    [
        _mm_extract_epi32::<3>(abcd) as u32,
        _mm_extract_epi32::<2>(abcd) as u32,
        _mm_extract_epi32::<1>(abcd) as u32,
        _mm_extract_epi32::<0>(abcd) as u32,
        _mm_extract_epi32::<3>(e) as u32,
    ]
}

#[inline(never)]
#[target_feature(enable = "sha,ssse3,sse4.1")]
fn mac(states: &[[u32; 5]; 2], counter: u64) -> [u32; 5] {
    of_counter(load(&states[0]), load(&states[1]), counter)
}

#[inline(never)]
#[target_feature(enable = "sha,ssse3,sse4.1")]
fn mac_of_key(key: &[u8; 20], counter: u64) -> [u32; 5] {
    let mut parts = [0u32; 5];
    for (part, bytes) in parts.iter_mut().zip(key.chunks_exact(4)) {
        *part = bytes.try_into().map_or(0, u32::from_be_bytes);
    }
    let [a, b, c, d, e] = parts;
    let (first, second) = (words(a, b, c, d), words(e, 0, 0, 0));
    let states = [0x3636_3636, 0x5c5c_5c5c].map(|pad| {
        let pad = _mm_set1_epi32(pad);
        let block = [
            _mm_xor_si128(first, pad),
            _mm_xor_si128(second, pad),
            pad,
            pad,
        ];
        compress(load(&SHA1_INITIAL), block)
    });
    of_counter(states[0], states[1], counter)
}

#[inline(never)]
#[target_feature(enable = "sha,ssse3,sse4.1")]
fn sha256_hex(block: &[u8; 64]) -> [u8; 64] {
    let big_endian = _mm_set_epi64x(0x0c0d_0e0f_0809_0a0b, 0x0405_0607_0001_0203);
    let mut w = [_mm_setzero_si128(); 4];
    for (words, bytes) in w.iter_mut().zip(block.chunks_exact(16)) {
        // SAFETY: reads 16 bytes from a chunk of 16.
        let read = unsafe { _mm_loadu_si128(bytes.as_ptr().cast()) };
        *words = _mm_shuffle_epi8(read, big_endian);
    }
    let [a, b, c, d, e, f, g, h] = SHA256_INITIAL;
    // The instructions expect a, b, e, f in one register and c, d, g, h in the
    // other.
    let (abef, cdgh) = (words(a, b, e, f), words(c, d, g, h));
    let (mut x, mut y) = (abef, cdgh);
    for group in 0..16 {
        if group >= 4 {
            let (a, b) = (w[group % 4], w[(group + 1) % 4]);
            let (c, d) = (w[(group + 2) % 4], w[(group + 3) % 4]);
            let sum = _mm_add_epi32(_mm_sha256msg1_epu32(a, b), _mm_alignr_epi8::<4>(d, c));
            w[group % 4] = _mm_sha256msg2_epu32(sum, d);
        }
        let k = &K256[group * 4..group * 4 + 4];
        // SAFETY: reads 16 bytes from four words.
        let k = unsafe { _mm_loadu_si128(k.as_ptr().cast()) };
        let sum = _mm_add_epi32(w[group % 4], k);
        y = _mm_sha256rnds2_epu32(y, x, sum);
        x = _mm_sha256rnds2_epu32(x, y, _mm_shuffle_epi32::<0x0e>(sum));
    }
    let (x, y) = (_mm_add_epi32(x, abef), _mm_add_epi32(y, cdgh));
    // From a b e f and c d g h to a b c d and e f g h, highest lane first.
    let halves = [_mm_unpackhi_epi64(y, x), _mm_unpacklo_epi64(y, x)];
    let mut text = [0; 64];
    for (half, text) in halves.into_iter().zip(text.chunks_exact_mut(32)) {
        // The highest lane holds the first word.
        let reversed = _mm_set_epi64x(0x0001_0203_0405_0607, 0x0809_0a0b_0c0d_0e0f);
        hex(_mm_shuffle_epi8(half, reversed), text);
    }
    text
}

/// Sixteen bytes as hexadecimal text.
#[inline]
#[target_feature(enable = "sha,ssse3,sse4.1")]
fn hex(bytes: __m128i, text: &mut [u8]) {
    let digits = _mm_set_epi64x(0x6665_6463_6261_3938, 0x3736_3534_3332_3130);
    let nibble = _mm_set1_epi8(15);
    let high = _mm_and_si128(_mm_srli_epi16::<4>(bytes), nibble);
    let low = _mm_and_si128(bytes, nibble);
    let (high, low) = (
        _mm_shuffle_epi8(digits, high),
        _mm_shuffle_epi8(digits, low),
    );
    let halves = [_mm_unpacklo_epi8(high, low), _mm_unpackhi_epi8(high, low)];
    for (half, text) in halves.into_iter().zip(text.chunks_exact_mut(16)) {
        // SAFETY: writes 16 bytes to a chunk of 16.
        unsafe { _mm_storeu_si128(text.as_mut_ptr().cast(), half) };
    }
}

#[cfg(test)]
mod tests {
    use super::super::sha1_states;
    use super::*;
    use mpass_core::number::PhoneNumber;

    use crate::peers::rustcrypto::Cloned;
    use crate::peers::truncate;

    #[test]
    fn makes_the_codes_of_hmac() {
        let Some(limit) = ShaNi::detect() else { return };
        let key = b"12345678901234567890";
        let (states, cloned) = (sha1_states(key), Cloned::new(key));
        for counter in (0..100).chain([u64::from(u32::MAX), 1 << 32, u64::MAX]) {
            let code = |mac: [u32; 5]| {
                let mut bytes = [0; 20];
                for (bytes, word) in bytes.chunks_exact_mut(4).zip(mac) {
                    bytes.copy_from_slice(&word.to_be_bytes());
                }
                truncate(&bytes)
            };
            let expected = cloned.hotp(counter);
            assert_eq!(code(limit.mac(&states, counter)), expected);
            assert_eq!(code(limit.mac_of_key(key, counter)), expected);
        }
    }

    #[test]
    fn hashes_a_number() {
        let Some(limit) = ShaNi::detect() else { return };
        for number in ["+966501234567", "+12025550123"] {
            let expected = PhoneNumber::parse(number, None).unwrap();
            let text = limit.sha256_hex(&padded(number.as_bytes()));
            assert_eq!(text.as_slice(), expected.sha256_hex().as_str().as_bytes());
        }
    }
}
