//! The number of digits of a code.

use core::fmt;

use crate::Error;

/// The number of decimal digits of a code: 4 to 10.
///
/// RFC 4226 section 5.3 requires at least 6. The truncated value has 31 bits,
/// so the first digit of a 10-digit code is at most 2, and codes of 9 or 10
/// digits are not quite uniformly distributed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digits(u8);

impl Digits {
    /// Six digits, the usual length.
    pub const SIX: Self = Self(6);
    /// Eight digits.
    pub const EIGHT: Self = Self(8);

    /// Creates a length of 4 to 10 digits.
    ///
    /// # Errors
    /// [`Error::InvalidDigits`] outside 4 to 10.
    pub const fn new(digits: u8) -> Result<Self, Error> {
        match digits {
            4..=10 => Ok(Self(digits)),
            _ => Err(Error::InvalidDigits),
        }
    }

    /// The number of digits.
    #[must_use]
    pub const fn get(self) -> u8 {
        self.0
    }

    /// The number of codes of this length: 10 to the power of `digits`.
    #[must_use]
    pub const fn modulus(self) -> u64 {
        10u64.pow(self.0 as u32)
    }

    /// `value` modulo [`Self::modulus`], for a value of 31 bits. On many
    /// processors the time of a division depends on its operands, and the value
    /// is secret. The quotient is therefore computed by multiplication with the
    /// rounded-up reciprocal (Granlund and Montgomery, 1994; exact below 2^31
    /// with the shifts below).
    pub(crate) const fn reduce(self, value: u32) -> u32 {
        self.reduction().of(value)
    }

    /// Reduces every value in place.
    #[inline]
    pub(crate) fn reduce_all(self, values: &mut [u32]) {
        let reduction = self.reduction();
        for value in values {
            *value = reduction.of(*value);
        }
    }

    const fn reduction(self) -> Reduction {
        match self.0 {
            4 => Reduction::new(3_518_437_209, 45, 10_000),
            5 => Reduction::new(2_814_749_768, 48, 100_000),
            6 => Reduction::new(2_251_799_814, 51, 1_000_000),
            7 => Reduction::new(3_602_879_702, 55, 10_000_000),
            8 => Reduction::new(2_882_303_762, 58, 100_000_000),
            9 => Reduction::new(2_305_843_010, 61, 1_000_000_000),
            // The value is already below the modulus.
            _ => Reduction::new(0, 0, 0),
        }
    }
}

/// Reduction by a modulus through its reciprocal ceil(2^(31 + l) / modulus),
/// with 2^l >= modulus and the shift 31 + l.
#[derive(Clone, Copy)]
struct Reduction {
    reciprocal: u32,
    shift: u32,
    modulus: u32,
}

impl Reduction {
    const fn new(reciprocal: u32, shift: u32, modulus: u32) -> Self {
        Self {
            reciprocal,
            shift,
            modulus,
        }
    }

    #[inline]
    const fn of(self, value: u32) -> u32 {
        let product = value as u64 * self.reciprocal as u64;
        // The quotient is at most `value`.
        #[allow(clippy::cast_possible_truncation)]
        let quotient = (product >> self.shift) as u32;
        value.wrapping_sub(quotient.wrapping_mul(self.modulus))
    }
}

impl Default for Digits {
    fn default() -> Self {
        Self::SIX
    }
}

impl fmt::Display for Digits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reduces_as_a_division_does() {
        for digits in 4..=10 {
            let digits = Digits::new(digits).unwrap();
            let modulus = digits.modulus();
            // A reciprocal that is too small or too large fails first around
            // multiples of the modulus.
            let multiples = (0..=(1u64 << 31) / modulus).step_by(97);
            for multiple in multiples.chain([(1 << 31) / modulus]) {
                for near in [modulus - 1, modulus, modulus + 1, 2 * modulus - 1] {
                    let value = multiple * modulus + near;
                    if let Ok(value) = u32::try_from(value)
                        && value < 1 << 31
                    {
                        assert_eq!(u64::from(digits.reduce(value)), u64::from(value) % modulus);
                    }
                }
            }
            let largest = (1u32 << 31) - 1;
            assert_eq!(
                u64::from(digits.reduce(largest)),
                u64::from(largest) % modulus
            );
            assert_eq!(digits.reduce(0), 0);
        }
    }

    #[test]
    fn four_to_ten() {
        assert_eq!(Digits::new(3), Err(Error::InvalidDigits));
        assert_eq!(Digits::new(11), Err(Error::InvalidDigits));
        assert_eq!(Digits::new(10).map(Digits::modulus), Ok(10_000_000_000));
    }
}
