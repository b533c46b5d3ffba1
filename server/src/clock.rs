//! The system clock, for the engine, the store and the network table: the only
//! place where the server reads the time of day. Timeouts and intervals use
//! tokio's clock instead.
//!
//! In a debug build, `MPASS_TEST_CLOCK` can name a file that contains the time, so
//! that tests need not wait. No request can change it, and a release build does
//! not contain it.

use std::time::{SystemTime, UNIX_EPOCH};

/// The current time in milliseconds of Unix time; 0 for a clock before 1970.
#[must_use]
pub fn now_ms() -> u64 {
    #[cfg(debug_assertions)]
    if let Some(now_ms) = set::now_ms() {
        return now_ms;
    }
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .ok()
        .and_then(|since| u64::try_from(since.as_millis()).ok())
        .unwrap_or(0)
}

/// The clock that a test sets.
#[cfg(debug_assertions)]
mod set {
    use std::path::PathBuf;
    use std::sync::OnceLock;

    /// Names the file, which holds the milliseconds as decimal digits.
    const VARIABLE: &str = "MPASS_TEST_CLOCK";

    /// What the file holds now; nothing without the variable.
    #[expect(clippy::expect_used, reason = "a test without its clock must fail")]
    pub(super) fn now_ms() -> Option<u64> {
        static FILE: OnceLock<Option<PathBuf>> = OnceLock::new();
        let file = FILE.get_or_init(|| std::env::var_os(VARIABLE).map(PathBuf::from));
        let text = std::fs::read_to_string(file.as_ref()?).expect("MPASS_TEST_CLOCK names a file");
        Some(text.trim().parse().expect("a number of milliseconds"))
    }
}
