//! What became of the last messages.

use core::fmt;
use std::sync::{Mutex, PoisonError};

use crate::clock;

/// The time of the last message that the gateway accepted, and of the last one
/// that it did not, in milliseconds of Unix time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Health {
    /// When a message was last accepted.
    pub success_at_ms: Option<u64>,
    /// When a message was last not accepted.
    pub failure_at_ms: Option<u64>,
    /// Why, without what the gateway may have repeated.
    pub failure: Option<String>,
}

impl Health {
    /// Whether the last message was not accepted.
    #[must_use]
    pub fn is_failing(&self) -> bool {
        self.failure_at_ms > self.success_at_ms
    }
}

/// Keeps the health of a gateway.
#[derive(Debug, Default)]
pub(super) struct Record(Mutex<Health>);

impl Record {
    pub(super) fn read(&self) -> Health {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    pub(super) fn success(&self) {
        let now_ms = clock::now_ms();
        self.change(|health| health.success_at_ms = Some(now_ms));
    }

    /// `what` and `cause` are masked already.
    pub(super) fn failure(&self, what: impl fmt::Display, cause: &str) {
        let (now_ms, separator) = (clock::now_ms(), if cause.is_empty() { "" } else { ": " });
        self.change(|health| {
            health.failure_at_ms = Some(now_ms);
            health.failure = Some(format!("{what}{separator}{cause}"));
        });
    }

    fn change(&self, change: impl FnOnce(&mut Health)) {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_outcome_decides() {
        let health = |success_at_ms, failure_at_ms| Health {
            success_at_ms,
            failure_at_ms,
            failure: None,
        };
        for (success, failure, expected) in [
            (None, None, false),
            (Some(1), None, false),
            (None, Some(1), true),
            (Some(1), Some(2), true),
            (Some(2), Some(1), false),
        ] {
            assert_eq!(health(success, failure).is_failing(), expected);
        }
        let record = Record::default();
        record.failure("status 400", "no credit");
        let failure = record.read().failure;
        assert_eq!(failure.as_deref(), Some("status 400: no credit"));
        record.failure("no response", "");
        assert_eq!(record.read().failure.as_deref(), Some("no response"));
        record.success();
        assert!(record.read().success_at_ms.is_some());
    }
}
