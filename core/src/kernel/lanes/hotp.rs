//! Truncated HMACs of counters, and single blocks of SHA-256.

use super::columns::{Blocks256, LANES_32, LANES_64, Macs, Macs1, Macs256, Macs512, halves};
use super::sha1::compress as compress1;
use super::sha2::{compress256, compress512};
use super::truncation;
use crate::kernel::rolled::{self, ROLLED};
use crate::kernel::vector::Vector;

/// The padding bit after a message.
const PADDING_32: u32 = 1 << 31;
const PADDING_64: u64 = 1 << 63;

/// The column indexes.
static INDEXES_32: [u32; LANES_32] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15];
static INDEXES_64: [u64; LANES_64] = [0, 1, 2, 3, 4, 5, 6, 7];

/// Consecutive counters from that of column `at` on, in 32-bit words. They are
/// computed in registers because loading what was just written piecewise would
/// stall.
#[inline(always)]
fn counters_32<V: Vector<Word = u32>>(token: V::Token, first: u64, at: usize) -> [V; 2] {
    let [high, low] = halves(first).map(|half| V::splat(token, half));
    let sum = low.add(V::load(token, &INDEXES_32[at..]));
    // The indexes are small, so there is a carry exactly if the highest bit
    // changed from 1 to 0.
    let carry = low.and(sum.xor(V::splat(token, u32::MAX))).sign();
    [high.add(carry.and(V::splat(token, 1))), sum]
}

/// Consecutive counters in 64-bit words.
#[inline(always)]
fn counters_64<V: Vector<Word = u64>>(token: V::Token, first: u64, at: usize) -> [V; 1] {
    let indexes = V::load(token, &INDEXES_64[at..]);
    [V::splat(token, first).add(indexes)]
}

/// Computes the first `count` columns of one algorithm, one register per pass.
/// The bits are the lengths of key block and counter, and of key block and
/// inner digest.
macro_rules! hotp {
    (
        $name:ident, $word:ident of $lanes:ident, $macs:ident, $compress:ident,
        $counters:ident of $counter:literal, digest $digest:literal,
        blocks $inner:literal $outer:literal bits, padding $padding:ident,
        $truncated:ident of $kept:literal, last $last:literal
    ) => {
        #[inline(always)]
        pub(crate) fn $name<V: Vector<Word = $word>>(
            token: V::Token,
            macs: $macs<'_>,
            values: &mut [$word; $lanes],
            count: usize,
        ) {
            let count = count.min($lanes);
            let mut at = 0;
            macro_rules! load {
                ($to:expr, $rows:expr) => {
                    for (word, row) in $to.iter_mut().zip(&$rows) {
                        *word = V::load(token, &row[at..]);
                    }
                };
            }
            macro_rules! splat {
                ($to:expr, $words:expr) => {
                    for (to, word) in $to.iter_mut().zip($words) {
                        *to = V::splat(token, *word);
                    }
                };
            }
            macro_rules! compress {
                ($token:ident, $state:expr, $words:expr) => {
                    match ROLLED {
                        true => rolled::$compress($token, $state, $words),
                        false => $compress($token, $state, $words),
                    }
                };
            }
            while at < count {
                let zero = V::splat(token, 0);
                let padding = V::splat(token, $padding);
                let mut state = [zero; _];
                let mut words = [zero; 16];
                match macs {
                    Macs::Range(inner, _, first) => {
                        splat!(state, inner);
                        words[..$counter].copy_from_slice(&$counters(token, first, at));
                    }
                    Macs::Each(columns) => {
                        load!(state, columns.inner);
                        load!(words, columns.counter);
                    }
                }
                words[$counter] = padding;
                words[15] = V::splat(token, $inner);
                compress!(token, &mut state, &mut words);
                let mut words = [zero; 16];
                words[..$digest].copy_from_slice(&state);
                words[$digest] = padding;
                words[15] = V::splat(token, $outer);
                match macs {
                    Macs::Range(_, outer, _) => splat!(state, outer),
                    Macs::Each(columns) => load!(state, columns.outer),
                }
                compress!(token, &mut state, &mut words);
                let mut kept = [zero; $kept];
                kept.copy_from_slice(&state[..$kept]);
                truncation::$truncated(token, kept, state[$last]).store(&mut values[at..]);
                at += V::LANES;
            }
        }
    };
}

hotp!(
    hotp1, u32 of LANES_32, Macs1, compress1, counters_32 of 2, digest 5,
    blocks 576 672 bits, padding PADDING_32, of_32 of 5, last 4
);
hotp!(
    hotp256, u32 of LANES_32, Macs256, compress256, counters_32 of 2, digest 8,
    blocks 576 768 bits, padding PADDING_32, of_32 of 5, last 7
);
hotp!(
    hotp512, u64 of LANES_64, Macs512, compress512, counters_64 of 1, digest 8,
    blocks 1088 1536 bits, padding PADDING_64, of_64 of 3, last 7
);

/// One compression of SHA-256 in each of the first `count` columns.
#[inline(always)]
pub(crate) fn blocks256<V: Vector<Word = u32>>(
    token: V::Token,
    blocks: &mut Blocks256,
    count: usize,
) {
    let count = count.min(LANES_32);
    let mut at = 0;
    while at < count {
        let mut state = [V::splat(token, 0); 8];
        for (word, row) in state.iter_mut().zip(&blocks.state) {
            *word = V::load(token, &row[at..]);
        }
        let mut words = [V::splat(token, 0); 16];
        for (word, row) in words.iter_mut().zip(&blocks.block) {
            *word = V::load(token, &row[at..]);
        }
        compress256(token, &mut state, &mut words);
        for (word, row) in state.iter().zip(&mut blocks.state) {
            word.store(&mut row[at..]);
        }
        at += V::LANES;
    }
}
