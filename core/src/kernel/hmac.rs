//! HMAC (RFC 2104) over saved inner and outer states.

use super::arch::portable::Portable;
use super::backend::Lanes;
use super::lanes::truncation_32;
use super::many::{self, InLanes, Values};
use super::sha::{Hash, Sha1, Sha256, Sha512};
use super::wipe::wipe;
use crate::algorithm::Algorithm;

/// A hash or HMAC value of 20, 32 or 64 bytes; wiped on drop.
pub(crate) struct Digest {
    bytes: [u8; 64],
    len: usize,
}

impl Digest {
    /// The value of a final state, which is wiped.
    pub(super) fn of<H: Hash>(mut state: H::State) -> Self {
        let mut bytes = [0; 64];
        let len = H::output(&state, &mut bytes);
        H::wipe_state(&mut state);
        Self { bytes, len }
    }

    /// The value, 20, 32 or 64 bytes.
    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.bytes[..self.len]
    }

    /// The first `N` bytes, at most 20 so that every algorithm has them.
    pub(crate) fn truncated<const N: usize>(&self) -> [u8; N] {
        const { assert!(N <= 20) };
        let mut out = [0; N];
        out.copy_from_slice(&self.bytes[..N]);
        out
    }

    /// The first 32 bytes; zeros follow the 20 of SHA-1.
    pub(crate) fn first_32(&self) -> [u8; 32] {
        let mut out = [0; 32];
        out.copy_from_slice(&self.bytes[..32]);
        out
    }

    /// The 31 bits at the offset that the last byte names: RFC 4226 section
    /// 5.3, with erratum 6756.
    pub(crate) fn dynamic_truncation(&self) -> u32 {
        let words = self.bytes.as_chunks().0;
        let word = |index: usize| u32::from_be_bytes(words[index]);
        let last = word((self.len / 4).max(1) - 1);
        truncation_32(Portable, core::array::from_fn(word), last)
    }
}

impl Drop for Digest {
    fn drop(&mut self) {
        wipe(&mut self.bytes);
    }
}

/// A hash being fed: state, the open block and the bytes taken so far.
struct Stream<H: Hash> {
    state: H::State,
    block: H::Block,
    filled: usize,
    total: u64,
}

impl<H: Hash> Stream<H> {
    /// Continues from `state`, which has taken `total` bytes in whole blocks.
    fn resume(state: H::State, total: u64) -> Self {
        Self {
            state,
            block: H::ZERO,
            filled: 0,
            total,
        }
    }

    fn update(&mut self, mut bytes: &[u8]) {
        self.total = self.total.wrapping_add(bytes.len() as u64);
        while !bytes.is_empty() {
            let room = &mut self.block.as_mut()[self.filled..];
            let taken = room.len().min(bytes.len());
            let (now, later) = bytes.split_at(taken);
            room[..taken].copy_from_slice(now);
            self.filled += taken;
            bytes = later;
            if self.filled == self.block.as_ref().len() {
                H::compress(&mut self.state, &self.block);
                self.filled = 0;
            }
        }
    }

    /// The final state.
    fn finish(mut self) -> H::State {
        let bits = self.total.wrapping_mul(8).to_be_bytes();
        let block = self.block.as_mut();
        block[self.filled] = 0x80;
        block[self.filled + 1..].fill(0);
        if self.filled + 1 + H::LENGTH_BYTES > block.len() {
            H::compress(&mut self.state, &self.block);
            self.block.as_mut().fill(0);
        }
        let block = self.block.as_mut();
        let end = block.len() - bits.len();
        block[end..].copy_from_slice(&bits);
        H::compress(&mut self.state, &self.block);
        self.state
    }
}

impl<H: Hash> Drop for Stream<H> {
    fn drop(&mut self) {
        H::wipe_state(&mut self.state);
        H::wipe_block(&mut self.block);
    }
}

/// The final state after `parts`, where `state` has taken `total` bytes in
/// whole blocks.
fn finish<'a, H: Hash>(
    state: H::State,
    total: u64,
    parts: impl IntoIterator<Item = &'a [u8]>,
) -> H::State {
    let mut stream = Stream::<H>::resume(state, total);
    for part in parts {
        stream.update(part);
    }
    stream.finish()
}

