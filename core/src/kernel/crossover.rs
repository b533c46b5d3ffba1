//! Crossover points for the SIMD lanes: from how many codes on lanes are faster
//! than computing one code after the other.
//!
//! A register takes the same time however many of its lanes are used, so each
//! instruction set states how many single codes that time is worth.
//! `measure.rs` measures it.

use super::rolled::ROLLED;

/// Splits a count into codes computed in lanes and codes computed singly.
#[derive(Clone, Copy)]
pub(super) struct Crossover {
    /// Binary logarithm of the lanes of a register.
    width: u32,
    /// The fewest codes a register is used for.
    least: usize,
    /// As `least`, for every second register.
    least_of_second: usize,
}

impl Crossover {
    /// Everything in lanes.
    #[cfg(test)]
    pub(super) const ALL: Self = Self::from(0, 1);

    /// Nothing in lanes.
    pub(super) const NONE: Self = Self::from(usize::MAX, 1 << (usize::BITS - 1));

    /// For registers of `width` lanes (a power of two), used from `least` codes
    /// on.
    #[allow(dead_code)]
    pub(super) const fn from(least: usize, width: usize) -> Self {
        Self {
            width: width.trailing_zeros(),
            least,
            least_of_second: least,
        }
    }

    /// For pairs of registers that are the halves of a longer one, which costs
    /// less than two: the second half is used from `least` codes on.
    #[allow(dead_code)]
    pub(super) const fn and_second_from(self, least: usize) -> Self {
        Self {
            least_of_second: least,
            ..self
        }
    }

    #[inline]
    pub(super) fn of(self, count: usize) -> usize {
        if ROLLED {
            return count;
        }
        if !cfg!(feature = "lanes") {
            return 0;
        }
        let registers = count >> self.width;
        let rest = count - (registers << self.width);
        let least = match registers % 2 {
            0 => self.least,
            _ => self.least_of_second,
        };
        if rest < least { count - rest } else { count }
    }
}

/// The crossover points of a backend, for each hash.
#[derive(Clone, Copy)]
pub(super) struct Table {
    pub(super) sha1: Crossover,
    pub(super) sha256: Crossover,
    pub(super) sha512: Crossover,
}

impl Table {
    /// No lanes for any hash.
    pub(super) const NONE: Self = Self {
        sha1: Crossover::NONE,
        sha256: Crossover::NONE,
        sha512: Crossover::NONE,
    };
}
