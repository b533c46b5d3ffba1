//! HMACs of consecutive counters under one key.

use super::backend::Lanes;
use super::in_lanes::InLanes;
use super::pays::Pays;
use super::states::States;
use super::values::{TOGETHER, Values};

/// The truncated HMACs of consecutive counters, put in their order; the counter
/// after the largest one is 0.
pub(super) fn range<H: InLanes>(
    lanes: Lanes,
    pays: Pays,
    key: &States<H>,
    first: u64,
    count: usize,
    put: &mut dyn FnMut(&mut Values),
) {
    let mut counter = first;
    let mut values = Values::new();
    let in_lanes = pays.of(count);
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
