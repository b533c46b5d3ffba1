//! Compares every available backend with the portable one, which in turn is
//! tested against the crates `sha1` and `sha2` and the vectors of the RFCs.

use std::println;
use std::vec::Vec;

use super::arch::portable::Portable;
use super::backend::{Lanes, backend, forced};
use super::batch::Group;
use super::in_lanes::InLanes;
use super::lanes::{Blocks256, LANES_32, only_block, only_block_of_16};
use super::range::range;
use super::sha::{Hash, Sha1, Sha256, Sha512};
use super::states::States;
use super::values::Values;
use super::{Prepared, digest_of_16, hash};
use crate::algorithm::Algorithm;

/// Pseudo-random numbers (Marsaglia's xorshift): a regular pattern could hide
/// swapped lanes.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn bytes(&mut self, len: usize) -> Vec<u8> {
        (0..len).map(|_| self.next().to_be_bytes()[0]).collect()
    }
}

/// The available backends, widest first, with the portable one last.
fn every() -> Vec<Lanes> {
    let offered = Lanes::offered().into_iter().flatten();
    offered.chain([Lanes::Portable(Portable)]).collect()
}

/// Counters at which 32 or 64 bits overflow, and random ones.
fn counters(numbers: &mut Numbers) -> Vec<u64> {
    let mut counters = Vec::from([0, 1, u64::MAX - 20, u64::from(u32::MAX) - 7]);
    counters.extend((0..20).map(|_| numbers.next()));
    counters
}

/// Checks one hash on one backend: ranges of consecutive counters and batches
/// of keys, in every count beyond two full groups.
fn conforms<H: InLanes>(lanes: Lanes, algorithm: Algorithm) {
    let mut numbers = Numbers(0x9e37_79b9_7f4a_7c15);
    let mut offsets = [false; 16];
    let first = counters(&mut numbers);
    for (index, first) in first.iter().enumerate() {
        let secret = numbers.bytes(1 + 7 * index);
        let key = Prepared::new(algorithm, &secret);
        let states = States::<H>::new(&secret);
        let count = 1 + index % 40;
        let mut values = Vec::new();
        range(
            lanes,
            H::crossover(lanes),
            &states,
            *first,
            count,
            &mut |some| {
                values.extend_from_slice(some.all());
            },
        );
        assert_eq!(values.len(), count);
        for (offset, value) in (0..).zip(&values) {
            let counter = first.wrapping_add(offset);
            let mac = key.mac(&[&counter.to_be_bytes()]);
            assert_eq!(*value, mac.dynamic_truncation());
            offsets[usize::from(mac.as_bytes()[algorithm.output_len() - 1] & 15)] = true;
        }
    }
    assert_eq!(offsets, [true; 16], "every offset of the truncation");

    let secrets: Vec<Vec<u8>> = (0..37).map(|_| numbers.bytes(20)).collect();
    let keys: Vec<States<H>> = secrets.iter().map(|secret| States::new(secret)).collect();
    let jobs: Vec<(&States<H>, u64)> = keys.iter().map(|key| (key, numbers.next())).collect();
    for count in 0..=jobs.len() {
        let mut seen = 0;
        let mut put = |index: usize, value| {
            let key = Prepared::new(algorithm, &secrets[index]);
            let mac = key.mac(&[&jobs[index].1.to_be_bytes()]);
            assert_eq!(value, mac.dynamic_truncation());
            assert_eq!(index, seen);
            seen += 1;
        };
        let mut group = Group::<H, usize>::new(lanes);
        for (index, (key, counter)) in jobs[..count].iter().enumerate() {
            group.take(key, *counter, index, &mut put);
        }
        group.finish(&mut put);
        assert_eq!(seen, count);
    }
}

/// Runs the lane kernel directly, bypassing the crossover, for every number of
/// lanes, and compares it with the portable kernel.
fn every_count<H: InLanes>(lanes: Lanes) {
    let mut numbers = Numbers(0x2545_f491_4f6c_dd1d);
    for count in 1..=H::LANES {
        let (mut columns, mut ours, mut theirs) = (H::columns(), Values::new(), Values::new());
        for lane in (0..H::LANES).step_by(4) {
            let four = [(); 4].map(|()| (States::new(&numbers.bytes(32)), numbers.next()));
            let four = four.each_ref().map(|(key, counter)| (key, *counter));
            H::set_four(&mut columns, lane, four);
        }
        H::run_each(lanes, &columns, &mut ours, count);
        H::run_each(Lanes::Portable(Portable), &columns, &mut theirs, count);
        assert_eq!(ours.all(), theirs.all());
        assert_eq!(ours.count, count);
    }
}

fn every_block(lanes: Lanes) {
    let mut numbers = Numbers(0xda94_2042_e4dd_58b5);
    for count in 1..=LANES_32 {
        let messages: Vec<Vec<u8>> = (0..count).map(|lane| numbers.bytes(lane)).collect();
        let mut blocks = Blocks256::new();
        blocks.set_every_state(&Sha256::INITIAL);
        let padded: Vec<_> = messages.iter().map(|text| only_block(0, text)).collect();
        blocks.set_blocks(&padded);
        lanes.blocks256(&mut blocks, count);
        for (lane, message) in messages.iter().enumerate() {
            assert_eq!(
                blocks.digest(lane),
                hash(Algorithm::Sha256, &[message.as_slice()]).as_bytes()
            );
        }
    }
}

#[test]
fn a_block_of_sixteen_bytes_is_a_block() {
    for len in 0..=16 {
        let mut text = [0; 16];
        text[..len].fill(0xa5);
        assert_eq!(only_block_of_16(&text, len), only_block(0, &text[..len]));
        let digest = hash(Algorithm::Sha256, &[&text[..len]]);
        assert_eq!(digest_of_16(&text, len), digest.as_bytes());
    }
}

#[test]
fn every_backend_is_the_portable_one() {
    for lanes in every() {
        println!("{} is here", lanes.name());
        conforms::<Sha1>(lanes, Algorithm::Sha1);
        conforms::<Sha256>(lanes, Algorithm::Sha256);
        conforms::<Sha512>(lanes, Algorithm::Sha512);
        every_count::<Sha1>(lanes);
        every_count::<Sha256>(lanes);
        every_count::<Sha512>(lanes);
        every_block(lanes);
    }
}

/// The forced backend is in use, or the test prints that it was not run.
#[test]
fn the_backend_is_the_forced_one() {
    let here = every().into_iter().map(Lanes::name).collect::<Vec<_>>();
    let expected = match forced() {
        Some(name) if here.contains(&name) => name,
        Some(name) => {
            println!("NOT RUN: this processor has no {name}");
            "portable"
        }
        None => here[0],
    };
    println!("backend: {}", backend());
    assert_eq!(backend().lanes(), expected);
}
