//! Administration of tenants on a store.
//!
//! Each method of [`TenantAdmin`] returns an
//! [`Operation`](crate::store::Operation), which
//! [`run`](crate::store::run) and [`run_async`](crate::store::run_async) perform
//! on a store, and which a language without generics drives as a
//! [`TenantOperation`]. An outcome, such as a new credential, is returned only
//! once its swap is stored, or found by its stamp after the store failed or
//! reported an unknown outcome.
//!
//! A customer's credits have a record of their own. It is written first, with
//! the initial balance; then the customer's value is written and states that the
//! record exists, so that a record that is missing later is an error and never
//! the initial balance again. A creation that ends between the two leaves no
//! customer and a record under an id that no customer has; a later creation
//! draws another id. The value of a customer that was created without this
//! statement gets it, in the same order, when the customer is next changed.

mod accounts;
mod any_operation;
mod chain;
mod credits_record;
#[cfg(feature = "std")]
#[cfg(test)]
mod erase_tests;
mod new_credential;
mod outcome;
mod pages;
mod patch;
mod stored_tenant;
mod target;
mod write;

use alloc::sync::Arc;
use core::fmt;

pub use any_operation::{TenantOperation, TenantOutcome};
pub use outcome::{NewCredential, Provisioned, Resealed, TenantEntry, TenantPage};
pub use patch::TenantPatch;

use crate::challenge::Keyring;

/// The administration of the tenants in a store.
///
#[cfg_attr(feature = "std", doc = "```")]
#[cfg_attr(not(feature = "std"), doc = "```ignore")]
/// use mpass_core::challenge::Keyring;
/// use mpass_core::service::settings::{Field, Group, Value, Values};
/// use mpass_core::service::{Overlap, TenantAdmin, TenantPatch};
/// use mpass_core::store::{MemoryStore, run};
///
/// // The system's entropy and clock in production.
/// let admin = TenantAdmin::new(Keyring::generate(&[7; 32]).into());
/// let store = MemoryStore::new(1000);
/// let host = (|| 1_800_000_000_000, || Ok([2; 32]));
///
/// let mut values = Values::new(Group::Channel);
/// values.set(Field::Name, Value::Text("shop".into()))?;
/// let created = run(&store, &host, admin.create(&values, &[2; 32])?)?;
/// assert_eq!(created.name, "shop");
///
/// let mut patch = TenantPatch::new(Group::Channel);
/// patch.set(Field::Digits, Value::Number(8))?;
/// let entry = run(&store, &host, admin.update("shop", patch, &[3; 32])?)?;
/// assert_ne!(entry.stamp, created.stamp);
///
/// let rotate = admin.rotate(Group::Channel, "shop", Overlap::DEFAULT, &[4; 32])?;
/// let rotated = run(&store, &host, rotate)?;
/// assert_ne!(rotated.credential, created.credential);
/// # Ok::<(), mpass_core::service::settings::Refused>(())
/// ```
#[derive(Clone)]
pub struct TenantAdmin {
    keyring: Arc<Keyring>,
}

impl TenantAdmin {
    /// The administration of the tenants in the stores of a keyring.
    #[must_use]
    pub fn new(keyring: Arc<Keyring>) -> Self {
        Self { keyring }
    }
}

/// Does not show the keyring.
impl fmt::Debug for TenantAdmin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TenantAdmin")
    }
}
