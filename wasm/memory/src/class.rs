//! The sizes of blocks.

/// The alignment of every block, that of a SIMD register.
pub const ALIGNMENT: usize = 16;
/// How many classes there are up to 2 GiB, which no allocation is above.
pub const CLASSES: usize = 54;

/// A class of sizes: blocks have 16, 32, 48, 64, 96, 128, … bytes, the powers of 2 and the
/// values halfway between them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Class {
    /// 0 to [`CLASSES`] - 1.
    pub index: usize,
    /// The bytes of a block.
    pub size: usize,
}

impl Class {
    /// The class with the smallest blocks that have room for `size` bytes.
    #[must_use]
    pub const fn of(size: usize) -> Self {
        // The highest bit of the last unit selects the power of 2, the next one the half.
        let last = size.saturating_sub(1) / ALIGNMENT;
        if last < 2 {
            return Self {
                index: last,
                size: (last + 1) * ALIGNMENT,
            };
        }
        let power = last.ilog2() as usize;
        let half = (last >> (power - 1)) & 1;
        Self {
            index: 2 * power + half,
            size: ((3 + half) << (power - 1)) * ALIGNMENT,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_have_room_and_waste_less_than_half() {
        let mut before = Class::of(0);
        assert_eq!((before.index, before.size), (0, 16));
        for size in 1..1 << 20 {
            let class = Class::of(size);
            assert!(
                class.size >= size && class.size.is_multiple_of(ALIGNMENT),
                "{size}"
            );
            assert!(class.size <= ALIGNMENT || class.size < 2 * size, "{size}");
            if class != before {
                // The classes follow each other without a gap.
                assert_eq!(size, before.size + 1);
                assert_eq!(class.index, before.index + 1);
                before = class;
            }
        }
        let largest = Class::of(i32::MAX as usize);
        assert_eq!((largest.index, largest.size), (CLASSES - 1, 1 << 31));
    }
}
