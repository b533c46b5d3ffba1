//! The three hashes as compression functions and constants.

use zeroize::DefaultIsZeroes;

use super::arch::portable::Portable;
#[cfg(not(all(target_arch = "x86_64", target_feature = "sse2")))]
use super::arch::portable::ShaNi;
#[cfg(all(target_arch = "x86_64", target_feature = "sse2"))]
use super::arch::x86_64::sha_ni::ShaNi;
use super::lanes::{
    compress1, compress256, compress512, only_block_of_16, padded_16, truncation_32, truncation_64,
};
use super::wipe::wipe;

/// A Merkle–Damgård hash with 64- or 128-byte blocks and big-endian words.
pub(super) trait Hash {
    /// The unit of the state.
    type Word: DefaultIsZeroes;
    /// The chaining state.
    type State: Copy;
    /// One message block, as bytes.
    type Block: Copy + AsRef<[u8]> + AsMut<[u8]>;
    /// The initial state.
    const INITIAL: Self::State;
    /// A block of zeros.
    const ZERO: Self::Block;
    /// Bytes of the message length at the end of the last block.
    const LENGTH_BYTES: usize;

    fn compress(state: &mut Self::State, block: &Self::Block);
    /// The truncated HMAC of a counter from the states after the key's
    /// blocks, where this processor has a way that does all of it at once.
    fn truncated_of_counter(inner: &Self::State, outer: &Self::State, counter: u64) -> Option<u32>;
    /// The same of two counters at once.
    fn truncated_of_two(
        inner: &Self::State,
        outer: &Self::State,
        counters: [u64; 2],
    ) -> Option<[u32; 2]>;
    /// The truncated HMAC of a counter under a key's block, where this
    /// processor has a way that does all of it at once.
    fn truncated_under(key: &Self::Block, counter: u64) -> Option<u32>;
    /// Makes the states after the inner and outer block of an HMAC key, where
    /// this processor has a way that does both at once; whether it has.
    fn compress_key(inner: &mut Self::State, outer: &mut Self::State, key: &Self::Block) -> bool;
    /// The dynamic truncation of a final state (RFC 4226 section 5.3).
    fn truncated(state: &Self::State) -> u32;
    /// Writes the state big-endian to the front of `out`, which has room for
    /// it; the bytes written.
    fn output(state: &Self::State, out: &mut [u8]) -> usize;

    fn wipe_state(state: &mut Self::State);
    fn wipe_block(block: &mut Self::Block);
}

pub(super) struct Sha1;
pub(super) struct Sha256;
pub(super) struct Sha512;

fn write_words<const N: usize>(words: impl Iterator<Item = [u8; N]>, out: &mut [u8]) -> usize {
    let mut written = 0;
    for (slot, word) in out.chunks_exact_mut(N).zip(words) {
        slot.copy_from_slice(&word);
        written += N;
    }
    written
}

impl Hash for Sha1 {
    type Word = u32;
    type State = [u32; 5];
    type Block = [u8; 64];
    const INITIAL: [u32; 5] = [
        0x6745_2301,
        0xefcd_ab89,
        0x98ba_dcfe,
        0x1032_5476,
        0xc3d2_e1f0,
    ];
    const ZERO: [u8; 64] = [0; 64];
    const LENGTH_BYTES: usize = 8;

    fn compress(state: &mut [u32; 5], block: &[u8; 64]) {
        if let Some(sha) = sha_ni() {
            sha.compress1(state, block);
        } else if PORTABLE {
            compress1(Portable, state, &mut words(block, u32::from_be_bytes));
        } else {
            sha1::block_api::compress(state, core::slice::from_ref(block));
        }
    }

    #[inline]
    fn truncated_of_counter(inner: &[u32; 5], outer: &[u32; 5], counter: u64) -> Option<u32> {
        Some(sha_ni()?.truncated1(inner, outer, counter))
    }

    #[inline]
    fn truncated_of_two(
        inner: &[u32; 5],
        outer: &[u32; 5],
        counters: [u64; 2],
    ) -> Option<[u32; 2]> {
        Some(sha_ni()?.two_truncated1(inner, outer, counters))
    }

