//! Codes of many keys at once: a login server's queue.

use core::fmt;

use super::window::{Matches, Window};
use super::{Code, Hotp};
use crate::kernel;

/// A typed code that waits for [`verify_batch`], with the key and the window
/// to look for it in. [`Hotp::attempt`], [`Totp::attempt`] and
/// [`Totp::attempt_steps`] make it. Its `Debug` shows nothing of the code.
///
/// [`Totp::attempt`]: super::Totp::attempt
/// [`Totp::attempt_steps`]: super::Totp::attempt_steps
#[derive(Clone)]
pub struct Attempt<'a> {
    hotp: &'a Hotp,
    /// `None` for a text that cannot be the code.
    code: Option<Code>,
    window: Window,
    keeps: Keeps,
}

/// Which of several positions with the same code counts.
#[derive(Clone, Copy, Debug)]
pub(super) enum Keeps {
    Lowest,
    Highest,
}

impl<'a> Attempt<'a> {
    pub(super) fn new(hotp: &'a Hotp, code: Option<Code>, window: Window, keeps: Keeps) -> Self {
        Self {
            hotp,
            code,
            window,
            keeps,
        }
    }

    /// What [`verify_batch`] tells of it.
    pub(super) fn verify(&self) -> Option<u64> {
        let code = self.code.as_ref()?;
        let matches = self.hotp.search(core::slice::from_ref(code), self.window);
        self.position(&matches)
    }

    fn position(&self, matches: &Matches) -> Option<u64> {
        match self.keeps {
            Keeps::Lowest => matches.lowest(),
            Keeps::Highest => matches.highest(),
        }
    }
}

impl fmt::Debug for Attempt<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Attempt")
            .field("hotp", &self.hotp)
            .field("window", &self.window)
            .finish_non_exhaustive()
    }
}

/// Codes of many keys, as numbers: each of its key and counter, or of its
/// time step under [`Totp::as_hotp`]. [`Code::from_value`] makes codes of
/// them. Of slices of different lengths, the longer one's rest is left alone.
///
/// Keys of one algorithm are computed side by side, so hand over as many as
/// there are: a few dozen at least, in any order.
///
/// ```
/// # use mpass_core::oath::{Algorithm, Digits, Hotp, Key, Totp, generate_batch};
/// let secret = b"12345678901234567890";
/// let hotp = Hotp::new(Key::new(Algorithm::Sha1, secret)?, Digits::SIX);
/// let totp = Totp::new(Key::new(Algorithm::Sha1, secret)?, Digits::EIGHT);
/// let mut values = [0; 2];
/// generate_batch(
///     &[(&hotp, 0), (totp.as_hotp(), totp.time_step(59)?)],
///     &mut values,
/// );
/// assert_eq!(values, [755_224, 94_287_082]);
/// # Ok::<(), mpass_core::Error>(())
/// ```
///
/// [`Totp::as_hotp`]: super::Totp::as_hotp
pub fn generate_batch(requests: &[(&Hotp, u64)], values: &mut [u32]) {
    let count = requests.len().min(values.len());
    let jobs = requests[..count]
        .iter()
        .map(|(hotp, counter)| (hotp.key().prepared(), *counter));
    kernel::truncated_batch(jobs, |index, truncated| {
        values[index] = requests[index].0.digits().reduce(truncated);
    });
}

/// Verifies many attempts: for each, what [`Hotp::verify`], [`Totp::verify`]
/// or [`Totp::verify_steps`] would tell. Of slices of different lengths, the
/// longer one's rest is left alone.
///
/// The time depends on the algorithms and the windows, and on which texts have
/// the form of a code; it does not depend on the codes.
///
/// ```
/// # use mpass_core::oath::{Algorithm, Digits, Hotp, Key, Totp, verify_batch};
/// let secret = b"12345678901234567890";
/// let hotp = Hotp::new(Key::new(Algorithm::Sha1, secret)?, Digits::SIX);
/// let totp = Totp::new(Key::new(Algorithm::Sha1, secret)?, Digits::EIGHT);
/// let attempts = [
///     hotp.attempt("969429", 1, 5),
///     hotp.attempt("969429", 4, 5),
///     totp.attempt("94287082", 89, 1, 0),
/// ];
/// let mut positions = [None; 3];
/// verify_batch(&attempts, &mut positions);
/// assert_eq!(positions, [Some(3), None, Some(1)]);
/// # Ok::<(), mpass_core::Error>(())
/// ```
///
/// [`Totp::verify`]: super::Totp::verify
/// [`Totp::verify_steps`]: super::Totp::verify_steps
pub fn verify_batch(attempts: &[Attempt<'_>], positions: &mut [Option<u64>]) {
    for (attempt, position) in attempts.iter().zip(positions) {
        *position = attempt.verify();
    }
}
