//! The active record key of a store that machines share.

use mpass_core::Error;
use mpass_core::challenge::{Header, Keyring};

use super::directory::Machines;
use crate::admin::Failure;
use crate::admin::keys::shown;
use crate::admin::machine::{KeyStatus, MachineStatus};
use crate::admin::store as header;
use crate::entropy::System;
use crate::store::AnyStore;

/// The keyring of a file, as it is to be used with a store. Where machines share the
/// store, its header has the active key.
///
/// # Errors
/// [`Failure`] for a keyring that is not the store's.
pub(crate) fn usable(store: &AnyStore, keyring: Keyring) -> Result<Keyring, Failure> {
    match header::compare(store, &keyring)? {
        Some(header) if store.is_shared() => Ok(header.aligned(&keyring)?),
        _ => Ok(keyring),
    }
}

/// The ids of the record keys that machines have which share the store.
///
/// # Errors
/// Those of the store.
pub(crate) async fn held(store: &AnyStore, keyring: &Keyring) -> Result<Vec<u16>, Error> {
    if !store.is_shared() {
        return Ok(Vec::new());
    }
    let machines = Machines::new(store, keyring).running().await?;
    let keys = machines.into_iter().flat_map(|machine| machine.keys);
    Ok(keys.map(|key| key.id).collect())
}

/// Makes a record key the active one in the header, by one swap, and returns the
/// keyring that writes with it. Machines that start meanwhile without the key refuse
/// to start.
///
/// # Errors
/// [`Failure`] naming a machine that lacks the key, and for a key that the keyring
/// does not have. `own` is the id of this machine, whose keyring it is.
pub(crate) async fn activate(
    store: &AnyStore,
    keyring: &Keyring,
    own: Option<&str>,
    id: u16,
) -> Result<Keyring, Failure> {
    let mut fingerprints = keyring.record_fingerprints();
    let key = fingerprints.find(|(held, _)| *held == id);
    let (_, fingerprint) = key.ok_or(Error::UnknownRecordKey)?;
    let key = KeyStatus {
        id,
        fingerprint: shown(fingerprint),
    };
    let machines = Machines::new(store, keyring).running().await?;
    let lacking = lacking(&machines, own, &key);
    if !lacking.is_empty() {
        return Err(Failure::new(format!(
            "record key {id} is not on {}: copy the keyring there and reload it first",
            lacking.join(", ")
        )));
    }
    let header = Header::activating(keyring, id);
    header.run_async(store, &System).await?;
    let mut keyring = keyring.clone();
    keyring.activate(id)?;
    Ok(keyring)
}

/// The names of other machines that run and lack a key.
fn lacking(machines: &[MachineStatus], own: Option<&str>, key: &KeyStatus) -> Vec<String> {
    let others = machines
        .iter()
        .filter(|machine| machine.live && own != Some(&machine.id));
    others
        .filter(|machine| !machine.has(key))
        .map(MachineStatus::name)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::admin::machine::tests::machine;

    fn key(id: u16, fingerprint: &str) -> KeyStatus {
        KeyStatus {
            id,
            fingerprint: fingerprint.to_owned(),
        }
    }

    #[test]
    fn machines_without_a_key_are_named() {
        let with = |host: &str, keys: Vec<KeyStatus>, live| MachineStatus {
            keys,
            live,
            ..machine(host, host)
        };
        let machines = [
            with("own", vec![], true),
            with("has", vec![key(1, "a"), key(2, "b")], true),
            with("lacks", vec![key(1, "a")], true),
            with("other", vec![key(2, "c")], true),
            with("gone", vec![], false),
        ];
        let lacking = lacking(&machines, Some("own"), &key(2, "b"));
        assert_eq!(lacking, ["lacks (lacks)", "other (other)"]);
    }
}
