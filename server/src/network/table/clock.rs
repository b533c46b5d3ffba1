//! A clock that never runs backwards.

/// Smaller backward steps come from concurrent calls that overtook each other
/// after reading the clock.
const OVERTAKING_MS: u64 = 1000;

/// The elapsed time. A backward step of the clock neither adds nor subtracts
/// time, so that no entry lives longer because of it.
#[derive(Debug, Default)]
pub(super) struct Clock {
    last_ms: Option<u64>,
    elapsed_ms: u64,
}

impl Clock {
    pub(super) fn advance(&mut self, now_ms: u64) {
        let last_ms = self.last_ms.unwrap_or(now_ms);
        if now_ms >= last_ms || last_ms - now_ms > OVERTAKING_MS {
            self.elapsed_ms = self
                .elapsed_ms
                .saturating_add(now_ms.saturating_sub(last_ms));
            self.last_ms = Some(now_ms);
        }
    }

    /// Milliseconds since the first reading.
    pub(super) fn elapsed_ms(&self) -> u64 {
        self.elapsed_ms
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elapsed_time_never_decreases() {
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
            assert_eq!(clock.elapsed_ms(), elapsed_ms, "at {now_ms}");
        }
    }
}
