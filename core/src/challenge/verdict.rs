/// What an attempt came to. Numbers are stable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[repr(u8)]
pub enum Verdict {
    /// The code is right, and was not used before.
    Accept = 0,
    /// The code is wrong; tries are left.
    Wrong = 1,
    /// No tries are left: this wrong code was the last, or came after it.
    Exhausted = 2,
    /// The challenge is past its lifetime; the code was not looked at.
    Expired = 3,
    /// The challenge was accepted before; the code was not looked at.
    Used = 4,
    /// There is no challenge; the code was not looked at.
    NoChallenge = 5,
    /// Too many failures: locked; the code was not looked at.
    Locked = 6,
    /// The guesses for now are used up, or a token waits after a failure; the
    /// code was not looked at.
    Limited = 7,
    /// The code is right for a counter, a step or a question that was
    /// accepted before: a replay.
    Replayed = 8,
}

impl Verdict {
    /// Whether it is [`Verdict::Accept`].
    #[must_use]
    pub fn is_accept(self) -> bool {
        self == Self::Accept
    }
}

/// Why a challenge was not issued. Numbers are stable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[repr(u8)]
pub enum RefusalReason {
    /// The resend interval has not passed.
    ResendInterval = 1,
    /// The sends for this number are used up for now.
    Sends = 2,
    /// The guesses for this number are used up for now.
    Guesses = 3,
    /// The number is locked after too many failures.
    Locked = 4,
    /// The sends of the whole tenant are used up for now.
    Spend = 5,
    /// The tenant's prepaid credits are used up; no time brings them back.
    Credits = 6,
}

/// A challenge that is not issued, and when it may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Why.
    pub reason: RefusalReason,
    /// When to try again, in milliseconds of Unix time.
    pub retry_at_ms: u64,
}
