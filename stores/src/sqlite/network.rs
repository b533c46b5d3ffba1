//! The records of the network: documents in a table of their own. They are many, and
//! they are never listed with the tenants.

use mpass_core::Error;
use mpass_core::store::{AsyncStore, Kind, Listed, MAX_DOCUMENT_LEN, StoreKey, Swap, Swapped};

use super::embedded::EmbeddedStore;
use super::job::Work;
use super::network_table::{list, load};

/// The records of the network as an [`AsyncStore`] with [`Kind::Document`] only.
///
/// As in the rest of the file, a value is dropped 24 hours after it expires or
/// later. No insert is [`Swapped::Expired`]: a record that was dropped because a
/// clock was ahead is begun anew.
#[derive(Clone, Copy, Debug)]
pub struct NetworkRecords<'a>(&'a EmbeddedStore);

impl<'a> NetworkRecords<'a> {
    /// Those of a store.
    #[must_use]
    pub fn of(store: &'a EmbeddedStore) -> Self {
        Self(store)
    }
}

impl AsyncStore for NetworkRecords<'_> {
    async fn load(&self, kind: Kind, key: StoreKey) -> Result<Option<Vec<u8>>, Error> {
        match kind {
            Kind::Document => self.0.read(|db| load(db, &key)),
            Kind::State => Err(Error::StoreFailed),
        }
    }

    async fn swap(&self, swap: Swap, now_ms: u64) -> Result<Swapped, Error> {
        if swap.kind != Kind::Document || swap.value.len() > MAX_DOCUMENT_LEN {
            return Err(Error::StoreFailed);
        }
        self.0
            .perform_of_network(Work::SwapNetwork(swap, now_ms))
            .await
    }

    async fn list(&self, after: Option<StoreKey>, limit: u32) -> Result<Vec<Listed>, Error> {
        self.0.read(|db| list(db, after.as_ref(), limit))
    }
}
