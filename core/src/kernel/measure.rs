//! From how many codes on lanes pay: the measurements behind
//! `Lanes::pays1` and its like.
//!
//! ```text
//! cargo test --profile bench -p mpass-core --lib -- --ignored --nocapture counts
//! ```

use core::hint::black_box;
use std::println;
use std::string::String;
use std::time::Instant;
use std::vec::Vec;

use super::arch::portable::Portable;
use super::backend::{Lanes, Pays, backend};
use super::hmac::States;
use super::many::{InLanes, range};
use super::sha::{Sha1, Sha256, Sha512};
use crate::algorithm::Algorithm;

/// The shortest of many times, in nanoseconds for one call.
fn shortest(mut work: impl FnMut()) -> f64 {
    const CALLS: u32 = 200;
    let mut shortest = f64::INFINITY;
    for _ in 0..300 {
        let start = Instant::now();
        for _ in 0..CALLS {
            work();
        }
        shortest = shortest.min(start.elapsed().as_secs_f64());
    }
    shortest * 1e9 / f64::from(CALLS)
}

fn table<H: InLanes>(algorithm: Algorithm) {
    let key = States::<H>::new(b"12345678901234567890");
    let mut values = [0; 16];
    let mut counter = 0;
    let single = shortest(|| {
        counter += 1;
        black_box(key.truncated(counter));
    });
    println!("{algorithm}: one code {single:.0} ns");
    for lanes in Lanes::offered()
        .into_iter()
        .flatten()
        .chain([Lanes::Portable(Portable)])
    {
        let times: Vec<String> = (1..=H::LANES)
            .map(|count| {
                let time = shortest(|| {
                    counter += 1;
                    range(lanes, Pays::ALL, &key, counter, &mut values[..count]);
                    black_box(&values);
                });
                std::format!("{:.2}", time / single)
            })
            .collect();
        println!(
            "  {} for 1, 2, 3…, in codes: {}",
            lanes.name(),
            times.join(" ")
        );
    }
}

#[test]
#[ignore = "measures"]
fn counts() {
    println!("{}", backend());
    table::<Sha1>(Algorithm::Sha1);
    table::<Sha256>(Algorithm::Sha256);
    table::<Sha512>(Algorithm::Sha512);
}
