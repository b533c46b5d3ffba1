//! An administrator's operations on a store and a keyring, performed by the
//! server or by the command line. What they do is decided by the engine's
//! [`TenantAdmin`].

use std::sync::Arc;

use mpass_core::Error;
use mpass_core::challenge::Keyring;
use mpass_core::service::settings::{Refused, Settings};
use mpass_core::service::{
    NewCredential, NewCutOff, Overlap, TenantAdmin, TenantEntry, TenantKey, TenantSettings,
};
use mpass_core::store::{Operation as StoreOperation, StoreKey, run_async};

use super::accounts;
use super::audit_log;
use super::cut_off::StopTarget;
use super::cut_offs;
use super::described::{Listed, NewKey, TenantInfo};
use super::failure::{Cause, Failure};
use super::gateways::{self, Local, LocalGateways};
use super::keys::{KeyList, KeyOperation};
use super::kind::TenantKind;
use super::outcome::Outcome;
use super::protocol::Operation;
use super::spec::TenantSpec;
use super::store::{self as header, Fingerprints};
use crate::administrators::Hasher;
use crate::egress::EgressConfig;
use crate::entropy::{self, System};
use crate::fleet::keys::{activate, held};
use crate::fleet::upgrade::upgrade;
use crate::numbers::NumbersConfig;
use crate::statistics::Shards;
use crate::store::AnyStore;

/// The documents of a page: together they fit in a line of the admin protocol.
const PAGE: u32 = 128;

/// Performs an operation that does not depend on a configuration. Gateways are limited
/// to what the defaults allow.
///
/// # Errors
/// As [`perform_in`].
pub async fn perform(
    store: &AnyStore,
    keyring: &Arc<Keyring>,
    operation: Operation,
) -> Result<Outcome, Failure> {
    let (egress, numbers) = (EgressConfig::default(), NumbersConfig::default());
    let hasher = Hasher::default();
    let local = Local {
        hasher: &hasher,
        egress: &egress,
        numbers: &numbers,
        gateways: LocalGateways::Configured(&[]),
    };
    perform_in(store, keyring, operation, &local).await
}

/// Performs an operation.
///
/// # Errors
/// A [`Failure`] with the reason. Nothing has changed then, unless the outcome
/// of a swap is unknown.
pub async fn perform_in(
    store: &AnyStore,
    keyring: &Arc<Keyring>,
    operation: Operation,
    local: &Local<'_>,
) -> Result<Outcome, Failure> {
    let performed = perform_one(store, keyring, operation, local).await;
    performed.map_err(|failure| with_cause(failure, store))
}

/// Adds why the store failed, such as that the disk is full.
pub(super) fn with_cause(mut failure: Failure, store: &AnyStore) -> Failure {
    let is_of_store = [Error::StoreFailed, Error::StoreUnknown]
        .iter()
        .any(|error| error.number() == failure.number);
    if is_of_store && let Some(cause) = store.write_failure() {
        failure.message = format!("{}: {cause}", failure.message);
    }
    failure
}

