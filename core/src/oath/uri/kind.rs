//! The kind of a key URI.

use crate::Error;
use crate::oath::totp::check_step;

/// The default period in seconds.
pub(super) const DEFAULT_PERIOD: u64 = 30;

/// The longest period in seconds, the longest duration of every language.
const LONGEST_PERIOD: u64 = i64::MAX as u64;

/// Refuses a period that is out of range or more likely in milliseconds.
pub(super) const fn check_period(seconds: u64) -> Result<(), Error> {
    match seconds {
        1..=LONGEST_PERIOD => check_step(seconds),
        _ => Err(Error::InvalidPeriod),
    }
}

/// The kind of codes that a key generates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// HOTP, with the counter of the next code.
    Hotp {
        /// The counter.
        counter: u64,
    },
    /// TOTP, with the length of its step.
    Totp {
        /// The step in seconds, 1 to 2^63 - 1.
        period: u64,
    },
}
