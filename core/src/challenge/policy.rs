//! The policy of a challenge and its guess probability.

use super::Limit;
use crate::Error;
use crate::number::CallingCode;
use crate::oath::Digits;

const SECOND: u64 = 1000;
const MINUTE: u64 = 60 * SECOND;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;

/// The number of values of a truncated HMAC (RFC 4226 section 5.3): 31 bits.
const TRUNCATED_VALUES: u64 = 1 << 31;

/// The settings of a [`Policy`]. The default follows NIST SP 800-63B: six
/// digits, a lifetime of at most ten minutes, single use, and at most 100
/// consecutive failures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicySettings {
    /// The length of a code. Fewer than 6 digits require [`Self::allow_weak`].
    /// Default 6.
    pub digits: Digits,
    /// The lifetime of a code in milliseconds, 20 s to 24 h. More than ten
    /// minutes require [`Self::allow_weak`]. Default five minutes.
    pub lifetime_ms: u64,
    /// The number of wrong codes that end a challenge, 1 to 100. Default 5.
    pub tries: u8,
    /// The minimum time between two sends to a number in milliseconds, at most
    /// one day. Default 30 s.
    pub resend_interval_ms: u64,
    /// The limit of sends to one number. Default 10 per hour, up to 5 at once.
    pub sends: Limit,
    /// The limit of wrong codes for one number. Default 50 per day, up to 25 at
    /// once.
    pub guesses: Limit,
    /// The number of consecutive wrong codes, across all challenges of a
    /// number, that lock it, 1 to 100. Default 100.
    pub failures_to_lock: u16,
    /// How long a number stays locked in milliseconds, at most 31 days. Default
    /// 24 h.
    pub lock_ms: u64,
    /// The limit of sends of the whole tenant. Default: no limit.
    pub spend: Option<Limit>,
    /// The calling codes of the numbers that may be sent to. Default: all.
    pub calling_codes: CallingCodes,
    /// Allows fewer than six digits or a lifetime above ten minutes.
    pub allow_weak: bool,
}

impl PolicySettings {
    /// The default settings, for use in constants.
    pub(crate) const DEFAULT: Self = Self {
        digits: Digits::SIX,
        lifetime_ms: 5 * MINUTE,
        tries: 5,
        resend_interval_ms: 30 * SECOND,
        sends: limit(10, HOUR),
        guesses: limit(50, DAY),
        failures_to_lock: 100,
        lock_ms: DAY,
        spend: None,
        calling_codes: CallingCodes::all(),
        allow_weak: false,
    };
}

/// A limit of the default settings.
const fn limit(events: u32, window_ms: u64) -> Limit {
    match Limit::half_at_once(events, window_ms) {
        Ok(limit) => limit,
        Err(_) => unreachable!(),
    }
}

impl Default for PolicySettings {
    fn default() -> Self {
        Self::DEFAULT
    }
}

/// The validated rules of a challenge.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Policy(PolicySettings);

impl Policy {
    /// Checks the settings.
    ///
    /// # Errors
    /// [`Error::InvalidLifetime`], [`Error::InvalidTries`] or
    /// [`Error::InvalidLimit`] for a value out of range,
    /// [`Error::PolicyTooWeak`] for a weak policy without
    /// [`PolicySettings::allow_weak`].
    pub const fn new(settings: PolicySettings) -> Result<Self, Error> {
        if settings.lifetime_ms < 20 * SECOND || settings.lifetime_ms > DAY {
            return Err(Error::InvalidLifetime);
        }
        if settings.tries < 1
            || settings.tries > 100
            || settings.failures_to_lock < 1
            || settings.failures_to_lock > 100
        {
            return Err(Error::InvalidTries);
        }
        if settings.resend_interval_ms > DAY || settings.lock_ms > 31 * DAY {
            return Err(Error::InvalidLimit);
        }
        let weak = settings.digits.get() < Digits::SIX.get() || settings.lifetime_ms > 10 * MINUTE;
        if weak && !settings.allow_weak {
            return Err(Error::PolicyTooWeak);
        }
        Ok(Self(settings))
    }