async fn perform_one(
    store: &AnyStore,
    keyring: &Arc<Keyring>,
    operation: Operation,
    local: &Local<'_>,
) -> Result<Outcome, Failure> {
    let admin = TenantAdmin::new(Arc::clone(keyring));
    let entropy = fresh()?;
    let kind = operation.kind();
    // The name of a tenant is not repeated: a credential or a number may have
    // been typed in its stead, and the message is logged.
    let done = match operation {
        Operation::Create(kind, spec) => {
            let values = spec.values(kind.group())?;
            run(store, admin.create(&values, &entropy)).await.map(key)
        }
        Operation::Read(kind, name) => {
            let read = run(store, admin.read(kind.group(), &name)).await;
            read.map(tenant)
        }
        Operation::List { kind, after } => list(store, &admin, kind, after.as_deref()).await,
        Operation::Update {
            kind,
            name,
            patch,
            stamp,
            overlap_ms,
        } => {
            let mut patch = patch.patch(kind.group())?.overlapping(overlap(overlap_ms)?);
            if let Some(stamp) = stamp {
                patch = patch.expecting(stamp.parse()?);
            }
            let updated = run(store, admin.update(&name, patch, &entropy)).await;
            updated.map(tenant)
        }
        Operation::Rotate {
            kind,
            name,
            stamp,
            overlap_ms,
        } => {
            let overlap = overlap(overlap_ms)?;
            let stamp = stamp.map(|stamp| stamp.parse()).transpose()?;
            let rotate = admin.rotate_expecting(kind.group(), &name, overlap, stamp, &entropy);
            run(store, rotate).await.map(key)
        }
        Operation::Revoke(kind, name) => {
            let revoked = run(store, admin.revoke(kind.group(), &name, &entropy)).await;
            revoked.map(|_| Outcome::Done)
        }
        Operation::AddCredits { name, credits } => {
            let balance = run(store, admin.credits(&name, credits, &entropy)).await;
            balance.map(Outcome::Credits)
        }
        Operation::UnlockNumber { kind, name, number } => {
            let unlock = admin.unlock(kind.group(), &name, &number, &entropy);
            run(store, unlock).await.map(|()| Outcome::Done)
        }
        Operation::ReloadKeyring => {
            let kept = held(store, keyring).await?;
            header::follow(store, keyring, Fingerprints::Forget { kept }).await?;
            let resealed = run(store, Ok(admin.reseal(&entropy))).await;
            resealed.map(|_| Outcome::Done)
        }
        Operation::Status | Operation::ExplainNumber(_) => {
            return Err(Failure::new("only a running server answers this"));
        }
        Operation::Reload => {
            return Err(Failure::new(
                "no server is running: there is nothing to reload",
            ));
        }
        Operation::CheckStore => {
            return header::check::check(store, keyring)
                .await
                .map(Outcome::Checked);
        }
        Operation::RestoreStore => {
            let restored = header::restored(store, keyring).await;
            return restored.map(Outcome::Restored);
        }
        Operation::ConfirmStore => {
            let confirmed = header::confirm(store, keyring).await;
            return confirmed.map(|()| Outcome::Done);
        }
        Operation::UpgradeStore => {
            return upgrade(store, keyring).await.map(|()| Outcome::Done);
        }
        Operation::Key(KeyOperation::CheckUnused { id }) => {
            return header::check_unused(store, id)
                .await
                .map(|()| Outcome::Done);
        }
        Operation::Stop {
            target,
            life_ms,
            why,
            by,
        } => {
            if let StopTarget::Tenant { kind, name } = &target {
                let read = run(store, admin.read(kind.group(), name)).await;
                read.map_err(|refused| failure(*kind, refused))?;
            }
            let new = NewCutOff {
                target: target.read()?,
                life_ms,
                by: by.user,
                by_name: by.name,
                why,
            };
            return cut_offs::stop(store, keyring, new).await;
        }
        Operation::Resume { target } => return cut_offs::resume(store, keyring, target).await,
        Operation::Gateway(operation) => {
            return gateways::perform(store, keyring, operation, local).await;
        }
        Operation::Statistics(question) => {
            if !question.is_answerable() {
                return Err(Failure::new(
                    "statistics are of a tenant or of a country, not of both together",
                ));
            }
            let read = Shards::new(store, keyring).read(&question).await?;
            return Ok(Outcome::Statistics(Box::new(read)));
        }
        Operation::ListCutOffs => {
            return cut_offs::in_effect(store, keyring).map(Outcome::CutOffs);
        }
        Operation::Administrator(operation) => {
            return accounts::perform(store, keyring, operation, local.hasher).await;
        }
        Operation::Token(operation) => {
            return accounts::perform_token(store, keyring, operation, local.hasher).await;
        }
        Operation::Audit(operation) => return audit_log::perform(store, keyring, operation).await,
        Operation::Key(KeyOperation::List) => return Ok(Outcome::Keys(KeyList::of(keyring))),
        Operation::Key(KeyOperation::Activate { id }) if store.is_shared() => {
            let active = Arc::new(activate(store, keyring, None, id).await?);
            encrypt_tenants(store, &active).await?;
            return Ok(Outcome::Keys(KeyList::of(&active)));
        }
        Operation::Key(KeyOperation::Activate { .. }) => {
            return Err(Failure::new(
                "no server is running: mpass key activate changes the keyring file itself",
            ));
        }
        Operation::EraseNumber { kind, name, number } => {
            let erase = admin.erase(kind.group(), &name, &number, &entropy);
            run(store, erase).await.map(|()| Outcome::Done)
        }
    };
    done.map_err(|refused| failure(kind, refused))
}

/// Encrypts every tenant that is not encrypted with the newest record key, such as
/// those of a store that was written before tenants were encrypted. Returns how
/// many.
///
/// # Errors
/// As [`perform`].
pub async fn encrypt_tenants(store: &AnyStore, keyring: &Arc<Keyring>) -> Result<u64, Failure> {
    let admin = TenantAdmin::new(Arc::clone(keyring));
    let resealed = run(store, Ok(admin.reseal(&*fresh()?))).await?;
    Ok(resealed.resealed)
}

