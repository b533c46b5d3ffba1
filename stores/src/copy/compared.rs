//! What a walk over two stores has found.

use mpass_core::store::Kind;

use super::contents::Dropped;

/// The result of a walk.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Compared {
    /// States that are the same in both.
    pub states: u64,
    /// Documents that are the same in both, without the header.
    pub documents: u64,
    /// Values that were written by this walk, counted among the others.
    pub written: u64,
    /// Values that ended more than 24 hours ago, which are left out.
    pub expired: u64,
    /// Values that are others in the target.
    pub differing: u64,
    /// Values that are not in the target.
    pub missing: u64,
    /// Values of the target that are not in the source.
    pub extra: u64,
    /// The highest end of a value that was left out.
    pub left_out: Dropped,
}

impl Compared {
    /// Whether the target has exactly what the source has.
    #[must_use]
    pub fn is_same(&self) -> bool {
        (self.differing, self.missing, self.extra) == (0, 0, 0)
    }

    pub(super) fn is_there(&mut self, kind: Kind) {
        match kind {
            Kind::State => self.states += 1,
            Kind::Document => self.documents += 1,
        }
    }
}

/// How far a copy has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Whether values are compared, after they were written.
    pub compares: bool,
    /// How many values were walked over.
    pub values: u64,
}