/// The same where one block has been taken and what is left fits the next one
/// with its padding: `write` puts it there and says how long it is.
fn finish_in_one_block<H: Hash>(
    mut state: H::State,
    write: impl FnOnce(&mut [u8]) -> usize,
) -> H::State {
    let mut block = H::ZERO;
    let bytes = block.as_mut();
    let len = write(bytes);
    let bits = 8 * (bytes.len() + len) as u64;
    bytes[len] = 0x80;
    let (_, end) = bytes.split_at_mut(bytes.len() - 8);
    end.copy_from_slice(&bits.to_be_bytes());
    H::compress(&mut state, &block);
    H::wipe_block(&mut block);
    state
}

fn digest<'a, H: Hash>(parts: impl IntoIterator<Item = &'a [u8]>) -> Digest {
    Digest::of::<H>(finish::<H>(H::INITIAL, 0, parts))
}

/// The truncated HMAC of a counter under a key that is used once.
pub(crate) fn truncated_once(algorithm: Algorithm, secret: &[u8], counter: u64) -> u32 {
    fn under<H: Hash>(secret: &[u8], counter: u64) -> u32 {
        let mut block = H::ZERO;
        fill_key::<H>(secret, &mut block);
        let value = match H::truncated_under(&block, counter) {
            Some(value) => value,
            None => States::<H>::of_block(&mut block).truncated(counter),
        };
        H::wipe_block(&mut block);
        value
    }
    match algorithm {
        Algorithm::Sha1 => under::<Sha1>(secret, counter),
        Algorithm::Sha256 => under::<Sha256>(secret, counter),
        Algorithm::Sha512 => under::<Sha512>(secret, counter),
    }
}

pub(super) fn hash(algorithm: Algorithm, parts: &[&[u8]]) -> Digest {
    let parts = parts.iter().copied();
    match algorithm {
        Algorithm::Sha1 => digest::<Sha1>(parts),
        Algorithm::Sha256 => digest::<Sha256>(parts),
        Algorithm::Sha512 => digest::<Sha512>(parts),
    }
}

/// Writes bytes to the front of a block, which has room for them: eight at a
/// time, so that whoever loads eight of them at once need not wait until they
/// are in the cache.
#[inline]
fn write_in_words(bytes: &[u8], block: &mut [u8]) {
    let (words, rest) = bytes.as_chunks::<8>();
    let places = block.as_chunks_mut::<8>().0;
    for (place, word) in places.iter_mut().zip(words) {
        *place = *word;
    }
    if let Some(place) = places.get_mut(words.len()) {
        let mut last = 0;
        for (index, byte) in rest.iter().enumerate() {
            last |= u64::from(*byte) << (8 * index);
        }
        *place = last.to_le_bytes();
    }
}

/// Writes a key to a block of zeros.
#[inline(always)]
fn fill_key<H: Hash>(secret: &[u8], block: &mut H::Block) {
    if secret.len() > block.as_ref().len() {
        hash_key::<H>(secret, block);
    } else {
        write_in_words(secret, block.as_mut());
    }
}

/// Writes the hash of a key that is longer than a block.
#[cold]
fn hash_key<H: Hash>(secret: &[u8], block: &mut H::Block) {
    let hashed = digest::<H>([secret]);
    block.as_mut()[..hashed.len].copy_from_slice(hashed.as_bytes());
}

/// The states after the padded key block, inner and outer.
pub(super) struct States<H: Hash> {
    pub(super) inner: H::State,
    pub(super) outer: H::State,
}

impl<H: Hash> Clone for States<H> {
    fn clone(&self) -> Self {
        Self {
            inner: self.inner,
            outer: self.outer,
        }
    }
}

impl<H: Hash> States<H> {
    /// Inlined, so that they are made where they stay.
    #[inline(always)]
    pub(super) fn new(secret: &[u8]) -> Self {
        let mut block = H::ZERO;
        fill_key::<H>(secret, &mut block);
        let states = Self::of_block(&mut block);
        H::wipe_block(&mut block);
        states
    }

    /// From the block of a key, which is used up.
    #[inline(always)]
    fn of_block(block: &mut H::Block) -> Self {
        let mut states = Self {
            inner: H::INITIAL,
            outer: H::INITIAL,
        };
        let both = H::compress_key(&mut states.inner, &mut states.outer, block);
        if !both {
            states.take_key(block);
        }
        states
    }

