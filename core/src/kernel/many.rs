//! HMACs of many counters and hashes of many short texts, side by side.

use super::backend::{Lanes, Pays};
use super::hmac::{Digest, Inner, Prepared, States};
use super::lanes::{
    Blocks256, Counters32, Counters64, Keys, Keys1, Keys256, Keys512, LANES_32, LANES_64, Messages,
    only_block,
};
use super::sha::{Hash, Sha1, Sha256, Sha512};

/// A hash that the lanes have.
pub(super) trait InLanes: Hash + Sized {
    /// Keys side by side.
    type Keys;
    /// Counters and the values that come of them, side by side.
    type Counters;
    /// How many.
    const LANES: usize;

    fn keys() -> Self::Keys;
    fn set_key(keys: &mut Self::Keys, lane: usize, key: &States<Self>);
    fn counters() -> Self::Counters;
    fn set_counter(counters: &mut Self::Counters, lane: usize, counter: u64);
    /// Computes the first `count` values under one key.
    fn run_one(lanes: Lanes, key: &States<Self>, counters: &mut Self::Counters, count: usize);
    /// The same, each under its own key.
    fn run_each(lanes: Lanes, keys: &Self::Keys, counters: &mut Self::Counters, count: usize);
    fn value(counters: &Self::Counters, lane: usize) -> u32;
    /// Which of a count pay in lanes.
    fn pays(lanes: Lanes) -> Pays;
}

macro_rules! in_lanes {
    (
        $hash:ident, $keys:ident, $counters:ident of $lanes:ident,
        $run:ident, $pays:ident, $words:expr, $value:expr
    ) => {
        impl InLanes for $hash {
            type Keys = $keys;
            type Counters = $counters;
            const LANES: usize = $lanes;

            fn keys() -> $keys {
                $keys::new()
            }
            #[inline]
            fn set_key(keys: &mut $keys, lane: usize, key: &States<Self>) {
                keys.set(lane, &key.inner, &key.outer);
            }
            fn counters() -> $counters {
                $counters::new()
            }
            #[inline]
            fn set_counter(counters: &mut $counters, lane: usize, counter: u64) {
                counters.set(lane, $words(counter));
            }
            fn run_one(lanes: Lanes, key: &States<Self>, counters: &mut $counters, count: usize) {
                lanes.$run(Keys::One(&key.inner, &key.outer), counters, count);
            }
            fn run_each(lanes: Lanes, keys: &$keys, counters: &mut $counters, count: usize) {
                lanes.$run(Keys::Each(keys), counters, count);
            }
            #[inline]
            fn value(counters: &$counters, lane: usize) -> u32 {
                $value(counters.values()[lane])
            }
            fn pays(lanes: Lanes) -> Pays {
                lanes.$pays()
            }
        }
    };
}

in_lanes!(
    Sha1, Keys1, Counters32 of LANES_32,
    hotp1, pays1, halves, core::convert::identity
);
in_lanes!(
    Sha256, Keys256, Counters32 of LANES_32,
    hotp256, pays256, halves, core::convert::identity
);
in_lanes!(
    Sha512, Keys512, Counters64 of LANES_64,
    hotp512, pays512, |counter| [counter], lower
);

fn halves(counter: u64) -> [u32; 2] {
    let [a, b, c, d, e, f, g, h] = counter.to_be_bytes();
    [
        u32::from_be_bytes([a, b, c, d]),
        u32::from_be_bytes([e, f, g, h]),
    ]
}

/// A truncated value, which has 31 bits in whatever word.
#[allow(clippy::cast_possible_truncation)]
fn lower(value: u64) -> u32 {
    value as u32
}

