//! HMACs under many keys, and hashes of many short messages, side by side.

use super::backend::Lanes;
use super::hmac::{Inner, Prepared};
use super::in_lanes::InLanes;
use super::lanes::{Blocks256, LANES_32};
use super::message::Digest;
use super::sha::{Hash, Sha1, Sha256, Sha512};
use super::states::States;
use super::values::Values;

/// A counter under a key, with what tells its value from the others.
pub(crate) type Job<'a, Tag> = (&'a Prepared, u64, Tag);

/// Keys of one hash that wait until they fill the lanes.
pub(super) struct Group<'a, H: InLanes, Tag> {
    lanes: Lanes,
    jobs: [Option<(&'a States<H>, u64, Tag)>; LANES_32],
    count: usize,
    room: Option<(H::Columns, Values)>,
}

impl<'a, H: InLanes, Tag: Copy> Group<'a, H, Tag> {
    pub(super) fn new(lanes: Lanes) -> Self {
        Self {
            lanes,
            jobs: [None; LANES_32],
            count: 0,
            room: None,
        }
    }

    /// Takes a job; those that fill the lanes are computed and put with their
    /// tags, in their order.
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

    /// Computes those that wait.
    pub(super) fn finish(&mut self, put: &mut impl FnMut(Tag, u32)) {
        let count = core::mem::take(&mut self.count);
        let (in_lanes, singly) = self.jobs[..count].split_at(H::pays(self.lanes).of(count));
        if !in_lanes.is_empty() {
            let room = self
                .room
                .get_or_insert_with(|| (H::columns(), Values::new()));
            let (columns, values) = room;
            for (lane, jobs) in (0..).step_by(4).zip(in_lanes.chunks(4)) {
                // Columns after the last one get its key again.
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

/// The truncated HMACs of many keys and counters, put with their tags, those
/// of one algorithm in their order.
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

/// SHA-256 of many messages by their only blocks, or their HMAC under a key;
/// `put` gets each with its place.
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
    let pays = Sha256::pays(lanes);
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
        let (in_lanes, singly) = group[..count].split_at(pays.of(count));
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