    /// Compresses both blocks of a key, one after the other.
    fn take_key(&mut self, block: &mut H::Block) {
        block.as_mut().iter_mut().for_each(|byte| *byte ^= 0x36);
        H::compress(&mut self.inner, block);
        let both = 0x36 ^ 0x5c;
        block.as_mut().iter_mut().for_each(|byte| *byte ^= both);
        H::compress(&mut self.outer, block);
    }

    fn mac<'a>(&self, parts: impl IntoIterator<Item = &'a [u8]>) -> Digest {
        let block_len = H::ZERO.as_ref().len() as u64;
        self.outer(finish::<H>(self.inner, block_len, parts))
    }

    /// The truncated HMAC of a counter, 31 bits.
    #[inline]
    pub(super) fn truncated(&self, counter: u64) -> u32 {
        match H::truncated_of_counter(&self.inner, &self.outer, counter) {
            Some(value) => value,
            None => self.truncated_by_blocks(counter),
        }
    }

    /// The same of two counters.
    #[inline]
    pub(super) fn two_truncated(&self, counters: [u64; 2]) -> [u32; 2] {
        match H::truncated_of_two(&self.inner, &self.outer, counters) {
            Some(values) => values,
            None => counters.map(|counter| self.truncated(counter)),
        }
    }

    /// The same by one compression after the other.
    fn truncated_by_blocks(&self, counter: u64) -> u32 {
        let mut inner = finish_in_one_block::<H>(self.inner, |block| {
            block[..8].copy_from_slice(&counter.to_be_bytes());
            8
        });
        let mut mac = finish_in_one_block::<H>(self.outer, |block| H::output(&inner, block));
        H::wipe_state(&mut inner);
        let value = H::truncated(&mac);
        H::wipe_state(&mut mac);
        value
    }

    /// The MAC from the final inner state, which is wiped.
    pub(super) fn outer(&self, mut inner: H::State) -> Digest {
        let outer = finish_in_one_block::<H>(self.outer, |block| H::output(&inner, block));
        H::wipe_state(&mut inner);
        Digest::of::<H>(outer)
    }
}

impl<H: InLanes> States<H> {
    /// The truncated HMACs of consecutive counters.
    fn truncated_range(&self, first: u64, count: usize, put: &mut dyn FnMut(&mut Values)) {
        let lanes = Lanes::chosen();
        many::range(lanes, H::pays(lanes), self, first, count, put);
    }
}

impl<H: Hash> Drop for States<H> {
    fn drop(&mut self) {
        H::wipe_state(&mut self.inner);
        H::wipe_state(&mut self.outer);
    }
}

/// An HMAC key prepared once: every later MAC of a short message costs two
/// compressions. Wiped on drop.
#[derive(Clone)]
pub(crate) struct Prepared(Inner);

#[derive(Clone)]
pub(super) enum Inner {
    Sha1(States<Sha1>),
    Sha256(States<Sha256>),
    Sha512(States<Sha512>),
}

impl Prepared {
    /// Takes a key of any length, as RFC 2104 does.
    pub(crate) fn new(algorithm: Algorithm, secret: &[u8]) -> Self {
        Self(match algorithm {
            Algorithm::Sha1 => Inner::Sha1(States::new(secret)),
            Algorithm::Sha256 => Inner::Sha256(States::new(secret)),
            Algorithm::Sha512 => Inner::Sha512(States::new(secret)),
        })
    }

    /// HMAC of `parts`, concatenated.
    pub(crate) fn mac(&self, parts: &[&[u8]]) -> Digest {
        self.mac_iter(parts.iter().copied())
    }

