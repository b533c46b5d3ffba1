//! The system clock.

use std::time::{SystemTime, UNIX_EPOCH};

/// The current time in milliseconds of Unix time; 0 for a clock before 1970.
#[must_use]
pub fn now_ms() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .ok()
        .and_then(|since| u64::try_from(since.as_millis()).ok())
        .unwrap_or(0)
}
