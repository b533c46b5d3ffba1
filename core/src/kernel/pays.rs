//! From how many codes on the lanes are the quicker way.
//!
//! Each instruction set states it beside its registers, as `measure.rs` finds
//! it: a register costs as much as so many codes one after the other, whether
//! it is full or not.

/// How many of a count are computed in lanes; the others one after the other.
#[derive(Clone, Copy)]
pub(super) struct Pays {
    /// Lanes of a register, as a power of two.
    width: u32,
    /// The fewest that a register is used for.
    least: usize,
    /// The same for every second one.
    least_of_second: usize,
}

impl Pays {
    /// All of them.
    #[cfg(test)]
    pub(super) const ALL: Self = Self::from(0, 1);

    /// None of them.
    pub(super) const NONE: Self = Self::from(usize::MAX, 1 << (usize::BITS - 1));

    /// Registers of `width` lanes, a power of two, of which at least `least`
    /// are used.
    #[allow(dead_code)]
    pub(super) const fn from(least: usize, width: usize) -> Self {
        Self {
            width: width.trailing_zeros(),
            least,
            least_of_second: least,
        }
    }

    /// The same where two of them are one longer register, which costs less
    /// than both: the second is used for `least` already.
    #[allow(dead_code)]
    pub(super) const fn and_second_from(self, least: usize) -> Self {
        Self {
            least_of_second: least,
            ..self
        }
    }

    #[inline]
    pub(super) fn of(self, count: usize) -> usize {
        let registers = count >> self.width;
        let rest = count - (registers << self.width);
        let least = match registers % 2 {
            0 => self.least,
            _ => self.least_of_second,
        };
        if rest < least { count - rest } else { count }
    }
}

/// What pays beside single codes of one kind.
#[derive(Clone, Copy)]
pub(super) struct Table {
    pub(super) sha1: Pays,
    pub(super) sha256: Pays,
    pub(super) sha512: Pays,
}

impl Table {
    /// Nothing pays.
    pub(super) const NONE: Self = Self {
        sha1: Pays::NONE,
        sha256: Pays::NONE,
        sha512: Pays::NONE,
    };
}
