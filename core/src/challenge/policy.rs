use super::Limit;
use crate::Error;
use crate::number::CallingCode;
use crate::oath::Digits;

const SECOND: u64 = 1000;
const MINUTE: u64 = 60 * SECOND;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;

/// The values of a truncated HMAC (RFC 4226 section 5.3): 31 bits.
const TRUNCATED_VALUES: u64 = 1 << 31;

/// What a [`Policy`] is made of. The default keeps NIST SP 800-63B: six
/// digits, at most ten minutes, single use, at most 100 failures in a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicySettings {
    /// The length of a code; fewer than 6 only with [`Self::allow_weak`].
    pub digits: Digits,
    /// How long a code lives, in milliseconds: 20 s to 24 h, more than ten
    /// minutes only with [`Self::allow_weak`]. Default five minutes.
    pub lifetime_ms: u64,
    /// Wrong codes before a challenge is over, 1 to 100. Default 5.
    pub tries: u8,
    /// The least time between two sends to a number, in milliseconds, at most
    /// a day. Default 30 s.
    pub resend_interval_ms: u64,
    /// Sends to one number. Default 10 an hour, 5 of them at once.
    pub sends: Limit,
    /// Wrong codes for one number. Default 50 a day, 25 of them at once.
    pub guesses: Limit,
    /// Wrong codes in a row, over all challenges of a number, that lock it:
    /// 1 to 100. Default 100.
    pub failures_to_lock: u16,
    /// How long a number stays locked, in milliseconds, at most 31 days.
    /// Default 24 h.
    pub lock_ms: u64,
    /// Sends of the whole tenant. Default: no limit.
    pub spend: Option<Limit>,
    /// Calling codes that may be sent to. Default: all.
    pub calling_codes: CallingCodes,
    /// Accepts a policy below six digits or beyond ten minutes.
    pub allow_weak: bool,
}

impl PolicySettings {
    /// The defaults, for settings that are checked at compile time.
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

/// A limit of the defaults.
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

/// The rules of a challenge, checked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Policy(PolicySettings);

impl Policy {
    /// Checks the settings.
    ///
    /// # Errors
    /// [`Error::InvalidLifetime`], [`Error::InvalidTries`],
    /// [`Error::InvalidLimit`] for a value out of its range,
    /// [`Error::PolicyTooWeak`] below the line without saying so.
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

    /// The settings behind it.
    #[must_use]
    pub fn settings(&self) -> &PolicySettings {
        &self.0
    }

    /// The chance that guessing all tries of one challenge meets its code:
    /// `tries × ceil(2^31 / 10^digits) / 2^31`, the bias of the truncation
    /// included.
    #[must_use]
    pub fn guess_probability_per_challenge(&self) -> f64 {
        self.guess_probability(u64::from(self.0.tries))
    }

    /// The chance that a stranger who uses up every guess that a number
    /// allows within a day meets a code.
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

/// A set of calling codes; the empty set stands for all of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CallingCodes([u64; 16]);

impl CallingCodes {
    /// Every calling code.
    #[must_use]
    pub const fn all() -> Self {
        Self([0; 16])
    }

    /// Adds one code; a set that stood for all then stands for this one.
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

    /// The codes in ascending order; none for the set of all.
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
