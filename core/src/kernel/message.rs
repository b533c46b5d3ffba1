//! Hashing of messages of any length, and the resulting digest.

use super::arch::portable::Portable;
use super::lanes::truncation_32;
use super::sha::{Hash, Sha1, Sha256, Sha512};
use super::wipe::wipe;
use crate::algorithm::Algorithm;

/// A hash or HMAC value of 20, 32 or 64 bytes; wiped on drop.
pub(crate) struct Digest {
    bytes: [u8; 64],
    len: usize,
}

impl Digest {
    /// The digest of a final state. Wipes the state.
    pub(super) fn of<H: Hash>(mut state: H::State) -> Self {
        let mut bytes = [0; 64];
        let len = H::output(&state, &mut bytes);
        H::wipe_state(&mut state);
        Self { bytes, len }
    }

    /// The digest: 20, 32 or 64 bytes.
    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.bytes[..self.len]
    }

    /// The first `N` bytes. `N` is at most 20, the length of the shortest
    /// digest.
    pub(crate) fn truncated<const N: usize>(&self) -> [u8; N] {
        const { assert!(N <= 20) };
        let mut out = [0; N];
        out.copy_from_slice(&self.bytes[..N]);
        out
    }

    /// The first 32 bytes. For SHA-1, 20 bytes followed by zeros.
    pub(crate) fn first_32(&self) -> [u8; 32] {
        let mut out = [0; 32];
        out.copy_from_slice(&self.bytes[..32]);
        out
    }

    /// The dynamic truncation of RFC 4226 section 5.3 (with erratum 6756): 31
    /// bits at the offset given by the last byte.
    pub(crate) fn dynamic_truncation(&self) -> u32 {
        let words = self.bytes.as_chunks().0;
        let word = |index: usize| u32::from_be_bytes(words[index]);
        let last = word((self.len / 4).max(1) - 1);
        truncation_32(Portable, core::array::from_fn(word), last)
    }
}

impl Drop for Digest {
    fn drop(&mut self) {
        wipe(&mut self.bytes);
    }
}

/// An incremental hash: state, partially filled block and number of bytes so
/// far.
struct Stream<H: Hash> {
    state: H::State,
    block: H::Block,
    filled: usize,
    total: u64,
}

impl<H: Hash> Stream<H> {
    /// Continues from `state`, which has absorbed `total` bytes in whole
    /// blocks.
    fn resume(state: H::State, total: u64) -> Self {
        Self {
            state,
            block: H::ZERO,
            filled: 0,
            total,
        }
    }

    fn update(&mut self, mut bytes: &[u8]) {
        self.total = self.total.wrapping_add(bytes.len() as u64);
        while !bytes.is_empty() {
            let free = &mut self.block.as_mut()[self.filled..];
            let taken = free.len().min(bytes.len());
            let (now, later) = bytes.split_at(taken);
            free[..taken].copy_from_slice(now);
            self.filled += taken;
            bytes = later;
            if self.filled == self.block.as_ref().len() {
                H::compress(&mut self.state, &self.block);
                self.filled = 0;
            }
        }
    }

    /// The final state.
    fn finish(mut self) -> H::State {
        let bits = self.total.wrapping_mul(8).to_be_bytes();
        let block = self.block.as_mut();
        block[self.filled] = 0x80;
        block[self.filled + 1..].fill(0);
        if self.filled + 1 + H::LENGTH_BYTES > block.len() {
            H::compress(&mut self.state, &self.block);
            self.block.as_mut().fill(0);
        }
        let block = self.block.as_mut();
        let end = block.len() - bits.len();
        block[end..].copy_from_slice(&bits);
        H::compress(&mut self.state, &self.block);
        self.state
    }
}

impl<H: Hash> Drop for Stream<H> {
    fn drop(&mut self) {
        H::wipe_state(&mut self.state);
        H::wipe_block(&mut self.block);
    }
}

/// The final state after `parts`, starting from `state`, which has absorbed
/// `total` bytes in whole blocks.
pub(super) fn finish<'a, H: Hash>(
    state: H::State,
    total: u64,
    parts: impl IntoIterator<Item = &'a [u8]>,
) -> H::State {
    let mut stream = Stream::<H>::resume(state, total);
    for part in parts {
        stream.update(part);
    }
    stream.finish()
}

/// The final state when `state` has absorbed exactly one block and the rest of
/// the message fits into one more block together with its padding. `write`
/// writes the rest and returns its length.
pub(super) fn finish_in_one_block<H: Hash>(
    mut state: H::State,
    write: impl FnOnce(&mut [u8]) -> usize,
) -> H::State {
    let mut block = H::ZERO;
    let bytes = block.as_mut();
    let len = write(bytes);
    let bits = 8 * (bytes.len() + len) as u64;
    bytes[len] = 0x80;
    let (_, end) = bytes.split_at_mut(bytes.len() - 8);
    end.copy_from_slice(&bits.to_be_bytes());
    H::compress(&mut state, &block);
    H::wipe_block(&mut block);
    state
}

pub(super) fn digest<'a, H: Hash>(parts: impl IntoIterator<Item = &'a [u8]>) -> Digest {
    Digest::of::<H>(finish::<H>(H::INITIAL, 0, parts))
}

/// The hash of `parts`, concatenated.
pub(crate) fn hash(algorithm: Algorithm, parts: &[&[u8]]) -> Digest {
    let parts = parts.iter().copied();
    match algorithm {
        Algorithm::Sha1 => digest::<Sha1>(parts),
        Algorithm::Sha256 => digest::<Sha256>(parts),
        Algorithm::Sha512 => digest::<Sha512>(parts),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // Compares with a literal implementation of RFC 4226 section 5.3.
    #[test]
    fn truncates_at_every_offset() {
        for algorithm in [Algorithm::Sha1, Algorithm::Sha256, Algorithm::Sha512] {
            let mut seen = [false; 16];
            for message in 0u32..500 {
                let mac = hash(algorithm, &[&message.to_be_bytes()]);
                let bytes = mac.as_bytes();
                let offset = usize::from(bytes[bytes.len() - 1] & 15);
                let at: [u8; 4] = bytes[offset..offset + 4].try_into().unwrap();
                assert_eq!(
                    mac.dynamic_truncation(),
                    u32::from_be_bytes(at) & 0x7fff_ffff
                );
                seen[offset] = true;
            }
            assert_eq!(seen, [true; 16]);
        }
    }

    #[test]
    fn padding_at_every_length() {
        use sha1::Digest as _;
        let message = [0x5a; 300];
        for len in 0..message.len() {
            let part = &message[..len];
            assert_eq!(
                hash(Algorithm::Sha1, &[part]).as_bytes(),
                sha1::Sha1::digest(part).as_slice()
            );
            assert_eq!(
                hash(Algorithm::Sha256, &[part]).as_bytes(),
                sha2::Sha256::digest(part).as_slice()
            );
            assert_eq!(
                hash(Algorithm::Sha512, &[part]).as_bytes(),
                sha2::Sha512::digest(part).as_slice()
            );
        }
    }
}
