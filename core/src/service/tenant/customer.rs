//! Customers: the callers of the `VerifyNow` contract.

use alloc::string::String;
use alloc::vec::Vec;

use minicbor::{Decode, Encode};

use super::document::{document, of_plain};
use super::network::Network;
use super::service_id;
use super::settings::sealed::Sealed;
use super::settings::{
    TenantSettings, check_one_app, check_room, check_shared, checked, put_name_and_policy,
    shared_members, with_name_and_policy,
};
use super::stored::Tenant;
use crate::Error;
use crate::challenge::{Credits, Document, Keyring, Limit, Policy, PolicySettings, fresh};
use crate::labels;
use crate::oath::Digits;
use crate::service::message::{AndroidApps, Filling, Template, Texts};
use crate::service::settings::{Field, Refused, Value, settings};
use crate::store::StoreKey;

/// A caller of the `VerifyNow` contract. Its name is its `customerId`, and the
/// secret of its credential ([`super::TenantKey::expose_secret`]) is the
/// password that it sends in base64 as `key`.
pub type Customer = Tenant<CustomerSettings>;

const DAY_MS: u64 = 24 * 3600 * 1000;
/// The longest timeout of the contract. The shortest is that of every policy.
const LONGEST_TIMEOUT_MS: u64 = 300_000;
/// The longest code of the contract.
const MOST_DIGITS: Digits = Digits::EIGHT;
/// The probability of guessing a code within a day must be below this.
const MAX_DAILY_GUESS_PROBABILITY: f64 = 0.001;
/// The number of hexadecimal digits in a customer's id.
const ID_HEX_LEN: usize = 15;

/// The settings of a customer.
#[derive(Clone, Debug, Decode, Encode)]
#[cbor(map)]
pub struct CustomerSettings {
    /// Its `customerId`: `C-` and 15 upper-case hexadecimal digits.
    #[n(0)]
    pub name: String,
    /// The networks that it may call from; empty allows any address.
    #[n(1)]
    pub addresses: Vec<Network>,
    /// The rules of its challenges. `digits` is the length of a code if the
    /// request contains none, and the smallest length that a request may
    /// choose. The lifetime, 20 to 300 s, is the contract's timeout. The
    /// probability of guessing a code within a day must be below 1 in 1,000.
    #[n(2)]
    pub policy: Policy,
    /// The initial balance of its credits.
    #[n(3)]
    pub test_credits: u64,
    /// The templates of its messages by language. The contract sends English
    /// messages only; the built-in template if there is none for `en`.
    // 4 was the English template.
    #[n(7)]
    pub texts: Texts,
    /// The host that the last line of a message binds the code to.
    #[n(5)]
    pub host: Option<String>,
    /// The sender that its messages show, for gateways that support it. It is
    /// also the value of `{{app}}` in the template.
    #[n(6)]
    pub sender: Option<String>,
    /// The Android apps that read its messages. The contract has no
    /// applications, so there is at most one.
    #[n(30)]
    pub android_apps: AndroidApps,
}

/// The template in values of the format of before.
#[derive(Decode)]
#[cbor(map)]
struct PlainTexts {
    #[n(4)]
    english: Option<Template>,
}

impl CustomerSettings {
    /// A customer with this id and otherwise default settings:
    /// [`Self::default_policy`] and
    /// 100 test credits.
    #[must_use]
    pub fn new(id: impl Into<String>) -> Self {
        Self {
            name: id.into(),
            addresses: Vec::new(),
            policy: Self::default_policy(),
            test_credits: 100,
            texts: Texts::new(),
            host: None,
            sender: None,
            android_apps: AndroidApps::new(),
        }
    }

    /// The contract's defaults: codes of 4 digits that live for 60 s.
    ///
    /// That is shorter than NIST SP 800-63B requires, so guesses are limited to
    /// 3 per code and 9 per number and day, 5 of them at once. There is no
    /// resend interval, because a send is refused while a code is live.
    #[must_use]
    pub const fn default_policy() -> Policy {
        // Checked at compile time.
        const POLICY: Policy = match (Digits::new(4), Limit::half_at_once(9, DAY_MS)) {
            (Ok(digits), Ok(guesses)) => match Policy::new(PolicySettings {
                digits,
                lifetime_ms: 60_000,
                tries: 3,
                resend_interval_ms: 0,
                guesses,
                allow_weak: true,
                ..PolicySettings::DEFAULT
            }) {
                Ok(policy) => policy,
                Err(_) => unreachable!(),
            },
            _ => unreachable!(),
        };
        POLICY
    }

    /// The rules of a challenge whose code has this many digits. The
    /// probabilities that the returned policy reports are those of this length.
    ///
    /// # Errors
    /// [`Error::InvalidDigits`] for fewer digits than the customer's policy has,
    /// or more than 8.
    pub fn policy_for(&self, digits: Digits) -> Result<Policy, Error> {
        if digits > MOST_DIGITS || digits < self.fewest_digits() {
            return Err(Error::InvalidDigits);
        }
        Policy::new(PolicySettings {
            digits,
            ..self.policy.settings().clone()
        })
    }

