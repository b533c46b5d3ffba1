//! TOTP (RFC 6238).

use core::num::NonZeroU64;

use super::attempt::{Attempt, Keeps};
use super::hotp::resync_window;
use super::window::{LARGEST_WINDOW, Window};
use super::{Code, Digits, Hotp, Key};
use crate::Error;

/// The most steps before or after a time.
const LARGEST_SIDE: u32 = LARGEST_WINDOW / 2;

/// The default step of RFC 6238 section 4, in seconds.
const DEFAULT_STEP: NonZeroU64 = NonZeroU64::new(30).unwrap();

/// The last time, 9999-12-31T23:59:59Z: the last year that RFC 3339 can write.
/// A later number is a time in milliseconds (from January 1978 on) or finer.
const LAST_SECOND: u64 = 253_402_300_799;

/// Refuses a time that cannot be in seconds.
pub(super) const fn check_seconds(unix_seconds: u64) -> Result<(), Error> {
    match unix_seconds {
        ..=LAST_SECOND => Ok(()),
        _ => Err(Error::TimeInMilliseconds),
    }
}

/// Refuses a time step that is more likely in milliseconds: 30000 seconds would be 8
/// hours and 20 minutes.
pub(super) const fn check_step(seconds: u64) -> Result<(), Error> {
    match seconds {
        10_000.. if seconds.is_multiple_of(1000) && !seconds.is_multiple_of(3600) => {
            Err(Error::StepInMilliseconds)
        }
        _ => Ok(()),
    }
}

/// Time-based one-time passwords (RFC 6238) under one key.
///
/// Times are Unix times in seconds, as 64-bit integers, up to the end of the year
/// 9999. A larger number, such as a time in milliseconds, is refused as
/// [`Error::TimeInMilliseconds`]; time steps have no such limit. A time step is the
/// number of whole steps since T0. Verification returns the step that matched.
/// The verifier stores it as the last accepted step and refuses it and every
/// earlier step from then on (RFC 6238 section 5.2), for example by starting
/// [`verify_steps`](Self::verify_steps) after it.
///
/// If two steps of a window have the same code, the **later** one is returned:
/// storing it refuses both, so the code cannot be accepted twice.
#[derive(Clone, Debug)]
pub struct Totp {
    codes: Hotp,
    step: NonZeroU64,
    t0: u64,
}

impl Totp {
    /// Creates a generator and verifier of codes of `digits` digits, with steps
    /// of 30 seconds and T0 = 0.
    ///
    /// The test vectors of RFC 6238 appendix B use keys of 20, 32 and 64 bytes
    /// for SHA-1, SHA-256 and SHA-512, although its text shows only the first.
    #[must_use]
    pub fn new(key: Key, digits: Digits) -> Self {
        Self {
            codes: Hotp::new(key, digits),
            step: DEFAULT_STEP,
            t0: 0,
        }
    }

    /// Sets the length of a step in seconds.
    ///
    /// # Errors
    /// [`Error::InvalidStep`] for 0; [`Error::StepInMilliseconds`] for a step such as
    /// 30000: whole thousands from 10,000 on that are not whole hours.
    pub fn with_step(self, seconds: u64) -> Result<Self, Error> {
        check_step(seconds)?;
        let step = NonZeroU64::new(seconds).ok_or(Error::InvalidStep)?;
        Ok(Self { step, ..self })
    }

    /// Sets T0, the Unix time in seconds from which steps are counted. After a T0
    /// beyond the year 9999, every time is refused.
    #[must_use]
    pub fn with_t0(self, unix_seconds: u64) -> Self {
        Self {
            t0: unix_seconds,
            ..self
        }
    }

    /// The number of digits of the codes.
    #[must_use]
    pub fn digits(&self) -> Digits {
        self.codes.digits()
    }

    /// The hash of the codes.
    #[must_use]
    pub fn algorithm(&self) -> super::Algorithm {
        self.codes.algorithm()
    }

    /// The length of a step in seconds.
    #[must_use]
    pub fn step(&self) -> u64 {
        self.step.get()
    }

    /// T0, the Unix time in seconds from which steps are counted.
    #[must_use]
    pub fn t0(&self) -> u64 {
        self.t0
    }

