//! How far the clock of this machine is ahead of the store's.

use core::time::Duration;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use crate::clock;
use crate::store::AnyStore;

/// From this difference of the clocks on, a machine is not ready, in milliseconds.
pub(crate) const MOST_AHEAD_MS: u64 = 3_500;
/// An answer that takes longer than this tells nothing about the clock.
const LONGEST: Duration = Duration::from_millis(500);

/// The last offset that was measured.
#[derive(Debug, Default)]
pub(crate) struct Offset(Mutex<Option<i64>>);

impl Offset {
    /// In milliseconds, negative if the clock is behind; `None` if the store has no
    /// clock of its own, or was not asked yet.
    pub(crate) fn ahead_ms(&self) -> Option<i64> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn set(&self, ahead_ms: i64) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(ahead_ms);
    }

    /// Whether requests are still decided by times that others agree with.
    pub(crate) fn is_tolerable(&self) -> bool {
        self.ahead_ms()
            .is_none_or(|ahead_ms| ahead_ms.unsigned_abs() < MOST_AHEAD_MS)
    }
}

/// Asks the store for its time. `None` if it has none, or does not answer soon.
pub(crate) async fn measure(store: &AnyStore) -> Option<i64> {
    let (begun, before_ms) = (Instant::now(), clock::now_ms());
    let store_ms = store.clock_ms().await?;
    let took = begun.elapsed();
    if took > LONGEST {
        return None;
    }
    let half = u64::try_from(took.as_millis() / 2).ok()?;
    let now_ms = i64::try_from(before_ms.checked_add(half)?).ok()?;
    now_ms.checked_sub(i64::try_from(store_ms).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clocks_that_differ_too_much() {
        let offset = Offset::default();
        assert!(offset.is_tolerable(), "the store has no clock");
        for (ahead_ms, is_tolerable) in [
            (0, true),
            (3_499, true),
            (3_500, false),
            (-3_499, true),
            (-3_500, false),
            (i64::MIN, false),
        ] {
            offset.set(ahead_ms);
            assert_eq!(offset.is_tolerable(), is_tolerable, "{ahead_ms}");
        }
    }
}