    #[inline]
    fn truncated_under(key: &[u8; 64], counter: u64) -> Option<u32> {
        Some(sha_ni()?.truncated_once1(key, counter))
    }

    #[inline]
    fn compress_key(inner: &mut [u32; 5], outer: &mut [u32; 5], key: &[u8; 64]) -> bool {
        match sha_ni() {
            Some(sha) => {
                sha.compress_key1(inner, outer, key);
                true
            }
            None => false,
        }
    }

    fn truncated(state: &[u32; 5]) -> u32 {
        truncation_32(Portable, *state, state[4])
    }

    fn wipe_state(state: &mut [u32; 5]) {
        wipe(state);
    }

    fn wipe_block(block: &mut [u8; 64]) {
        wipe(block);
    }

    fn output(state: &[u32; 5], out: &mut [u8]) -> usize {
        write_words(state.iter().map(|word| word.to_be_bytes()), out)
    }
}

impl Hash for Sha256 {
    type Word = u32;
    type State = [u32; 8];
    type Block = [u8; 64];
    const INITIAL: [u32; 8] = [
        0x6a09_e667,
        0xbb67_ae85,
        0x3c6e_f372,
        0xa54f_f53a,
        0x510e_527f,
        0x9b05_688c,
        0x1f83_d9ab,
        0x5be0_cd19,
    ];
    const ZERO: [u8; 64] = [0; 64];
    const LENGTH_BYTES: usize = 8;

    fn compress(state: &mut [u32; 8], block: &[u8; 64]) {
        if let Some(sha) = sha_ni() {
            sha.compress256(state, block);
        } else if PORTABLE {
            compress256(Portable, state, &mut words(block, u32::from_be_bytes));
        } else {
            sha2::block_api::compress256(state, core::slice::from_ref(block));
        }
    }

    #[inline]
    fn truncated_of_counter(inner: &[u32; 8], outer: &[u32; 8], counter: u64) -> Option<u32> {
        Some(sha_ni()?.truncated256(inner, outer, counter))
    }

    fn truncated_of_two(_: &[u32; 8], _: &[u32; 8], _: [u64; 2]) -> Option<[u32; 2]> {
        None
    }

    fn truncated_under(_: &[u8; 64], _: u64) -> Option<u32> {
        None
    }

    fn compress_key(_: &mut [u32; 8], _: &mut [u32; 8], _: &[u8; 64]) -> bool {
        false
    }

    fn truncated(state: &[u32; 8]) -> u32 {
        let [a, b, c, d, e, _, _, h] = *state;
        truncation_32(Portable, [a, b, c, d, e], h)
    }

    fn wipe_state(state: &mut [u32; 8]) {
        wipe(state);
    }

    fn wipe_block(block: &mut [u8; 64]) {
        wipe(block);
    }

    fn output(state: &[u32; 8], out: &mut [u8]) -> usize {
        write_words(state.iter().map(|word| word.to_be_bytes()), out)
    }
}

/// SHA-256 of the first `len` bytes of a text of 16, where zeros follow.
#[inline]
pub(crate) fn digest_of_16(text: &[u8; 16], len: usize) -> [u8; 32] {
    let Some(sha) = sha_ni() else {
        let (mut state, mut digest) = (Sha256::INITIAL, [0; 32]);
        Sha256::compress(&mut state, &only_block_of_16(text, len));
        Sha256::output(&state, &mut digest);
        return digest;
    };
    let ([low, high], next, bits) = padded_16(text, len);
    sha.short256([low, high], next, bits)
}

impl Hash for Sha512 {
    type Word = u64;
    type State = [u64; 8];
    type Block = [u8; 128];
    const INITIAL: [u64; 8] = [
        0x6a09_e667_f3bc_c908,
        0xbb67_ae85_84ca_a73b,
        0x3c6e_f372_fe94_f82b,
        0xa54f_f53a_5f1d_36f1,
        0x510e_527f_ade6_82d1,
        0x9b05_688c_2b3e_6c1f,
        0x1f83_d9ab_fb41_bd6b,
        0x5be0_cd19_137e_2179,
    ];
    const ZERO: [u8; 128] = [0; 128];
    const LENGTH_BYTES: usize = 16;

