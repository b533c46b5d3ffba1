//! The requests that were taken, to recognize retransmissions.

use core::net::IpAddr;
use core::time::Duration;
use std::collections::{HashMap, VecDeque};

use super::super::packet::Authenticator;

/// How many requests are remembered.
pub(super) const MOST: usize = 16_384;

/// What identifies a request: its source, and its authenticator, a digest of
/// the whole content. A retransmission may come from another port.
pub(super) type RequestKey = (IpAddr, Authenticator);

/// The most recent requests that the table has taken, with their times.
pub(super) struct Remembered {
    /// For how long. Later, the same content is a new event: a NAS that
    /// restarts begins to count its packets again.
    period: Duration,
    known: HashMap<RequestKey, u64>,
    oldest_first: VecDeque<(u64, RequestKey)>,
}

impl Remembered {
    pub(super) fn new(period: Duration) -> Self {
        Self {
            period,
            known: HashMap::new(),
            oldest_first: VecDeque::new(),
        }
    }

    pub(super) fn contains(&self, request: &RequestKey, now_ms: u64) -> bool {
        let taken_ms = self.known.get(request);
        taken_ms.is_some_and(|ms| u128::from(now_ms.abs_diff(*ms)) <= self.period.as_millis())
    }

    pub(super) fn push(&mut self, request: RequestKey, now_ms: u64) {
        if self.oldest_first.len() == MOST
            && let Some((taken_ms, oldest)) = self.oldest_first.pop_front()
            && self.known.get(&oldest) == Some(&taken_ms)
        {
            self.known.remove(&oldest);
        }
        self.known.insert(request, now_ms);
        self.oldest_first.push_back((now_ms, request));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PERIOD: Duration = Duration::from_secs(300);

    fn key(index: usize) -> RequestKey {
        let mut authenticator = [0; 16];
        authenticator[..8].copy_from_slice(&index.to_be_bytes());
        ([192, 0, 2, 1].into(), authenticator)
    }

    #[test]
    fn only_the_latest_requests() {
        let mut remembered = Remembered::new(PERIOD);
        for index in 0..=MOST {
            remembered.push(key(index), 0);
        }
        assert!(!remembered.contains(&key(0), 0) && remembered.contains(&key(1), 0));
        assert_eq!(remembered.known.len(), MOST);
    }

    #[test]
    fn only_for_a_while() {
        let mut remembered = Remembered::new(PERIOD);
        remembered.push(key(0), 1_000_000);
        for (now_ms, is_known) in [
            (1_000_000, true),
            (1_300_000, true),
            (1_300_001, false),
            (699_999, false),
        ] {
            assert_eq!(remembered.contains(&key(0), now_ms), is_known, "{now_ms}");
        }
        remembered.push(key(0), 1_300_001);
        for index in 1..MOST {
            remembered.push(key(index), 1_300_001);
        }
        // Its first entry has made room for the last, and the second is there.
        assert!(remembered.contains(&key(0), 1_300_001));
    }
}
