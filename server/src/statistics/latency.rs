//! How long something took, as counts in fixed buckets.

use core::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The upper bounds of the buckets, in milliseconds. The last bucket has none.
const BOUNDS: [f64; 17] = [
    0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 125.0, 250.0, 500.0, 1000.0, 2000.0, 4000.0,
    7000.0, 10_000.0,
];
const BUCKETS: usize = BOUNDS.len() + 1;

/// Counts by duration.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Latency([u64; BUCKETS]);

/// Durations that half, 95 and 99 of 100 did not exceed, in milliseconds, read from
/// buckets whose bounds are twice as large from one to the next.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Percentiles {
    /// That of half.
    pub p50_ms: f64,
    /// That of 95 of 100.
    pub p95_ms: f64,
    /// That of 99 of 100.
    pub p99_ms: f64,
}

impl Latency {
    pub(super) fn count(&mut self, took: Duration) {
        let took = took.as_secs_f64() * 1000.0;
        let bucket = BOUNDS.iter().position(|bound| took <= *bound);
        let bucket = bucket.unwrap_or(BOUNDS.len());
        self.0[bucket] = self.0[bucket].saturating_add(1);
    }

    pub(super) fn add(&mut self, other: &Self) {
        for (one, other) in self.0.iter_mut().zip(other.0) {
            *one = one.saturating_add(other);
        }
    }

    /// `None` if nothing was counted.
    pub(super) fn percentiles(&self) -> Option<Percentiles> {
        let total = self.0.iter().sum::<u64>();
        (total > 0).then(|| Percentiles {
            p50_ms: self.quantile(total, 50),
            p95_ms: self.quantile(total, 95),
            p99_ms: self.quantile(total, 99),
        })
    }

    /// Interpolated within its bucket. In the last bucket, its lower bound.
    fn quantile(&self, total: u64, of_hundred: u64) -> f64 {
        let rank = (total * of_hundred).div_ceil(100).max(1);
        let (mut below, mut lower) = (0, 0.0);
        for (count, bound) in self.0.iter().zip(BOUNDS) {
            if below + count >= rank {
                #[expect(clippy::cast_precision_loss, reason = "a share of a bucket")]
                let share = (rank - below) as f64 / (*count).max(1) as f64;
                return lower + (bound - lower) * share;
            }
            (below, lower) = (below + count, bound);
        }
        lower
    }

    pub(super) fn stored(&self) -> Vec<u64> {
        let len = self.0.iter().rposition(|value| *value != 0);
        self.0[..len.map_or(0, |last| last + 1)].to_vec()
    }

    pub(super) fn of_stored(stored: &[u64]) -> Self {
        let mut latency = Self::default();
        for (value, stored) in latency.0.iter_mut().zip(stored) {
            *value = *stored;
        }
        latency
    }
}
