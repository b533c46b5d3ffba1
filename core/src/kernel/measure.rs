//! Measures the crossover points in the tables of the instruction sets.
//!
//! ```text
//! MPASS_MEASURE=1 cargo test --profile bench -p mpass-core --lib -- --nocapture counts
//! ```
//!
//! Without the variable everything runs once, and the results of the lanes are
//! compared with single codes.

use core::hint::black_box;
use std::println;
use std::string::String;
use std::time::Instant;
use std::vec::Vec;

use super::arch::portable::Portable;
use super::backend::{Lanes, backend};
use super::crossover::Crossover;
use super::in_lanes::InLanes;
use super::range::range;
use super::sha::{Sha1, Sha256, Sha512};
use super::states::States;
use crate::algorithm::Algorithm;

/// How many times to measure, and how many calls per measurement.
#[derive(Clone, Copy)]
struct Effort {
    times: u32,
    calls: u32,
}

impl Effort {
    fn asked() -> Self {
        let (times, calls) = match std::env::var_os("MPASS_MEASURE") {
            Some(_) => (300, 200),
            None => (1, 1),
        };
        Self { times, calls }
    }

    /// The shortest time per call, in nanoseconds.
    fn shortest(self, mut work: impl FnMut()) -> f64 {
        let mut shortest = f64::INFINITY;
        for _ in 0..self.times {
            let start = Instant::now();
            for _ in 0..self.calls {
                work();
            }
            shortest = shortest.min(start.elapsed().as_secs_f64());
        }
        shortest * 1e9 / f64::from(self.calls)
    }
}

fn table<H: InLanes>(algorithm: Algorithm, effort: Effort) {
    let key = States::<H>::new(b"12345678901234567890");
    let mut counter = 0;
    let mut time = |lanes: Lanes, crossover: Crossover, count: usize| {
        effort.shortest(|| {
            counter += 1;
            let mut next = counter;
            range(lanes, crossover, &key, counter, count, &mut |values| {
                black_box(&values.buffer);
                if effort.times == 1 {
                    for value in values.all() {
                        assert_eq!(*value, key.truncated(next), "{}", lanes.name());
                        next += 1;
                    }
                }
            });
        })
    };
    let counts = 1..=H::LANES;
    let here = Lanes::chosen();
    let singly: Vec<f64> = counts
        .clone()
        .map(|count| time(here, Crossover::NONE, count))
        .collect();
    println!("{algorithm}, one after the other, ns:{}", row(&singly));
    for lanes in Lanes::offered()
        .into_iter()
        .flatten()
        .chain([Lanes::Portable(Portable)])
    {
        let in_lanes = counts
            .clone()
            .map(|count| time(lanes, Crossover::ALL, count));
        println!(
            "  {}:{}",
            lanes.name(),
            row(&in_lanes.collect::<Vec<f64>>())
        );
    }
}

fn row(times: &[f64]) -> String {
    times
        .iter()
        .map(|time| std::format!(" {time:.0}"))
        .collect()
}

#[test]
fn counts() {
    let effort = Effort::asked();
    println!("{}", backend());
    table::<Sha1>(Algorithm::Sha1, effort);
    table::<Sha256>(Algorithm::Sha256, effort);
    table::<Sha512>(Algorithm::Sha512, effort);
}
