//! The announcements in the store.

use std::collections::BTreeMap;

use mpass_core::Error;
use mpass_core::challenge::Keyring;
use mpass_core::documents::{Contents, Family, HostDocument, Next};
use mpass_core::store::Environment;
use serde::{Deserialize, Serialize};

use crate::admin::machine::MachineStatus;
use crate::clock;
use crate::entropy::System;
use crate::store::AnyStore;

/// How long after its announcement a machine counts as running.
const LIVE_MS: u64 = 20_000;
/// How long a machine is known that ended without a word.
const KNOWN_MS: u64 = 24 * 3_600_000;
/// How often a machine renews its entry in the roster.
const RENEW_MS: u64 = 3_600_000;
/// The rosters, so that thousands of machines fit and do not wait for each other.
const ROSTERS: u8 = 16;

/// The machines of a store.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Machines<'a, E = System> {
    store: &'a AnyStore,
    keyring: &'a Keyring,
    environment: E,
}

/// When each machine was entered, by its id.
#[derive(Default, Serialize, Deserialize)]
struct Roster(BTreeMap<String, u64>);

impl<'a> Machines<'a> {
    pub(crate) fn new(store: &'a AnyStore, keyring: &'a Keyring) -> Self {
        Self {
            store,
            keyring,
            environment: System,
        }
    }

    /// The machines that run, by the store's clock if it has one.
    ///
    /// # Errors
    /// Those of the store.
    pub(crate) async fn running(&self) -> Result<Vec<MachineStatus>, Error> {
        let store_ms = self.store.clock_ms().await.unwrap_or_else(clock::now_ms);
        let mut machines = self.list(store_ms).await?;
        machines.retain(|machine| machine.live);
        Ok(machines)
    }
}

impl<E: Environment + Sync> Machines<'_, E> {
    /// Announces a machine.
    ///
    /// # Errors
    /// Those of the store.
    pub(crate) async fn announce(&self, machine: &MachineStatus) -> Result<(), Error> {
        self.enter(&machine.id).await?;
        let bytes = serde_json::to_vec(machine).map_err(|_| Error::RecordFormat)?;
        let change = self.document(&machine.id).changing(move |_, moment| {
            let contents = Contents::new(bytes.clone());
            let until_ms = moment.now_ms.saturating_add(KNOWN_MS);
            Ok::<_, Error>(Next::Write(contents.until(until_ms), ()))
        });
        let written = change.run_async(self.store, &self.environment).await;
        written.map(|_| ())
    }

    /// Withdraws a machine that ends.
    ///
    /// # Errors
    /// Those of the store.
    pub(crate) async fn withdraw(&self, id: &str) -> Result<(), Error> {
        let change = self
            .document(id)
            .changing(|_, _| Ok::<_, Error>(Next::Remove(())));
        let removed = change.run_async(self.store, &self.environment).await;
        removed.map(|_| ())
    }

    /// The machines that have announced themselves, by host name. `store_ms` is the
    /// time by the clock that announcements are dated with.
    ///
    /// # Errors
    /// Those of the store. What a later version wrote in another way is left out.
    pub(crate) async fn list(&self, store_ms: u64) -> Result<Vec<MachineStatus>, Error> {
        let mut machines = Vec::new();
        for roster in 0..ROSTERS {
            for id in self.roster(roster).await?.0.into_keys() {
                let reading = self.document(&id).reading();
                let read = reading.run_async(self.store, &self.environment).await?;
                let read = read.map(|contents| serde_json::from_slice(contents.bytes()));
                let Some(Ok(mut machine)) = read else {
                    continue;
                };
                mark(&mut machine, store_ms);
                machines.push(machine);
            }
        }
        machines.sort_by(|a, b| (&a.host, &a.id).cmp(&(&b.host, &b.id)));
        Ok(machines)
    }

    async fn enter(&self, id: &str) -> Result<(), Error> {
        let id = id.to_owned();
        let document = self.roster_document(roster_of(&id));
        let change = document.changing(move |current, moment| {
            let mut roster = current.map(Roster::read).unwrap_or_default();
            let now_ms = moment.now_ms;
            let entered = roster.0.get(&id).copied();
            if entered.is_some_and(|at_ms| now_ms < at_ms.saturating_add(RENEW_MS)) {
                return Ok(Next::Keep(()));
            }
            roster
                .0
                .retain(|_, at_ms| now_ms < at_ms.saturating_add(KNOWN_MS));
            roster.0.insert(id.clone(), now_ms);
            let bytes = serde_json::to_vec(&roster).map_err(|_| Error::RecordFormat)?;
            Ok::<_, Error>(Next::Write(Contents::new(bytes), ()))
        });
        let entered = change.run_async(self.store, &self.environment).await;
        entered.map(|_| ())
    }

    async fn roster(&self, number: u8) -> Result<Roster, Error> {
        let reading = self.roster_document(number).reading();
        let read = reading.run_async(self.store, &self.environment).await?;
        Ok(read.as_ref().map(Roster::read).unwrap_or_default())
    }

    fn document(&self, id: &str) -> HostDocument<&Keyring> {
        HostDocument::new(self.keyring, Family::Machine, [id.as_bytes()])
    }

    /// No id of a machine has two parts.
    fn roster_document(&self, number: u8) -> HostDocument<&Keyring> {
        let name = [&b"roster"[..], &[number]];
        HostDocument::new(self.keyring, Family::Machine, name)
    }
}

