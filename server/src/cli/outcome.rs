//! The outcome of a command.

/// The outcome of a command that did not fail.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    /// Done, or the code is accepted.
    Done,
    /// The code is rejected.
    Rejected,
}
