//! An administrator's operations on a store and a keyring, performed by the
//! server or by the command line.

use mpass_core::Error;
use mpass_core::challenge::{Keyring, Pending};
use mpass_core::number::PhoneNumber;
use mpass_core::service::{Customer, Tenant, TenantKey, TenantSettings, reseal_tenant};
use mpass_core::store::{Kind, StoreKey, Swap, Swapped};

use super::protocol::{Failure, Listed, NewKey, Operation, Outcome, TenantInfo, TenantKind};
use super::spec::{ChannelSpec, ClientSpec, CustomerSpec, TenantSpec};
use crate::store::AnyStore;
use crate::{clock, entropy};

/// Conflicts on one value before an operation gives up; each one means that
/// another writer made progress.
const MOST_CONFLICTS: u32 = 256;

/// Performs an operation.
///
/// # Errors
/// A [`Failure`] with the reason. Nothing has changed then, unless the outcome
/// of a swap is unknown.
pub async fn perform(
    store: &AnyStore,
    keyring: &Keyring,
    operation: Operation,
) -> Result<Outcome, Failure> {
    let admin = Admin { store, keyring };
    match operation {
        Operation::CreateChannel(spec) => admin.create(&*spec).await.map(Outcome::Key),
        Operation::CreateClient(spec) => admin.create(&*spec).await.map(Outcome::Key),
        Operation::CreateCustomer(spec) => admin.create_customer(*spec).await.map(Outcome::Key),
        Operation::List(TenantKind::Channel) => admin.list().map(Outcome::Channels),
        Operation::List(TenantKind::Client) => admin.list().map(Outcome::Clients),
        Operation::List(TenantKind::Customer) => admin.list().map(Outcome::Customers),
        Operation::Rotate(kind, name) => {
            let rotated = match kind {
                TenantKind::Channel => admin.rotate::<ChannelSpec>(&name).await,
                TenantKind::Client => admin.rotate::<ClientSpec>(&name).await,
                TenantKind::Customer => admin.rotate::<CustomerSpec>(&name).await,
            };
            rotated.map(Outcome::Key)
        }
        Operation::Revoke(kind, name) => {
            let revoked = match kind {
                TenantKind::Channel => admin.revoke::<ChannelSpec>(&name).await,
                TenantKind::Client => admin.revoke::<ClientSpec>(&name).await,
                TenantKind::Customer => admin.revoke::<CustomerSpec>(&name).await,
            };
            revoked.map(|()| Outcome::Done)
        }
        Operation::AddCredits { name, credits } => admin
            .add_credits(&name, credits)
            .await
            .map(Outcome::Credits),
        Operation::UnlockNumber { kind, name, number } => {
            let unlocked = match kind {
                TenantKind::Channel => admin.unlock::<ChannelSpec>(&name, &number).await,
                TenantKind::Client => admin.unlock::<ClientSpec>(&name, &number).await,
                TenantKind::Customer => admin.unlock::<CustomerSpec>(&name, &number).await,
            };
            unlocked.map(|()| Outcome::Done)
        }
        Operation::ReloadKeyring => admin.reseal().await.map(|()| Outcome::Done),
    }
}

/// Refuses a keyring that opens none of the store's tenants: the store was
/// written with a different one.
///
/// # Errors
/// [`Failure`]; also when the store cannot be read.
pub fn check_keyring(store: &AnyStore, keyring: &Keyring) -> Result<(), Failure> {
    let admin = Admin { store, keyring };
    let tenants = store.tenants()?;
    let is_readable = |(store_key, value): &(StoreKey, Vec<u8>)| admin.can_read(store_key, value);
    if !tenants.is_empty() && !tenants.iter().any(is_readable) {
        return Err(Failure::new(
            "this store was written with a different keyring: set --keyring or --config",
        ));
    }
    Ok(())
}

