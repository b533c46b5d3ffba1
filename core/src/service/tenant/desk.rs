//! Administration on values in memory, for tests; also without `std`.

use alloc::sync::Arc;
use alloc::vec::Vec;

use super::admin::{NewCredential, TenantAdmin};
use crate::challenge::Keyring;
use crate::service::settings::{Refused, Values};
use crate::store::{Kind, Operation, Progress, StoreAnswer, StoreKey, StoreStep, Swap};

/// A store with its administration, at one time.
pub(in crate::service) struct Desk {
    pub(in crate::service) admin: TenantAdmin,
    now_ms: u64,
    values: Vec<(Kind, StoreKey, Vec<u8>)>,
}

/// A tenant that was created in a store of its own.
pub(in crate::service) struct Created {
    pub(in crate::service) store_key: StoreKey,
    pub(in crate::service) value: Vec<u8>,
    pub(in crate::service) new: NewCredential,
}

/// Creates a tenant in a store of its own.
pub(in crate::service) fn created(
    keyring: &Keyring,
    values: &Values,
    now_ms: u64,
    entropy: &[u8; 32],
) -> Result<Created, Refused> {
    let mut desk = Desk::new(keyring, now_ms);
    let new = desk.run(desk.admin.create(values, entropy))?;
    let mut values = desk.values.into_iter();
    let (_, store_key, value) = values.find(|(kind, ..)| *kind == Kind::Document).unwrap();
    Ok(Created {
        store_key,
        value,
        new,
    })
}

impl Desk {
    pub(in crate::service) fn new(keyring: &Keyring, now_ms: u64) -> Self {
        Self {
            admin: TenantAdmin::new(Arc::new(keyring.clone())),
            now_ms,
            values: Vec::new(),
        }
    }

    pub(in crate::service) fn document(&self, store_key: &StoreKey) -> Option<Vec<u8>> {
        self.load(Kind::Document, store_key)
    }

    /// Stores a value that must not conflict.
    pub(in crate::service) fn store(&mut self, swap: Swap) {
        let current = self.load(swap.kind, &swap.key);
        assert_eq!(current, swap.expected, "a conflict");
        let is_other =
            |(kind, key, _): &(Kind, StoreKey, Vec<u8>)| (*kind, *key) != (swap.kind, swap.key);
        self.values.retain(is_other);
        self.values.push((swap.kind, swap.key, swap.value));
    }

    pub(in crate::service) fn run<O: Operation<Error = Refused>>(
        &mut self,
        operation: Result<O, Refused>,
    ) -> Result<O::Outcome, Refused> {
        let mut operation = operation?;
        let mut answer = StoreAnswer::Begin;
        loop {
            answer = match operation.next(answer, self.now_ms)? {
                Progress::Done(outcome) => return Ok(outcome),
                Progress::Step(StoreStep::Load { kind, key }) => {
                    StoreAnswer::Loaded(self.load(kind, &key))
                }
                Progress::Step(StoreStep::Swap(swap)) => {
                    self.store(swap);
                    StoreAnswer::Stored
                }
                Progress::Step(StoreStep::List { .. }) => StoreAnswer::Failed,
            };
        }
    }

    fn load(&self, kind: Kind, store_key: &StoreKey) -> Option<Vec<u8>> {
        let mut values = self.values.iter();
        let found = values.find(|(of, key, _)| *of == kind && key == store_key);
        found.map(|(.., value)| value.clone())
    }
}
