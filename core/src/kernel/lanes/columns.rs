//! What the lanes read and write: a row for each word of the algorithm, a
//! column for each message.

use zeroize::DefaultIsZeroes;

use crate::kernel::wipe::wipe;

/// Columns of words of 32 bits: as many as the widest register has lanes. A
/// narrower one goes over them in turns.
pub(crate) const LANES_32: usize = 16;
/// The same for words of 64 bits.
pub(crate) const LANES_64: usize = 8;

pub(crate) type Keys1 = KeyColumns<u32, 5, LANES_32>;
pub(crate) type Keys256 = KeyColumns<u32, 8, LANES_32>;
pub(crate) type Keys512 = KeyColumns<u64, 8, LANES_64>;
pub(crate) type Counters32 = Counters<u32, 2, LANES_32>;
pub(crate) type Counters64 = Counters<u64, 1, LANES_64>;

/// The states of a key in each column. Wiped on drop.
#[repr(C, align(64))]
pub(crate) struct KeyColumns<Word: DefaultIsZeroes, const STATE: usize, const LANES: usize> {
    pub(super) inner: [[Word; LANES]; STATE],
    pub(super) outer: [[Word; LANES]; STATE],
}

impl<Word: DefaultIsZeroes, const STATE: usize, const LANES: usize> KeyColumns<Word, STATE, LANES> {
    pub(crate) fn new() -> Self {
        Self {
            inner: [[Word::default(); LANES]; STATE],
            outer: [[Word::default(); LANES]; STATE],
        }
    }

    /// Puts a key's states into one column.
    #[inline]
    pub(crate) fn set(&mut self, lane: usize, inner: &[Word; STATE], outer: &[Word; STATE]) {
        for (row, word) in self.inner.iter_mut().zip(inner) {
            row[lane] = *word;
        }
        for (row, word) in self.outer.iter_mut().zip(outer) {
            row[lane] = *word;
        }
    }
}

impl<Word: DefaultIsZeroes, const STATE: usize, const LANES: usize> Drop
    for KeyColumns<Word, STATE, LANES>
{
    fn drop(&mut self) {
        self.inner.iter_mut().for_each(wipe);
        self.outer.iter_mut().for_each(wipe);
    }
}

/// The keys of a run.
#[derive(Clone, Copy)]
pub(crate) enum Keys<'a, Word: DefaultIsZeroes, const STATE: usize, const LANES: usize> {
    /// The inner and outer state of one key for all of it.
    One(&'a [Word; STATE], &'a [Word; STATE]),
    /// A key for each.
    Each(&'a KeyColumns<Word, STATE, LANES>),
}

/// A counter in each column, its words in rows, the upper half first, and the
/// truncated values that come out. Those are wiped on drop.
#[repr(C, align(64))]
pub(crate) struct Counters<Word: DefaultIsZeroes, const WORDS: usize, const LANES: usize> {
    pub(super) words: [[Word; LANES]; WORDS],
    pub(super) values: [Word; LANES],
}

impl<Word: DefaultIsZeroes, const WORDS: usize, const LANES: usize> Counters<Word, WORDS, LANES> {
    pub(crate) fn new() -> Self {
        Self {
            words: [[Word::default(); LANES]; WORDS],
            values: [Word::default(); LANES],
        }
    }

    #[inline]
    pub(crate) fn set(&mut self, lane: usize, words: [Word; WORDS]) {
        for (row, word) in self.words.iter_mut().zip(words) {
            row[lane] = word;
        }
    }

    /// The truncated values that came out.
    #[inline]
    pub(crate) fn values(&self) -> &[Word; LANES] {
        &self.values
    }
}

impl<Word: DefaultIsZeroes, const WORDS: usize, const LANES: usize> Drop
    for Counters<Word, WORDS, LANES>
{
    fn drop(&mut self) {
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

/// The block of a message of at most 55 bytes, which ends with its padding;
/// `before` bytes were hashed already.
#[inline]
pub(crate) fn only_block(before: usize, message: &[u8]) -> [u8; 64] {
    debug_assert!(message.len() <= 55, "one block holds it");
    let mut block = [0; 64];
    let len = message.len().min(block.len() - 9);
    for (place, byte) in block.iter_mut().zip(&message[..len]) {
        *place = *byte;
    }
    block[len] = 0x80;
    let bits = 8 * (before + len) as u64;
    block[56..].copy_from_slice(&bits.to_be_bytes());
    block
}

/// Messages of one block each, with their padding. Wiped on drop.
pub(crate) struct Messages([[u8; 64]; LANES_32]);

impl Messages {
    pub(crate) fn new() -> Self {
        Self([[0; 64]; LANES_32])
    }

    /// Puts a message of at most 55 bytes; `before` bytes were hashed already.
    pub(crate) fn set(&mut self, index: usize, before: usize, message: &[u8]) {
        self.0[index] = only_block(before, message);
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
