//! From how many codes on the lanes are the quicker way.
//!
//! Each instruction set states it beside its registers, as `measure.rs` finds
//! it: a register costs as much as so many single codes, whether it is full or
//! not.

/// How many of a count are computed in lanes; the others one after the other.
#[derive(Clone, Copy)]
pub(super) struct Pays {
    /// Lanes of a register.
    width: usize,
    /// The fewest that a register is used for.
    least: usize,
}

impl Pays {
    /// All of them.
    #[cfg(test)]
    pub(super) const ALL: Self = Self { width: 1, least: 0 };

    /// None of them.
    pub(super) const NONE: Self = Self {
        width: usize::MAX,
        least: usize::MAX,
    };

    /// Registers of `width` lanes, of which at least `least` are used.
    #[allow(dead_code)]
    pub(super) const fn from(least: usize, width: usize) -> Self {
        Self { width, least }
    }

    #[inline]
    pub(super) fn of(self, count: usize) -> usize {
        let rest = count % self.width;
        if rest < self.least {
            count - rest
        } else {
            count
        }
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
