//! Resolving an address from the records in a store.

use alloc::sync::Arc;
use alloc::vec::Vec;

use super::address::{Address, Held};
use super::endpoint::Endpoint;
use super::key::NasKey;
use super::stored::StoredRecords;
use crate::Error;
use crate::store::{Kind, Operation, Progress, StoreAnswer, StoreKey, StoreStep};

/// The [`Operation`] that resolves an address from the records in a store. It
/// loads at most four: that of the address and up to three of NASes.
#[derive(Debug)]
pub struct Resolving<'a> {
    records: StoredRecords<'a>,
    realm: Arc<str>,
    endpoint: Endpoint,
    state: State,
    address: Address,
    restarts: Vec<(NasKey, u32)>,
}

#[derive(Debug)]
enum State {
    New,
    Address,
    Nas(NasKey),
    Over,
}

impl<'a> StoredRecords<'a> {
    /// Resolves an address of a realm.
    pub fn resolving(self, realm: &str, endpoint: Endpoint) -> Resolving<'a> {
        Resolving {
            records: self,
            realm: realm.into(),
            endpoint,
            state: State::New,
            address: Address::default(),
            restarts: Vec::new(),
        }
    }
}

fn load(key: StoreKey) -> Progress<Held> {
    Progress::Step(StoreStep::Load {
        kind: Kind::Document,
        key,
    })
}

impl Resolving<'_> {
    /// Who holds the address, or the NAS whose record is needed for that.
    fn decide(&mut self, now_ms: u64) -> Progress<Held> {
        let mut missing = None;
        let restarts = &self.restarts;
        let held = self.address.held(self.records.table_ms(now_ms), |nas| {
            match restarts.iter().find(|(known, _)| known == nas) {
                Some((_, restart)) => *restart,
                None => {
                    missing.get_or_insert_with(|| nas.clone());
                    0
                }
            }
        });
        let Some(nas) = missing else {
            return Progress::Done(held);
        };
        let key = self.records.nas_key(&nas);
        self.state = State::Nas(nas);
        load(key)
    }
}

impl Operation for Resolving<'_> {
    type Outcome = Held;
    type Error = Error;

    fn next(&mut self, answer: StoreAnswer, now_ms: u64) -> Result<Progress<Held>, Error> {
        match core::mem::replace(&mut self.state, State::Over) {
            State::New if answer == StoreAnswer::Begin => {
                self.state = State::Address;
                Ok(load(self.records.address_key(&self.realm, self.endpoint)))
            }
            State::Address => {
                let value = answer.loaded()?;
                let (realm, endpoint) = (&self.realm, self.endpoint);
                let address = self
                    .records
                    .open_address(realm, endpoint, value.as_deref())?;
                self.address = address.unwrap_or_default();
                Ok(self.decide(now_ms))
            }
            State::Nas(key) => {
                let value = answer.loaded()?;
                let nas = self.records.open_nas(&key, value.as_deref())?;
                self.restarts.push((key, nas.unwrap_or_default().restart));
                Ok(self.decide(now_ms))
            }
            State::New | State::Over => Err(Error::StoreFailed),
        }
    }
}
