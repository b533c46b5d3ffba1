//! Why an operation of a page was not performed.

use crate::admin::Failure;

/// The name of the field for a fresh second factor.
pub(super) const CODE: &str = "code";

/// Why an operation was not performed.
pub(super) enum Refused {
    /// The role may not.
    Forbidden,
    /// It needs a fresh second factor.
    NotFresh,
    /// It failed.
    Failed(Failure),
}

impl From<Failure> for Refused {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}
