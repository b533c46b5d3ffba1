//! HMACs of many counters and hashes of many short texts, side by side.

use super::backend::{Lanes, Pays};
use super::hmac::{Digest, Prepared, States};
use super::lanes::{Blocks256, Columns1, Columns256, Columns512, LANES_32, LANES_64, Messages};
use super::sha::{Hash, Sha1, Sha256, Sha512};

/// A hash that the lanes have.
pub(super) trait InLanes: Hash + Sized {
    /// Keys, counters and values, side by side.
    type Columns;
    /// How many.
    const LANES: usize;

    fn columns() -> Self::Columns;
    fn set_every_key(columns: &mut Self::Columns, key: &States<Self>);
    fn set_key(columns: &mut Self::Columns, lane: usize, key: &States<Self>);
    fn set_counter(columns: &mut Self::Columns, lane: usize, counter: u64);
    /// Computes the first `count` values.
    fn run(lanes: Lanes, columns: &mut Self::Columns, count: usize);
    fn value(columns: &Self::Columns, lane: usize) -> u32;
    /// The states of a key of this hash.
    fn states(key: &Prepared) -> Option<&States<Self>>;
    /// Which of a count pay in lanes.
    fn pays(lanes: Lanes) -> Pays;
}

macro_rules! in_lanes {
    ($hash:ident, $columns:ident, $lanes:ident, $run:ident, $states:ident, $pays:ident, $words:expr, $value:expr) => {
        impl InLanes for $hash {
            type Columns = $columns;
            const LANES: usize = $lanes;

            fn columns() -> $columns {
                $columns::new()
            }
            fn set_every_key(columns: &mut $columns, key: &States<Self>) {
                columns.set_every_key(&key.inner, &key.outer);
            }
            #[inline]
            fn set_key(columns: &mut $columns, lane: usize, key: &States<Self>) {
                columns.set_key(lane, &key.inner, &key.outer);
            }
            #[inline]
            fn set_counter(columns: &mut $columns, lane: usize, counter: u64) {
                columns.set_counter(lane, $words(counter));
            }
            fn run(lanes: Lanes, columns: &mut $columns, count: usize) {
                lanes.$run(columns, count);
            }
            #[inline]
            fn value(columns: &$columns, lane: usize) -> u32 {
                $value(columns.values()[lane])
            }
            fn states(key: &Prepared) -> Option<&States<Self>> {
                key.$states()
            }
            fn pays(lanes: Lanes) -> Pays {
                lanes.$pays()
            }
        }
    };
}

in_lanes!(
    Sha1,
    Columns1,
    LANES_32,
    hotp1,
    sha1,
    pays1,
    halves,
    core::convert::identity
);
in_lanes!(
    Sha256,
    Columns256,
    LANES_32,
    hotp256,
    sha256,
    pays256,
    halves,
    core::convert::identity
);
in_lanes!(
    Sha512,
    Columns512,
    LANES_64,
    hotp512,
    sha512,
    pays512,
    |counter| [counter],
    lower
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
        let mut columns = H::columns();
        H::set_every_key(&mut columns, key);
        for values in in_lanes.chunks_mut(H::LANES) {
            for lane in 0..H::LANES {
                H::set_counter(&mut columns, lane, counter.wrapping_add(lane as u64));
            }
            H::run(lanes, &mut columns, values.len());
            for (lane, value) in values.iter_mut().enumerate() {
                *value = H::value(&columns, lane);
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

/// The truncated HMACs of those of `jobs` whose key is of this hash, put with
/// their tags in their order.
pub(super) fn batch<'a, H: InLanes + 'a, Tag: Copy>(
    lanes: Lanes,
    jobs: impl Iterator<Item = Job<'a, Tag>>,
    put: &mut impl FnMut(Tag, u32),
) {
    let mut jobs = jobs.filter_map(|(key, counter, tag)| Some((H::states(key)?, counter, tag)));
    let Some(mut next) = jobs.next() else {
        return;
    };
    let mut columns = H::columns();
    // As many as there are columns of the widest hash.
    let mut group = [next; LANES_32];
    loop {
        let mut count = 0;
        let mut following = Some(next);
        while count < H::LANES
            && let Some(job) = following
        {
            group[count] = job;
            count += 1;
            following = jobs.next();
        }
        compute::<H, Tag>(lanes, &mut columns, &group[..count], put);
        match following {
            Some(job) => next = job,
            None => return,
        }
    }
}

/// One group of a batch, in lanes or one after the other.
fn compute<H: InLanes, Tag: Copy>(
    lanes: Lanes,
    columns: &mut H::Columns,
    group: &[(&States<H>, u64, Tag)],
    put: &mut impl FnMut(Tag, u32),
) {
    let (in_lanes, singly) = group.split_at(H::pays(lanes).of(group.len()));
    for (lane, (key, counter, _)) in in_lanes.iter().enumerate() {
        H::set_key(columns, lane, key);
        H::set_counter(columns, lane, *counter);
    }
    H::run(lanes, columns, in_lanes.len());
    for (lane, (_, _, tag)) in in_lanes.iter().enumerate() {
        put(*tag, H::value(columns, lane));
    }
    for (key, counter, tag) in singly {
        put(*tag, key.truncated(*counter));
    }
}

/// The truncated HMACs of many keys and counters, put with their tags, those
/// of one algorithm in their order and one algorithm after the other.
pub(crate) fn truncated_batch<'a, Tag: Copy>(
    jobs: impl Iterator<Item = Job<'a, Tag>> + Clone,
    mut put: impl FnMut(Tag, u32),
) {
    let lanes = Lanes::chosen();
    batch::<Sha1, Tag>(lanes, jobs.clone(), &mut put);
    batch::<Sha256, Tag>(lanes, jobs.clone(), &mut put);
    batch::<Sha512, Tag>(lanes, jobs, &mut put);
}

/// SHA-256 of many texts of at most 55 bytes, or their HMAC under a key, in
/// which case a text has at most 55 bytes, too; `put` gets each with its place.
pub(crate) fn digest_batch<Text: AsRef<[u8]>>(
    key: Option<&Prepared>,
    texts: impl Iterator<Item = Text>,
    mut put: impl FnMut(usize, [u8; 32]),
) {
    let lanes = Lanes::chosen();
    let states = key.and_then(Prepared::sha256);
    let (state, before) = match states {
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
            if let Some(states) = states {
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
            let last = match states {
                Some(states) => states.outer(last),
                None => Digest::of::<Sha256>(last),
            };
            put(place, last.first_32());
            place += 1;
        }
    }
}
