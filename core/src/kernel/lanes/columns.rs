//! Input and output of the lane algorithms: one row per word of the algorithm,
//! one column per message.

use zeroize::DefaultIsZeroes;

use crate::kernel::wipe::wipe;

/// Columns of 32-bit words: the lanes of the widest register. Narrower
/// registers process them in several passes.
pub(crate) const LANES_32: usize = 16;
/// Columns of 64-bit words.
pub(crate) const LANES_64: usize = 8;

pub(crate) type Columns1 = Columns<u32, 5, 2, LANES_32>;
pub(crate) type Columns256 = Columns<u32, 8, 2, LANES_32>;
pub(crate) type Columns512 = Columns<u64, 8, 1, LANES_64>;

/// The states of a key and a counter in each column, the upper word of the
/// counter first. Wiped on drop.
#[repr(C, align(64))]
pub(crate) struct Columns<
    Word: DefaultIsZeroes,
    const STATE: usize,
    const COUNTER: usize,
    const LANES: usize,
> {
    pub(super) inner: [[Word; LANES]; STATE],
    pub(super) outer: [[Word; LANES]; STATE],
    pub(super) counter: [[Word; LANES]; COUNTER],
}

impl<Word: DefaultIsZeroes, const STATE: usize, const COUNTER: usize, const LANES: usize>
    Columns<Word, STATE, COUNTER, LANES>
{
    pub(crate) fn new() -> Self {
        Self {
            inner: [[Word::default(); LANES]; STATE],
            outer: [[Word::default(); LANES]; STATE],
            counter: [[Word::default(); LANES]; COUNTER],
        }
    }

    /// Writes the states of four keys and their counters to the four columns
    /// from `lane` on, with one store per row.
    #[inline]
    pub(crate) fn set_four(
        &mut self,
        lane: usize,
        four: [(&[Word; STATE], &[Word; STATE], [Word; COUNTER]); 4],
    ) {
        let [a, b, c, d] = four;
        for (index, row) in self.inner.iter_mut().enumerate() {
            let words = [a.0[index], b.0[index], c.0[index], d.0[index]];
            row[lane..lane + 4].copy_from_slice(&words);
        }
        for (index, row) in self.outer.iter_mut().enumerate() {
            let words = [a.1[index], b.1[index], c.1[index], d.1[index]];
            row[lane..lane + 4].copy_from_slice(&words);
        }
        for (index, row) in self.counter.iter_mut().enumerate() {
            let words = [a.2[index], b.2[index], c.2[index], d.2[index]];
            row[lane..lane + 4].copy_from_slice(&words);
        }
    }
}

impl<Word: DefaultIsZeroes, const STATE: usize, const COUNTER: usize, const LANES: usize> Drop
    for Columns<Word, STATE, COUNTER, LANES>
{
    fn drop(&mut self) {
        self.inner.iter_mut().for_each(wipe);
        self.outer.iter_mut().for_each(wipe);
    }
}

/// The keys and counters of one run.
#[derive(Clone, Copy)]
pub(crate) enum Macs<
    'a,
    Word: DefaultIsZeroes,
    const STATE: usize,
    const COUNTER: usize,
    const LANES: usize,
> {
    /// The inner and outer state of one key, and the first of its counters.
    Range(&'a [Word; STATE], &'a [Word; STATE], u64),
    /// A key and a counter in each column.
    Each(&'a Columns<Word, STATE, COUNTER, LANES>),
}

pub(crate) type Macs1<'a> = Macs<'a, u32, 5, 2, LANES_32>;
pub(crate) type Macs256<'a> = Macs<'a, u32, 8, 2, LANES_32>;
pub(crate) type Macs512<'a> = Macs<'a, u64, 8, 1, LANES_64>;

/// The halves of a counter, upper half first.
pub(crate) fn halves(counter: u64) -> [u32; 2] {
    let [a, b, c, d, e, f, g, h] = counter.to_be_bytes();
    [
        u32::from_be_bytes([a, b, c, d]),
        u32::from_be_bytes([e, f, g, h]),
    ]
}

/// A block of SHA-256 in each column, and the state, which a compression
/// updates. Wiped on drop.
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

    /// Writes the same state to every column.
    pub(crate) fn set_every_state(&mut self, state: &[u32; 8]) {
        self.state = state.map(|word| [word; LANES_32]);
    }

    /// Writes blocks to the first columns.
    pub(crate) fn set_blocks(&mut self, blocks: &[[u8; 64]]) {
        for (lane, block) in blocks.iter().take(LANES_32).enumerate() {
            let words = block.as_chunks().0;
            for (row, word) in self.block.iter_mut().zip(words) {
                row[lane] = u32::from_be_bytes(*word);
            }
        }
    }

    /// Sets up the outer hash of HMAC: the current states become the blocks
    /// (with padding), and `state`, the state after the outer key block,
    /// becomes the state of every column.
    pub(crate) fn follow_with(&mut self, state: &[u32; 8]) {
        let (digest, rest) = self.block.split_at_mut(8);
        digest.copy_from_slice(&self.state);
        rest.fill([0; LANES_32]);
        rest[0] = [1 << 31; LANES_32];
        rest[7] = [8 * (64 + 32); LANES_32];
        self.set_every_state(state);
    }

    /// The state of one column as bytes.
    pub(crate) fn digest(&self, lane: usize) -> [u8; 32] {
        let mut bytes = [0; 32];
        for (slot, row) in bytes.as_chunks_mut().0.iter_mut().zip(&self.state) {
            *slot = row[lane].to_be_bytes();
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

/// The padded block of a message of at most 55 bytes. `before` is the number of
/// bytes hashed before it.
pub(crate) fn only_block(before: usize, message: &[u8]) -> [u8; 64] {
    debug_assert!(message.len() <= 55, "one block holds it");
    let mut block = [0; 64];
    let len = message.len().min(block.len() - 9);
    block[..len].copy_from_slice(&message[..len]);
    block[len] = 0x80;
    let bits = 8 * (before + len) as u64;
    block[56..].copy_from_slice(&bits.to_be_bytes());
    block
}

/// The first `len` bytes of `text` (followed by zeros) and the padding bit as
/// little-endian integers; the next word, which holds the padding bit if `len`
/// is 16; and the length of the message in bits.
#[inline]
pub(crate) fn padded_16(text: &[u8; 16], len: usize) -> ([u64; 2], u32, u32) {
    let bits = u32::try_from(8 * len.min(text.len())).unwrap_or(128);
    let (low, high) = text.split_at(8);
    let half = |bytes: &[u8]| u64::from_le_bytes(bytes.try_into().unwrap_or_default());
    let low = half(low) | 0x80_u64.checked_shl(bits).unwrap_or(0);
    let after = bits
        .checked_sub(64)
        .and_then(|bits| 0x80_u64.checked_shl(bits));
    let high = half(high) | after.unwrap_or(0);
    ([low, high], u32::from(bits == 128) << 31, bits)
}

/// The padded block of the first `len` bytes of `text` (followed by zeros).
/// Unlike [`only_block`] it needs no copy of a length known only at run time.
pub(crate) fn only_block_of_16(text: &[u8; 16], len: usize) -> [u8; 64] {
    let ([low, high], next, bits) = padded_16(text, len);
    let mut block = [0; 64];
    block[..8].copy_from_slice(&low.to_le_bytes());
    block[8..16].copy_from_slice(&high.to_le_bytes());
    block[16..20].copy_from_slice(&next.to_be_bytes());
    block[60..].copy_from_slice(&bits.to_be_bytes());
    block
}
