//! What the record of a subject allows, for operators.

use super::life::Challenge;
use super::slot::WriteContext;
use super::state::Phase;
use crate::Error;

/// What the record of a subject allows now. It contains no code, and reading it
/// changes nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Standing {
    /// Whether a challenge is live: neither used, exhausted, voided nor expired.
    pub is_live: bool,
    /// How many codes can be sent now, without the resend interval.
    pub sends_left: u32,
    /// How many wrong codes are compared before the guesses are used up.
    pub guesses_left: u32,
    /// Consecutive failures since the last success or lock.
    pub failures: u16,
    /// Until when the subject is locked, in milliseconds of Unix time.
    pub locked_until_ms: Option<u64>,
    /// When the resend interval ends, in milliseconds of Unix time; `None` if it
    /// has ended.
    pub resend_at_ms: Option<u64>,
}

impl Challenge<'_> {
    /// What the loaded record allows at `now_ms`, in milliseconds of Unix time.
    ///
    /// # Errors
    /// As [`Self::issue`].
    pub fn standing(&self, current: Option<&[u8]>, now_ms: u64) -> Result<Standing, Error> {
        let read = WriteContext::new(current, now_ms, &[0; 32], &[]);
        let (state, _) = self.open(read)?;
        let settings = self.policy.settings();
        let later = |at_ms: u64| (at_ms > now_ms).then_some(at_ms);
        Ok(Standing {
            is_live: state.phase == Phase::Live && state.ends_at > now_ms,
            sends_left: state.sends.left(settings.sends, now_ms),
            guesses_left: state.guesses.left(settings.guesses, now_ms),
            failures: state.failures,
            locked_until_ms: later(state.locked_until),
            resend_at_ms: later(state.resend_at),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::challenge::{Binding, Issue, Keyring, Policy, Subject, SubjectKind};

    #[test]
    fn a_send_and_a_wrong_code_are_counted() {
        let keyring = Keyring::generate(&[7; 32]);
        let policy = Policy::default();
        let subject = Subject::parse(SubjectKind::Number, "+966500000000").unwrap();
        let binding = Binding {
            service: "test",
            tenant: b"t",
            subject: &subject,
            context: "",
        };
        let challenge = Challenge::new(&keyring, &policy, binding);
        let now_ms = 1_790_000_000_000;
        let fresh = challenge.standing(None, now_ms).unwrap();
        let settings = policy.settings();
        assert!(!fresh.is_live);
        assert_eq!(fresh.sends_left, settings.sends.burst());
        assert_eq!(fresh.guesses_left, settings.guesses.burst());
        let Issue::Pending(issued) = challenge.issue(None, now_ms, &[1; 32]).unwrap() else {
            panic!("the first send is allowed");
        };
        let record = *issued.next();
        let sent = challenge.standing(Some(&record), now_ms).unwrap();
        let resend_at_ms = now_ms + settings.resend_interval_ms;
        let expected = Standing {
            is_live: true,
            sends_left: fresh.sends_left - 1,
            resend_at_ms: Some(resend_at_ms),
            ..fresh
        };
        assert_eq!(sent, expected);
        let right = issued.stored().code;
        let wrong = if right.as_str() == "000000" {
            "000001"
        } else {
            "000000"
        };
        let attempt = challenge.attempt(Some(&record), wrong, now_ms, &[2; 32]);
        let crate::challenge::Attempt::Pending(failed) = attempt.unwrap() else {
            panic!("the code is compared");
        };
        let record = *failed.next();
        let later = challenge.standing(Some(&record), resend_at_ms).unwrap();
        assert_eq!(later.failures, 1);
        assert_eq!(later.resend_at_ms, None);
        assert!(later.guesses_left <= fresh.guesses_left);
        let forged = [0; crate::challenge::RECORD_LEN];
        assert!(challenge.standing(Some(&forged), now_ms).is_err());
    }
}