/// Ensures that the tenant exists with exactly these settings and this
/// credential; returns whether anything changed.
///
/// # Errors
/// As [`perform`].
pub async fn provision<S: TenantSettings>(
    store: &AnyStore,
    keyring: &Keyring,
    settings: &S,
    key: impl Fn() -> TenantKey,
) -> Result<bool, Failure> {
    let admin = Admin { store, keyring };
    let store_key = key().store_key();
    admin
        .decide(Kind::Tenant, store_key, |current, now_ms, entropy| {
            let settings = settings.clone();
            let write = Tenant::provision(keyring, current, settings, key(), now_ms, entropy)?;
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

/// What to do with the loaded value.
enum Decision<T> {
    /// Replace it; the outcome is valid once the swap is stored.
    Write(Swap, T),
    /// Keep it.
    Keep(T),
}

impl Admin<'_> {
    /// Loads, decides and writes, and decides again after each conflict.
    async fn decide<T>(
        &self,
        kind: Kind,
        store_key: StoreKey,
        decide: impl Fn(Option<&[u8]>, u64, &[u8; 32]) -> Result<Decision<T>, Failure>,
    ) -> Result<T, Failure> {
        let entropy = entropy::fresh().map_err(|error| Failure::new(error.to_string()))?;
        let mut current = self.store.load(kind, &store_key).await?;
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
                // The swap may have been stored. Each value is unique, so it
                // can be recognized.
                Err(error) => match self.store.load(kind, &store_key).await? {
                    Some(found) if found == value => return Ok(outcome),
                    _ => return Err(error.into()),
                },
            };
        }
        Err(Error::TooManyConflicts.into())
    }

    async fn create<S: TenantSpec>(&self, spec: &S) -> Result<NewKey, Failure> {
        let settings = spec.settings()?;
        let store_key = Tenant::<S::Settings>::store_key(self.keyring, spec.name());
        self.decide(Kind::Tenant, store_key, |current, now_ms, entropy| {
            let settings = settings.clone();
            let write = Tenant::create(self.keyring, current, settings, now_ms, entropy)?;
            let swap = write.swap().clone();
            let key = new_key::<S>(spec.name(), &write.stored());
            Ok(Decision::Write(swap, key))
        })
        .await
    }

    /// Creates a customer, with a fresh id if it has none.
    async fn create_customer(&self, mut spec: CustomerSpec) -> Result<NewKey, Failure> {
        if !spec.name.is_empty() {
            return self.create(&spec).await;
        }
        let entropy = entropy::fresh().map_err(|error| Failure::new(error.to_string()))?;
        spec.name = Customer::fresh_id(clock::now_ms(), &entropy);
        self.create(&spec).await
    }

    async fn add_credits(&self, name: &str, paid: u64) -> Result<u64, Failure> {
        let store_key = Customer::store_key(self.keyring, name);
        let value = self.store.load(Kind::Tenant, &store_key).await?;
        let (customer, _) = self.live::<CustomerSpec>(name, &store_key, value.as_deref())?;
        let credits = customer.credits(self.keyring);
        self.decide(Kind::State, credits.key(), |current, now_ms, entropy| {
            if paid == 0 {
                return Ok(Decision::Keep(credits.balance(current)?));
            }
            let pending = credits.add(current, paid, now_ms, entropy)?;
            Ok(Decision::Write(swap_of(&pending), pending.stored()))
        })
        .await
    }

    fn list<S: TenantSpec>(&self) -> Result<Listed<S>, Failure> {
        let mut listed = Listed {
            tenants: Vec::new(),
            unreadable: 0,
        };
        for (store_key, value) in self.store.tenants()? {
            match Tenant::open(self.keyring, &store_key, &value) {
                Ok(tenant) => listed.tenants.push(info(&tenant)),
                Err(_) if self.can_read(&store_key, &value) => {}
                Err(_) => listed.unreadable += 1,
            }
        }
        let by_name =
            |left: &TenantInfo<S>, right: &TenantInfo<S>| left.spec.name().cmp(right.spec.name());
        listed.tenants.sort_by(by_name);
        Ok(listed)
    }

    /// Whether this keyring opens a value as a tenant of any kind.
    fn can_read(&self, store_key: &StoreKey, value: &[u8]) -> bool {
        reseal_tenant(self.keyring, store_key, value, 0, &[0; 32]).is_ok()
    }

    /// Seals every tenant with the newest record key, so that older ones can be
    /// removed. Unreadable tenants are left unchanged.
    async fn reseal(&self) -> Result<(), Failure> {
        for (store_key, value) in self.store.tenants()? {
            if !self.can_read(&store_key, &value) {
                continue;
            }
            self.decide(Kind::Tenant, store_key, |current, now_ms, entropy| {
                let Some(current) = current else {
                    return Ok(Decision::Keep(()));
                };
                let swap = reseal_tenant(self.keyring, &store_key, current, now_ms, entropy)?;
                Ok(match swap {
                    Some(swap) => Decision::Write(swap, ()),
                    None => Decision::Keep(()),
                })
            })
            .await?;
        }
        Ok(())
    }

    async fn rotate<S: TenantSpec>(&self, name: &str) -> Result<NewKey, Failure> {
        let store_key = Tenant::<S::Settings>::store_key(self.keyring, name);
        self.decide(Kind::Tenant, store_key, |current, now_ms, entropy| {
            let (tenant, current) = self.live::<S>(name, &store_key, current)?;
            let write = tenant.rotate(self.keyring, current, now_ms, entropy)?;
            let swap = write.swap().clone();
            Ok(Decision::Write(swap, new_key::<S>(name, &write.stored())))
        })
        .await
    }

    async fn revoke<S: TenantSpec>(&self, name: &str) -> Result<(), Failure> {
        let store_key = Tenant::<S::Settings>::store_key(self.keyring, name);
        self.decide(Kind::Tenant, store_key, |current, now_ms, entropy| {
            let (tenant, current) = self.live::<S>(name, &store_key, current)?;
            let swap = tenant.revoke(self.keyring, current, now_ms, entropy)?;
            Ok(Decision::Write(swap, ()))
        })
        .await
    }

    async fn unlock<S: TenantSpec>(&self, name: &str, number: &str) -> Result<(), Failure> {
        let store_key = Tenant::<S::Settings>::store_key(self.keyring, name);
        let value = self.store.load(Kind::Tenant, &store_key).await?;
        let (tenant, _) = self.live::<S>(name, &store_key, value.as_deref())?;
        let number = PhoneNumber::parse(number, S::country(tenant.settings()))?;
        let challenge = tenant.challenge(self.keyring, &number);
        self.decide(Kind::State, challenge.key(), |current, now_ms, entropy| {
            if current.is_none() {
                return Err(Failure::new(format!(
                    "the {} has no record of this number",
                    S::KIND
                )));
            }
            let pending = challenge.unlock(current, now_ms, entropy)?;
            Ok(Decision::Write(swap_of(&pending), ()))
        })
        .await
    }

    /// Opens a tenant that is not revoked, and returns it with its value.
    fn live<'v, S: TenantSpec>(
        &self,
        name: &str,
        store_key: &StoreKey,
        current: Option<&'v [u8]>,
    ) -> Result<(Tenant<S::Settings>, &'v [u8]), Failure> {
        let kind = S::KIND;
        let missing = || Failure::new(format!("{kind} {name} not found"));
        let current = current.ok_or_else(missing)?;
        let tenant = Tenant::open(self.keyring, store_key, current)?;
        if tenant.is_revoked() {
            return Err(Failure::new(format!("{kind} {name} is revoked")));
        }
        Ok((tenant, current))
    }
}

/// The swap of a pending record. Its outcome is valid once the swap is stored:
/// see [`Decision::Write`].
fn swap_of<T>(pending: &Pending<T>) -> Swap {
    Swap {
        kind: Kind::State,
        key: pending.key(),
        expected: pending.expected().map(<[u8]>::to_vec),
        value: pending.next().to_vec(),
        expires_at_ms: pending.expires_at_ms(),
    }
}

fn new_key<S: TenantSpec>(name: &str, key: &TenantKey) -> NewKey {
    NewKey {
        name: name.to_owned(),
        key: S::credential(key).as_str().to_owned(),
    }
}

fn info<S: TenantSpec>(tenant: &Tenant<S::Settings>) -> TenantInfo<S> {
    TenantInfo {
        spec: S::of(tenant.settings()),
        is_revoked: tenant.is_revoked(),
        key_version: tenant.key_version(),
        created_at_ms: tenant.created_at_ms(),
    }
}
