//! What the lanes read and write: a row for each word of the algorithm, a
//! column for each message.

use zeroize::DefaultIsZeroes;

use crate::kernel::wipe::wipe;

/// Columns of words of 32 bits: as many as the widest register has lanes. A
/// narrower one goes over them in turns.
pub(crate) const LANES_32: usize = 16;
/// The same for words of 64 bits.
pub(crate) const LANES_64: usize = 8;

pub(crate) type Columns1 = Columns<u32, 5, 2, LANES_32>;
pub(crate) type Columns256 = Columns<u32, 8, 2, LANES_32>;
pub(crate) type Columns512 = Columns<u64, 8, 1, LANES_64>;

/// The keys' states, the counters and the values of HOTP. Wiped on drop.
#[repr(C, align(64))]
pub(crate) struct Columns<
    Word: DefaultIsZeroes,
    const STATE: usize,
    const COUNTER: usize,
    const LANES: usize,
> {
    pub(super) inner: [[Word; LANES]; STATE],
    pub(super) outer: [[Word; LANES]; STATE],
    pub(super) counters: [[Word; LANES]; COUNTER],
    pub(super) values: [Word; LANES],
}

impl<Word: DefaultIsZeroes, const STATE: usize, const COUNTER: usize, const LANES: usize>
    Columns<Word, STATE, COUNTER, LANES>
{
    pub(crate) fn new() -> Self {
        let zeros = [Word::default(); LANES];
        Self {
            inner: [zeros; STATE],
            outer: [zeros; STATE],
            counters: [zeros; COUNTER],
            values: zeros,
        }
    }

    /// Puts a key's states into one column.
    #[inline]
    pub(crate) fn set_key(&mut self, lane: usize, inner: &[Word; STATE], outer: &[Word; STATE]) {
        for (row, word) in self.inner.iter_mut().zip(inner) {
            row[lane] = *word;
        }
        for (row, word) in self.outer.iter_mut().zip(outer) {
            row[lane] = *word;
        }
    }

    /// Puts a key's states into every column.
    pub(crate) fn set_every_key(&mut self, inner: &[Word; STATE], outer: &[Word; STATE]) {
        self.inner = inner.map(|word| [word; LANES]);
        self.outer = outer.map(|word| [word; LANES]);
    }

    /// Puts a counter's words, the upper half first, into one column.
    #[inline]
    pub(crate) fn set_counter(&mut self, lane: usize, words: [Word; COUNTER]) {
        for (row, word) in self.counters.iter_mut().zip(words) {
            row[lane] = word;
        }
    }

    /// The truncated values that came out.
    pub(crate) fn values(&self) -> &[Word; LANES] {
        &self.values
    }
}

impl<Word: DefaultIsZeroes, const STATE: usize, const COUNTER: usize, const LANES: usize> Drop
    for Columns<Word, STATE, COUNTER, LANES>
{
    fn drop(&mut self) {
        self.inner.iter_mut().for_each(wipe);
        self.outer.iter_mut().for_each(wipe);
        wipe(&mut self.values);
    }
}

/// A block of SHA-256 in each column, and the state before and after it. Wiped
/// on drop.
#[repr(C, align(64))]
pub(crate) struct Blocks256 {
    pub(crate) state: [[u32; LANES_32]; 8],
    pub(crate) block: [[u32; LANES_32]; 16],
}

impl Blocks256 {
    pub(crate) fn new() -> Self {
        Self {
            state: [[0; LANES_32]; 8],
            block: [[0; LANES_32]; 16],
        }
    }

    /// Puts the same state into every column.
    pub(crate) fn set_every_state(&mut self, state: &[u32; 8]) {
        self.state = state.map(|word| [word; LANES_32]);
    }

    /// Puts the first `count` messages into the columns.
    pub(crate) fn set_blocks(&mut self, messages: &Messages, count: usize) {
        for (lane, block) in messages.rest(0, count).iter().enumerate() {
            let words = block.as_chunks().0;
            for (row, word) in self.block.iter_mut().zip(words) {
                row[lane] = u32::from_be_bytes(*word);
            }
        }
    }

    /// Makes the states the messages of an outer hash that has taken a block
    /// to come to `state`.
    pub(crate) fn follow_with(&mut self, state: &[u32; 8]) {
        let (digest, rest) = self.block.split_at_mut(8);
        digest.copy_from_slice(&self.state);
        rest.fill([0; LANES_32]);
        rest[0] = [1 << 31; LANES_32];
        rest[7] = [8 * (64 + 32); LANES_32];
        self.set_every_state(state);
    }

    /// The state in one column, as bytes.
    pub(crate) fn digest(&self, lane: usize) -> [u8; 32] {
        let mut bytes = [0; 32];
        for (place, row) in bytes.as_chunks_mut().0.iter_mut().zip(&self.state) {
            *place = row[lane].to_be_bytes();
        }
        bytes
    }
}

impl Drop for Blocks256 {
    fn drop(&mut self) {
        self.state.iter_mut().for_each(wipe);
        self.block.iter_mut().for_each(wipe);
    }
}

/// Messages of one block each, with their padding. Wiped on drop.
pub(crate) struct Messages([[u8; 64]; LANES_32]);

impl Messages {
    pub(crate) fn new() -> Self {
        Self([[0; 64]; LANES_32])
    }

    /// Puts a message of at most 55 bytes; `before` bytes were hashed already.
    pub(crate) fn set(&mut self, index: usize, before: usize, message: &[u8]) {
        debug_assert!(message.len() <= 55, "one block holds it");
        let block = &mut self.0[index];
        let len = message.len().min(block.len() - 9);
        *block = [0; 64];
        block[..len].copy_from_slice(&message[..len]);
        block[len] = 0x80;
        let bits = 8 * (before + len) as u64;
        block[56..].copy_from_slice(&bits.to_be_bytes());
    }

    /// The blocks from one to before another.
    pub(crate) fn rest(&self, from: usize, to: usize) -> &[[u8; 64]] {
        &self.0[from..to]
    }
}

impl Drop for Messages {
    fn drop(&mut self) {
        self.0.iter_mut().for_each(wipe);
    }
}