    /// The time step of a Unix time.
    ///
    /// # Errors
    /// [`Error::TimeOutOfRange`] before T0, [`Error::TimeInMilliseconds`] after
    /// the year 9999.
    pub fn time_step(&self, unix_seconds: u64) -> Result<u64, Error> {
        Ok(self.elapsed(unix_seconds)? / self.step)
    }

    /// The seconds since T0.
    fn elapsed(&self, unix_seconds: u64) -> Result<u64, Error> {
        check_seconds(unix_seconds.max(self.t0))?;
        let elapsed = unix_seconds.checked_sub(self.t0);
        elapsed.ok_or(Error::TimeOutOfRange)
    }

    /// The seconds for which the code of a time remains current: 1 to the
    /// length of a step.
    ///
    /// # Errors
    /// As [`time_step`](Self::time_step).
    pub fn remaining_seconds(&self, unix_seconds: u64) -> Result<u64, Error> {
        Ok(self.step() - self.elapsed(unix_seconds)? % self.step)
    }

    /// Generates the code of a Unix time.
    ///
    /// # Errors
    /// As [`time_step`](Self::time_step).
    pub fn generate(&self, unix_seconds: u64) -> Result<Code, Error> {
        Ok(self.generate_step(self.time_step(unix_seconds)?))
    }

    /// Generates the code of a time step.
    #[must_use]
    pub fn generate_step(&self, step: u64) -> Code {
        self.codes.generate(step)
    }

    /// Searches the step of `unix_seconds`, the `past` steps before it and the
    /// `future` steps after it for `code`, and returns the step that matches.
    ///
    /// RFC 6238 section 5.2 recommends one step in the past for network delay;
    /// section 6 allows for clock drift. The whole window is always computed,
    /// in a time that does not depend on the codes. It starts at step 0 at the
    /// earliest; before T0 nothing matches. `past` and `future` are limited to
    /// half of [`LARGEST_WINDOW`] each.
    ///
    /// # Errors
    /// [`Error::TimeInMilliseconds`] after the year 9999.
    ///
    /// ```
    /// # use mpass_core::oath::{Algorithm, Digits, Key, Totp};
    /// let totp = Totp::new(Key::new(Algorithm::Sha1, b"12345678901234567890")?, Digits::EIGHT);
    /// assert_eq!(totp.verify("94287082", 59, 0, 0)?, Some(1));
    /// assert_eq!(totp.verify("94287082", 89, 1, 0)?, Some(1));
    /// assert_eq!(totp.verify("94287082", 119, 1, 0)?, None);
    /// # Ok::<(), mpass_core::Error>(())
    /// ```
    pub fn verify(
        &self,
        code: &str,
        unix_seconds: u64,
        past: u32,
        future: u32,
    ) -> Result<Option<u64>, Error> {
        Ok(self.attempt(code, unix_seconds, past, future)?.verify())
    }

    /// Searches `count` steps from `first_step` on for `code` and returns the
    /// step that matches: for a window that starts after the last accepted step
    /// or is shifted by the drift of a token. `count` is limited to
    /// [`LARGEST_WINDOW`].
    #[must_use]
    pub fn verify_steps(&self, code: &str, first_step: u64, count: u32) -> Option<u64> {
        self.attempt_steps(code, first_step, count).verify()
    }

