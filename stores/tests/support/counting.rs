//! Threads that count up by swaps, each under keys of its own, while servers fail.

use core::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use core::time::Duration;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use mpass_core::store::{Kind, Store, StoreKey, Swap, Swapped};

use super::PATIENCE;

/// What the threads have seen.
#[derive(Debug, Default)]
pub struct Counts {
    is_ended: AtomicBool,
    /// Swaps that were reported as stored.
    pub stored: AtomicU64,
    /// Swaps that failed, or whose outcome is not known.
    pub failed: AtomicU64,
    /// Values that were reported as stored, and were gone.
    pub lost: AtomicU64,
}

fn now_ms() -> u64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    u64::try_from(now.as_millis()).unwrap()
}

fn number(value: Option<Vec<u8>>) -> u64 {
    value.map_or(0, |value| u64::from_be_bytes(value.try_into().unwrap()))
}

impl Counts {
    pub fn end(&self) {
        self.is_ended.store(true, Ordering::Relaxed);
    }

    /// Waits until so many more swaps were stored.
    pub fn go_on(&self, more: u64) -> Duration {
        let (begun, before) = (Instant::now(), self.stored.load(Ordering::Relaxed));
        while self.stored.load(Ordering::Relaxed) < before + more {
            assert!(begun.elapsed() < PATIENCE, "the swaps do not go on");
            std::thread::sleep(Duration::from_millis(10));
        }
        begun.elapsed()
    }

    /// Counts up under keys that begin with `thread`, until the end and then once more.
    pub fn count(&self, store: &impl Store, thread: u8) {
        let keys: Vec<_> = (0..16)
            .map(|n| StoreKey([[thread; 8], [n; 8]].concat().try_into().unwrap()))
            .collect();
        // What was stored at least, and at most.
        let mut known = [(0_u64, 0_u64); 16];
        loop {
            let is_last = self.is_ended.load(Ordering::Relaxed);
            for (key, known) in keys.iter().zip(&mut known) {
                self.step(store, *key, known);
            }
            if is_last {
                return;
            }
        }
    }

    fn step(&self, store: &impl Store, key: StoreKey, known: &mut (u64, u64)) {
        let begun = Instant::now();
        let now = loop {
            if let Ok(value) = store.load(Kind::State, &key) {
                break number(value);
            }
            assert!(begun.elapsed() < PATIENCE, "the store does not resume");
            std::thread::sleep(Duration::from_millis(20));
        };
        let (least, most) = *known;
        if !(least..=most).contains(&now) {
            self.lost.fetch_add(1, Ordering::Relaxed);
        }
        let swap = Swap {
            kind: Kind::State,
            key,
            expected: (now > 0).then(|| now.to_be_bytes().to_vec()),
            value: (now + 1).to_be_bytes().to_vec(),
            expires_at_ms: None,
        };
        match store.swap(&swap, now_ms()) {
            Ok(Swapped::Stored) => {
                self.stored.fetch_add(1, Ordering::Relaxed);
                *known = (now + 1, now + 1);
            }
            // A conflict: one that failed before was run late.
            Ok(_) | Err(_) => {
                self.failed.fetch_add(1, Ordering::Relaxed);
                // What was read may itself not be acknowledged.
                *known = (least.min(now), now + 1);
            }
        }
    }
}
