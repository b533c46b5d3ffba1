//! Codes per second with one thread and with all processors, on one shared key.
//!
//! `cargo bench --bench threads [-- [--seconds N]]`

// A benchmark that cannot be set up must fail.
#![allow(clippy::expect_used)]

use core::hint::black_box;
use core::num::NonZero;
use core::sync::atomic::{AtomicBool, Ordering};
use core::time::Duration;
use std::time::Instant;

use mpass_benches::codes::{hotp, wrong_code};
use mpass_benches::options::Options;
use mpass_benches::results::{Measured, record, record_backend};
use mpass_core::oath::Hotp;

/// The repeated work, from a counter on. Returns the number of codes computed.
type Work = fn(&Hotp, &str, u64) -> u32;

const WORKS: [(&str, Work); 2] = [
    ("generate", |hotp, _, counter| {
        black_box(hotp.generate(counter));
        1
    }),
    ("verify, look-ahead 100", |hotp, wrong, counter| {
        black_box(hotp.verify(wrong, counter % 8, 100));
        101
    }),
];

/// Codes per second of `threads` threads together.
fn rate(hotp: &Hotp, wrong: &str, work: Work, threads: u64, time: Duration) -> f64 {
    let stop = AtomicBool::new(false);
    let began = Instant::now();
    let codes: u64 = std::thread::scope(|scope| {
        let running: Vec<_> = (0..threads)
            .map(|thread| {
                let stop = &stop;
                scope.spawn(move || {
                    let (mut codes, mut counter) = (0, thread << 32);
                    while !stop.load(Ordering::Relaxed) {
                        for _ in 0..64 {
                            codes += u64::from(work(hotp, black_box(wrong), counter));
                            counter += 1;
                        }
                    }
                    codes
                })
            })
            .collect();
        std::thread::sleep(time);
        stop.store(true, Ordering::Relaxed);
        let done = running.into_iter().map(|thread| thread.join());
        done.map(|codes| codes.expect("a thread that ends")).sum()
    });
    let codes = u32::try_from(codes / 1000).map_or(f64::INFINITY, f64::from) * 1000.0;
    codes / began.elapsed().as_secs_f64()
}

fn main() {
    let Some(options) = Options::read("threads") else {
        return;
    };
    record_backend();
    let time = options.time(Duration::from_secs(2));
    let hotp = hotp();
    let wrong = wrong_code(&hotp, 0, 108);
    let most = std::thread::available_parallelism().map_or(1, NonZero::get);
    let most = u64::try_from(most).unwrap_or(1);
    for (name, work) in WORKS {
        let mut threads = 1;
        while threads <= most {
            let value = rate(&hotp, &wrong, work, threads, time);
            println!("{name}: {threads} threads, {:.2} M codes/s", value / 1e6);
            record(&Measured {
                group: "threads",
                name,
                at: Some(threads),
                value,
                unit: "codes/s",
            });
            threads *= 2;
        }
    }
}