    fn compress(state: &mut [u64; 8], block: &[u8; 128]) {
        if PORTABLE {
            compress512(Portable, state, &mut words(block, u64::from_be_bytes));
        } else {
            sha2::block_api::compress512(state, core::slice::from_ref(block));
        }
    }

    fn truncated_of_counter(_: &[u64; 8], _: &[u64; 8], _: u64) -> Option<u32> {
        None
    }

    fn truncated_of_two(_: &[u64; 8], _: &[u64; 8], _: [u64; 2]) -> Option<[u32; 2]> {
        None
    }

    fn truncated_under(_: &[u8; 128], _: u64) -> Option<u32> {
        None
    }

    fn compress_key(_: &mut [u64; 8], _: &mut [u64; 8], _: &[u8; 128]) -> bool {
        false
    }

    // 31 bits in whatever word.
    #[allow(clippy::cast_possible_truncation)]
    fn truncated(state: &[u64; 8]) -> u32 {
        let [a, b, c, _, _, _, _, h] = *state;
        truncation_64(Portable, [a, b, c], h) as u32
    }

    fn wipe_state(state: &mut [u64; 8]) {
        wipe(state);
    }

    fn wipe_block(block: &mut [u8; 128]) {
        wipe(block);
    }

    fn output(state: &[u64; 8], out: &mut [u8]) -> usize {
        write_words(state.iter().map(|word| word.to_be_bytes()), out)
    }
}

/// The constants of SHA-512, sixteen rounds to a row.
pub(super) static K512: [[u64; 16]; 5] = FRACTIONS;

/// The constants of SHA-256, which are the upper halves of SHA-512's.
pub(super) static K256: [[u32; 16]; 4] = {
    let mut halves = [[0; 16]; 4];
    let mut index = 0;
    while index < 64 {
        let [a, b, c, d, ..] = FRACTIONS[index / 16][index % 16].to_be_bytes();
        halves[index / 16][index % 16] = u32::from_be_bytes([a, b, c, d]);
        index += 1;
    }
    halves
};