impl Roster {
    fn read(contents: &Contents) -> Self {
        serde_json::from_slice(contents.bytes()).unwrap_or_default()
    }
}

/// The roster that a machine is in: by its id, which is a hash.
fn roster_of(id: &str) -> u8 {
    id.bytes().next().unwrap_or_default() % ROSTERS
}

/// Notes whether a machine has announced itself lately.
fn mark(machine: &mut MachineStatus, store_ms: u64) {
    machine.live = store_ms < machine.announced_at_ms.saturating_add(LIVE_MS);
}

#[cfg(test)]
mod tests {
    use mpass_core::store::MemoryStore;

    use super::*;
    use crate::admin::machine::tests::machine;

    const NOW_MS: u64 = 1_800_000_000_000;

    #[tokio::test]
    async fn machines_are_listed_until_they_withdraw() {
        let keyring = Keyring::generate(&[7; 32]);
        let store = AnyStore::Memory(MemoryStore::new(100));
        let at = |now_ms: u64| Machines {
            store: &store,
            keyring: &keyring,
            environment: (move || now_ms, || Ok([1; 32])),
        };
        let names = |list: Vec<MachineStatus>| -> Vec<(String, bool)> {
            let all = list.into_iter();
            all.map(|machine| (machine.host, machine.live)).collect()
        };
        for (host, id) in [("b", "10"), ("a", "2f"), ("c", "f3")] {
            let machine = MachineStatus {
                announced_at_ms: NOW_MS,
                ..machine(host, id)
            };
            at(NOW_MS).announce(&machine).await.unwrap();
        }
        let live = |name: &str, is_live| (name.to_owned(), is_live);
        let listed = at(NOW_MS).list(NOW_MS + LIVE_MS - 1).await.unwrap();
        assert_eq!(
            names(listed),
            [live("a", true), live("b", true), live("c", true)]
        );
        at(NOW_MS).withdraw("10").await.unwrap();
        let listed = at(NOW_MS).list(NOW_MS + LIVE_MS).await.unwrap();
        assert_eq!(names(listed), [live("a", false), live("c", false)]);
        // A machine of the next day does not see what ended without a word.
        let next = NOW_MS + KNOWN_MS + 60_000;
        at(next).announce(&machine("d", "20")).await.unwrap();
        let listed = at(next).list(next).await.unwrap();
        assert_eq!(names(listed), [live("d", false)]);
    }
}
