//! The rules of [`Store::list`].

use alloc::collections::{BTreeMap, BTreeSet};

use super::{Failure, Probe};
use crate::store::{Kind, Store, StoreKey, Swapped};

/// Documents, and states, that are stored to be listed or not.
const DOCUMENTS: usize = 40;
/// The limits of the pages in which the documents are listed.
const PAGES: [u32; 4] = [1, 7, 40, 1000];

type Documents = BTreeMap<StoreKey, [u8; 16]>;

impl<S: Store + Sync> Probe<'_, S> {
    /// All documents and nothing else, in the order of their keys.
    pub(super) fn lists(&self) -> Result<(), Failure> {
        let (mut states, mut documents) = (BTreeSet::new(), Documents::new());
        for n in 0..DOCUMENTS {
            let value = self.bytes("listed", [n, 1, 0]);
            let state = self.key("listed state", n);
            self.swap(Kind::State, state, None, &value)?;
            states.insert(state);
            let document = self.key("listed", n);
            if self.swap(Kind::Document, document, None, &value)? != Swapped::Stored {
                let kind = Kind::Document;
                return Err(Failure::Insert { kind, won: 0 });
            }
            documents.insert(document, value);
        }
        for limit in PAGES {
            self.pages(limit, &states, documents.clone())?;
        }
        Ok(())
    }

    /// Lists page by page; each document of `missing` must be found. The store
    /// may have other documents.
    fn pages(
        &self,
        limit: u32,
        states: &BTreeSet<StoreKey>,
        mut missing: Documents,
    ) -> Result<(), Failure> {
        let most = usize::try_from(limit).unwrap_or(usize::MAX);
        let mut after = None;
        loop {
            let page = self.store.list(after.as_ref(), limit)?;
            if page.len() > most {
                return Err(Failure::ListLimit);
            }
            for (key, value) in &page {
                if after.is_some_and(|after| *key <= after) {
                    return Err(Failure::ListOrder);
                }
                after = Some(*key);
                if states.contains(key) {
                    return Err(Failure::ListState);
                }
                if missing.remove(key).is_some_and(|wanted| wanted != **value) {
                    return Err(Failure::ListMissing);
                }
            }
            if page.len() < most {
                break;
            }
        }
        match missing.is_empty() {
            true => Ok(()),
            false => Err(Failure::ListMissing),
        }
    }
}
