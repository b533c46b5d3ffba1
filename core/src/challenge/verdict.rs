use crate::list::list;

list! {
    /// What an attempt came to. Numbers are stable.
    #[non_exhaustive]
    pub enum Verdict: u8 {
        /// The code is right, and was not used before.
        Accept = 0, "Accept";
        /// The code is wrong; tries are left.
        Wrong = 1, "Wrong";
        /// No tries are left: this wrong code was the last, or came after it.
        Exhausted = 2, "Exhausted";
        /// The challenge is past its lifetime; the code was not looked at.
        Expired = 3, "Expired";
        /// The challenge was accepted before; the code was not looked at.
        Used = 4, "Used";
        /// There is no challenge; the code was not looked at.
        NoChallenge = 5, "NoChallenge";
        /// Too many failures: locked; the code was not looked at.
        Locked = 6, "Locked";
        /// The guesses for now are used up, or a token waits after a failure; the
        /// code was not looked at.
        Limited = 7, "Limited";
        /// The code is right for a counter, a step or a question that was
        /// accepted before: a replay.
        Replayed = 8, "Replayed";
    }
}

impl Verdict {
    /// Whether it is [`Verdict::Accept`].
    #[must_use]
    pub fn is_accept(self) -> bool {
        self == Self::Accept
    }
}

list! {
    /// Why a challenge was not issued. Numbers are stable.
    #[non_exhaustive]
    pub enum RefusalReason: u8 {
        /// The resend interval has not passed.
        ResendInterval = 1, "ResendInterval";
        /// The sends for this number are used up for now.
        Sends = 2, "Sends";
        /// The guesses for this number are used up for now.
        Guesses = 3, "Guesses";
        /// The number is locked after too many failures.
        Locked = 4, "Locked";
        /// The sends of the whole tenant are used up for now.
        Spend = 5, "Spend";
        /// The tenant's prepaid credits are used up; no time brings them back.
        Credits = 6, "Credits";
    }
}

/// A challenge that is not issued, and when it may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Why.
    pub reason: RefusalReason,
    /// When to try again, in milliseconds of Unix time.
    pub retry_at_ms: u64,
}
