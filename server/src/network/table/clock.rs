//! A clock that never runs backwards.

/// Smaller backward steps come from concurrent calls that overtook each other
/// after reading the clock.
const OVERTAKING_MS: u64 = 1000;

/// The table's clock: the server's, without its backward steps. A step back of
/// the server's clock neither adds nor subtracts time, so that no record lives
/// longer because of it.
#[derive(Debug, Default)]
pub(super) struct Clock {
    last_ms: Option<u64>,
    /// The sum of all backward steps.
    ahead_ms: u64,
}

impl Clock {
    /// The clock of a table whose records were written until `last_ms` of its time,
    /// however the server's clock has been set since.
    pub(super) fn resumed(last_ms: u64, now_ms: u64) -> Self {
        Self {
            last_ms: Some(now_ms),
            ahead_ms: last_ms.saturating_sub(now_ms),
        }
    }

    pub(super) fn advance(&mut self, now_ms: u64) {
        let last_ms = self.last_ms.unwrap_or(now_ms);
        let back_ms = last_ms.saturating_sub(now_ms);
        if back_ms == 0 || back_ms > OVERTAKING_MS {
            self.ahead_ms = self.ahead_ms.saturating_add(back_ms);
            self.last_ms = Some(now_ms);
        }
    }

    /// The table's time, in milliseconds. It begins as Unix time.
    pub(super) fn now_ms(&self) -> u64 {
        self.of(self.last_ms.unwrap_or_default())
    }

    /// How far it is ahead of the server's clock.
    pub(super) fn ahead_ms(&self) -> u64 {
        self.ahead_ms
    }

    /// The table's time at a time of the server's clock as it is set now.
    pub(super) fn of(&self, time_ms: u64) -> u64 {
        time_ms.saturating_add(self.ahead_ms)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_never_decreases() {
        let mut clock = Clock::default();
        for (now_ms, elapsed_ms) in [
            (5_000_000, 0),
            (5_000_300, 300),
            // Two calls overtook each other.
            (5_000_200, 300),
            (5_000_400, 400),
            // An hour back.
            (1_400_400, 400),
            (1_400_900, 900),
            (9_000_000, 7_600_000),
        ] {
            clock.advance(now_ms);
            assert_eq!(clock.now_ms(), 5_000_000 + elapsed_ms, "at {now_ms}");
        }
        assert_eq!(clock.of(9_000_001), clock.now_ms() + 1);
    }

    #[test]
    fn a_step_back_while_nobody_looked() {
        for (last_ms, now_ms, expected) in [(5000, 7000, 7000), (5000, 1000, 5000)] {
            let mut clock = Clock::resumed(last_ms, now_ms);
            clock.advance(now_ms + 5);
            assert_eq!(clock.now_ms(), expected + 5);
        }
    }
}
