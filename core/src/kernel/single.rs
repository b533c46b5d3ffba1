//! The HMAC of one counter, or of two, under one key.

use super::arch::portable::Portable;
use super::backend::Lanes;
use super::in_lanes::InLanes;
use super::message::finish_in_one_block;
use super::rolled::ROLLED;
use super::sha::{Sha1, Sha256, Sha512, has_instructions};
use super::states::{States, fill_key};
use super::values::Values;
use crate::algorithm::Algorithm;

impl<H: InLanes> States<H> {
    /// The truncated HMAC of a counter (RFC 4226 section 5.3), 31 bits.
    #[inline]
    pub(super) fn truncated(&self, counter: u64) -> u32 {
        match H::truncated_of_counter(&self.inner, &self.outer, counter) {
            Some(value) => value,
            None if ROLLED => self.truncated_by_words(Lanes::chosen(), counter),
            None if has_instructions() || !cfg!(feature = "lanes") => {
                self.truncated_by_blocks(counter)
            }
            None => self.truncated_by_words(Lanes::Portable(Portable), counter),
        }
    }

    /// The truncated HMACs of two counters.
    #[inline]
    pub(super) fn two_truncated(&self, counters: [u64; 2]) -> [u32; 2] {
        match H::truncated_of_two(&self.inner, &self.outer, counters) {
            Some(values) => values,
            None => counters.map(|counter| self.truncated(counter)),
        }
    }

    /// [`truncated`](Self::truncated) for processors without SHA instructions:
    /// uses the portable lane kernel, which never writes a block as bytes and
    /// folds the constant words of the padding.
    fn truncated_by_words(&self, lanes: Lanes, counter: u64) -> u32 {
        let mut values = Values::new();
        H::run_range(lanes, self, counter, &mut values, 1);
        values.buffer[0]
    }

    /// [`truncated`](Self::truncated) by two single compressions.
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
}

/// The truncated HMAC of a counter under a secret that is used only once: saves
/// keeping the prepared states.
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