    /// HMAC of `parts`, concatenated.
    pub(crate) fn mac_iter<'a>(&self, parts: impl IntoIterator<Item = &'a [u8]>) -> Digest {
        match &self.0 {
            Inner::Sha1(states) => states.mac(parts),
            Inner::Sha256(states) => states.mac(parts),
            Inner::Sha512(states) => states.mac(parts),
        }
    }

    /// The truncated HMAC of a counter (RFC 4226 section 5.3), 31 bits.
    pub(crate) fn truncated(&self, counter: u64) -> u32 {
        match &self.0 {
            Inner::Sha1(states) => states.truncated(counter),
            Inner::Sha256(states) => states.truncated(counter),
            Inner::Sha512(states) => states.truncated(counter),
        }
    }

    /// The same of `count` consecutive counters, put in their order,
    /// some at a time; after the largest counter comes 0.
    pub(crate) fn truncated_range(
        &self,
        first: u64,
        count: usize,
        put: &mut dyn FnMut(&mut Values),
    ) {
        match &self.0 {
            Inner::Sha1(states) => states.truncated_range(first, count, put),
            Inner::Sha256(states) => states.truncated_range(first, count, put),
            Inner::Sha512(states) => states.truncated_range(first, count, put),
        }
    }

    pub(super) fn inner(&self) -> &Inner {
        &self.0
    }

    pub(crate) fn algorithm(&self) -> Algorithm {
        match &self.0 {
            Inner::Sha1(_) => Algorithm::Sha1,
            Inner::Sha256(_) => Algorithm::Sha256,
            Inner::Sha512(_) => Algorithm::Sha512,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hex(bytes: &[u8]) -> std::string::String {
        bytes
            .iter()
            .map(|byte| std::format!("{byte:02x}"))
            .collect()
    }

    // RFC 4226 section 5.3 as it is written, at every offset.
    #[test]
    fn truncates_at_every_offset() {
        for algorithm in [Algorithm::Sha1, Algorithm::Sha256, Algorithm::Sha512] {
            let mut seen = [false; 16];
            for message in 0u32..500 {
                let mac = hash(algorithm, &[&message.to_be_bytes()]);
                let bytes = mac.as_bytes();
                let offset = usize::from(bytes[bytes.len() - 1] & 15);
                let at: [u8; 4] = bytes[offset..offset + 4].try_into().unwrap();
                assert_eq!(
                    mac.dynamic_truncation(),
                    u32::from_be_bytes(at) & 0x7fff_ffff
                );
                seen[offset] = true;
            }
            assert_eq!(seen, [true; 16]);
        }
    }

    // RFC 2202 case 2 and RFC 4231 case 2.
    #[test]
    fn mac_of_jefe() {
        for (algorithm, expected) in [
            (Algorithm::Sha1, "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"),
            (
                Algorithm::Sha256,
                "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
            ),
            (
                Algorithm::Sha512,
                "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea2505549758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737",
            ),
        ] {
            let key = Prepared::new(algorithm, b"Jefe");
            let mac = key.mac(&[b"what do ya want ", b"for nothing?"]);
            assert_eq!(hex(mac.as_bytes()), expected);
        }
    }

    #[test]
    fn truncated_mac_of_a_counter_is_that_of_its_bytes() {
        for algorithm in [Algorithm::Sha1, Algorithm::Sha256, Algorithm::Sha512] {
            let key = Prepared::new(algorithm, b"Jefe");
            let mut seen = [false; 16];
            for counter in (0..500).chain([0x0123_4567_89ab_cdef, u64::MAX]) {
                let mac = key.mac(&[&counter.to_be_bytes()]);
                assert_eq!(key.truncated(counter), mac.dynamic_truncation());
                seen[usize::from(mac.as_bytes()[algorithm.output_len() - 1] & 15)] = true;
            }
            assert_eq!(seen, [true; 16], "every offset");
        }
    }

    // RFC 2202 case 6 and RFC 4231 case 6: a key longer than a block.
    #[test]
    fn long_key_is_hashed_first() {
        let message: &[u8] = b"Test Using Larger Than Block-Size Key - Hash Key First";
        let mac = Prepared::new(Algorithm::Sha1, &[0xaa; 80]).mac(&[message]);
        assert_eq!(
            hex(mac.as_bytes()),
            "aa4ae5e15272d00e95705637ce8a3b55ed402112"
        );
        let mac = Prepared::new(Algorithm::Sha256, &[0xaa; 131]).mac(&[message]);
        assert_eq!(
            hex(mac.as_bytes()),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
        );
    }

    #[test]
    fn padding_at_every_length() {
        use sha1::Digest as _;
        let message = [0x5a; 300];
        for len in 0..message.len() {
            let part = &message[..len];
            assert_eq!(
                hash(Algorithm::Sha1, &[part]).as_bytes(),
                sha1::Sha1::digest(part).as_slice()
            );
            assert_eq!(
                hash(Algorithm::Sha256, &[part]).as_bytes(),
                sha2::Sha256::digest(part).as_slice()
            );
            assert_eq!(
                hash(Algorithm::Sha512, &[part]).as_bytes(),
                sha2::Sha512::digest(part).as_slice()
            );
        }
    }
}
