//! The HMAC of a counter, truncated, and blocks of SHA-256.

use super::columns::{Blocks256, Columns1, Columns256, Columns512, LANES_32, LANES_64};
use super::{Vector, compress1, compress256, compress512, truncation};

/// What follows a message: a bit.
const PADDING_32: u32 = 1 << 31;
const PADDING_64: u64 = 1 << 63;

/// The first `count` columns of one algorithm, a register's worth in a turn.
/// The bits are those of the key's block and the counter, and of the key's
/// block and the inner digest.
macro_rules! hotp {
    (
        $name:ident, $columns:ident, $word:ty, $lanes:ident, $compress:ident,
        counter $counter:literal, digest $digest:literal, blocks $inner:literal $outer:literal bits,
        padding $padding:ident, $truncated:ident of $kept:literal, last $last:literal
    ) => {
        #[inline(always)]
        pub(crate) fn $name<V: Vector<Word = $word>>(
            token: V::Token,
            columns: &mut $columns,
            count: usize,
        ) {
            let count = count.min($lanes);
            let mut at = 0;
            while at < count {
                let loaded = |row: &[$word; $lanes]| V::load(token, &row[at..]);
                let zero = V::splat(token, 0);
                let padding = V::splat(token, $padding);
                let mut state = [zero; _];
                for (word, row) in state.iter_mut().zip(&columns.inner) {
                    *word = loaded(row);
                }
                let mut words = [zero; 16];
                for (word, row) in words.iter_mut().zip(&columns.counters) {
                    *word = loaded(row);
                }
                words[$counter] = padding;
                words[15] = V::splat(token, $inner);
                $compress(token, &mut state, &mut words);
                let mut words = [zero; 16];
                words[..$digest].copy_from_slice(&state);
                words[$digest] = padding;
                words[15] = V::splat(token, $outer);
                for (word, row) in state.iter_mut().zip(&columns.outer) {
                    *word = loaded(row);
                }
                $compress(token, &mut state, &mut words);
                let mut kept = [zero; $kept];
                kept.copy_from_slice(&state[..$kept]);
                truncation::$truncated(token, kept, state[$last]).store(&mut columns.values[at..]);
                at += V::LANES;
            }
        }
    };
}

hotp!(
    hotp1, Columns1, u32, LANES_32, compress1, counter 2, digest 5, blocks 576 672 bits,
    padding PADDING_32, of_32 of 5, last 4
);
hotp!(
    hotp256, Columns256, u32, LANES_32, compress256, counter 2, digest 8, blocks 576 768 bits,
    padding PADDING_32, of_32 of 5, last 7
);
hotp!(
    hotp512, Columns512, u64, LANES_64, compress512, counter 1, digest 8, blocks 1088 1536 bits,
    padding PADDING_64, of_64 of 3, last 7
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
