//! The three hashes as compression functions and constants.

use zeroize::{DefaultIsZeroes, Zeroize};

/// A Merkle–Damgård hash with 64- or 128-byte blocks and big-endian words.
pub(super) trait Hash {
    /// The unit of the state.
    type Word: DefaultIsZeroes;
    /// The chaining state.
    type State: Copy + AsMut<[Self::Word]>;
    /// One message block, as bytes.
    type Block: Copy + AsRef<[u8]> + AsMut<[u8]>;
    /// The initial state.
    const INITIAL: Self::State;
    /// A block of zeros.
    const ZERO: Self::Block;
    /// Bytes of the message length at the end of the last block.
    const LENGTH_BYTES: usize;

    fn compress(state: &mut Self::State, block: &Self::Block);
    /// Writes the state big-endian to the front of `out`, which has room for
    /// it; the bytes written.
    fn output(state: &Self::State, out: &mut [u8]) -> usize;

    // As slices: those are wiped at once, arrays one element after the other.
    fn wipe_state(state: &mut Self::State) {
        state.as_mut().zeroize();
    }
    fn wipe_block(block: &mut Self::Block) {
        block.as_mut().zeroize();
    }
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
        sha1::block_api::compress(state, core::slice::from_ref(block));
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
        sha2::block_api::compress256(state, core::slice::from_ref(block));
    }

    fn output(state: &[u32; 8], out: &mut [u8]) -> usize {
        write_words(state.iter().map(|word| word.to_be_bytes()), out)
    }
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
        sha2::block_api::compress512(state, core::slice::from_ref(block));
    }

    fn output(state: &[u64; 8], out: &mut [u8]) -> usize {
        write_words(state.iter().map(|word| word.to_be_bytes()), out)
    }
}
