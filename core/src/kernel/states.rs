//! The inner and outer hash states of an HMAC key (RFC 2104).

use super::message::{Digest, digest, finish, finish_in_one_block};
use super::sha::Hash;

/// Copies `bytes` to the front of `block`, eight at a time: narrower stores
/// would stall the 8-byte loads that follow (store forwarding).
#[inline]
fn write_in_words(bytes: &[u8], block: &mut [u8]) {
    let (words, rest) = bytes.as_chunks::<8>();
    let slots = block.as_chunks_mut::<8>().0;
    for (slot, word) in slots.iter_mut().zip(words) {
        *slot = *word;
    }
    if let Some(slot) = slots.get_mut(words.len()) {
        let mut last = 0;
        for (index, byte) in rest.iter().enumerate() {
            last |= u64::from(*byte) << (8 * index);
        }
        *slot = last.to_le_bytes();
    }
}

/// Writes a key into a block of zeros, hashing it first if it is longer than
/// the block.
#[inline(always)]
pub(super) fn fill_key<H: Hash>(secret: &[u8], block: &mut H::Block) {
    if secret.len() > block.as_ref().len() {
        hash_key::<H>(secret, block);
    } else {
        write_in_words(secret, block.as_mut());
    }
}

/// Writes the hash of a key that is longer than the block.
#[cold]
fn hash_key<H: Hash>(secret: &[u8], block: &mut H::Block) {
    let hashed = digest::<H>([secret]);
    let hashed = hashed.as_bytes();
    block.as_mut()[..hashed.len()].copy_from_slice(hashed);
}

/// The inner and outer states after the padded key block.
pub(super) struct States<H: Hash> {
    pub(super) inner: H::State,
    pub(super) outer: H::State,
}

impl<H: Hash> Clone for States<H> {
    fn clone(&self) -> Self {
        Self {
            inner: self.inner,
            outer: self.outer,
        }
    }
}

impl<H: Hash> States<H> {
    /// Prepares a key of any length. Inlined so that the states are built in
    /// their final location and never copied.
    #[inline(always)]
    pub(super) fn new(secret: &[u8]) -> Self {
        let mut block = H::ZERO;
        fill_key::<H>(secret, &mut block);
        let states = Self::of_block(&mut block);
        H::wipe_block(&mut block);
        states
    }

    /// Prepares a key from its block, which is overwritten.
    #[inline(always)]
    pub(super) fn of_block(block: &mut H::Block) -> Self {
        let mut states = Self {
            inner: H::INITIAL,
            outer: H::INITIAL,
        };
        let both = H::compress_key(&mut states.inner, &mut states.outer, block);
        if !both {
            states.take_key(block);
        }
        states
    }

    /// Compresses the inner and the outer key block, one after the other.
    fn take_key(&mut self, block: &mut H::Block) {
        block.as_mut().iter_mut().for_each(|byte| *byte ^= 0x36);
        H::compress(&mut self.inner, block);
        let both = 0x36 ^ 0x5c;
        block.as_mut().iter_mut().for_each(|byte| *byte ^= both);
        H::compress(&mut self.outer, block);
    }

    pub(super) fn mac<'a>(&self, parts: impl IntoIterator<Item = &'a [u8]>) -> Digest {
        let block_len = H::ZERO.as_ref().len() as u64;
        self.outer(finish::<H>(self.inner, block_len, parts))
    }

    /// The MAC from the final inner state, which is wiped.
    pub(super) fn outer(&self, mut inner: H::State) -> Digest {
        let outer = finish_in_one_block::<H>(self.outer, |block| H::output(&inner, block));
        H::wipe_state(&mut inner);
        Digest::of::<H>(outer)
    }
}

impl<H: Hash> Drop for States<H> {
    fn drop(&mut self) {
        H::wipe_state(&mut self.inner);
        H::wipe_state(&mut self.outer);
    }
}