    /// An attempt for [`verify_batch`](super::verify_batch), with the arguments
    /// of [`verify`](Self::verify).
    ///
    /// # Errors
    /// [`Error::TimeInMilliseconds`] after the year 9999.
    pub fn attempt(
        &self,
        code: &str,
        unix_seconds: u64,
        past: u32,
        future: u32,
    ) -> Result<Attempt<'_>, Error> {
        let window = match self.time_step(unix_seconds) {
            Ok(now) => Window::around(now, past.min(LARGEST_SIDE), future.min(LARGEST_SIDE)),
            Err(Error::TimeOutOfRange) => Window::new(0, 0),
            Err(error) => return Err(error),
        };
        Ok(self.attempt_in(code, window))
    }

    /// An attempt for [`verify_batch`](super::verify_batch), with the arguments
    /// of [`verify_steps`](Self::verify_steps).
    #[must_use]
    pub fn attempt_steps(&self, code: &str, first_step: u64, count: u32) -> Attempt<'_> {
        let count = u64::from(count.min(LARGEST_WINDOW));
        self.attempt_in(code, Window::new(first_step, count))
    }

    fn attempt_in(&self, code: &str, window: Window) -> Attempt<'_> {
        let key = self.codes.key();
        Attempt::new(key, self.digits(), code, window, Keeps::Highest)
    }

    /// The underlying HOTP, whose counter is the time step.
    #[must_use]
    pub fn as_hotp(&self) -> &Hotp {
        &self.codes
    }

    /// Searches for two or three consecutive codes, the first of which must be
    /// between `past` steps before and `future` steps after the step of
    /// `unix_seconds`, and returns the time step of the last code. Its
    /// difference from the current step is the drift of the token.
    ///
    /// # Errors
    /// [`Error::ResyncCodes`] for one code or more than three,
    /// [`Error::WindowTooLarge`] for more than [`LARGEST_WINDOW`] steps,
    /// [`Error::TimeOutOfRange`] before T0, [`Error::TimeInMilliseconds`] after
    /// the year 9999.
    pub fn resynchronize(
        &self,
        codes: &[&str],
        unix_seconds: u64,
        past: u32,
        future: u32,
    ) -> Result<Option<u64>, Error> {
        if past.saturating_add(future) >= LARGEST_WINDOW {
            return Err(Error::WindowTooLarge);
        }
        let window = Window::around(self.time_step(unix_seconds)?, past, future);
        Ok(self.codes.search_texts(codes, window)?.highest())
    }

    /// As [`resynchronize`](Self::resynchronize), with the first code among
    /// `count` steps from `first_step` on, so that a resynchronisation can
    /// exclude steps that were accepted before.
    ///
    /// # Errors
    /// [`Error::ResyncCodes`] for one code or more than three,
    /// [`Error::WindowTooLarge`] above [`LARGEST_WINDOW`].
    pub fn resynchronize_steps(
        &self,
        codes: &[&str],
        first_step: u64,
        count: u32,
    ) -> Result<Option<u64>, Error> {
        let window = resync_window(first_step, count)?;
        Ok(self.codes.search_texts(codes, window)?.highest())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::oath::Algorithm;

    fn rfc() -> Totp {
        let key = Key::new(Algorithm::Sha1, b"12345678901234567890").unwrap();
        Totp::new(key, Digits::EIGHT)
    }

    #[test]
    fn steps_of_a_time() {
        let totp = rfc().with_t0(100).with_step(7).unwrap();
        assert_eq!(totp.time_step(99), Err(Error::TimeOutOfRange));
        assert_eq!(totp.time_step(100), Ok(0));
        assert_eq!(totp.time_step(106), Ok(0));
        assert_eq!(totp.time_step(107), Ok(1));
        assert_eq!(totp.remaining_seconds(99), Err(Error::TimeOutOfRange));
        assert_eq!(totp.remaining_seconds(100), Ok(7));
        assert_eq!(totp.remaining_seconds(106), Ok(1));
        assert_eq!(rfc().with_step(0).map(|_| ()), Err(Error::InvalidStep));
        for milliseconds in [10_000, 15_000, 30_000, 60_000, 300_000] {
            let refused = rfc().with_step(milliseconds).map(|_| ());
            assert_eq!(refused, Err(Error::StepInMilliseconds), "{milliseconds}");
        }
        for seconds in [1, 5000, 9999, 10_001, 10_800, 36_000, 86_400, u64::MAX] {
            assert_eq!(rfc().with_step(seconds).unwrap().step(), seconds);
        }
        let finest = rfc().with_step(1).unwrap();
        assert_eq!(finest.time_step(LAST_SECOND), Ok(LAST_SECOND));
        let last = LAST_SECOND - 100;
        assert_eq!(totp.time_step(LAST_SECOND), Ok(last / 7));
    }

    #[test]
    fn milliseconds_are_refused() {
        // 9999-12-31T23:59:59Z, by RFC 3339 the last second with four digits of year.
        let refused = Err(Error::TimeInMilliseconds);
        let totp = rfc();
        for time in [
            LAST_SECOND + 1,
            1_790_000_000_000,
            1_790_000_000_000_000,
            u64::MAX,
        ] {
            assert_eq!(totp.time_step(time), refused);
            assert_eq!(totp.remaining_seconds(time), refused);
            assert_eq!(totp.generate(time).map(|_| 0), refused);
            assert_eq!(totp.verify("94287082", time, 1, 1).map(|_| 0), refused);
            assert_eq!(
                totp.resynchronize(&["1", "2"], time, 1, 1).map(|_| 0),
                refused
            );
            assert_eq!(rfc().with_t0(time).time_step(59), refused);
        }
        // 1978-01-11 is the first time that is refused in milliseconds.
        assert_eq!((LAST_SECOND + 1) / 1000 / 86_400, 2_932);
        assert!(totp.generate(LAST_SECOND).is_ok());
    }

    #[test]
    fn before_t0_nothing_matches() {
        let totp = rfc().with_t0(1000);
        let first = totp.generate_step(0);
        assert_eq!(totp.generate(999).map(|_| ()), Err(Error::TimeOutOfRange));
        assert_eq!(totp.verify(first.as_str(), 999, 5, 5), Ok(None));
        assert_eq!(totp.verify(first.as_str(), 1000, u32::MAX, 0), Ok(Some(0)));
        assert_eq!(
            totp.resynchronize(&["0", "1"], 999, 5, 5),
            Err(Error::TimeOutOfRange)
        );
    }

    #[test]
    fn past_and_future_are_apart() {
        let totp = rfc();
        let now = 20_000_000_000;
        let step = totp.time_step(now).unwrap();
        let before = totp.generate_step(step - 2);
        let after = totp.generate_step(step + 3);
        assert_eq!(totp.verify(before.as_str(), now, 2, 0), Ok(Some(step - 2)));
        assert_eq!(totp.verify(before.as_str(), now, 1, 9), Ok(None));
        assert_eq!(totp.verify(after.as_str(), now, 0, 3), Ok(Some(step + 3)));
        assert_eq!(totp.verify(after.as_str(), now, 9, 2), Ok(None));
        assert_eq!(
            totp.verify_steps(after.as_str(), step + 3, 1),
            Some(step + 3)
        );
        assert_eq!(totp.verify_steps(after.as_str(), step + 4, 10), None);
    }

    #[test]
    fn the_last_of_two_equal_codes() {
        let key = Key::new(Algorithm::Sha1, b"12345678901234567890").unwrap();
        let totp = Totp::new(key, Digits::new(4).unwrap());
        let code = totp.generate_step(0);
        let again = (1..).find(|step| totp.generate_step(*step).as_str() == code.as_str());
        let again = again.unwrap();
        let count = u32::try_from(again + 1).unwrap();
        assert_eq!(totp.verify_steps(code.as_str(), 0, count), Some(again));
        assert_eq!(totp.verify_steps(code.as_str(), 0, count - 1), Some(0));
    }

    #[test]
    fn resynchronises_both_ways() {
        let totp = rfc();
        let now = 1_234_567_890;
        let step = totp.time_step(now).unwrap();
        for (there, past, future) in [(step - 700, 700, 0), (step + 700, 0, 700)] {
            let codes = [totp.generate_step(there), totp.generate_step(there + 1)];
            let codes = [codes[0].as_str(), codes[1].as_str()];
            assert_eq!(
                totp.resynchronize(&codes, now, past, future),
                Ok(Some(there + 1))
            );
            assert_eq!(totp.resynchronize(&codes, now, future, past), Ok(None));
            assert_eq!(
                totp.resynchronize_steps(&codes, there, 1),
                Ok(Some(there + 1))
            );
            assert_eq!(totp.resynchronize_steps(&codes, there + 1, 1000), Ok(None));
        }
        let codes = ["1", "2"];
        assert_eq!(
            totp.resynchronize(&codes, now, 50_000, 50_000),
            Err(Error::WindowTooLarge)
        );
        assert_eq!(totp.resynchronize(&codes, now, 50_000, 49_999), Ok(None));
    }
}
