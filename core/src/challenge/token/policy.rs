//! The rules of an OATH token.

use crate::Error;
use crate::oath::LARGEST_WINDOW;

/// The longest wait after a failure: one hour, the end of the range that NIST
/// SP 800-63B section 5.2.2 names.
const LONGEST_DELAY_MS: u64 = 3_600_000;

/// The rules of an OATH token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TokenPolicy {
    /// HOTP: counters that are looked at beyond the next one (RFC 4226
    /// section 7.4). Default 10.
    pub look_ahead: u32,
    /// TOTP: steps that a code may be late. Default 1 (RFC 6238 section 5.2).
    pub past: u32,
    /// TOTP: steps that a token's clock may be ahead. Default 1.
    pub future: u32,
    /// Counters or steps that a resynchronisation looks at, to either side
    /// for TOTP. Default 1,000.
    pub resync_window: u32,
    /// RFC 4226 section 7.3: after the nth failure in a row the token waits n
    /// times this long, at most an hour, in milliseconds. 0: no wait. Default
    /// 5 s.
    pub delay_ms: u64,
    /// Failures in a row that lock the token, 1 to 100. Default 10.
    pub failures_to_lock: u16,
    /// How long it stays locked, in milliseconds; 0: until it is unlocked.
    /// Default 24 h.
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
    pub(super) fn check(&self) -> Result<(), Error> {
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

    /// How long the nth failure in a row makes the token wait.
    pub(super) fn wait_ms(&self, failures: u16) -> u64 {
        if failures >= self.failures_to_lock {
            self.lock_ms
        } else {
            let delay = self.delay_ms.saturating_mul(u64::from(failures));
            delay.min(LONGEST_DELAY_MS)
        }
    }
}
