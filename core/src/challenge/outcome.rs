//! The results of operations on a challenge.

use core::fmt;

use super::pending::Pending;
use super::verdict::{Refusal, Verdict};
use crate::oath::Code;

/// The result of [`Challenge::issue`](super::Challenge::issue).
#[derive(Debug)]
#[must_use]
pub enum Issue {
    /// A new challenge, to be delivered once it is stored.
    Pending(Pending<Issued>),
    /// No challenge may be issued now.
    Refused(Refusal),
    /// No challenge may be issued now, and the record contains times written by
    /// a clock that was ahead. Store the corrected record, or the wait would
    /// start anew with every request. The refusal stands whether that succeeds
    /// or not.
    Corrected(Refusal, Pending<()>),
}

/// The result of [`Challenge::attempt`](super::Challenge::attempt).
#[derive(Debug)]
#[must_use]
pub enum Attempt {
    /// The verdict, to be released once the record is stored.
    Pending(Pending<Verdict>),
    /// A verdict without a comparison: the code was not looked at, so nothing
    /// needs to be stored.
    Told(Verdict),
}

/// An issued challenge.
#[derive(Debug)]
pub struct Issued {
    /// The code to deliver.
    pub code: Code,
    /// The id of the challenge, for
    /// [`Challenge::refund`](super::Challenge::refund).
    pub id: ChallengeId,
    /// The time at which it expires, in milliseconds of Unix time.
    pub ends_at_ms: u64,
}

/// Identifies one challenge among all that a record ever held: its salt.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct ChallengeId(pub(super) [u8; 16]);

impl fmt::Debug for ChallengeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ChallengeId")
    }
}
