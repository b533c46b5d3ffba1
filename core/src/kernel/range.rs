//! HMACs of consecutive counters under one key.

use super::backend::Lanes;
use super::crossover::Crossover;
use super::in_lanes::InLanes;
use super::states::States;
use super::values::{TOGETHER, Values};

/// Computes the truncated HMACs of `count` consecutive counters from `first` on
/// and passes them to `put` in ascending order, up to [`TOGETHER`] at a time.
/// Counters wrap around after `u64::MAX`.
pub(super) fn range<H: InLanes>(
    lanes: Lanes,
    crossover: Crossover,
    key: &States<H>,
    first: u64,
    count: usize,
    put: &mut dyn FnMut(&mut Values),
) {
    let mut counter = first;
    let mut values = Values::new();
    let in_lanes = crossover.of(count);
    let mut left = in_lanes;
    while left > 0 {
        let now = left.min(H::LANES);
        H::run_range(lanes, key, counter, &mut values, now);
        counter = counter.wrapping_add(now as u64);
        left -= now;
        put(&mut values);
    }
    let mut left = count - in_lanes;
    while left > 0 {
        values.count = left.min(TOGETHER);
        let (pairs, last) = values.all().as_chunks_mut::<2>();
        for pair in pairs {
            *pair = key.two_truncated([counter, counter.wrapping_add(1)]);
            counter = counter.wrapping_add(2);
        }
        for value in last {
            *value = key.truncated(counter);
            counter = counter.wrapping_add(1);
        }
        left -= values.count;
        put(&mut values);
    }
}
