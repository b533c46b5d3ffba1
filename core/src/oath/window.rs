//! Windows, and the constant-time search used by every verification of HOTP and
//! TOTP codes.

use core::hint::black_box;

use subtle::Choice;

use super::{Code, Digits, Key};
use crate::kernel::{TOGETHER, Values};

/// The most counters or time steps that one verification or resynchronisation
/// searches.
pub const LARGEST_WINDOW: u32 = 100_000;

/// Up to this many values are compared without padding to whole registers.
const FEW: usize = 4;
const _: () = assert!(TOGETHER <= 32, "a bit for each value");
/// Not a truncated value, as those have 31 bits.
const NEVER: u32 = u32::MAX;

/// The most consecutive codes of one search.
pub(super) const MOST_CODES: usize = 3;

/// A range of consecutive counters or time steps, cut off at `u64::MAX`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Window {
    first: u64,
    count: u64,
}

impl Window {
    /// `count` positions from `first`.
    pub(crate) fn new(first: u64, count: u64) -> Self {
        // The number of positions after `first`, not including it.
        let after = u64::MAX - first;
        Self {
            first,
            count: if count > after {
                after.saturating_add(1)
            } else {
                count
            },
        }
    }

    /// `position`, the `past` positions before it and the `future` positions
    /// after it, starting at 0 at the earliest.
    pub(crate) fn around(position: u64, past: u32, future: u32) -> Self {
        let first = position.saturating_sub(u64::from(past));
        Self::new(first, position - first + 1 + u64::from(future))
    }

    fn extended(self, by: u64) -> Self {
        Self::new(self.first, self.count.saturating_add(by))
    }

    pub(super) fn first(self) -> u64 {
        self.first
    }

    pub(super) fn count(self) -> u64 {
        self.count
    }

    pub(super) fn positions(self) -> impl Iterator<Item = u64> + Clone {
        (0..self.count).map(move |offset| self.first + offset)
    }
}

/// The positions that matched in a search, collected without branches.
#[derive(Clone, Copy)]
pub(crate) struct Matches {
    lowest: u64,
    highest: u64,
    /// All ones once a position has matched.
    any: u64,
}

impl Matches {
    pub(crate) fn none() -> Self {
        Self {
            lowest: 0,
            highest: 0,
            any: 0,
        }
    }

    /// Records whether a position matched. Positions must be ascending.
    pub(crate) fn note(&mut self, position: u64, hit: Choice) {
        self.note_all(position, u32::from(hit.unwrap_u8()));
    }

    /// Records 32 positions at once, one bit each, lowest bit first.
    fn note_all(&mut self, first: u64, hits: u32) {
        let lowest = first.wrapping_add(u64::from(hits.trailing_zeros()));
        let highest = u64::from(31_u32.wrapping_sub(hits.leading_zeros()));
        let highest = first.wrapping_add(highest);
        // All ones unless `hits` is zero. The barrier keeps the compiler from
        // turning the mask into a branch.
        let hits = u64::from(hits);
        let any = black_box(0_u64.wrapping_sub(hits.wrapping_neg() >> 63));
        self.lowest ^= (self.lowest ^ lowest) & any & !self.any;
        self.highest ^= (self.highest ^ highest) & any;
        self.any |= any;
    }

    /// The first position that matched.
    pub(crate) fn lowest(&self) -> Option<u64> {
        (self.any != 0).then_some(self.lowest)
    }

    /// The last position that matched.
    pub(crate) fn highest(&self) -> Option<u64> {
        (self.any != 0).then_some(self.highest)
    }
}

/// Searches for one to three codes at consecutive positions. Values are passed
/// in ascending order of position; a match is the position of the last code.
///
/// Every position is compared with every code, whether it matches or not.
pub(super) struct Search {
    digits: Digits,
    wanted: [u32; MOST_CODES],
    codes: usize,
    /// For each code, whether it and the codes before it matched up to the last
    /// position.
    chain: [u32; MOST_CODES],
    matches: Matches,
}

impl Search {
    /// If `codes` is empty, nothing matches.
    pub(super) fn new(digits: Digits, codes: &[Code]) -> Self {
        let mut wanted = [NEVER; MOST_CODES];
        for (wanted, code) in wanted.iter_mut().zip(codes) {
            *wanted = u32::try_from(code.value()).unwrap_or(NEVER);
        }
        Self {
            digits,
            wanted,
            codes: codes.len().clamp(1, MOST_CODES),
            chain: [0; MOST_CODES],
            matches: Matches::none(),
        }
    }