/// The fractional parts of the cube roots of the first 80 primes (FIPS 180-4,
/// section 4.2.3).
const FRACTIONS: [[u64; 16]; 5] = [
    [
        0x428a_2f98_d728_ae22,
        0x7137_4491_23ef_65cd,
        0xb5c0_fbcf_ec4d_3b2f,
        0xe9b5_dba5_8189_dbbc,
        0x3956_c25b_f348_b538,
        0x59f1_11f1_b605_d019,
        0x923f_82a4_af19_4f9b,
        0xab1c_5ed5_da6d_8118,
        0xd807_aa98_a303_0242,
        0x1283_5b01_4570_6fbe,
        0x2431_85be_4ee4_b28c,
        0x550c_7dc3_d5ff_b4e2,
        0x72be_5d74_f27b_896f,
        0x80de_b1fe_3b16_96b1,
        0x9bdc_06a7_25c7_1235,
        0xc19b_f174_cf69_2694,
    ],
    [
        0xe49b_69c1_9ef1_4ad2,
        0xefbe_4786_384f_25e3,
        0x0fc1_9dc6_8b8c_d5b5,
        0x240c_a1cc_77ac_9c65,
        0x2de9_2c6f_592b_0275,
        0x4a74_84aa_6ea6_e483,
        0x5cb0_a9dc_bd41_fbd4,
        0x76f9_88da_8311_53b5,
        0x983e_5152_ee66_dfab,
        0xa831_c66d_2db4_3210,
        0xb003_27c8_98fb_213f,
        0xbf59_7fc7_beef_0ee4,
        0xc6e0_0bf3_3da8_8fc2,
        0xd5a7_9147_930a_a725,
        0x06ca_6351_e003_826f,
        0x1429_2967_0a0e_6e70,
    ],
    [
        0x27b7_0a85_46d2_2ffc,
        0x2e1b_2138_5c26_c926,
        0x4d2c_6dfc_5ac4_2aed,
        0x5338_0d13_9d95_b3df,
        0x650a_7354_8baf_63de,
        0x766a_0abb_3c77_b2a8,
        0x81c2_c92e_47ed_aee6,
        0x9272_2c85_1482_353b,
        0xa2bf_e8a1_4cf1_0364,
        0xa81a_664b_bc42_3001,
        0xc24b_8b70_d0f8_9791,
        0xc76c_51a3_0654_be30,
        0xd192_e819_d6ef_5218,
        0xd699_0624_5565_a910,
        0xf40e_3585_5771_202a,
        0x106a_a070_32bb_d1b8,
    ],
    [
        0x19a4_c116_b8d2_d0c8,
        0x1e37_6c08_5141_ab53,
        0x2748_774c_df8e_eb99,
        0x34b0_bcb5_e19b_48a8,
        0x391c_0cb3_c5c9_5a63,
        0x4ed8_aa4a_e341_8acb,
        0x5b9c_ca4f_7763_e373,
        0x682e_6ff3_d6b2_b8a3,
        0x748f_82ee_5def_b2fc,
        0x78a5_636f_4317_2f60,
        0x84c8_7814_a1f0_ab72,
        0x8cc7_0208_1a64_39ec,
        0x90be_fffa_2363_1e28,
        0xa450_6ceb_de82_bde9,
        0xbef9_a3f7_b2c6_7915,
        0xc671_78f2_e372_532b,
    ],
    [
        0xca27_3ece_ea26_619c,
        0xd186_b8c7_21c0_c207,
        0xeada_7dd6_cde0_eb1e,
        0xf57d_4f7f_ee6e_d178,
        0x06f0_67aa_7217_6fba,
        0x0a63_7dc5_a2c8_98a6,
        0x113f_9804_bef9_0dae,
        0x1b71_0b35_131c_471b,
        0x28db_77f5_2304_7d84,
        0x32ca_ab7b_40c7_2493,
        0x3c9e_be0a_15c9_bebc,
        0x431d_67c4_9c10_0d4c,
        0x4cc5_d4be_cb3e_42b6,
        0x597f_299c_fc65_7e2a,
        0x5fcb_6fab_3ad6_faec,
        0x6c44_198c_4a47_5817,
    ],
];

/// Whether the build forces the portable backend.
const PORTABLE: bool = cfg!(mpass_backend = "portable");

/// The SHA instructions, where the processor has them and may use them.
#[cfg(all(target_arch = "x86_64", target_feature = "sse2"))]
#[inline]
fn sha_ni() -> Option<ShaNi> {
    if PORTABLE { None } else { ShaNi::new() }
}

/// No processor of this target has them.
#[cfg(not(all(target_arch = "x86_64", target_feature = "sse2")))]
#[inline]
fn sha_ni() -> Option<ShaNi> {
    None
}

/// Whether a single SHA-1 or SHA-256 has instructions of its own.
#[inline]
pub(super) fn has_instructions() -> bool {
    #[cfg(all(target_arch = "aarch64", target_feature = "neon"))]
    if !PORTABLE && super::arch::aarch64::crates_have_instructions() {
        return true;
    }
    sha_ni().is_some()
}

/// What computes one block at a time.
pub(super) fn single() -> &'static str {
    if sha_ni().is_some() {
        "sha-ni"
    } else if PORTABLE {
        "portable"
    } else {
        "crates"
    }
}

/// The words of a block.
fn words<Word: Copy + Default, const N: usize>(
    block: &[u8],
    from_be_bytes: impl Fn([u8; N]) -> Word,
) -> [Word; 16] {
    let mut words = [Word::default(); 16];
    for (word, bytes) in words.iter_mut().zip(block.as_chunks().0) {
        *word = from_be_bytes(*bytes);
    }
    words
}
