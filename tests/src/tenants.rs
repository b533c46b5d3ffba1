//! Tenants of tests, written as administrators write them.

// A tenant that cannot be set up is a bug in the test.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::sync::Arc;

use mpass_core::challenge::Keyring;
use mpass_core::service::settings::{Refused, Settings};
use mpass_core::service::{NewCredential, Tenant, TenantAdmin, TenantSettings};
use mpass_core::store::{Kind, Operation, Store, StoreKey, Swap, run};
use serde::Deserialize;

/// Performs an operation of administration at one time.
///
/// # Errors
/// As [`Operation::next`].
pub fn administer<O: Operation<Error = Refused>>(
    store: &(impl Store + ?Sized),
    now_ms: u64,
    operation: Result<O, Refused>,
) -> Result<O::Outcome, Refused> {
    let no_entropy = || Err(mpass_core::Error::EntropyFailed);
    run(store, &(|| now_ms, no_entropy), operation?)
}

/// Creates a tenant.
pub fn create(
    store: &(impl Store + ?Sized),
    keyring: &Keyring,
    settings: &impl Settings,
    now_ms: u64,
    entropy: &[u8; 32],
) -> NewCredential {
    let admin = TenantAdmin::new(Arc::new(keyring.clone()));
    let create = admin.create(&settings.to_values(), entropy);
    administer(store, now_ms, create).unwrap()
}

/// A tenant as it is stored.
pub fn stored<S: TenantSettings>(
    store: &(impl Store + ?Sized),
    keyring: &Keyring,
    name: &str,
) -> Tenant<S> {
    let key = Tenant::<S>::store_key(keyring, name);
    let value = store.load(Kind::Document, &key).unwrap();
    Tenant::open(keyring, &key, &value.expect("a tenant")).unwrap()
}

/// A stored tenant of a version that wrote other values.
pub struct OfBefore {
    /// The insert of its value.
    pub swap: Swap,
    /// Its credential.
    pub credential: String,
}

#[derive(Deserialize)]
struct File {
    tenants: Vec<Stored>,
}

#[derive(Deserialize)]
struct Stored {
    name: String,
    store_key: String,
    value: String,
    credential: String,
}

/// The tenant with a name as stored by an earlier version, under the keyring that
/// [`Keyring::generate`] makes of 32 bytes 42.
#[must_use]
pub fn of_before(name: &str) -> OfBefore {
    let file = include_str!("../../core/src/service/tenant/stored_tests.json");
    let file: File = serde_json::from_str(file).unwrap();
    let mut tenants = file.tenants.into_iter();
    let stored = tenants.find(|stored| stored.name == name).expect("a name");
    let bytes = |hex: &str| base16ct::lower::decode_vec(hex).unwrap();
    OfBefore {
        swap: Swap {
            kind: Kind::Document,
            key: StoreKey(bytes(&stored.store_key).try_into().unwrap()),
            expected: None,
            value: bytes(&stored.value),
            expires_at_ms: None,
        },
        credential: stored.credential,
    }
}