    /// Compares the truncated values of the next positions.
    pub(super) fn take(&mut self, first: u64, truncated: &mut Values) {
        let count = truncated.count;
        if count > FEW {
            // The whole buffer, so that the loops run on whole registers.
            self.take_first(first, &mut truncated.buffer, count);
        } else {
            self.take_first(first, truncated.all(), count);
        }
    }

    /// Reduces `values` to codes and compares the first `count`.
    #[inline(always)]
    fn take_first(&mut self, first: u64, values: &mut [u32], count: usize) {
        let Some(last) = count.checked_sub(1) else {
            return;
        };
        self.digits.reduce_all(values);
        let counted = u32::MAX >> (31 - last);
        // Positions at which the codes so far matched, one bit each.
        let (mut before, mut last_hits) = (u32::MAX, 0);
        for (wanted, chain) in self.wanted.iter().zip(&mut self.chain).take(self.codes) {
            let mut hits = 0;
            for (offset, value) in values.iter().enumerate() {
                hits |= equal(*value, *wanted) << offset;
            }
            hits &= before & counted;
            // The next code must be one position later.
            before = hits << 1 | core::mem::replace(chain, hits >> last);
            last_hits = hits;
        }
        self.matches.note_all(first, last_hits);
    }

    pub(super) fn matches(&self) -> Matches {
        self.matches
    }
}

/// 1 if both are equal, else 0, without a branch.
fn equal(left: u32, right: u32) -> u32 {
    // Subtracting 1 sets the highest bit only for zero.
    u32::from(u64::from(left ^ right).wrapping_sub(1) >> 63 == 1)
}

/// Searches a window for one to three consecutive codes. The time depends only
/// on the window and the number of codes.
pub(super) fn search(key: &Key, digits: Digits, codes: &[Code], window: Window) -> Matches {
    let mut search = Search::new(digits, codes);
    let window = window.extended(codes.len().saturating_sub(1) as u64);
    // Windows are far smaller than `usize::MAX`.
    let count = usize::try_from(window.count).unwrap_or(usize::MAX);
    let mut first = window.first;
    let mut take = |truncated: &mut Values| {
        search.take(first, truncated);
        first = first.wrapping_add(truncated.count as u64);
    };
    key.prepared()
        .truncated_range(window.first, count, &mut take);
    search.matches()
}

#[cfg(test)]
mod tests {
    use std::vec::Vec;

    use super::*;

    fn positions(window: Window) -> Vec<u64> {
        window.positions().collect()
    }

    #[test]
    fn ends_of_the_range() {
        assert_eq!(positions(Window::new(u64::MAX, 5)), [u64::MAX]);
        assert_eq!(
            positions(Window::new(u64::MAX - 1, 2)),
            [u64::MAX - 1, u64::MAX]
        );
        assert_eq!(positions(Window::around(1, 3, 1)), [0, 1, 2]);
        assert_eq!(
            positions(Window::around(u64::MAX, 1, 3)),
            [u64::MAX - 1, u64::MAX]
        );
        assert_eq!(positions(Window::new(7, 0)), [0_u64; 0]);
        assert_eq!(Window::new(0, u64::MAX).extended(2).count, u64::MAX);
    }

    #[test]
    fn lowest_and_highest() {
        let mut matches = Matches::none();
        assert_eq!((matches.lowest(), matches.highest()), (None, None));
        for (position, hit) in [(4, 0), (5, 1), (6, 0), (7, 1), (8, 0)] {
            matches.note(position, Choice::from(hit));
        }
        assert_eq!((matches.lowest(), matches.highest()), (Some(5), Some(7)));
        matches.note_all(9, 0);
        assert_eq!((matches.lowest(), matches.highest()), (Some(5), Some(7)));
        matches.note_all(9, 1 << 31 | 1 << 1);
        assert_eq!((matches.lowest(), matches.highest()), (Some(5), Some(40)));
        let mut matches = Matches::none();
        matches.note_all(9, 1 << 31 | 1 << 1);
        assert_eq!((matches.lowest(), matches.highest()), (Some(10), Some(40)));
    }
}
