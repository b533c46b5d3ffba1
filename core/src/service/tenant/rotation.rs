//! What a rotation leaves valid for a while: the predecessor of a credential or
//! public key.

use minicbor::{Decode, Encode};

use super::public_key::ClientKey;
use crate::Error;

/// How far a clock may be behind the one that a rotation was made by.
const SKEW_MS: u64 = 5_000;

const HOUR_MS: u64 = 3_600_000;

/// How long the credential or public key that is replaced stays valid beside the
/// new one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Overlap(u64);

impl Overlap {
    /// The old one stops working as soon as the change is stored: for one that
    /// has leaked.
    pub const NONE: Self = Self(0);

    /// 24 hours.
    pub const DEFAULT: Self = Self(24 * HOUR_MS);

    /// The longest overlap in milliseconds: 31 days.
    pub const LONGEST_MS: u64 = 31 * 24 * HOUR_MS;

    /// An overlap in milliseconds, 0 to [`Self::LONGEST_MS`].
    ///
    /// # Errors
    /// [`Error::InvalidOverlap`] for a longer one.
    pub const fn from_ms(ms: u64) -> Result<Self, Error> {
        if ms > Self::LONGEST_MS {
            return Err(Error::InvalidOverlap);
        }
        Ok(Self(ms))
    }

    /// The overlap in milliseconds.
    #[must_use]
    pub const fn ms(self) -> u64 {
        self.0
    }
}

/// [`Overlap::DEFAULT`].
impl Default for Overlap {
    fn default() -> Self {
        Self::DEFAULT
    }
}

/// A credential version of a tenant, as accepted at one time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyVersion {
    /// The version of the credential.
    pub number: u32,
    /// The time from which it is not valid any more, in milliseconds of Unix
    /// time; `None` for the current one. Tokens that are issued for it expire no
    /// later.
    pub until_ms: Option<u64>,
}

/// The time in which a predecessor is valid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub(super) struct Validity {
    /// When it was replaced, in milliseconds of Unix time.
    #[n(0)]
    pub(super) replaced_at_ms: u64,
    #[n(1)]
    pub(super) until_ms: u64,
}

impl Validity {
    /// The validity of what is replaced now; `None` without an overlap.
    pub(super) fn begin(overlap: Overlap, now_ms: u64) -> Option<Self> {
        (overlap != Overlap::NONE).then(|| Self {
            replaced_at_ms: now_ms,
            until_ms: now_ms.saturating_add(overlap.ms()),
        })
    }

    /// A clock that is set back does not lengthen it: before the replacement,
    /// except for a small difference between two clocks, it is not valid.
    pub(super) fn contains(self, now_ms: u64) -> bool {
        self.replaced_at_ms <= now_ms.saturating_add(SKEW_MS) && now_ms < self.until_ms
    }
}

/// The credential that the current one replaced.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub(super) struct Predecessor {
    #[cbor(n(0), with = "minicbor::bytes")]
    pub(super) key_hash: [u8; 32],
    #[n(1)]
    pub(super) key_version: u32,
    #[n(2)]
    pub(super) validity: Validity,
}

/// The public key that the current one replaced.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub(super) struct PreviousPublicKey {
    #[n(0)]
    pub(super) key: ClientKey,
    #[n(1)]
    pub(super) validity: Validity,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_overlap_has_a_maximum() {
        let longest = Overlap::from_ms(Overlap::LONGEST_MS).unwrap();
        assert_eq!(longest.ms(), Overlap::LONGEST_MS);
        let longer = Overlap::from_ms(Overlap::LONGEST_MS + 1);
        assert_eq!(longer, Err(Error::InvalidOverlap));
        assert_eq!(Overlap::from_ms(0), Ok(Overlap::NONE));
    }

    #[test]
    fn a_predecessor_is_valid_from_its_replacement_to_its_end() {
        let now_ms = 1_800_000_000_000;
        assert_eq!(Validity::begin(Overlap::NONE, now_ms), None);
        let validity = Validity::begin(Overlap(60_000), now_ms).unwrap();
        for (at_ms, expected) in [
            (now_ms - SKEW_MS - 1, false),
            (now_ms - SKEW_MS, true),
            (now_ms, true),
            (now_ms + 59_999, true),
            (now_ms + 60_000, false),
        ] {
            assert_eq!(validity.contains(at_ms), expected, "{at_ms}");
        }
    }
}
