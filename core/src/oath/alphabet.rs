//! The alphabets of bytes as text: base32 and hexadecimal.

/// An alphabet of RFC 4648. Reading and writing neither branch on the letters of
/// its texts nor look them up in tables.
pub(crate) struct Alphabet {
    /// The bits of a letter.
    pub(super) bits: u32,
    /// The letters of the lower and of the higher values, in upper case.
    low: Range,
    high: Range,
}

/// Consecutive letters.
struct Range {
    first: u8,
    count: u8,
}

/// Section 6.
pub(super) const BASE32: Alphabet = Alphabet {
    bits: 5,
    low: Range::new(b'A', 26),
    high: Range::new(b'2', 6),
};

/// Section 8.
pub(crate) const HEX: Alphabet = Alphabet {
    bits: 4,
    low: Range::new(b'0', 10),
    high: Range::new(b'A', 6),
};

impl Range {
    const fn new(first: u8, count: u8) -> Self {
        Self { first, count }
    }

    /// The place of a letter, and all ones if the range has it, else 0.
    fn place(&self, letter: u8) -> (u8, u8) {
        let place = letter.wrapping_sub(self.first);
        (place, mask(place, self.count))
    }
}

/// All ones if the value is below the bound, else 0.
fn mask(value: u8, bound: u8) -> u8 {
    let [low, ..] = ((i32::from(value) - i32::from(bound)) >> 8).to_le_bytes();
    low
}

impl Alphabet {
    /// The value of an upper-case letter. `None` if it is not in the alphabet.
    pub(super) fn value(&self, letter: u8) -> Option<u8> {
        let (low, is_low) = self.low.place(letter);
        let (high, is_high) = self.high.place(letter);
        let value = (low & is_low) | (high.wrapping_add(self.low.count) & is_high);
        (is_low | is_high != 0).then_some(value)
    }

    /// The upper-case letter of a value.
    pub(super) fn letter(&self, value: u8) -> u8 {
        let is_low = mask(value, self.low.count);
        let low = value.wrapping_add(self.low.first);
        let high = value.wrapping_add(self.high.first.wrapping_sub(self.low.count));
        (low & is_low) | (high & !is_low)
    }

    /// Passes the upper-case letters of bytes to a function, without padding.
    pub(crate) fn write(&self, bytes: &[u8], mut write: impl FnMut(u8)) {
        let mask = (1 << self.bits) - 1;
        let (mut held, mut count) = (0_u32, 0);
        for byte in bytes {
            held = held << 8 | u32::from(*byte);
            count += 8;
            while count >= self.bits {
                count -= self.bits;
                let [value, ..] = (held >> count & mask).to_le_bytes();
                write(self.letter(value));
            }
        }
        if count > 0 {
            let [value, ..] = (held << (self.bits - count) & mask).to_le_bytes();
            write(self.letter(value));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_letter_has_its_value() {
        for (alphabet, letters) in [
            (&BASE32, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"),
            (&HEX, "0123456789ABCDEF"),
        ] {
            for letter in 0..=u8::MAX {
                let value = letters.bytes().position(|other| other == letter);
                let read = alphabet.value(letter).map(usize::from);
                assert_eq!(read, value, "{letter}");
            }
            for (value, letter) in (0..).zip(letters.bytes()) {
                assert_eq!(alphabet.letter(value), letter);
            }
        }
    }
}