    /// The settings.
    #[must_use]
    pub fn settings(&self) -> &PolicySettings {
        &self.0
    }

    /// The probability that one challenge is guessed with all its tries: `tries
    /// × ceil(2^31 / 10^digits) / 2^31`, which includes the bias of the
    /// truncation.
    #[must_use]
    pub fn guess_probability_per_challenge(&self) -> f64 {
        self.guess_probability(u64::from(self.0.tries))
    }

    /// The probability that an attacker who uses all guesses allowed for a
    /// number within a day guesses a code.
    #[must_use]
    pub fn guess_probability_per_day(&self) -> f64 {
        self.guess_probability(self.0.guesses.most_in(DAY))
    }

    fn guess_probability(&self, compares: u64) -> f64 {
        let favourable = compares * TRUNCATED_VALUES.div_ceil(self.0.digits.modulus());
        // Both are far below 2^52.
        #[allow(clippy::cast_precision_loss)]
        let probability = favourable as f64 / TRUNCATED_VALUES as f64;
        probability.min(1.0)
    }
}

/// A set of calling codes. The empty set means all of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CallingCodes([u64; 16]);

impl CallingCodes {
    /// Every calling code.
    #[must_use]
    pub const fn all() -> Self {
        Self([0; 16])
    }

    /// Adds a code. A set that meant all codes then contains only this one.
    pub fn insert(&mut self, code: CallingCode) {
        let (word, bit) = Self::word_and_bit(code);
        if let Some(word) = self.0.get_mut(word) {
            *word |= bit;
        }
    }

    /// Whether numbers with this code may be sent to.
    #[must_use]
    pub fn allows(&self, code: CallingCode) -> bool {
        let (word, bit) = Self::word_and_bit(code);
        *self == Self::all() || self.0.get(word).is_some_and(|word| word & bit != 0)
    }

    /// The codes in ascending order. Empty for the set of all codes.
    pub fn iter(&self) -> impl Iterator<Item = CallingCode> + '_ {
        (1..=999u16)
            .filter_map(|code| CallingCode::new(code).ok())
            .filter(|code| {
                let (word, bit) = Self::word_and_bit(*code);
                self.0.get(word).is_some_and(|word| word & bit != 0)
            })
    }

    fn word_and_bit(code: CallingCode) -> (usize, u64) {
        let code = code.get();
        (usize::from(code / 64), 1 << (code % 64))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_keeps_the_line_and_reports_its_odds() {
        let policy = Policy::default();
        let odds = policy.guess_probability_per_challenge();
        assert!((5.0e-6..5.002e-6).contains(&odds), "{odds}");
        let odds = policy.guess_probability_per_day();
        assert!((5.0e-5..5.002e-5).contains(&odds), "{odds}");
    }

    #[test]
    fn ten_digits_carry_their_bias() {
        let settings = PolicySettings {
            digits: Digits::new(10).unwrap(),
            tries: 1,
            ..PolicySettings::default()
        };
        let odds = Policy::new(settings)
            .unwrap()
            .guess_probability_per_challenge();
        assert!((odds - 1.0 / 2_147_483_648.0).abs() < 1e-18, "{odds}");
    }

    #[test]
    fn a_weak_policy_says_so() {
        let settings = PolicySettings {
            digits: Digits::new(4).unwrap(),
            ..PolicySettings::default()
        };
        assert_eq!(Policy::new(settings.clone()), Err(Error::PolicyTooWeak));
        assert!(
            Policy::new(PolicySettings {
                allow_weak: true,
                ..settings
            })
            .is_ok()
        );
    }

    #[test]
    fn calling_codes_start_as_all() {
        let saudi = CallingCode::new(966).unwrap();
        let spain = CallingCode::new(34).unwrap();
        let mut codes = CallingCodes::all();
        assert!(codes.allows(saudi) && codes.allows(spain));
        codes.insert(saudi);
        assert!(codes.allows(saudi) && !codes.allows(spain));
        assert!(codes.iter().eq([saudi]));
    }
}
