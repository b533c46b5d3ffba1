//! The HMAC of a counter, truncated, and blocks of SHA-256.

use super::columns::{Blocks256, Counters32, Counters64, Keys, LANES_32, LANES_64};
use super::{Vector, compress1, compress256, compress512, truncation};

/// What follows a message: a bit.
const PADDING_32: u32 = 1 << 31;
const PADDING_64: u64 = 1 << 63;

/// The first `count` columns of one algorithm, a register's worth in a turn.
/// The bits are those of the key's block and the counter, and of the key's
/// block and the inner digest.
macro_rules! hotp {
    (
        $name:ident, $word:ty, $state:literal of $lanes:ident, $counters:ident, $compress:ident,
        counter $counter:literal, digest $digest:literal, blocks $inner:literal $outer:literal bits,
        padding $padding:ident, $truncated:ident of $kept:literal, last $last:literal
    ) => {
        #[inline(always)]
        pub(crate) fn $name<V: Vector<Word = $word>>(
            token: V::Token,
            keys: Keys<'_, $word, $state, $lanes>,
            counters: &mut $counters,
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
            while at < count {
                let zero = V::splat(token, 0);
                let padding = V::splat(token, $padding);
                let mut state = [zero; _];
                match keys {
                    Keys::One(inner, _) => splat!(state, inner),
                    Keys::Each(keys) => load!(state, keys.inner),
                }
                let mut words = [zero; 16];
                load!(words, counters.words);
                words[$counter] = padding;
                words[15] = V::splat(token, $inner);
                $compress(token, &mut state, &mut words);
                let mut words = [zero; 16];
                words[..$digest].copy_from_slice(&state);
                words[$digest] = padding;
                words[15] = V::splat(token, $outer);
                match keys {
                    Keys::One(_, outer) => splat!(state, outer),
                    Keys::Each(keys) => load!(state, keys.outer),
                }
                $compress(token, &mut state, &mut words);
                let mut kept = [zero; $kept];
                kept.copy_from_slice(&state[..$kept]);
                truncation::$truncated(token, kept, state[$last]).store(&mut counters.values[at..]);
                at += V::LANES;
            }
        }
    };
}

hotp!(
    hotp1, u32, 5 of LANES_32, Counters32, compress1, counter 2, digest 5, blocks 576 672 bits,
    padding PADDING_32, of_32 of 5, last 4
);
hotp!(
    hotp256, u32, 8 of LANES_32, Counters32, compress256, counter 2, digest 8, blocks 576 768 bits,
    padding PADDING_32, of_32 of 5, last 7
);
hotp!(
    hotp512, u64, 8 of LANES_64, Counters64, compress512, counter 1, digest 8, blocks 1088 1536 bits,
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