/// The truncated HMACs of consecutive counters; the counter after the largest
/// one is 0.
pub(super) fn range<H: InLanes>(
    lanes: Lanes,
    pays: Pays,
    key: &States<H>,
    first: u64,
    values: &mut [u32],
) {
    let mut counter = first;
    let (in_lanes, singly) = values.split_at_mut(pays.of(values.len()));
    if !in_lanes.is_empty() {
        let mut counters = H::counters();
        for values in in_lanes.chunks_mut(H::LANES) {
            for lane in 0..H::LANES {
                H::set_counter(&mut counters, lane, counter.wrapping_add(lane as u64));
            }
            H::run_one(lanes, key, &mut counters, values.len());
            for (lane, value) in values.iter_mut().enumerate() {
                *value = H::value(&counters, lane);
            }
            counter = counter.wrapping_add(values.len() as u64);
        }
    }
    for value in singly {
        *value = key.truncated(counter);
        counter = counter.wrapping_add(1);
    }
}

/// A counter under a key, with what tells its value from the others.
pub(crate) type Job<'a, Tag> = (&'a Prepared, u64, Tag);

/// Keys of one hash that wait until they fill the lanes.
pub(super) struct Group<'a, H: InLanes, Tag> {
    lanes: Lanes,
    jobs: [Option<(&'a States<H>, u64, Tag)>; LANES_32],
    count: usize,
    room: Option<(H::Keys, H::Counters)>,
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
        let jobs = self.jobs[..count].iter().flatten();
        let in_lanes = H::pays(self.lanes).of(count);
        if in_lanes > 0 {
            let room = self.room.get_or_insert_with(|| (H::keys(), H::counters()));
            let (keys, counters) = room;
            for (lane, (key, counter, _)) in jobs.clone().take(in_lanes).enumerate() {
                H::set_key(keys, lane, key);
                H::set_counter(counters, lane, *counter);
            }
            H::run_each(self.lanes, keys, counters, in_lanes);
            for (lane, (_, _, tag)) in jobs.clone().take(in_lanes).enumerate() {
                put(*tag, H::value(counters, lane));
            }
        }
        for (key, counter, tag) in jobs.skip(in_lanes) {
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

/// SHA-256 of a text of at most 55 bytes.
#[inline]
pub(crate) fn short_digest(text: &[u8]) -> [u8; 32] {
    let mut state = Sha256::INITIAL;
    let mut block = only_block(0, text);
    Sha256::compress(&mut state, &block);
    Sha256::wipe_block(&mut block);
    let mut digest = [0; 32];
    Sha256::output(&state, &mut digest);
    digest
}

/// SHA-256 of many texts of at most 55 bytes, or their HMAC under a key, in
/// which case a text has at most 55 bytes, too; `put` gets each with its place.
pub(crate) fn digest_batch<Text: AsRef<[u8]>>(
    key: Option<&[u8]>,
    texts: impl Iterator<Item = Text>,
    mut put: impl FnMut(usize, [u8; 32]),
) {
    let lanes = Lanes::chosen();
    let states = key.map(States::<Sha256>::new);
    let (state, before) = match &states {
        Some(states) => (&states.inner, 64),
        None => (&Sha256::INITIAL, 0),
    };
    let pays = Sha256::pays(lanes);
    let mut texts = texts.peekable();
    let mut messages = Messages::new();
    let mut blocks = Blocks256::new();
    let mut place = 0;
    while texts.peek().is_some() {
        let mut count = 0;
        for text in texts.by_ref().take(LANES_32) {
            messages.set(count, before, text.as_ref());
            count += 1;
        }
        let in_lanes = pays.of(count);
        if in_lanes > 0 {
            blocks.set_every_state(state);
            blocks.set_blocks(&messages, in_lanes);
            lanes.blocks256(&mut blocks, in_lanes);
            if let Some(states) = &states {
                blocks.follow_with(&states.outer);
                lanes.blocks256(&mut blocks, in_lanes);
            }
            for lane in 0..in_lanes {
                put(place, blocks.digest(lane));
                place += 1;
            }
        }
        for block in messages.rest(in_lanes, count) {
            let mut last = *state;
            Sha256::compress(&mut last, block);
            let last = match &states {
                Some(states) => states.outer(last),
                None => Digest::of::<Sha256>(last),
            };
            put(place, last.first_32());
            place += 1;
        }
    }
}
