//! The system's clock as the engine wants it.

use std::time::{SystemTime, UNIX_EPOCH};

/// Milliseconds of Unix time; 0 for a clock that stands before 1970.
#[must_use]
pub fn now_ms() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .ok()
        .and_then(|since| u64::try_from(since.as_millis()).ok())
        .unwrap_or(0)
}
