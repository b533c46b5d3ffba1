//! The rules of an OATH token.

use crate::Error;
use crate::oath::LARGEST_WINDOW;

/// The longest wait after a failure: one hour, the upper end of the range in
/// NIST SP 800-63B section 5.2.2.
const LONGEST_DELAY_MS: u64 = 3_600_000;

/// The rules of an OATH token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TokenPolicy {
    /// HOTP: the number of counters searched after the next one (RFC 4226
    /// section 7.4). Default 10.
    pub look_ahead: u32,
    /// TOTP: the number of steps that a code may be late. Default 1 (RFC 6238
    /// section 5.2).
    pub past: u32,
    /// TOTP: the number of steps that the token's clock may be ahead. Default
    /// 1.
    pub future: u32,
    /// The number of counters, or of steps to either side, that a
    /// resynchronisation searches. Default 1,000.
    pub resync_window: u32,
    /// The wait after a failure in milliseconds (RFC 4226 section 7.3): after
    /// the nth consecutive failure the token waits n times as long, at most one
    /// hour. 0 for no wait. Default 5 s.
    pub delay_ms: u64,
    /// The number of consecutive failures that lock the token, 1 to 100.
    /// Default 10.
    pub failures_to_lock: u16,
    /// How long the token stays locked in milliseconds. 0 for until it is
    /// unlocked. Default 24 h.
    pub lock_ms: u64,
}

impl Default for TokenPolicy {
    fn default() -> Self {
        Self {
            look_ahead: 10,
            past: 1,
            future: 1,
            resync_window: 1000,
            delay_ms: 5000,
            failures_to_lock: 10,
            lock_ms: 24 * 3_600_000,
        }
    }
}

impl TokenPolicy {
    pub(crate) fn check(&self) -> Result<(), Error> {
        let sides = u64::from(self.past) + u64::from(self.future);
        if self.look_ahead >= LARGEST_WINDOW
            || sides >= u64::from(LARGEST_WINDOW)
            || self.resync_window > LARGEST_WINDOW / 2
        {
            return Err(Error::WindowTooLarge);
        }
        if !(1..=100).contains(&self.failures_to_lock) {
            return Err(Error::InvalidTries);
        }
        Ok(())
    }

    /// The wait in milliseconds after this many consecutive failures.
    pub(super) fn wait_ms(&self, failures: u16) -> u64 {
        if failures >= self.failures_to_lock {
            self.lock_ms
        } else {
            let delay = self.delay_ms.saturating_mul(u64::from(failures));
            delay.min(LONGEST_DELAY_MS)
        }
    }
}