    /// The length of a code if the request contains none, and the smallest
    /// length that a request may choose.
    #[must_use]
    pub fn fewest_digits(&self) -> Digits {
        self.policy.settings().digits
    }
}

impl CustomerSettings {
    /// The value of `{{app}}` in its texts.
    pub(in crate::service) fn shown_name(&self) -> &str {
        self.sender.as_deref().unwrap_or(&self.name)
    }

    /// Checks the limits that a customer's policy has beside those of every
    /// policy.
    pub(in crate::service) fn check_policy(&self) -> Result<(), Refused> {
        let lifetime_ms = self.policy.settings().lifetime_ms;
        if lifetime_ms > LONGEST_TIMEOUT_MS {
            let lifetime = Value::Number(lifetime_ms);
            let error = Error::InvalidLifetime;
            return Err(Refused::value(Field::LifetimeMs, error, &lifetime));
        }
        // The shortest codes are the easiest to guess.
        let digits = Value::Number(self.fewest_digits().get().into());
        let refused = |error| Refused::value(Field::Digits, error, &digits);
        let policy = self.policy_for(self.fewest_digits()).map_err(refused)?;
        if policy.guess_probability_per_day() >= MAX_DAILY_GUESS_PROBABILITY {
            return Err(Refused::field(Field::Guesses, Error::PolicyTooWeak));
        }
        Ok(())
    }
}

/// Whether a text is a `customerId`.
pub(crate) fn is_customer_id(text: &str) -> bool {
    text.strip_prefix("C-").is_some_and(|hex| {
        hex.len() == ID_HEX_LEN
            && hex
                .bytes()
                .all(|byte| matches!(byte, b'0'..=b'9' | b'A'..=b'F'))
    })
}

settings! {
    CustomerSettings, Customer, start: with_name_and_policy, finish: checked, more: put_name_and_policy;
    addresses: Addresses,
    test_credits: TestCredits,
    texts: Texts,
    host: Host,
    sender: Sender,
    android_apps: AndroidAppHashes,
}

impl TenantSettings for CustomerSettings {}

impl Sealed for CustomerSettings {
    const DOCUMENT: Document = document::<Self>(0x52, labels::CUSTOMER, 0x42);
    const SERVICE: &'static str = service_id::VERIFY_NOW;
    const IS_NAMED_BY_CREDENTIAL: bool = false;

    shared_members!();

    fn read_plain(&mut self, settings: &[u8]) -> Result<(), Error> {
        let plain: PlainTexts = minicbor::decode(settings).map_err(|_| Error::RecordFormat)?;
        self.texts = of_plain([("en", plain.english)])?;
        Ok(())
    }

    fn check(&self) -> Result<(), Refused> {
        if !is_customer_id(&self.name) {
            let name = Value::Text(self.name.clone());
            return Err(Refused::value(Field::Name, Error::InvalidName, &name));
        }
        self.check_policy()?;
        check_shared(self.host.as_deref(), self.sender.as_deref())?;
        check_one_app(&self.android_apps)?;
        let policy = self.policy.settings();
        let filling = Filling {
            tenant_name: self.shown_name(),
            digits: policy.digits,
            lifetime_ms: policy.lifetime_ms,
            host: self.host.as_deref(),
        };
        check_room(&filling, &self.texts, &self.android_apps)
    }
}

impl Customer {
    /// A `customerId` for a new customer, from the time in milliseconds of Unix
    /// time and 32 bytes of fresh entropy. It has 60 random bits; if
    /// [`TenantAdmin::create`](super::TenantAdmin::create) ends with
    /// [`Error::NameTaken`], draw another.
    #[must_use]
    pub fn fresh_id(now_ms: u64, entropy: &[u8; 32]) -> String {
        let no_key = StoreKey([0; 16]);
        let bytes: [u8; 8] = fresh(labels::CUSTOMER_ID, entropy, now_ms, &no_key, None, &[]);
        let id = u64::from_be_bytes(bytes) >> (64 - 4 * ID_HEX_LEN);
        alloc::format!("C-{id:0ID_HEX_LEN$X}")
    }

    /// Whether the record of its credits was written before the customer's value:
    /// it is missing only if the store has lost it.
    #[must_use]
    pub fn has_credits(&self) -> bool {
        self.has_credits
    }

