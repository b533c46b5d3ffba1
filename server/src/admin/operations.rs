//! The operations on a store and a keyring, whoever has them open.

use mpass_core::Error;
use mpass_core::challenge::Keyring;
use mpass_core::number::PhoneNumber;
use mpass_core::service::{Channel, ChannelKey, ChannelSettings, reseal_tenant};
use mpass_core::store::{Kind, StoreKey, Swap, Swapped};

use super::protocol::{ChannelInfo, Channels, Failure, NewKey, Operation, Outcome};
use super::spec::ChannelSpec;
use crate::store::AnyStore;
use crate::{clock, entropy};

/// Conflicts on one value before an operation gives up; each of them is
/// somebody else's progress.
const MOST_CONFLICTS: u32 = 256;

/// Carries out an operation.
///
/// # Errors
/// A [`Failure`] that says what is wrong with the operation or the store;
/// nothing has changed then, unless the store does not know.
pub async fn perform(
    store: &AnyStore,
    keyring: &Keyring,
    operation: Operation,
) -> Result<Outcome, Failure> {
    let admin = Admin { store, keyring };
    match operation {
        Operation::CreateChannel(spec) => admin.create(&spec).await.map(Outcome::Key),
        Operation::ListChannels => admin.list().map(Outcome::Channels),
        Operation::RotateChannel { name } => admin.rotate(name).await.map(Outcome::Key),
        Operation::RevokeChannel { name } => admin.revoke(&name).await.map(|()| Outcome::Done),
        Operation::UnlockNumber { name, number } => {
            admin.unlock(&name, &number).await.map(|()| Outcome::Done)
        }
        Operation::ReloadKeyring => admin.reseal().await.map(|()| Outcome::Done),
    }
}

/// Refuses a keyring that opens no channel of a store that has some: it is
/// not the one that the store was written with.
///
/// # Errors
/// [`Failure`]; also when the store cannot be read.
pub fn check_keyring(store: &AnyStore, keyring: &Keyring) -> Result<(), Failure> {
    let admin = Admin { store, keyring };
    let listed = admin.list()?;
    if listed.unreadable > 0 && listed.channels.is_empty() {
        return Err(Failure::new(
            "the keyring is not the one that this store was written with: say --keyring or --config",
        ));
    }
    Ok(())
}

/// Makes the channel of `settings.name` stand with exactly these settings and
/// this key; says whether anything had to change.
///
/// # Errors
/// As [`perform`].
pub async fn provision(
    store: &AnyStore,
    keyring: &Keyring,
    settings: &ChannelSettings,
    key: impl Fn() -> ChannelKey,
) -> Result<bool, Failure> {
    let admin = Admin { store, keyring };
    let place = Channel::place(keyring, &settings.name);
    admin
        .decide(Kind::Tenant, place, |current, now_ms, entropy| {
            let settings = settings.clone();
            let write = Channel::provision(keyring, current, settings, key(), now_ms, entropy)?;
            Ok(match write {
                Some(write) => Decision::Write(write.swap().clone(), true),
                None => Decision::Keep(false),
            })
        })
        .await
}

struct Admin<'a> {
    store: &'a AnyStore,
    keyring: &'a Keyring,
}

/// What to do about the value that was loaded.
enum Decision<T> {
    /// Replace it; the outcome holds once that is stored.
    Write(Swap, T),
    /// Leave it.
    Keep(T),
}

