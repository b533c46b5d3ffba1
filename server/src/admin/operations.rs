//! An administrator's operations on a store and a keyring, performed by the
//! server or by the command line.

use mpass_core::Error;
use mpass_core::challenge::{Keyring, Pending};
use mpass_core::number::PhoneNumber;
use mpass_core::service::settings::{Field, Value};
use mpass_core::service::{
    AnyTenant, Customer, Tenant, TenantKey, TenantSettings, TenantWrite, reseal_document,
};
use mpass_core::store::{Kind, StoreKey, Swap, Swapped};

use super::kind::TenantKind;
use super::protocol::{Failure, Listed, NewKey, Operation, Outcome, TenantInfo};
use super::spec::TenantSpec;
use super::store::{self as header, Fingerprints};
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
        Operation::Create(kind, spec) => admin.create(kind, &spec).await.map(Outcome::Key),
        Operation::List(kind) => admin.list(kind).map(Outcome::Tenants),
        Operation::Rotate(kind, name) => admin.rotate(kind, &name).await.map(Outcome::Key),
        Operation::Revoke(kind, name) => {
            let revoked = admin.revoke(kind, &name).await;
            revoked.map(|()| Outcome::Done)
        }
        Operation::AddCredits { name, credits } => admin
            .add_credits(&name, credits)
            .await
            .map(Outcome::Credits),
        Operation::UnlockNumber { kind, name, number } => {
            let unlocked = admin.unlock(kind, &name, &number).await;
            unlocked.map(|()| Outcome::Done)
        }
        Operation::ReloadKeyring => {
            header::follow(store, keyring, Fingerprints::Forget).await?;
            admin.reseal().await.map(|_| Outcome::Done)
        }
        Operation::CheckStore => header::check(store, keyring).await.map(Outcome::Checked),
        Operation::RestoreStore => header::restored(store, keyring)
            .await
            .map(Outcome::Restored),
        Operation::ConfirmStore => {
            let confirmed = header::confirm(store, keyring).await;
            confirmed.map(|()| Outcome::Done)
        }
    }
}

