//! Verdicts on attempts, and reasons for refusing to issue a challenge.

use crate::list::list;
use crate::typed::TypedCode;

list! {
    /// The verdict on an attempt. Numbers are stable.
    #[non_exhaustive]
    pub enum Verdict: u8 {
        /// The code is right and was not used before.
        Accept = 0, "Accept";
        /// The code is wrong, and tries are left.
        Wrong = 1, "Wrong";
        /// No tries are left: this wrong code was the last one, or the
        /// challenge was exhausted before.
        Exhausted = 2, "Exhausted";
        /// The challenge has expired. The code was not compared.
        Expired = 3, "Expired";
        /// The challenge was already accepted. The code was not compared.
        Used = 4, "Used";
        /// There is no challenge. The code was not compared.
        NoChallenge = 5, "NoChallenge";
        /// The number or token is locked after too many failures. The code was
        /// not compared.
        Locked = 6, "Locked";
        /// The guess limit is exhausted for now, or the token must wait after a
        /// failure. The code was not compared.
        Limited = 7, "Limited";
        /// The code is right, but for a counter or time step that was already
        /// accepted or skipped.
        Replayed = 8, "Replayed";
        /// The store was restored, so codes that the token was accepted with may
        /// be unknown: the token must be resynchronised. The code was not
        /// compared.
        Resynchronize = 9, "Resynchronize";
        /// The text cannot be a code: not 4 to 10 digits, or with characters
        /// other than digits of any script, white space, dashes, and direction
        /// and other format characters. It costs no try; the record was neither
        /// looked at nor changed.
        Malformed = 10, "Malformed";
    }
}

impl Verdict {
    /// Whether it is [`Verdict::Accept`].
    #[must_use]
    pub fn is_accept(self) -> bool {
        self == Self::Accept
    }

    /// [`Verdict::Malformed`] if one of the typed texts is. Depends on nothing
    /// else.
    pub(super) fn of_malformed(texts: &[&str]) -> Option<Self> {
        let is_malformed = |text: &&str| TypedCode::read(text).is_none();
        texts.iter().any(is_malformed).then_some(Self::Malformed)
    }
}

list! {
    /// Why a challenge was not issued. Numbers are stable.
    #[non_exhaustive]
    pub enum RefusalReason: u8 {
        /// The resend interval has not passed.
        ResendInterval = 1, "ResendInterval";
        /// The send limit of the number is exhausted for now.
        Sends = 2, "Sends";
        /// The guess limit of the number is exhausted for now.
        Guesses = 3, "Guesses";
        /// The number is locked after too many failures.
        Locked = 4, "Locked";
        /// The spend limit of the tenant is exhausted for now.
        Spend = 5, "Spend";
        /// The prepaid credits of the tenant are exhausted. Waiting does not
        /// restore them.
        Credits = 6, "Credits";
    }
}

/// Why a challenge was not issued, and when to retry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The reason.
    pub reason: RefusalReason,
    /// When to retry, in milliseconds of Unix time. `None` if waiting does not
    /// help.
    pub retry_at_ms: Option<u64>,
}