    /// The customer's prepaid credits, for [`Credits::balance`] and
    /// [`Credits::add`] on the value stored under [`Credits::key`]. If the
    /// customer's value states that their record was written, a missing one is
    /// an error.
    #[must_use]
    pub fn credits<'a>(&self, keyring: &'a Keyring) -> Credits<'a> {
        let initial = self.settings.test_credits;
        Credits::new(keyring, service_id::VERIFY_NOW, self.id(), initial).begun(self.has_credits())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::service::settings::Settings;
    use crate::service::tenant::desk::created;

    const ID: &str = "C-0123456789ABCDE";

    fn with_policy(change: impl FnOnce(&mut PolicySettings)) -> CustomerSettings {
        let mut policy = CustomerSettings::default_policy().settings().clone();
        change(&mut policy);
        CustomerSettings {
            policy: Policy::new(policy).unwrap(),
            ..CustomerSettings::new(ID)
        }
    }

    fn digits(digits: u8) -> Digits {
        Digits::new(digits).unwrap()
    }

    #[test]
    fn the_default_policy_is_that_of_the_contract() {
        let settings = CustomerSettings::default_policy().settings().clone();
        assert_eq!(settings.digits, digits(4));
        assert_eq!(settings.lifetime_ms, 60_000);
        assert_eq!((settings.tries, settings.guesses.events()), (3, 9));
        assert_eq!(settings.resend_interval_ms, 0);
        assert_eq!(CustomerSettings::new(ID).check(), Ok(()));
    }

    #[test]
    fn the_guess_probability_of_every_length_is_below_1_in_1000_a_day() {
        let settings = CustomerSettings::new(ID);
        for (length, compares_per_day) in [(4, 9.0), (5, 9.0), (6, 9.0), (7, 9.0), (8, 9.0)] {
            let policy = settings.policy_for(digits(length)).unwrap();
            let one = 10_f64.powi(-i32::from(length));
            let per_day = policy.guess_probability_per_day();
            let expected = compares_per_day * one;
            // The bias of the truncation is below 5 %.
            assert!((expected..expected * 1.05).contains(&per_day), "{per_day}");
            assert!(per_day < 0.001);
            let per_challenge = policy.guess_probability_per_challenge();
            assert!((3.0 * one..3.2 * one).contains(&per_challenge));
        }
        // The customer's own policy reports the highest of these probabilities.
        let worst = settings.policy.guess_probability_per_day();
        assert!((9.0e-4..9.001e-4).contains(&worst), "{worst}");
    }

    #[test]
    fn lengths_that_a_request_may_choose() {
        let settings = CustomerSettings::new(ID);
        assert_eq!(settings.policy_for(digits(9)), Err(Error::InvalidDigits));
        let stronger = with_policy(|policy| policy.digits = digits(6));
        assert_eq!(stronger.policy_for(digits(5)), Err(Error::InvalidDigits));
        assert!(stronger.policy_for(digits(6)).is_ok());
    }

    #[test]
    fn settings_that_are_refused() {
        let day = |events| Limit::half_at_once(events, DAY_MS).unwrap();
        for (settings, error) in [
            (
                with_policy(|policy| policy.guesses = day(10)),
                Error::PolicyTooWeak,
            ),
            (
                with_policy(|policy| policy.lifetime_ms = 300_001),
                Error::InvalidLifetime,
            ),
            (
                with_policy(|policy| policy.digits = digits(9)),
                Error::InvalidDigits,
            ),
        ] {
            assert_eq!(settings.check().map_err(Error::from), Err(error));
        }
        let of_an_application = CustomerSettings {
            android_apps: AndroidApps::from_texts(["Shop=965mn/jzPaJ"]).unwrap(),
            ..CustomerSettings::new(ID)
        };
        let refused = of_an_application.check().unwrap_err();
        assert_eq!(refused.error, Error::InvalidAppHash);
        for lifetime_ms in [20_000, 300_000] {
            let settings = with_policy(|policy| policy.lifetime_ms = lifetime_ms);
            assert_eq!(settings.check(), Ok(()));
        }
        for name in [
            "",
            "C-",
            "C-0123456789ABCD",
            "C-0123456789ABCDEF",
            "C-0123456789abcde",
            "c-0123456789ABCDE",
            "C-0123456789ABCDG",
            "0123456789ABCDEFG",
        ] {
            let settings = CustomerSettings::new(name);
            assert_eq!(
                settings.check().map_err(Error::from),
                Err(Error::InvalidName),
                "{name}"
            );
        }
    }

    #[test]
    fn settings_come_back_as_they_were_written() {
        let keyring = Keyring::generate(&[7; 32]);
        let settings = CustomerSettings {
            addresses: alloc::vec!["10.0.0.0/8".parse().unwrap()],
            test_credits: 7,
            texts: Texts::from_pairs([("en", "{{app}}: {{code}}")]).unwrap(),
            host: Some("app.example".into()),
            sender: Some("App".into()),
            android_apps: AndroidApps::from_texts(["965mn/jzPaJ"]).unwrap(),
            ..with_policy(|policy| policy.lifetime_ms = 90_000)
        };
        let shown = alloc::format!("{settings:?}");
        let created = created(&keyring, &settings.to_values(), 1, &[2; 32]).unwrap();
        let customer = Customer::open(&keyring, &created.store_key, &created.value).unwrap();
        assert_eq!(alloc::format!("{:?}", customer.settings()), shown);
        assert!(customer.has_credits());
    }

    #[test]
    fn fresh_ids() {
        let id = Customer::fresh_id(1, &[1; 32]);
        assert!(is_customer_id(&id), "{id}");
        assert_ne!(id, Customer::fresh_id(2, &[1; 32]));
        assert_ne!(id, Customer::fresh_id(1, &[2; 32]));
    }
}
