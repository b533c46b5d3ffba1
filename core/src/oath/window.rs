//! The one search behind every verification of HOTP and TOTP codes.

use subtle::{Choice, ConditionallySelectable, ConstantTimeEq};

use super::{Code, Digits, Key};

/// The most positions that one verification or resynchronisation looks at.
pub const LARGEST_WINDOW: u32 = 100_000;

/// Most codes that are looked for together.
pub(super) const MOST_CODES: usize = 3;

/// Consecutive counters or time steps. It ends where 64 bits end.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Window {
    first: u64,
    count: u64,
}

impl Window {
    /// `count` positions from `first`.
    pub(crate) fn new(first: u64, count: u64) -> Self {
        // The positions after `first`; one fewer than there are from it on.
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

    /// `position`, the `past` positions before it and the `future` ones after
    /// it; none before 0.
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

    pub(super) fn positions(self) -> impl Iterator<Item = u64> {
        (0..self.count).map(move |offset| self.first + offset)
    }
}

/// Where a search found something, collected without branching on it.
#[derive(Clone, Copy)]
pub(crate) struct Matches {
    lowest: u64,
    highest: u64,
    any: Choice,
}

impl Matches {
    pub(crate) fn none() -> Self {
        Self {
            lowest: 0,
            highest: 0,
            any: Choice::from(0),
        }
    }

    /// Takes the next position, in ascending order, and whether it matched.
    pub(crate) fn note(&mut self, position: u64, hit: Choice) {
        self.lowest.conditional_assign(&position, hit & !self.any);
        self.highest.conditional_assign(&position, hit);
        self.any |= hit;
    }

    /// The first position that matched.
    pub(crate) fn lowest(&self) -> Option<u64> {
        bool::from(self.any).then_some(self.lowest)
    }

    /// The last position that matched.
    pub(crate) fn highest(&self) -> Option<u64> {
        bool::from(self.any).then_some(self.highest)
    }
}

/// Looks for `codes`, one to three of them, at consecutive positions, the
/// first of them within `window`; a match is the position of the last one.
///
/// Every position is computed once and compared with every code, whatever
/// matches: the time depends on the window and the number of codes alone.
pub(super) fn search(key: &Key, digits: Digits, codes: &[Code], window: Window) -> Matches {
    let codes = &codes[..codes.len().min(MOST_CODES)];
    let mut matches = Matches::none();
    let Some(last) = codes.len().checked_sub(1) else {
        return matches;
    };
    let mut wanted = [0; MOST_CODES];
    for (value, code) in wanted.iter_mut().zip(codes) {
        *value = code.value();
    }
    // chain[i]: the codes up to i stood at the positions up to this one.
    let mut chain = [Choice::from(0); MOST_CODES];
    for position in window.extended(last as u64).positions() {
        let value = u64::from(digits.reduce(key.prepared().truncated(position)));
        for index in (1..=last).rev() {
            chain[index] = chain[index - 1] & value.ct_eq(&wanted[index]);
        }
        chain[0] = value.ct_eq(&wanted[0]);
        matches.note(position, chain[last]);
    }
    matches
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
    }
}
