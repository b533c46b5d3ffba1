//! HMACs under many keys, and hashes of many short messages, side by side.

use super::backend::Lanes;
use super::hmac::{Inner, Prepared};
use super::in_lanes::InLanes;
use super::lanes::{Blocks256, LANES_32};
use super::message::Digest;
use super::sha::{Hash, Sha1, Sha256, Sha512};
use super::states::States;
use super::values::Values;

/// A key, a counter, and a tag that identifies the result.
pub(crate) type Job<'a, Tag> = (&'a Prepared, u64, Tag);

/// Jobs of one hash, collected until they fill the lanes.
pub(super) struct Group<'a, H: InLanes, Tag> {
    lanes: Lanes,
    jobs: [Option<(&'a States<H>, u64, Tag)>; LANES_32],
    count: usize,
    scratch: Option<(H::Columns, Values)>,
}

impl<'a, H: InLanes, Tag: Copy> Group<'a, H, Tag> {
    pub(super) fn new(lanes: Lanes) -> Self {
        Self {
            lanes,
            jobs: [None; LANES_32],
            count: 0,
            scratch: None,
        }
    }

    /// Adds a job. Once the lanes are full, computes the collected jobs and
    /// passes their tags and values to `put` in the order they were added.
    #[inline]
    pub(super) fn take(
        &mut self,
        key: &'a States<H>,
        counter: u64,
        tag: Tag,
        put: &mut impl FnMut(Tag, u32),
    ) {
        self.jobs[self.count] = Some((key, counter, tag));
        self.count += 1;
        if self.count == H::LANES {
            self.finish(put);
        }
    }

    /// Computes the jobs collected so far.
    pub(super) fn finish(&mut self, put: &mut impl FnMut(Tag, u32)) {
        let count = core::mem::take(&mut self.count);
        let (in_lanes, singly) = self.jobs[..count].split_at(H::crossover(self.lanes).of(count));
        if !in_lanes.is_empty() {
            let scratch = self
                .scratch
                .get_or_insert_with(|| (H::columns(), Values::new()));
            let (columns, values) = scratch;
            for (lane, jobs) in (0..).step_by(4).zip(in_lanes.chunks(4)) {
                // Columns past the last job repeat that job.
                let job = |index: usize| jobs.get(index).or(jobs.last()).copied().flatten();
                if let [Some(a), Some(b), Some(c), Some(d)] = [job(0), job(1), job(2), job(3)] {
                    let four = [a, b, c, d].map(|(key, counter, _)| (key, counter));
                    H::set_four(columns, lane, four);
                }
            }
            H::run_each(self.lanes, columns, values, in_lanes.len());
            for ((_, _, tag), value) in in_lanes.iter().flatten().zip(values.all()) {
                put(*tag, *value);
            }
        }
        for (key, counter, tag) in singly.iter().flatten() {
            put(*tag, key.truncated(*counter));
        }
    }
}

/// Computes the truncated HMACs of many keys and counters and passes each to
/// `put` with its tag. Jobs of the same algorithm keep their order.
pub(crate) fn truncated_batch<'a, Tag: Copy>(
    jobs: impl Iterator<Item = Job<'a, Tag>>,
    mut put: impl FnMut(Tag, u32),
) {
    let lanes = Lanes::chosen();
    let mut group1 = Group::<Sha1, Tag>::new(lanes);
    let mut group256 = Group::<Sha256, Tag>::new(lanes);
    let mut group512 = Group::<Sha512, Tag>::new(lanes);
    for (key, counter, tag) in jobs {
        match key.inner() {
            Inner::Sha1(states) => group1.take(states, counter, tag, &mut put),
            Inner::Sha256(states) => group256.take(states, counter, tag, &mut put),
            Inner::Sha512(states) => group512.take(states, counter, tag, &mut put),
        }
    }
    group1.finish(&mut put);
    group256.finish(&mut put);
    group512.finish(&mut put);
}

/// SHA-256 of many messages of one padded block each, or their HMAC under
/// `key`. Passes each digest to `put` with the index of its message. For HMAC
/// the padding must account for the 64 bytes of the key block.
pub(crate) fn digest_batch(
    key: Option<&[u8]>,
    blocks: impl Iterator<Item = [u8; 64]>,
    mut put: impl FnMut(usize, [u8; 32]),
) {
    let lanes = Lanes::chosen();
    let states = key.map(States::<Sha256>::new);
    let state = match &states {
        Some(states) => &states.inner,
        None => &Sha256::INITIAL,
    };
    let crossover = Sha256::crossover(lanes);
    let mut blocks = blocks.peekable();
    let mut group = [[0; 64]; LANES_32];
    let mut columns = Blocks256::new();
    let mut index = 0;
    while blocks.peek().is_some() {
        let mut count = 0;
        for (slot, block) in group.iter_mut().zip(blocks.by_ref()) {
            *slot = block;
            count += 1;
        }
        let (in_lanes, singly) = group[..count].split_at(crossover.of(count));
        if !in_lanes.is_empty() {
            columns.set_every_state(state);
            columns.set_blocks(in_lanes);
            lanes.blocks256(&mut columns, in_lanes.len());
            if let Some(states) = &states {
                columns.follow_with(&states.outer);
                lanes.blocks256(&mut columns, in_lanes.len());
            }
            for lane in 0..in_lanes.len() {
                put(index, columns.digest(lane));
                index += 1;
            }
        }
        for block in singly {
            let mut last = *state;
            Sha256::compress(&mut last, block);
            let last = match &states {
                Some(states) => states.outer(last),
                None => Digest::of::<Sha256>(last),
            };
            put(index, last.first_32());
            index += 1;
        }
    }
}
