//! Rate limits as token buckets.

use crate::Error;

/// A rate limit: at most `events` in any window of `window_ms`, of which
/// `burst` may occur at once and the rest evenly spaced.
///
/// It is a token bucket stored as one timestamp (the generic cell rate
/// algorithm), so it has no window boundaries or resets to exploit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit {
    events: u32,
    window_ms: u64,
    burst: u32,
}

/// The longest window: 31 days.
const LONGEST_WINDOW_MS: u64 = 31 * 24 * 3600 * 1000;

impl Limit {
    /// At most `events` (1 to 100,000) in any window of `window_ms`
    /// milliseconds (1 ms to 31 days), up to `burst` (1 to `events`) of them at
    /// once.
    ///
    /// # Errors
    /// [`Error::InvalidLimit`] outside these ranges.
    pub const fn new(events: u32, window_ms: u64, burst: u32) -> Result<Self, Error> {
        if events == 0
            || events > 100_000
            || burst == 0
            || burst > events
            || window_ms == 0
            || window_ms > LONGEST_WINDOW_MS
        {
            return Err(Error::InvalidLimit);
        }
        Ok(Self {
            events,
            window_ms,
            burst,
        })
    }

    /// At most `events` in any window of `window_ms` milliseconds, up to half
    /// of them (rounded up) at once.
    ///
    /// # Errors
    /// As [`Limit::new`].
    pub const fn half_at_once(events: u32, window_ms: u64) -> Result<Self, Error> {
        Self::new(events, window_ms, events.div_ceil(2))
    }

    /// The maximum number of events in any window.
    #[must_use]
    pub const fn events(self) -> u32 {
        self.events
    }

    /// The length of the window in milliseconds.
    #[must_use]
    pub const fn window_ms(self) -> u64 {
        self.window_ms
    }

    /// The maximum number of events at once.
    #[must_use]
    pub const fn burst(self) -> u32 {
        self.burst
    }

    /// The maximum number of events in any span of `span_ms` milliseconds.
    #[must_use]
    pub const fn most_in(self, span_ms: u64) -> u64 {
        self.burst as u64 + span_ms.div_ceil(self.interval_ms()).saturating_sub(1)
    }

    /// The time in which one event is regained. A half-open window holds at
    /// most `burst + ceil(window / interval) - 1` events, and this interval
    /// makes that `events`.
    const fn interval_ms(self) -> u64 {
        self.window_ms
            .div_ceil((self.events - self.burst) as u64 + 1)
    }

    const fn capacity_ms(self) -> u64 {
        self.interval_ms() * self.burst as u64
    }
}

/// The state of a [`Limit`]: the time, in milliseconds of Unix time, at which
/// the bucket is full again. 0 if it was never used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Bucket(pub(crate) u64);

impl Bucket {
    /// Takes one event now. On failure, returns the time at which one will be
    /// available.
    pub(crate) fn take(self, limit: Limit, now_ms: u64) -> Result<Self, u64> {
        let full_at = self.settled(limit, now_ms).0.max(now_ms);
        let next = full_at.saturating_add(limit.interval_ms());
        let latest = now_ms.saturating_add(limit.capacity_ms());
        if next <= latest {
            Ok(Self(next))
        } else {
            Err(now_ms.saturating_add(next - latest))
        }
    }

    /// How many events could be taken now.
    pub(crate) fn left(self, limit: Limit, now_ms: u64) -> u32 {
        let used_ms = self.settled(limit, now_ms).0.saturating_sub(now_ms);
        let left = limit.capacity_ms().saturating_sub(used_ms) / limit.interval_ms();
        // At most the burst.
        u32::try_from(left).unwrap_or(limit.burst)
    }

    /// Returns one event.
    pub(crate) fn give_back(self, limit: Limit) -> Self {
        Self(self.0.saturating_sub(limit.interval_ms()))
    }

    /// Limits the state to an empty bucket, so that a clock that once jumped
    /// ahead causes no longer wait than exhausting the limit would. A change
    /// must be stored, or the wait would start anew each time.
    pub(crate) fn settled(self, limit: Limit, now_ms: u64) -> Self {
        Self(self.0.min(now_ms.saturating_add(limit.capacity_ms())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: u64 = 3_600_000;

    fn count(limit: Limit, from: u64, to: u64, step: usize) -> (usize, u64) {
        let mut bucket = Bucket::default();
        let mut taken = 0;
        let mut first = None;
        let mut now = from;
        while now < to {
            if let Ok(next) = bucket.take(limit, now) {
                bucket = next;
                taken += 1;
                first.get_or_insert(now);
            }
            now += step as u64;
        }
        (taken, first.unwrap())
    }

    #[test]
    fn never_more_than_events_in_a_window() {
        for (events, burst) in [(1, 1), (5, 3), (9, 5), (50, 25), (7, 7)] {
            let limit = Limit::new(events, 24 * HOUR, burst).unwrap();
            let (taken, _) = count(limit, 1_000_000, 1_000_000 + 24 * HOUR, 60_000);
            assert_eq!(taken, events as usize, "{limit:?}");
            assert_eq!(limit.most_in(24 * HOUR), u64::from(events));
        }
    }

    #[test]
    fn refusal_names_the_moment_that_is_free() {
        let limit = Limit::half_at_once(5, HOUR).unwrap();
        let mut bucket = Bucket::default();
        for _ in 0..3 {
            bucket = bucket.take(limit, 1000).unwrap();
        }
        let free_at = bucket.take(limit, 1000).unwrap_err();
        assert_eq!(free_at, 1000 + HOUR / 3);
        assert!(bucket.take(limit, free_at - 1).is_err());
        assert!(bucket.take(limit, free_at).is_ok());
        assert!(bucket.give_back(limit).take(limit, 1000).is_ok());
    }

    #[test]
    fn as_many_are_left_as_can_be_taken() {
        for (events, burst) in [(1, 1), (5, 3), (9, 5), (100_000, 7)] {
            let limit = Limit::new(events, HOUR, burst).unwrap();
            let mut bucket = Bucket::default();
            for now in [1_000_000, 1_000_001, 1_500_000, 1_000_000 + HOUR] {
                let mut left = bucket.left(limit, now);
                assert!(left <= burst);
                let mut next = bucket;
                while let Ok(taken) = next.take(limit, now) {
                    assert!(left > 0, "{limit:?}");
                    (left, next) = (left - 1, taken);
                }
                assert_eq!(left, 0, "{limit:?}");
                bucket = bucket.take(limit, now).unwrap_or(bucket);
            }
        }
    }

    #[test]
    fn a_clock_that_once_jumped_ahead_locks_nobody_out_for_years() {
        let limit = Limit::half_at_once(5, HOUR).unwrap();
        let bucket = Bucket::default()
            .take(limit, 100 * 365 * 24 * HOUR)
            .unwrap();
        let free_at = bucket.take(limit, 1000).unwrap_err();
        assert!(free_at <= 1000 + HOUR);
    }
}
