//! The states of HMAC (RFC 2104) after a key's blocks, inner and outer.

use super::arch::portable::Portable;
use super::backend::Lanes;
use super::many::{self, InLanes, Values};
use super::message::{Digest, digest, finish, finish_in_one_block};
use super::sha::{Hash, Sha1, Sha256, Sha512, has_instructions};
use crate::algorithm::Algorithm;

/// Writes bytes to the front of a block, which has room for them: eight at a
/// time, so that whoever loads eight of them at once need not wait until they
/// are in the cache.
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

/// Writes a key to a block of zeros.
#[inline(always)]
fn fill_key<H: Hash>(secret: &[u8], block: &mut H::Block) {
    if secret.len() > block.as_ref().len() {
        hash_key::<H>(secret, block);
    } else {
        write_in_words(secret, block.as_mut());
    }
}

/// Writes the hash of a key that is longer than a block.
#[cold]
fn hash_key<H: Hash>(secret: &[u8], block: &mut H::Block) {
    let hashed = digest::<H>([secret]);
    let hashed = hashed.as_bytes();
    block.as_mut()[..hashed.len()].copy_from_slice(hashed);
}

/// The states after the padded key block, inner and outer.
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
    /// Inlined, so that they are made where they stay.
    #[inline(always)]
    pub(super) fn new(secret: &[u8]) -> Self {
        let mut block = H::ZERO;
        fill_key::<H>(secret, &mut block);
        let states = Self::of_block(&mut block);
        H::wipe_block(&mut block);
        states
    }

    /// From the block of a key, which is used up.
    #[inline(always)]
    fn of_block(block: &mut H::Block) -> Self {
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

    /// Compresses both blocks of a key, one after the other.
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

impl<H: InLanes> States<H> {
    /// The truncated HMAC of a counter, 31 bits.
    #[inline]
    pub(super) fn truncated(&self, counter: u64) -> u32 {
        match H::truncated_of_counter(&self.inner, &self.outer, counter) {
            Some(value) => value,
            None if has_instructions() => self.truncated_by_blocks(counter),
            None => self.truncated_by_words(counter),
        }
    }

    /// The same of two counters.
    #[inline]
    pub(super) fn two_truncated(&self, counters: [u64; 2]) -> [u32; 2] {
        match H::truncated_of_two(&self.inner, &self.outer, counters) {
            Some(values) => values,
            None => counters.map(|counter| self.truncated(counter)),
        }
    }

    /// The same where no processor helps: no block is written as bytes, and
    /// what is constant in it costs nothing.
    fn truncated_by_words(&self, counter: u64) -> u32 {
        let mut values = Values::new();
        H::run_range(Lanes::Portable(Portable), self, counter, &mut values, 1);
        values.room[0]
    }

    /// The same by one compression after the other.
    fn truncated_by_blocks(&self, counter: u64) -> u32 {
        let mut inner = finish_in_one_block::<H>(self.inner, |block| {
            block[..8].copy_from_slice(&counter.to_be_bytes());
            8
        });
        let mut mac = finish_in_one_block::<H>(self.outer, |block| H::output(&inner, block));
        H::wipe_state(&mut inner);
        let value = H::truncated(&mac);
        H::wipe_state(&mut mac);
        value
    }

    /// The truncated HMACs of consecutive counters.
    pub(super) fn truncated_range(
        &self,
        first: u64,
        count: usize,
        put: &mut dyn FnMut(&mut Values),
    ) {
        let lanes = Lanes::chosen();
        many::range(lanes, H::pays(lanes), self, first, count, put);
    }
}

impl<H: Hash> Drop for States<H> {
    fn drop(&mut self) {
        H::wipe_state(&mut self.inner);
        H::wipe_state(&mut self.outer);
    }
}

/// The truncated HMAC of a counter under a key that is used once.
pub(crate) fn truncated_once(algorithm: Algorithm, secret: &[u8], counter: u64) -> u32 {
    fn under<H: InLanes>(secret: &[u8], counter: u64) -> u32 {
        let mut block = H::ZERO;
        fill_key::<H>(secret, &mut block);
        let value = match H::truncated_under(&block, counter) {
            Some(value) => value,
            None => States::<H>::of_block(&mut block).truncated(counter),
        };
        H::wipe_block(&mut block);
        value
    }
    match algorithm {
        Algorithm::Sha1 => under::<Sha1>(secret, counter),
        Algorithm::Sha256 => under::<Sha256>(secret, counter),
        Algorithm::Sha512 => under::<Sha512>(secret, counter),
    }
}
