//! SHA-1, SHA-256 and SHA-512 as compression functions.

use zeroize::DefaultIsZeroes;

use super::arch::portable::Portable;
#[cfg(not(all(target_arch = "x86_64", target_feature = "sse2")))]
use super::arch::portable::ShaNi;
#[cfg(all(target_arch = "x86_64", target_feature = "sse2"))]
use super::arch::x86_64::sha_ni::ShaNi;
use super::constants::{SHA1_INITIAL, SHA256_INITIAL, SHA512_INITIAL};
use super::lanes::{
    compress1, compress256, compress512, only_block_of_16, padded_16, truncation_32, truncation_64,
};
use super::one_lane;
use super::rolled::ROLLED;
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
    /// Length in bytes of the message length field at the end of the last
    /// block.
    const LENGTH_BYTES: usize;

    fn compress(state: &mut Self::State, block: &Self::Block);
    /// The truncated HMAC of a counter from a key's states, if this processor
    /// has a fused implementation.
    fn truncated_of_counter(inner: &Self::State, outer: &Self::State, counter: u64) -> Option<u32>;
    /// The truncated HMACs of two counters at once, if this processor has a
    /// fused implementation.
    fn truncated_of_two(
        inner: &Self::State,
        outer: &Self::State,
        counters: [u64; 2],
    ) -> Option<[u32; 2]>;
    /// The truncated HMAC of a counter under a key block, if this processor has
    /// a fused implementation.
    fn truncated_under(key: &Self::Block, counter: u64) -> Option<u32>;
    /// Computes the states of an HMAC key from its block, if this processor has
    /// a fused implementation. Returns whether it did.
    fn compress_key(inner: &mut Self::State, outer: &mut Self::State, key: &Self::Block) -> bool;
    /// The dynamic truncation of a final state (RFC 4226 section 5.3).
    fn truncated(state: &Self::State) -> u32;
    /// Writes the state big-endian to the front of `out` and returns the number
    /// of bytes. `out` must not be shorter.
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
    const INITIAL: [u32; 5] = SHA1_INITIAL;
    const ZERO: [u8; 64] = [0; 64];
    const LENGTH_BYTES: usize = 8;

    fn compress(state: &mut [u32; 5], block: &[u8; 64]) {
        if let Some(sha) = sha_ni() {
            sha.compress1(state, block);
        } else if PORTABLE {
            compress1(Portable, state, &mut words(block, u32::from_be_bytes));
        } else if ROLLED {
            one_lane::block1(state, &words(block, u32::from_be_bytes));
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
    const INITIAL: [u32; 8] = SHA256_INITIAL;
    const ZERO: [u8; 64] = [0; 64];
    const LENGTH_BYTES: usize = 8;

    fn compress(state: &mut [u32; 8], block: &[u8; 64]) {
        if let Some(sha) = sha_ni() {
            sha.compress256(state, block);
        } else if PORTABLE {
            compress256(Portable, state, &mut words(block, u32::from_be_bytes));
        } else if ROLLED {
            one_lane::block256(state, &words(block, u32::from_be_bytes));
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

/// SHA-256 of the first `len` bytes of `text`. The bytes after them must be
/// zeros.
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
    const INITIAL: [u64; 8] = SHA512_INITIAL;
    const ZERO: [u8; 128] = [0; 128];
    const LENGTH_BYTES: usize = 16;

    fn compress(state: &mut [u64; 8], block: &[u8; 128]) {
        if PORTABLE {
            compress512(Portable, state, &mut words(block, u64::from_be_bytes));
        } else if ROLLED {
            one_lane::block512(state, &words(block, u64::from_be_bytes));
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

    // The truncated value has 31 bits.
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

/// Whether the build forces the portable backend.
const PORTABLE: bool = cfg!(mpass_backend = "portable");

/// The token of the x86-64 SHA instructions, if the processor has them and the
/// build does not forbid them.
#[cfg(all(target_arch = "x86_64", target_feature = "sse2"))]
#[inline]
fn sha_ni() -> Option<ShaNi> {
    if PORTABLE { None } else { ShaNi::new() }
}

/// This target has no SHA-NI.
#[cfg(not(all(target_arch = "x86_64", target_feature = "sse2")))]
#[inline]
fn sha_ni() -> Option<ShaNi> {
    None
}

/// Whether single SHA-1 and SHA-256 hashes use SHA instructions.
#[inline]
pub(super) fn has_instructions() -> bool {
    #[cfg(all(target_arch = "aarch64", target_feature = "neon"))]
    if !PORTABLE && super::arch::aarch64::crates_have_instructions() {
        return true;
    }
    sha_ni().is_some()
}

/// The name of the backend for single hashes.
pub(super) fn single() -> &'static str {
    if sha_ni().is_some() {
        "sha-ni"
    } else if PORTABLE {
        "portable"
    } else if ROLLED {
        "rolled"
    } else {
        "crates"
    }
}

/// The big-endian words of a block.
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
