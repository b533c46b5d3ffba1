//! The memory store as it grows from a thousand to ten million challenges:
//! memory per challenge, and latency of swaps while as many expire as are
//! added.
//!
//! `cargo bench --bench memory [-- [--most N] [--seconds N]]`

// A benchmark that cannot be set up must fail.
#![allow(clippy::expect_used, clippy::panic)]

use core::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use core::time::Duration;
use std::time::Instant;

use hdrhistogram::Histogram;
use mpass_benches::options::Options;
use mpass_benches::results::{Measured, record};
use mpass_core::Error;
use mpass_core::store::{Kind, MAX_STATE_LEN, MemoryStore, Store, StoreKey, Swap, Swapped};

/// The expiry of the first challenge in milliseconds. The others follow one by
/// one.
const SPAN_MS: u64 = 1_000_000_000_000;

/// A store with the challenges from `tail` up to `head`.
struct Load {
    store: MemoryStore,
    tail: AtomicU64,
    head: AtomicU64,
}

/// Pseudo-random bits of a number (splitmix64), distributed like a keyed hash.
fn spread(n: u64) -> u64 {
    let mut z = n.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

fn key(n: u64) -> StoreKey {
    let mut key = [0; 16];
    key[..8].copy_from_slice(&spread(n).to_le_bytes());
    key[8..].copy_from_slice(&spread(!n).to_le_bytes());
    StoreKey(key)
}

/// The record of a new challenge.
fn fresh(n: u64) -> Swap {
    let mut value = vec![0x5a; MAX_STATE_LEN];
    value[..8].copy_from_slice(&n.to_le_bytes());
    Swap {
        kind: Kind::State,
        key: key(n),
        expected: None,
        value,
        expires_at_ms: Some(SPAN_MS + n),
    }
}

/// The duration of a swap, and whether it was stored.
fn timed(store: &MemoryStore, swap: &Swap, now_ms: u64) -> (Duration, Result<bool, Error>) {
    let began = Instant::now();
    let swapped = store.swap(swap, now_ms);
    (began.elapsed(), swapped.map(|s| s == Swapped::Stored))
}

impl Load {
    fn new(capacity: u64) -> Self {
        Self {
            store: MemoryStore::new(usize::try_from(capacity).expect("room for a count")),
            tail: AtomicU64::new(0),
            head: AtomicU64::new(0),
        }
    }

    /// The time at which everything before `tail` has expired.
    fn now_ms(&self) -> u64 {
        (SPAN_MS + self.tail.load(Ordering::Relaxed)).saturating_sub(1)
    }

    /// Adds challenges until `live` are live.
    fn fill(&self, live: u64) {
        let now_ms = self.now_ms();
        let goal = self.tail.load(Ordering::Relaxed) + live;
        while self.head.load(Ordering::Relaxed) < goal {
            let next = self.head.fetch_add(1, Ordering::Relaxed);
            let stored = self.store.swap(&fresh(next), now_ms);
            assert_eq!(stored, Ok(Swapped::Stored));
        }
    }

    /// Adds a challenge, lets one expire, and attempts a live one.
    fn exchange(&self, waits: &mut Histogram<u64>) {
        let mut wait = |(time, stored): (Duration, Result<bool, Error>)| {
            // Another thread may have attempted the same challenge first.
            assert!(stored.is_ok(), "{stored:?}");
            let ns = u64::try_from(time.as_nanos()).unwrap_or(u64::MAX);
            waits.saturating_record(ns);
        };
        let next = self.head.fetch_add(1, Ordering::Relaxed);
        let first = self.tail.fetch_add(1, Ordering::Relaxed) + 1;
        let now_ms = self.now_ms();
        wait(timed(&self.store, &fresh(next), now_ms));
        // The oldest hundredth is excluded, because it expires meanwhile.
        let live = next - first;
        let some = first + live / 100 + spread(next) % (live - live / 100);
        let standing = self.store.load(Kind::State, &key(some));
        let standing = standing.expect("a store in memory");
        let mut attempt = fresh(some);
        if let Some(count) = attempt.value.last_mut() {
            *count = standing
                .as_ref()
                .map_or(0, |value| value[95])
                .wrapping_add(1);
        }
        attempt.expected = standing;
        wait(timed(&self.store, &attempt, now_ms));
    }

    /// The latencies of this many concurrent threads, and their swaps per
    /// second.
    fn exchanges(&self, threads: u32, time: Duration) -> (Histogram<u64>, f64) {
        let stop = AtomicBool::new(false);
        let began = Instant::now();
        let waits = std::thread::scope(|scope| {
            let running: Vec<_> = (0..threads)
                .map(|_| {
                    scope.spawn(|| {
                        let mut waits = histogram();
                        while !stop.load(Ordering::Relaxed) {
                            self.exchange(&mut waits);
                        }
                        waits
                    })
                })
                .collect();
            std::thread::sleep(time);
            stop.store(true, Ordering::Relaxed);
            let mut all = histogram();
            for thread in running {
                let waits = thread.join().expect("a thread that ends");
                all.add(waits).expect("histograms alike");
            }
            all
        });
        let swaps = f64::from(u32::try_from(waits.len()).unwrap_or(u32::MAX));
        let rate = swaps / began.elapsed().as_secs_f64();
        (waits, rate)
    }

    /// The latencies after everything in a full store has expired at once.
    fn all_expired(&self, most: u64, time: Duration) -> Histogram<u64> {
        let now_ms = self.now_ms();
        loop {
            let next = self.head.fetch_add(1, Ordering::Relaxed);
            match self.store.swap(&fresh(next), now_ms) {
                Ok(_) => {}
                Err(Error::StoreFull) => break,
                Err(error) => panic!("{error}"),
            }
        }
        let now_ms = SPAN_MS + self.head.load(Ordering::Relaxed);
        let mut waits = histogram();
        let began = Instant::now();
        while began.elapsed() < time && waits.len() < most {
            let next = self.head.fetch_add(1, Ordering::Relaxed);
            let (wait, stored) = timed(&self.store, &fresh(next), now_ms);
            assert_eq!(stored, Ok(true));
            waits.saturating_record(u64::try_from(wait.as_nanos()).unwrap_or(u64::MAX));
        }
        waits
    }
}

/// A histogram of nanoseconds up to ten seconds, with three significant digits.
fn histogram() -> Histogram<u64> {
    Histogram::new_with_bounds(1, 10_000_000_000, 3).expect("bounds in order")
}

/// A line of `/proc/self/status` in bytes.
fn status(name: &str) -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix(name))?;
    let kib: u64 = line.split_whitespace().next()?.parse().ok()?;
    Some(kib * 1024)
}