impl Admin<'_> {
    /// Loads, decides and writes, and decides again as often as somebody else
    /// was first.
    async fn decide<T>(
        &self,
        kind: Kind,
        place: StoreKey,
        decide: impl Fn(Option<&[u8]>, u64, &[u8; 32]) -> Result<Decision<T>, Failure>,
    ) -> Result<T, Failure> {
        let entropy = entropy::fresh().map_err(|error| Failure::new(error.to_string()))?;
        let mut current = self.store.load(kind, &place).await?;
        for _ in 0..MOST_CONFLICTS {
            let now_ms = clock::now_ms();
            let (swap, outcome) = match decide(current.as_deref(), now_ms, &entropy)? {
                Decision::Keep(outcome) => return Ok(outcome),
                Decision::Write(swap, outcome) => (swap, outcome),
            };
            let value = swap.value.clone();
            current = match self.store.swap(swap, now_ms).await {
                Ok(Swapped::Stored) => return Ok(outcome),
                Ok(Swapped::Conflict(current)) => current,
                // It may have happened: the value carries a stamp of its own.
                Err(error) => match self.store.load(kind, &place).await? {
                    Some(found) if found == value => return Ok(outcome),
                    _ => return Err(error.into()),
                },
            };
        }
        Err(Error::TooManyConflicts.into())
    }

    async fn create(&self, spec: &ChannelSpec) -> Result<NewKey, Failure> {
        let settings = spec.settings()?;
        let place = Channel::place(self.keyring, &spec.name);
        self.decide(Kind::Tenant, place, |current, now_ms, entropy| {
            let settings = settings.clone();
            let write = Channel::create(self.keyring, current, settings, now_ms, entropy)?;
            let swap = write.swap().clone();
            Ok(Decision::Write(swap, new_key(&spec.name, &write.stored())))
        })
        .await
    }

    fn list(&self) -> Result<Channels, Failure> {
        let mut listed = Channels {
            channels: Vec::new(),
            unreadable: 0,
        };
        for (place, value) in self.store.tenants()? {
            match Channel::open(self.keyring, &place, &value) {
                Ok(channel) => listed.channels.push(info(&channel)),
                Err(_) => listed.unreadable += 1,
            }
        }
        listed
            .channels
            .sort_by(|left, right| left.spec.name.cmp(&right.spec.name));
        Ok(listed)
    }

    /// Seals every tenant with the newest record key, so that an older one can
    /// be removed. What cannot be read is left as it is.
    async fn reseal(&self) -> Result<(), Failure> {
        for (place, value) in self.store.tenants()? {
            if Channel::open(self.keyring, &place, &value).is_err() {
                continue;
            }
            self.decide(Kind::Tenant, place, |current, now_ms, entropy| {
                let Some(current) = current else {
                    return Ok(Decision::Keep(()));
                };
                let swap = reseal_tenant(self.keyring, &place, current, now_ms, entropy)?;
                Ok(match swap {
                    Some(swap) => Decision::Write(swap, ()),
                    None => Decision::Keep(()),
                })
            })
            .await?;
        }
        Ok(())
    }

    async fn rotate(&self, name: String) -> Result<NewKey, Failure> {
        let place = Channel::place(self.keyring, &name);
        self.decide(Kind::Tenant, place, |current, now_ms, entropy| {
            let (channel, current) = self.live(&name, &place, current)?;
            let write = channel.rotate(self.keyring, current, now_ms, entropy)?;
            let swap = write.swap().clone();
            Ok(Decision::Write(swap, new_key(&name, &write.stored())))
        })
        .await
    }

    async fn revoke(&self, name: &str) -> Result<(), Failure> {
        let place = Channel::place(self.keyring, name);
        self.decide(Kind::Tenant, place, |current, now_ms, entropy| {
            let (channel, current) = self.live(name, &place, current)?;
            let swap = channel.revoke(self.keyring, current, now_ms, entropy)?;
            Ok(Decision::Write(swap, ()))
        })
        .await
    }

    async fn unlock(&self, name: &str, number: &str) -> Result<(), Failure> {
        let place = Channel::place(self.keyring, name);
        let value = self.store.load(Kind::Tenant, &place).await?;
        let (channel, _) = self.live(name, &place, value.as_deref())?;
        let number = PhoneNumber::parse(number, channel.settings().country)?;
        let challenge = channel.challenge(self.keyring, &number);
        self.decide(Kind::State, challenge.key(), |current, now_ms, entropy| {
            if current.is_none() {
                return Err(Failure::new("the channel knows nothing of this number"));
            }
            let pending = challenge.unlock(current, now_ms, entropy)?;
            let swap = Swap {
                kind: Kind::State,
                key: pending.key(),
                expected: pending.expected().map(<[u8]>::to_vec),
                value: pending.next().to_vec(),
                expires_at_ms: pending.expires_at_ms(),
            };
            Ok(Decision::Write(swap, ()))
        })
        .await
    }

    /// The channel of a name that is in use, and the value that it is read
    /// from.
    fn live<'v>(
        &self,
        name: &str,
        place: &StoreKey,
        current: Option<&'v [u8]>,
    ) -> Result<(Channel, &'v [u8]), Failure> {
        let missing = || Failure::new(format!("there is no channel {name}"));
        let current = current.ok_or_else(missing)?;
        let channel = Channel::open(self.keyring, place, current)?;
        if channel.is_revoked() {
            return Err(Failure::new(format!("the channel {name} is revoked")));
        }
        Ok((channel, current))
    }
}

fn new_key(name: &str, key: &ChannelKey) -> NewKey {
    NewKey {
        name: name.to_owned(),
        key: key.expose().as_str().to_owned(),
    }
}

fn info(channel: &Channel) -> ChannelInfo {
    ChannelInfo {
        spec: ChannelSpec::of(channel.settings()),
        is_revoked: channel.is_revoked(),
        key_version: channel.key_version(),
        created_at_ms: channel.created_at_ms(),
    }
}
