//! A buffer of truncated values.

use super::lanes::{LANES_32, LANES_64};
use super::wipe::wipe;

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
    pub(super) fn fill_32(&mut self, count: usize, fill: impl FnOnce(&mut [u32; LANES_32])) {
        fill(&mut self.room);
        self.count = count;
    }

    /// From words of 64 bits, of which a truncated value has 31.
    #[inline]
    pub(super) fn fill_64(&mut self, count: usize, fill: impl FnOnce(&mut [u64; LANES_64])) {
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
