//! A buffer of truncated values.

use super::lanes::{LANES_32, LANES_64};
use super::wipe::wipe;

/// The most values in one buffer.
pub(crate) const TOGETHER: usize = LANES_32;

/// Truncated HMACs of 31 bits: the first `count` elements of `buffer`. Elements
/// past `count` are scratch. Wiped on drop.
pub(crate) struct Values {
    pub(crate) buffer: [u32; TOGETHER],
    pub(crate) count: usize,
}

impl Values {
    pub(crate) fn new() -> Self {
        Self {
            buffer: [0; TOGETHER],
            count: 0,
        }
    }

    /// The first `count` values.
    #[inline]
    pub(crate) fn all(&mut self) -> &mut [u32] {
        let count = self.count.min(TOGETHER);
        &mut self.buffer[..count]
    }

    /// Appends a value, unless the buffer is full. Returns whether it is full
    /// now.
    #[inline]
    pub(crate) fn push(&mut self, value: u32) -> bool {
        if let Some(slot) = self.buffer.get_mut(self.count) {
            *slot = value;
            self.count += 1;
        }
        self.count >= TOGETHER
    }

    #[inline]
    pub(super) fn fill_32(&mut self, count: usize, fill: impl FnOnce(&mut [u32; LANES_32])) {
        fill(&mut self.buffer);
        self.count = count;
    }

    /// Runs `fill` on 64-bit words and keeps the low 32 bits of each, which
    /// hold the whole truncated value.
    #[inline]
    pub(super) fn fill_64(&mut self, count: usize, fill: impl FnOnce(&mut [u64; LANES_64])) {
        let mut words = [0; LANES_64];
        fill(&mut words);
        for (value, word) in self.buffer.iter_mut().zip(words) {
            let [.., a, b, c, d] = word.to_be_bytes();
            *value = u32::from_be_bytes([a, b, c, d]);
        }
        wipe(&mut words);
        self.count = count;
    }
}

impl Drop for Values {
    fn drop(&mut self) {
        wipe(&mut self.buffer);
    }
}
