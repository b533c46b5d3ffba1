//! Channels that a host sets up and keeps by itself, and an administrator's
//! way to a number's challenge.

use zeroize::Zeroizing;

use super::channel::{Channel, ChannelKey, ChannelSettings, ChannelWrite};
use super::mpass::SERVICE;
use crate::Error;
use crate::challenge::{Binding, Challenge, Keyring};
use crate::number::PhoneNumber;

impl ChannelKey {
    /// The key that a keyring gives to a channel of its own, the same at every
    /// call: it need not be kept anywhere. `purpose` tells the keys of
    /// different uses apart.
    ///
    /// Who has the keyring has this key, so it suits only channels that are as
    /// private as the keyring is, such as a demonstration's.
    #[must_use]
    pub fn derive(keyring: &Keyring, name: &str, purpose: &str) -> Self {
        let place = Channel::place(keyring, name);
        let parts: [&[u8]; 2] = [&place.0, purpose.as_bytes()];
        let secret = keyring.credential_hash(b"derived channel key", parts);
        Self {
            place,
            secret: Zeroizing::new(secret),
        }
    }
}

impl Channel {
    /// Makes the channel of `settings.name` stand in the store with exactly
    /// these settings and this key, whatever stood there: `None` when it does
    /// already. `current` is what stands at its place. A channel that stood
    /// there keeps its id, and so the records of its numbers.
    ///
    /// # Errors
    /// [`Error::InvalidChannelKey`] for the key of another place; as
    /// [`Self::open`]; the settings' own errors; [`Error::TenantTooLarge`].
    pub fn provision(
        keyring: &Keyring,
        current: Option<&[u8]>,
        settings: ChannelSettings,
        key: ChannelKey,
        now_ms: u64,
        entropy: &[u8; 32],
    ) -> Result<Option<ChannelWrite>, Error> {
        let place = Self::place(keyring, &settings.name);
        if key.place != place {
            return Err(Error::InvalidChannelKey);
        }
        let mut channel = Self::fresh(keyring, current, settings, now_ms, entropy);
        if let Some(bytes) = current {
            let standing = Self::open(keyring, &place, bytes)?;
            let is_same_key = standing.has_key(keyring, &key) && !standing.is_revoked;
            let settings = channel.settings;
            channel = standing.clone();
            channel.settings = settings;
            if is_same_key && channel.payload()? == standing.payload()? {
                return Ok(None);
            }
        }
        channel
            .with_key(keyring, current, key, now_ms, entropy)
            .map(Some)
    }

    /// The challenge of a number under this channel, whatever application it
    /// was sent for: for [`Challenge::unlock`]. The number is in the canonical
    /// form that the host's assessment gives.
    #[must_use]
    pub fn challenge<'a>(&'a self, keyring: &'a Keyring, number: &'a PhoneNumber) -> Challenge<'a> {
        let binding = Binding {
            service: SERVICE,
            tenant: self.id(),
            number: number.as_str(),
            context: "",
        };
        Challenge::new(keyring, &self.settings().policy, binding)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::challenge::{Issue, Policy, PolicySettings};

    const NOW_MS: u64 = 1_800_000_000_000;

    fn provision(keyring: &Keyring, current: Option<&[u8]>, tries: u8) -> Option<ChannelWrite> {
        let mut settings = ChannelSettings::new("demo");
        settings.policy = Policy::new(PolicySettings {
            tries,
            ..PolicySettings::default()
        })
        .unwrap();
        let key = ChannelKey::derive(keyring, "demo", "test");
        Channel::provision(keyring, current, settings, key, NOW_MS, &[3; 32]).unwrap()
    }

    #[test]
    fn a_derived_key_stays_and_differs_by_all_it_is_of() {
        let keyring = Keyring::generate(&[7; 32]);
        let key = |keyring: &Keyring, name: &str, purpose: &str| {
            ChannelKey::derive(keyring, name, purpose).expose()
        };
        let first = key(&keyring, "demo", "a");
        assert_eq!(first, key(&keyring, "demo", "a"));
        assert_ne!(first, key(&keyring, "demo", "b"));
        assert_ne!(first, key(&keyring, "other", "a"));
        assert_ne!(first, key(&Keyring::generate(&[8; 32]), "demo", "a"));
    }

    #[test]
    fn provisioning_settles_and_keeps_the_id() {
        let keyring = Keyring::generate(&[7; 32]);
        let place = Channel::place(&keyring, "demo");
        let first = provision(&keyring, None, 5).unwrap().swap().value.clone();
        assert!(provision(&keyring, Some(&first), 5).is_none());
        let channel = Channel::open(&keyring, &place, &first).unwrap();
        assert!(channel.has_key(&keyring, &ChannelKey::derive(&keyring, "demo", "test")));

        let changed = provision(&keyring, Some(&first), 6).unwrap();
        assert_eq!(changed.swap().expected.as_deref(), Some(&first[..]));
        let changed = Channel::open(&keyring, &place, &changed.swap().value).unwrap();
        assert_eq!(changed.id(), channel.id());
        assert_eq!(changed.settings().policy.settings().tries, 6);

        let rotated = channel.rotate(&keyring, &first, NOW_MS, &[4; 32]).unwrap();
        let revoked = channel.revoke(&keyring, &first, NOW_MS, &[4; 32]).unwrap();
        for other in [&rotated.swap().value, &revoked.value] {
            let again = provision(&keyring, Some(other), 5).unwrap();
            let again = Channel::open(&keyring, &place, &again.swap().value).unwrap();
            assert!(again.has_key(&keyring, &ChannelKey::derive(&keyring, "demo", "test")));
            assert!(!again.is_revoked());
        }
    }

    #[test]
    fn the_key_of_another_channel_is_refused() {
        let keyring = Keyring::generate(&[7; 32]);
        let key = ChannelKey::derive(&keyring, "other", "test");
        let settings = ChannelSettings::new("demo");
        let refused = Channel::provision(&keyring, None, settings, key, NOW_MS, &[3; 32]);
        assert_eq!(refused.err(), Some(Error::InvalidChannelKey));
    }

    #[test]
    fn the_challenge_is_that_of_every_application() {
        let keyring = Keyring::generate(&[7; 32]);
        let place = Channel::place(&keyring, "demo");
        let value = provision(&keyring, None, 5).unwrap().swap().value.clone();
        let channel = Channel::open(&keyring, &place, &value).unwrap();
        let number = PhoneNumber::parse("+966500000000", None).unwrap();
        let binding = Binding {
            service: "mpass-mnv",
            tenant: channel.id(),
            number: number.as_str(),
            context: "Shop",
        };
        let of_the_shop = Challenge::new(&keyring, &channel.settings().policy, binding);
        let Issue::Pending(pending) = of_the_shop.issue(None, NOW_MS, &[1; 32]).unwrap() else {
            panic!("a first challenge is issued");
        };
        let unlocked = channel
            .challenge(&keyring, &number)
            .unlock(Some(pending.next()), NOW_MS, &[2; 32])
            .unwrap();
        assert_eq!(unlocked.key(), of_the_shop.key());
    }
}