/// Encrypts every tenant that is not encrypted with the newest record key, such as
/// those of a store that was written before tenants were encrypted. Returns how
/// many.
///
/// # Errors
/// As [`perform`].
pub async fn encrypt_tenants(store: &AnyStore, keyring: &Keyring) -> Result<usize, Failure> {
    Admin { store, keyring }.reseal().await
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
        .decide(Kind::Document, store_key, |current, now_ms, entropy| {
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
        let mut current = self.store.load(kind, store_key).await?;
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
                Ok(Swapped::Expired) => return Err(Error::StoreExpired.into()),
                // The swap may have been stored. Each value is unique, so it
                // can be recognized.
                Err(error) => match self.store.load(kind, store_key).await? {
                    Some(found) if found == value => return Ok(outcome),
                    _ => return Err(error.into()),
                },
            };
        }
        Err(Error::TooManyConflicts.into())
    }

    /// Creates a tenant, with a fresh name if it has none and its kind assigns
    /// names.
    async fn create(&self, kind: TenantKind, spec: &TenantSpec) -> Result<NewKey, Failure> {
        let mut values = spec.values(kind.group())?;
        if let (None, Some(fresh)) = (values.get(Field::Name), kind.fresh_name()) {
            let entropy = entropy::fresh().map_err(|error| Failure::new(error.to_string()))?;
            values.set(Field::Name, Value::Text(fresh(clock::now_ms(), &entropy)))?;
        }
        values.check()?;
        let spec = TenantSpec::from(&values);
        let store_key = self.store_key(kind, spec.name())?;
        self.decide(Kind::Document, store_key, |current, now_ms, entropy| {
            let write = AnyTenant::create(self.keyring, current, &values, now_ms, entropy)?;
            let swap = write.swap().clone();
            Ok(Decision::Write(swap, new_key(spec.name(), write)))
        })
        .await
    }

    async fn add_credits(&self, name: &str, paid: u64) -> Result<u64, Failure> {
        let kind = TenantKind::Customer;
        let store_key = self.store_key(kind, name)?;
        let value = self.store.load(Kind::Document, store_key).await?;
        let (_, value) = self.live(kind, &store_key, value.as_deref())?;
        let customer = Customer::open(self.keyring, &store_key, value)?;
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

    fn list(&self, kind: TenantKind) -> Result<Listed, Failure> {
        let mut listed = Listed {
            tenants: Vec::new(),
            unreadable: 0,
        };
        for (store_key, value) in header::tenant_documents(self.store)? {
            match AnyTenant::open(self.keyring, kind.group(), &store_key, &value) {
                Ok(tenant) => listed.tenants.push(info(&tenant)),
                Err(_) if self.can_read(&store_key, &value) => {}
                Err(_) => listed.unreadable += 1,
            }
        }
        let by_name =
            |left: &TenantInfo, right: &TenantInfo| left.spec.name().cmp(right.spec.name());
        listed.tenants.sort_by(by_name);
        Ok(listed)
    }

    /// Whether this keyring opens a value as a tenant of any kind.
    fn can_read(&self, store_key: &StoreKey, value: &[u8]) -> bool {
        reseal_document(self.keyring, store_key, value, 0, &[0; 32]).is_ok()
    }

    /// Seals every tenant with the newest record key, so that older ones can be
    /// removed. Unreadable tenants are left unchanged. Returns how many were sealed.
    async fn reseal(&self) -> Result<usize, Failure> {
        let mut sealed = 0;
        for (store_key, value) in header::tenant_documents(self.store)? {
            if !self.can_read(&store_key, &value) {
                continue;
            }
            let reseal = |current: Option<&[u8]>, now_ms, entropy: &_| {
                let Some(current) = current else {
                    return Ok(Decision::Keep(0));
                };
                let swap = reseal_document(self.keyring, &store_key, current, now_ms, entropy)?;
                Ok(match swap {
                    Some(swap) => Decision::Write(swap, 1),
                    None => Decision::Keep(0),
                })
            };
            sealed += self.decide(Kind::Document, store_key, reseal).await?;
        }
        Ok(sealed)
    }

    async fn rotate(&self, kind: TenantKind, name: &str) -> Result<NewKey, Failure> {
        let store_key = self.store_key(kind, name)?;
        self.decide(Kind::Document, store_key, |current, now_ms, entropy| {
            let (tenant, current) = self.live(kind, &store_key, current)?;
            let write = tenant.rotate(self.keyring, current, now_ms, entropy)?;
            let swap = write.swap().clone();
            Ok(Decision::Write(swap, new_key(name, write)))
        })
        .await
    }

    async fn revoke(&self, kind: TenantKind, name: &str) -> Result<(), Failure> {
        let store_key = self.store_key(kind, name)?;
        self.decide(Kind::Document, store_key, |current, now_ms, entropy| {
            let (tenant, current) = self.live(kind, &store_key, current)?;
            let swap = tenant.revoke(self.keyring, current, now_ms, entropy)?;
            Ok(Decision::Write(swap, ()))
        })
        .await
    }

    async fn unlock(&self, kind: TenantKind, name: &str, number: &str) -> Result<(), Failure> {
        let store_key = self.store_key(kind, name)?;
        let value = self.store.load(Kind::Document, store_key).await?;
        let (tenant, _) = self.live(kind, &store_key, value.as_deref())?;
        let country = tenant.settings().read(Field::Country)?;
        let number = PhoneNumber::parse(number, country)?;
        let subject = number.into();
        let challenge = tenant.challenge(self.keyring, &subject);
        self.decide(Kind::State, challenge.key(), |current, now_ms, entropy| {
            if current.is_none() {
                return Err(Failure::new(format!(
                    "the {} has no record of this number",
                    kind.name()
                )));
            }
            let pending = challenge.unlock(current, now_ms, entropy)?;
            Ok(Decision::Write(swap_of(&pending), ()))
        })
        .await
    }

    fn store_key(&self, kind: TenantKind, name: &str) -> Result<StoreKey, Failure> {
        Ok(AnyTenant::store_key(self.keyring, kind.group(), name)?)
    }

    /// Opens a tenant that is not revoked, and returns it with its value.
    fn live<'v>(
        &self,
        kind: TenantKind,
        store_key: &StoreKey,
        current: Option<&'v [u8]>,
    ) -> Result<(AnyTenant, &'v [u8]), Failure> {
        // The name is not repeated: a credential or a number may have been
        // typed in its stead, and the message is logged.
        let missing = || Failure::new(format!("{} not found", kind.name()));
        let current = current.ok_or_else(missing)?;
        let tenant = AnyTenant::open(self.keyring, kind.group(), store_key, current)?;
        if tenant.is_revoked() {
            return Err(Failure::new(format!("the {} is revoked", kind.name())));
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

/// The credential of a stored tenant, as for [`swap_of`].
fn new_key(name: &str, write: TenantWrite) -> NewKey {
    NewKey {
        name: name.to_owned(),
        key: write.stored_text().as_str().to_owned(),
    }
}

fn info(tenant: &AnyTenant) -> TenantInfo {
    TenantInfo {
        spec: TenantSpec::all(&tenant.settings()),
        is_revoked: tenant.is_revoked(),
        key_version: tenant.key_version(),
        created_at_ms: tenant.created_at_ms(),
    }
}
