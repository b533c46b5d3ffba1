use core::fmt;

use crate::Error;

/// How many decimal digits a code has: 4 to 10.
///
/// RFC 4226 section 5.3 asks for at least 6. Its truncated value has 31 bits,
/// so the first digit of a 10-digit code is never above 2 and a code of 9 or
/// 10 digits is a little less than uniform.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digits(u8);

impl Digits {
    /// Six digits, the default of the field.
    pub const SIX: Self = Self(6);
    /// Eight digits.
    pub const EIGHT: Self = Self(8);

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

    /// The number of codes of this length: ten to the power of the digits.
    #[must_use]
    pub const fn modulus(self) -> u64 {
        10u64.pow(self.0 as u32)
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
