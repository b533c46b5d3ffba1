//! What a key URI is for.

/// The period of a URI that gives none, in seconds.
pub(super) const DEFAULT_PERIOD: u64 = 30;

/// What kind of codes a key is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// HOTP, with the counter of the next code.
    Hotp {
        /// The counter.
        counter: u64,
    },
    /// TOTP, with the length of its step.
    Totp {
        /// The step in seconds, at least 1.
        period: u64,
    },
}
