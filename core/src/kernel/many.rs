//! HMACs of many counters and hashes of many short texts, side by side.

use super::backend::Lanes;
use super::hmac::{Inner, Prepared};
use super::lanes::{Blocks256, Columns1, Columns256, Columns512, LANES_32, LANES_64, Macs, halves};
use super::message::Digest;
use super::pays::Pays;
use super::sha::{Hash, Sha1, Sha256, Sha512};
use super::states::States;
use super::wipe::wipe;

/// A hash that the lanes have.
pub(super) trait InLanes: Hash + Sized {
    /// Keys and counters side by side.
    type Columns;
    /// How many.
    const LANES: usize;

    fn columns() -> Self::Columns;
    fn set_four(columns: &mut Self::Columns, lane: usize, four: [(&States<Self>, u64); 4]);
    /// Computes the values of `count` consecutive counters under one key.
    fn run_range(lanes: Lanes, key: &States<Self>, first: u64, values: &mut Values, count: usize);
    /// Computes the values of the first `count` columns.
    fn run_each(lanes: Lanes, columns: &Self::Columns, values: &mut Values, count: usize);
    /// Which of a count pay in lanes.
    fn pays(lanes: Lanes) -> Pays;
}

macro_rules! in_lanes {
    ($hash:ident, $columns:ident of $lanes:ident, $run:ident, $fill:ident, $pays:ident, $words:expr) => {
        impl InLanes for $hash {
            type Columns = $columns;
            const LANES: usize = $lanes;

            fn columns() -> $columns {
                $columns::new()
            }
            #[inline]
            fn set_four(columns: &mut $columns, lane: usize, four: [(&States<Self>, u64); 4]) {
                let columns_of = four.map(|job| (&job.0.inner, &job.0.outer, $words(job.1)));
                columns.set_four(lane, columns_of);
            }
            #[inline]
            fn run_range(
                lanes: Lanes,
                key: &States<Self>,
                first: u64,
                values: &mut Values,
                count: usize,
            ) {
                let macs = Macs::Range(&key.inner, &key.outer, first);
                values.$fill(count, |words| lanes.$run(macs, words, count));
            }
            #[inline]
            fn run_each(lanes: Lanes, columns: &$columns, values: &mut Values, count: usize) {
                let macs = Macs::Each(columns);
                values.$fill(count, |words| lanes.$run(macs, words, count));
            }
            fn pays(lanes: Lanes) -> Pays {
                lanes.pays().$pays
            }
        }
    };
}

in_lanes!(Sha1, Columns1 of LANES_32, hotp1, fill_32, sha1, halves);
in_lanes!(Sha256, Columns256 of LANES_32, hotp256, fill_32, sha256, halves);
in_lanes!(Sha512, Columns512 of LANES_64, hotp512, fill_64, sha512, |counter| [counter]);

/// The most values that come together.
pub(crate) const TOGETHER: usize = LANES_32;

/// Truncated values: the first `count` of them. What is behind those is none of
/// them, and may be computed with as it comes. Wiped on drop.
pub(crate) struct Values {
    pub(crate) room: [u32; TOGETHER],
    pub(crate) count: usize,
}

impl Values {
    pub(crate) fn new() -> Self {
        Self {
            room: [0; TOGETHER],
            count: 0,
        }
    }

    /// Those that there are.
    #[inline]
    pub(crate) fn all(&mut self) -> &mut [u32] {
        let count = self.count.min(TOGETHER);
        &mut self.room[..count]
    }

    /// Takes one more, where there is room; whether there is none left.
    #[inline]
    pub(crate) fn push(&mut self, value: u32) -> bool {
        if let Some(slot) = self.room.get_mut(self.count) {
            *slot = value;
            self.count += 1;
        }
        self.count >= TOGETHER
    }

    #[inline]
    fn fill_32(&mut self, count: usize, fill: impl FnOnce(&mut [u32; LANES_32])) {
        fill(&mut self.room);
        self.count = count;
    }

    /// From words of 64 bits, of which a truncated value has 31.
    #[inline]
    fn fill_64(&mut self, count: usize, fill: impl FnOnce(&mut [u64; LANES_64])) {
        let mut words = [0; LANES_64];
        fill(&mut words);
        for (value, word) in self.room.iter_mut().zip(words) {
            let [.., a, b, c, d] = word.to_be_bytes();
            *value = u32::from_be_bytes([a, b, c, d]);
        }
        wipe(&mut words);
        self.count = count;
    }
}

impl Drop for Values {
    fn drop(&mut self) {
        wipe(&mut self.room);
    }
}

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
