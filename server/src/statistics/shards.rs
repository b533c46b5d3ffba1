//! The documents of statistics.

use std::collections::BTreeMap;

use futures_util::future::join_all;
use mpass_core::Error;
use mpass_core::challenge::Keyring;
use mpass_core::documents::{Contents, Family, HostDocument, Next};
use mpass_core::store::Environment;
use serde::{Deserialize, Serialize};
use tokio::task::yield_now;

use super::answer::StatisticsAnswer;
use super::question::{StatisticsQuestion, Window};
use super::slot::Slot;
use crate::entropy::System;
use crate::store::AnyStore;

/// The most machines whose shards are read, those that wrote last.
const MOST_MACHINES: usize = 64;
/// How long a machine is known after it wrote, longer than its shards are kept.
const MACHINE_LIFE_MS: u64 = 91 * 24 * 3_600_000;
/// How often a machine writes that it is there.
const REGISTER_MS: u64 = 24 * 3_600_000;
/// Documents that are read at one time.
const AT_ONCE: usize = 16;
/// The name of the document with the machines.
const MACHINES: &[u8] = b"machines";

/// The shards of a store.
#[derive(Clone, Copy, Debug)]
pub struct Shards<'a, E = System> {
    store: &'a AnyStore,
    keyring: &'a Keyring,
    environment: E,
}

/// When each machine last wrote, about.
#[derive(Default, Serialize, Deserialize)]
struct Machines(BTreeMap<String, u64>);

impl<'a> Shards<'a> {
    /// The shards of a store with this keyring.
    #[must_use]
    pub fn new(store: &'a AnyStore, keyring: &'a Keyring) -> Self {
        Self::at(store, keyring, System)
    }
}

impl<'a, E: Environment + Sync> Shards<'a, E> {
    /// The shards with another clock and random source than the system's.
    pub(super) fn at(store: &'a AnyStore, keyring: &'a Keyring, environment: E) -> Self {
        Self {
            store,
            keyring,
            environment,
        }
    }

    /// Adds sums to the shard of a machine. `counted` is everything that this process
    /// has counted in the interval.
    pub(super) async fn add(
        &self,
        machine: &str,
        window: Window,
        slot: u64,
        sums: &Slot,
        counted: &Slot,
    ) -> Result<(), Error> {
        let expires_at_ms = window.expires_at_ms(slot);
        if expires_at_ms <= self.environment.now_ms() {
            return Ok(());
        }
        let document = self.document(machine, window, slot);
        let (sums, counted) = (sums.clone(), counted.clone());
        let change = document.changing(move |current, _| {
            // A document that cannot be read is of a later version, or damaged: it
            // begins again.
            let mut present = current.and_then(Slot::read).unwrap_or_default();
            present.add(&sums);
            present.promote(&counted);
            let contents = present.write().map_err(|_| Error::RecordFormat)?;
            Ok::<_, Error>(Next::Write(contents.until(expires_at_ms), ()))
        });
        change
            .run_async(self.store, &self.environment)
            .await
            .map(|_| ())
    }

    /// Makes a machine known to readers.
    pub(super) async fn register(&self, machine: &str) -> Result<(), Error> {
        let document = HostDocument::new(self.keyring, Family::Statistics, [MACHINES]);
        let machine = machine.to_owned();
        let change = document.changing(move |current, moment| {
            let mut machines = current.map(Machines::read).unwrap_or_default();
            let now_ms = moment.now_ms;
            let seen = machines.0.get(&machine).copied().unwrap_or(0);
            if seen > 0 && now_ms < seen.saturating_add(REGISTER_MS) {
                return Ok(Next::Keep(()));
            }
            let is_known = |seen: u64| now_ms < seen.saturating_add(MACHINE_LIFE_MS);
            machines.0.retain(|_, seen| is_known(*seen));
            machines.0.insert(machine.clone(), now_ms);
            while machines.0.len() > MOST_MACHINES {
                let oldest = machines.0.iter().min_by_key(|(_, seen)| **seen);
                let Some(oldest) = oldest.map(|(id, _)| id.clone()) else {
                    break;
                };
                machines.0.remove(&oldest);
            }
            let bytes = serde_json::to_vec(&machines.0).map_err(|_| Error::RecordFormat)?;
            Ok::<_, Error>(Next::Write(Contents::new(bytes), ()))
        });
        change
            .run_async(self.store, &self.environment)
            .await
            .map(|_| ())
    }

    /// Adds up all shards.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn read(&self, question: &StatisticsQuestion) -> Result<StatisticsAnswer, Error> {
        let window = question.window;
        let last = window.slot(self.environment.now_ms());
        let first = (last + 1).saturating_sub(window.steps());
        let document = HostDocument::new(self.keyring, Family::Statistics, [MACHINES]);
        let machines = document
            .reading()
            .run_async(self.store, &self.environment)
            .await?;
        let machines = machines.as_ref().map(Machines::read).unwrap_or_default();
        let machines: Vec<String> = machines.0.into_keys().collect();
        let slots: Vec<u64> = (first..=last).collect();
        let mut sums = BTreeMap::<u64, Slot>::new();
        for machine in &machines {
            for slots in slots.chunks(AT_ONCE) {
                // The embedded store reads at once: others shall have their turn.
                yield_now().await;
                let mut loads = Vec::with_capacity(slots.len());
                for slot in slots {
                    loads.push(self.load(machine, window, *slot));
                }
                for (slot, found) in slots.iter().zip(join_all(loads).await) {
                    if let Some(found) = found? {
                        sums.entry(*slot).or_default().add(&found);
                    }
                }
            }
        }
        Ok(StatisticsAnswer::of(
            question,
            first..=last,
            &sums,
            machines.len(),
        ))
    }

    async fn load(&self, machine: &str, window: Window, slot: u64) -> Result<Option<Slot>, Error> {
        let document = self.document(machine, window, slot);
        let read = document
            .reading()
            .run_async(self.store, &self.environment)
            .await?;
        Ok(read.as_ref().and_then(Slot::read))
    }

    fn document(&self, machine: &str, window: Window, slot: u64) -> HostDocument<&'a Keyring> {
        let (name, slot) = (window.name().as_bytes(), slot.to_be_bytes());
        let name = [machine.as_bytes(), name, &slot];
        HostDocument::new(self.keyring, Family::Statistics, name)
    }
}

impl Machines {
    fn read(contents: &Contents) -> Self {
        serde_json::from_slice(contents.bytes()).unwrap_or_default()
    }
}