/// Counts the clients that are not revoked and whose ID tokens are signed with
/// RS256.
///
/// # Errors
/// As [`perform`].
pub async fn count_rs256(store: &AnyStore, keyring: &Arc<Keyring>) -> Result<usize, Failure> {
    let kind = TenantKind::Client;
    let (mut count, mut after) = (0, None);
    loop {
        let list = Operation::List { kind, after };
        let Outcome::Tenants(page) = perform(store, keyring, list).await? else {
            return Ok(count);
        };
        let clients = page.tenants.iter();
        count += clients
            .filter(|client| !client.is_revoked && client.spec.has_rs256())
            .count();
        after = page.next;
        if after.is_none() {
            return Ok(count);
        }
    }
}

/// Ensures that the tenant exists with exactly these settings and this
/// credential; returns whether anything changed.
///
/// # Errors
/// As [`perform`].
pub async fn provision<S: TenantSettings>(
    store: &AnyStore,
    keyring: &Arc<Keyring>,
    settings: &S,
    key: TenantKey,
) -> Result<bool, Failure> {
    let admin = TenantAdmin::new(Arc::clone(keyring));
    let provision = admin.provision(&Settings::to_values(settings), key, &*fresh()?);
    Ok(run(store, provision).await?.is_changed)
}

/// Runs an operation on the store, with the system's clock.
async fn run<O>(store: &AnyStore, operation: Result<O, Refused>) -> Result<O::Outcome, Refused>
where
    O: StoreOperation<Error = Refused>,
{
    run_async(store, &System, operation?).await
}

/// One page of the tenants of a kind, after the key that the page before ended
/// with.
async fn list(
    store: &AnyStore,
    admin: &TenantAdmin,
    kind: TenantKind,
    after: Option<&str>,
) -> Result<Outcome, Refused> {
    let after = after.map(store_key).transpose()?;
    let page = run(store, admin.list(kind.group(), after, PAGE)).await?;
    Ok(Outcome::Tenants(Listed {
        tenants: page.tenants.iter().map(info).collect(),
        unreadable: page.unreadable,
        next: page.next.map(|key| base16ct::lower::encode_string(&key.0)),
    }))
}

fn store_key(text: &str) -> Result<StoreKey, Error> {
    let mut key = [0; 16];
    match base16ct::lower::decode(text, &mut key).map(<[u8]>::len) {
        Ok(16) => Ok(StoreKey(key)),
        _ => Err(Error::InvalidHex),
    }
}

fn fresh() -> Result<zeroize::Zeroizing<[u8; 32]>, Failure> {
    entropy::fresh().map_err(|error| Failure::new(error.to_string()))
}

fn overlap(ms: Option<u64>) -> Result<Overlap, Error> {
    ms.map_or(Ok(Overlap::DEFAULT), Overlap::from_ms)
}

/// The reason of a failure, with the kind of tenant.
fn failure(kind: TenantKind, refused: Refused) -> Failure {
    let name = kind.name();
    let message = match refused.error {
        Error::TenantMissing => format!("{name} not found"),
        Error::TenantRevoked => format!("the {name} is revoked"),
        Error::NumberMissing => format!("the {name} has no record of this number"),
        Error::TooManyUnlocks => {
            "the number was unlocked three times within 24 hours; its lock ends by itself"
                .to_owned()
        }
        Error::Changed => format!("the {name} has changed since it was read"),
        Error::RecordFormat | Error::RecordForged => {
            format!("the {name} in the store is damaged: {}", refused.error)
        }
        Error::UnknownRecordKey => {
            format!("the {name} is sealed with a record key that the keyring lacks: set --keyring")
        }
        _ => return refused.into(),
    };
    Failure {
        number: refused.error.number(),
        message,
        cause: Cause::default(),
    }
}

fn key(new: NewCredential) -> Outcome {
    Outcome::Key(NewKey {
        name: new.name,
        key: new.credential.as_str().to_owned(),
        stamp: new.stamp.to_string(),
        predecessor_until_ms: new.predecessor_until_ms,
        ended_version: new.ended.map(|ended| ended.number),
        ended_until_ms: new.ended.and_then(|ended| ended.until_ms),
    })
}

fn tenant(entry: TenantEntry) -> Outcome {
    Outcome::Tenant(Box::new(info(&entry)))
}

fn info(entry: &TenantEntry) -> TenantInfo {
    let TenantEntry { tenant, stamp } = entry;
    TenantInfo {
        spec: TenantSpec::all(&tenant.settings()),
        is_revoked: tenant.is_revoked(),
        key_version: tenant.key_version(),
        created_at_ms: tenant.created_at_ms(),
        predecessor_until_ms: tenant.predecessor_until_ms(),
        stamp: stamp.to_string(),
    }
}

#[cfg(test)]
#[path = "operations_tests.rs"]
mod tests;
