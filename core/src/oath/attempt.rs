//! A typed code, with the key and the window to look for it in.

use core::fmt;

use super::code::Code;
use super::digits::Digits;
use super::key::Key;
use super::window::{Matches, Window, search};

/// A typed code to be verified by [`verify_batch`](super::verify_batch), with
/// its key and window. Created by [`Hotp::attempt`], [`Totp::attempt`] and
/// [`Totp::attempt_steps`]. `Debug` does not show the code.
///
/// [`Hotp::attempt`]: super::Hotp::attempt
/// [`Totp::attempt`]: super::Totp::attempt
/// [`Totp::attempt_steps`]: super::Totp::attempt_steps
#[derive(Clone)]
pub struct Attempt<'a> {
    pub(super) key: &'a Key,
    pub(super) digits: Digits,
    /// `None` for text that cannot be a code.
    pub(super) code: Option<Code>,
    pub(super) window: Window,
    keeps: Keeps,
}

/// Which position is returned if several have the same code.
#[derive(Clone, Copy, Debug)]
pub(super) enum Keeps {
    Lowest,
    Highest,
}

impl<'a> Attempt<'a> {
    /// An attempt with the typed `text`, as a code of `digits` digits under
    /// `key`.
    pub(super) fn new(
        key: &'a Key,
        digits: Digits,
        text: &str,
        window: Window,
        keeps: Keeps,
    ) -> Self {
        Self {
            key,
            digits,
            code: Code::parse(text, digits),
            window,
            keeps,
        }
    }

    /// The position that matched, as [`verify_batch`](super::verify_batch)
    /// returns it.
    pub(super) fn verify(&self) -> Option<u64> {
        let code = self.code.as_ref()?;
        let code = core::slice::from_ref(code);
        let matches = search(self.key, self.digits, code, self.window);
        self.position(&matches)
    }

    pub(super) fn position(&self, matches: &Matches) -> Option<u64> {
        match self.keeps {
            Keeps::Lowest => matches.lowest(),
            Keeps::Highest => matches.highest(),
        }
    }
}

impl fmt::Debug for Attempt<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Attempt")
            .field("key", &self.key)
            .field("digits", &self.digits)
            .field("window", &self.window)
            .finish_non_exhaustive()
    }
}
