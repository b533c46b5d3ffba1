//! Times in RFC 3339 format.

use core::fmt::{self, Write as _};
use core::time::Duration;
use std::time::UNIX_EPOCH;

/// A time in UTC with seconds. Beyond the year 9999, which RFC 3339 does not
/// cover, the milliseconds of Unix time: a host with another unit in its clock
/// may have stored it.
#[must_use]
pub(crate) fn seconds(at_ms: u64) -> String {
    written(at_ms, humantime::format_rfc3339_seconds)
}

/// As [`seconds`], with milliseconds.
#[must_use]
pub(crate) fn millis(at_ms: u64) -> String {
    written(at_ms, humantime::format_rfc3339_millis)
}

fn written<F: fmt::Display>(at_ms: u64, format: fn(std::time::SystemTime) -> F) -> String {
    let mut text = String::new();
    let time = UNIX_EPOCH.checked_add(Duration::from_millis(at_ms));
    // The formatter fails for a time that it cannot write.
    match time.map(|time| write!(text, "{}", format(time))) {
        Some(Ok(())) => text,
        _ => format!("{at_ms} ms after 1970"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_time_has_a_text() {
        assert_eq!(seconds(0), "1970-01-01T00:00:00Z");
        assert_eq!(millis(1), "1970-01-01T00:00:00.001Z");
        // The last second of the year 9999.
        assert_eq!(seconds(253_402_300_799_000), "9999-12-31T23:59:59Z");
        for at_ms in [253_402_300_800_000, u64::MAX - 1, u64::MAX] {
            let text = format!("{at_ms} ms after 1970");
            assert_eq!((seconds(at_ms), millis(at_ms)), (text.clone(), text));
        }
    }
}
