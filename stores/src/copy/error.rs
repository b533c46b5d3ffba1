//! Why a copy did not come to its end.

use core::fmt;

use mpass_core::Error;

use super::compared::Compared;
use super::mark::Mark;

/// Why a copy did not come to its end. Contains no value of a store.
#[derive(Debug)]
#[non_exhaustive]
pub enum CopyError {
    /// The header of the source, or a store, failed.
    Source(Error),
    /// The header of the target, or that store, failed.
    Target(Error),
    /// The source was moved to another store; with its mark.
    Moved(String),
    /// The target has contents that are not of this copy.
    NotEmpty,
    /// The source was moved, and the target is in use: the copy is complete, or that is
    /// another store.
    InUse,
    /// The target has no mark of the copy that the source has, which is given.
    NotMarked(Mark),
    /// The target has the mark of another copy, or of one that was given up.
    OtherMark(String),
    /// The contents differ. The target stays closed.
    Differs(Box<Compared>),
    /// The mark of a header was changed while the copy ran.
    Changed,
    /// The source is in use: there is nothing to give up.
    NotMoved,
}

impl fmt::Display for CopyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Source(error) => write!(f, "the source: {error}"),
            Self::Target(error) => write!(f, "the target: {error}"),
            Self::Moved(to) => write!(f, "the contents of the source were moved to {to}"),
            Self::NotEmpty => f.write_str("the target is not empty"),
            Self::InUse => f.write_str(
                "the source was moved and the target is in use: the copy is complete, or the \
                 target is another store",
            ),
            Self::NotMarked(mark) => write!(
                f,
                "the target does not have the mark of the copy that closed the source ({mark})"
            ),
            Self::OtherMark(mark) => write!(f, "the target has the mark {mark}, of another copy"),
            Self::Differs(compared) => write!(
                f,
                "the target stays closed: {} values differ from the source, {} are missing, and \
                 {} are not in the source",
                compared.differing, compared.missing, compared.extra
            ),
            Self::Changed => f.write_str("a header was changed while the copy ran: run it again"),
            Self::NotMoved => f.write_str("the source was not moved"),
        }
    }
}

impl core::error::Error for CopyError {}