fn real(n: u64) -> f64 {
    u32::try_from(n).map_or(f64::INFINITY, f64::from)
}

fn report(group: &str, name: &str, at: u64, value: f64, unit: &str) {
    println!("{group} at {at}, {name}: {value:.0} {unit}");
    record(&Measured {
        group,
        name,
        at: Some(at),
        value,
        unit,
    });
}

fn report_waits(group: &str, at: u64, waits: &Histogram<u64>) {
    for (name, quantile) in [("p50", 0.5), ("p99", 0.99), ("p99.9", 0.999)] {
        let value = real(waits.value_at_quantile(quantile));
        report(group, name, at, value, "ns");
    }
    report(group, "largest", at, real(waits.max()), "ns");
}

fn main() {
    let Some(options) = Options::read("memory") else {
        return;
    };
    let most = match options.is_trial() {
        true => 1000,
        false => options.most(10_000_000),
    };
    let time = options.time(Duration::from_secs(3));
    let load = Load::new(most + most / 3);
    let empty = status("VmRSS:");
    let mut live = 1000;
    while live <= most {
        load.fill(live);
        for (name, now) in [("resident", "VmRSS:"), ("resident, at most", "VmHWM:")] {
            if let (Some(empty), Some(now)) = (empty, status(now)) {
                let bytes = real(now.saturating_sub(empty) / 1024) * 1024.0;
                report(
                    "memory store, a challenge",
                    name,
                    live,
                    bytes / real(live),
                    "bytes",
                );
            }
        }
        let (waits, _) = load.exchanges(1, time);
        report_waits("memory store, swap", live, &waits);
        live *= 10;
    }
    let mut threads = 1;
    let cores = std::thread::available_parallelism().map_or(1, core::num::NonZero::get);
    while usize::try_from(threads).is_ok_and(|threads| threads <= cores) {
        let (waits, rate) = load.exchanges(threads, time);
        let at = u64::from(threads);
        report(
            "memory store, swaps by threads",
            "swaps",
            at,
            rate,
            "swaps/s",
        );
        report_waits("memory store, swap by threads", at, &waits);
        threads *= 2;
    }
    let waits = load.all_expired(most, time);
    report_waits("memory store, swap after all expired", most, &waits);
}
