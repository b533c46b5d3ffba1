//! The outcome of a command.

/// What a command came to.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    /// Done, or the code is accepted.
    Done,
    /// The code is rejected.
    Rejected,
}
