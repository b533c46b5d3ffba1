//! The shadow model: what callers were told, and which of it must not be.

use core::fmt;
use std::collections::HashMap;
use std::time::Instant;

/// A contract, which differs in what it tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Contract {
    /// A wrong code, a used one and an exhausted challenge are answered alike.
    Mpass,
    /// A wrong code is told as such; sends cost credits.
    VerifyNow,
}

/// What a caller learned from a guess.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Told {
    Accepted,
    /// The code is wrong; for mPass, or the challenge has ended.
    Wrong,
    /// Something that says nothing about the code.
    Nothing,
    /// The answer was lost.
    Lost,
}

/// A guess as its caller saw it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Guess {
    pub(crate) begun: Instant,
    pub(crate) ended: Instant,
    pub(crate) is_right: bool,
    pub(crate) told: Told,
}

/// A challenge whose code reached the gateway.
#[derive(Clone, Debug)]
pub(crate) struct Challenge {
    pub(crate) contract: Contract,
    pub(crate) number: String,
    /// The id of the contract, or nothing.
    pub(crate) id: String,
    pub(crate) code: String,
    /// When a later send was answered as sent.
    pub(crate) replaced: Option<Instant>,
    pub(crate) guesses: Vec<Guess>,
}

/// What must be 0.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Violations {
    /// Codes accepted again.
    pub(crate) second_accepts: usize,
    /// Accepts after as many wrong codes as end a challenge were answered.
    pub(crate) late_accepts: usize,
    /// Accepts after a later send.
    pub(crate) replaced_accepts: usize,
    /// Wrong codes told beyond the tries, or after an accept.
    pub(crate) verdicts: usize,
    /// Messages beyond the limit of a number.
    pub(crate) messages: usize,
    /// Messages beyond the credits that were taken.
    pub(crate) unpaid: usize,
}

impl fmt::Debug for Violations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts = [
            (self.second_accepts, "second accepts"),
            (self.late_accepts, "accepts after the tries"),
            (self.replaced_accepts, "accepts of replaced codes"),
            (self.verdicts, "verdicts too many"),
            (self.messages, "messages over a limit"),
            (self.unpaid, "messages without a credit"),
        ];
        let parts = parts.iter().filter(|(count, _)| *count > 0);
        let parts: Vec<_> = parts
            .map(|(count, what)| format!("{count} {what}"))
            .collect();
        f.write_str(match parts.is_empty() {
            true => "0 violations",
            false => return f.write_str(&parts.join(", ")),
        })
    }
}

impl Challenge {
    pub(crate) fn count(&self, told: Told) -> usize {
        self.guesses
            .iter()
            .filter(|guess| guess.told == told)
            .count()
    }

    /// Adds what is wrong with this challenge.
    pub(crate) fn judge(&self, tries: usize, found: &mut Violations) {
        let accepts = || {
            self.guesses
                .iter()
                .filter(|guess| guess.told == Told::Accepted)
        };
        let wrong = || {
            self.guesses
                .iter()
                .filter(|guess| guess.told == Told::Wrong)
        };
        found.second_accepts += accepts().count().saturating_sub(1);
        for accept in accepts() {
            let spent = wrong().filter(|guess| !guess.is_right && guess.ended <= accept.begun);
            found.late_accepts += usize::from(spent.count() >= tries);
            let is_replaced = self.replaced.is_some_and(|at| at <= accept.begun);
            found.replaced_accepts += usize::from(is_replaced);
            if self.contract == Contract::VerifyNow {
                found.verdicts += wrong().filter(|guess| guess.begun >= accept.ended).count();
            }
        }
        if self.contract == Contract::VerifyNow {
            found.verdicts += wrong().count().saturating_sub(tries);
        }
    }
}

/// The messages to each number beyond the limit of sends.
pub(crate) fn over_limit(messages: &HashMap<String, usize>, sends: usize) -> usize {
    messages
        .values()
        .map(|count| count.saturating_sub(sends))
        .sum()
}

#[cfg(test)]
mod tests {
    use core::time::Duration;

    use super::*;

    /// A history of guesses, one after the other: right and told.
    fn judged(contract: Contract, replaced_at: Option<usize>, guesses: &[(bool, Told)]) -> String {
        let start = Instant::now();
        let at = |n: usize| start + Duration::from_secs(n as u64);
        let guess = |(n, (is_right, told)): (usize, &(bool, Told))| Guess {
            begun: at(2 * n),
            ended: at(2 * n + 1),
            is_right: *is_right,
            told: *told,
        };
        let challenge = Challenge {
            contract,
            number: String::new(),
            id: String::new(),
            code: String::new(),
            replaced: replaced_at.map(|n| at(2 * n)),
            guesses: guesses.iter().enumerate().map(guess).collect(),
        };
        let mut found = Violations::default();
        challenge.judge(3, &mut found);
        format!("{found:?}")
    }

    #[test]
    fn the_model_sees_each_violation() {
        use Contract::{Mpass, VerifyNow};
        const ACCEPTED: (bool, Told) = (true, Told::Accepted);
        const WRONG: (bool, Told) = (false, Told::Wrong);
        const LOST: (bool, Told) = (false, Told::Lost);
        const USED: (bool, Told) = (true, Told::Wrong);
        for (contract, replaced, guesses, text) in [
            (
                Mpass,
                None,
                &[WRONG, LOST, WRONG, ACCEPTED][..],
                "0 violations",
            ),
            (
                Mpass,
                None,
                &[ACCEPTED, USED, WRONG, WRONG, WRONG],
                "0 violations",
            ),
            (Mpass, None, &[ACCEPTED, ACCEPTED], "1 second accepts"),
            (
                Mpass,
                None,
                &[WRONG, WRONG, WRONG, ACCEPTED],
                "1 accepts after the tries",
            ),
            (Mpass, Some(1), &[ACCEPTED], "0 violations"),
            (
                Mpass,
                Some(1),
                &[LOST, ACCEPTED],
                "1 accepts of replaced codes",
            ),
            (VerifyNow, None, &[WRONG, WRONG, WRONG], "0 violations"),
            (
                VerifyNow,
                None,
                &[WRONG, WRONG, WRONG, WRONG],
                "1 verdicts too many",
            ),
            (VerifyNow, None, &[ACCEPTED, WRONG], "1 verdicts too many"),
        ] {
            assert_eq!(judged(contract, replaced, guesses), text, "{guesses:?}");
        }
        let messages = [("a".to_owned(), 2), ("b".to_owned(), 4)].into();
        assert_eq!(over_limit(&messages, 2), 2);
    }
}
