//! An administrator's cut-offs: to order, end and list them.

use mpass_core::Error;
use mpass_core::challenge::Keyring;
use mpass_core::number::PhoneNumber;
use mpass_core::service::{CutOffs, NewCutOff};
use mpass_core::store::{Change, Kind, Store};

use super::cut_off::{CutOffInfo, StopTarget};
use super::failure::{Cause, Failure};
use super::kind::TenantKind;
use super::outcome::Outcome;
use crate::clock;
use crate::entropy::System;
use crate::store::AnyStore;

/// The cut-offs of a store, also those that have ended.
///
/// # Errors
/// [`Failure`] when they cannot be read.
pub fn read(store: &impl Store, keyring: &Keyring) -> Result<CutOffs, Failure> {
    let value = store.load(Kind::Document, &CutOffs::store_key(keyring))?;
    CutOffs::open(keyring, value.as_deref()).map_err(failure)
}

/// The cut-offs in effect, the oldest first.
///
/// # Errors
/// As [`read`].
pub fn in_effect(store: &impl Store, keyring: &Keyring) -> Result<Vec<CutOffInfo>, Failure> {
    let cut_offs = read(store, keyring)?;
    let in_effect = cut_offs.in_effect(clock::now_ms());
    Ok(in_effect.filter_map(CutOffInfo::of).collect())
}

/// The cut-off in effect for which a tenant's send to a number would be refused. One
/// of a gateway counts whatever its name.
///
/// # Errors
/// As [`read`].
pub fn of_send(
    store: &impl Store,
    keyring: &Keyring,
    tenant: (TenantKind, &str),
    number: &PhoneNumber,
) -> Result<Option<CutOffInfo>, Failure> {
    let (cut_offs, now_ms) = (read(store, keyring)?, clock::now_ms());
    let (kind, name) = tenant;
    let of_tenant = cut_offs.of_tenant(kind.group(), name, now_ms);
    let cut_off = of_tenant.or_else(|| cut_offs.of_send(Some(number), now_ms));
    Ok(cut_off.and_then(CutOffInfo::of))
}

/// Orders a cut-off.
pub(super) async fn stop(
    store: &AnyStore,
    keyring: &Keyring,
    new: NewCutOff,
) -> Result<Outcome, Failure> {
    let ordered = run(store, CutOffs::stopping(keyring, new)).await?;
    Ok(Outcome::CutOffs(
        CutOffInfo::of(&ordered).into_iter().collect(),
    ))
}

/// Ends the cut-offs of a target, or all.
pub(super) async fn resume(
    store: &AnyStore,
    keyring: &Keyring,
    target: Option<StopTarget>,
) -> Result<Outcome, Failure> {
    let target = target.map(StopTarget::read).transpose()?;
    let ended = run(store, CutOffs::resuming(keyring, target)).await?;
    Ok(Outcome::CutOffs(
        ended.iter().filter_map(CutOffInfo::of).collect(),
    ))
}

async fn run<T>(store: &AnyStore, change: Change<'_, T>) -> Result<T, Failure> {
    let done = change.run_async(store, &System).await;
    done.map_err(failure)
}

fn failure(error: Error) -> Failure {
    let message = match error {
        Error::CutOffMissing => format!("{error}: see mpass stop list"),
        Error::RecordFormat | Error::RecordForged => format!(
            "the cut-offs in the store are damaged: {error}; mpass resume all replaces them"
        ),
        Error::UnknownRecordKey => {
            "the cut-offs are sealed with a record key that the keyring lacks: set --keyring"
                .to_owned()
        }
        _ => return error.into(),
    };
    Failure {
        number: error.number(),
        message,
        cause: Cause::default(),
    }
}
