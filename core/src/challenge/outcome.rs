//! What an operation on a challenge results in.

use core::fmt;

use super::pending::Pending;
use super::verdict::{Refusal, Verdict};
use crate::oath::Code;

/// What [`Challenge::issue`](super::Challenge::issue) came to.
#[derive(Debug)]
#[must_use]
pub enum Issue {
    /// A new challenge, to be told once it is stored.
    Pending(Pending<Issued>),
    /// None for now.
    Refused(Refusal),
    /// None for now, and the record has times that a clock wrote which was
    /// ahead: it is to be replaced by one that has not, or the wait would
    /// never end. Whether that succeeds does not matter to the refusal.
    Corrected(Refusal, Pending<()>),
}

/// What [`Challenge::attempt`](super::Challenge::attempt) came to.
#[derive(Debug)]
#[must_use]
pub enum Attempt {
    /// The verdict may be told once it is paid for.
    Pending(Pending<Verdict>),
    /// The code was not looked at, so there is nothing to pay for.
    Told(Verdict),
}

/// A challenge that was issued.
#[derive(Debug)]
pub struct Issued {
    /// The code to deliver.
    pub code: Code,
    /// Which challenge this is, for [`Challenge::refund`](super::Challenge::refund).
    pub id: ChallengeId,
    /// When it ends, in milliseconds of Unix time.
    pub ends_at_ms: u64,
}

/// Names one challenge among all that a record ever held.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct ChallengeId(pub(super) [u8; 16]);

impl fmt::Debug for ChallengeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ChallengeId")
    }
}
