//! Counting in memory.

use core::sync::atomic::{AtomicUsize, Ordering};
use core::time::Duration;
use std::collections::BTreeMap;

use std::sync::{Mutex, MutexGuard, PoisonError};

use mpass_core::Error;
use mpass_core::service::{Answer, Reason};
use mpass_core::store::Environment;
use tokio::sync::Mutex as AsyncMutex;

use super::counts::Counts;
use super::question::{TenantName, Window};
use super::shards::Shards;
use super::slot::{MOST_IN_MEMORY, OTHERS, Slot};

/// Parts that are counted in separately, so that threads seldom wait for each other.
const PARTS: usize = 8;
/// The most minutes that wait to be written.
const MOST_MINUTES: usize = 120;
/// The most intervals that wait because the store failed.
const MOST_UNWRITTEN: usize = 300;

/// What is known of an answered request.
#[derive(Clone, Copy, Debug)]
pub struct Event<'a> {
    /// The contract.
    pub contract: &'static str,
    /// The tenant's name, if it is known.
    pub tenant: Option<&'a str>,
    /// The country code of the number, if it is known.
    pub calling_code: Option<u16>,
    /// The segments of the message that was passed to a gateway.
    pub segments: u64,
    /// Why the request ended.
    pub reason: Reason,
    /// How long it took.
    pub took: Duration,
}

/// Counts what happens, and writes it to the store from time to time.
#[derive(Debug, Default)]
pub struct Recorder {
    /// By minute.
    parts: [Mutex<BTreeMap<u64, Slot>>; PARTS],
    /// What could not be written yet.
    unwritten: Mutex<Intervals>,
    /// What this process has written to the last interval of each window.
    written: Mutex<Intervals>,
    /// One at a time writes.
    writing: AsyncMutex<()>,
}

/// By the index of a window, and the number of an interval.
type Intervals = BTreeMap<(usize, u64), Slot>;

impl Recorder {
    /// Counts an answered request.
    pub fn count(&self, event: &Event<'_>, now_ms: u64) {
        let costs_credits = event.contract == "verify_now";
        let counts = Counts::of(event.reason, event.segments, costs_credits);
        let mut part = self.part();
        let slot = minute(&mut part, now_ms);
        slot.total.add(&counts);
        slot.latency.count(event.took);
        if let Some(name) = event.tenant {
            // Put together here so that a tenant that has been counted costs no
            // allocation.
            let mut text = Text::default();
            let kind = TenantName::kind_of(event.contract).name();
            let parts = [kind, ":", name];
            let is_whole = parts.iter().all(|part| text.push(part));
            let key = if is_whole { text.as_str() } else { OTHERS };
            match slot.tenants.get_mut(key) {
                Some(tenant) => tenant.add(&counts),
                None => {
                    let is_named = slot.tenants.len() < MOST_IN_MEMORY;
                    let key = if is_named { key } else { OTHERS };
                    slot.tenants.entry(key.into()).or_default().add(&counts);
                }
            }
        }
        if let Some(code) = event.calling_code {
            slot.countries.entry(code).or_default().add(&counts);
        }
    }

    /// Counts a message that was passed to a gateway.
    pub fn count_attempt(&self, gateway: &str, answer: &Answer, took: Duration, now_ms: u64) {
        let mut part = self.part();
        let slot = minute(&mut part, now_ms);
        if !slot.gateways.contains_key(gateway) {
            let is_named = slot.gateways.len() < MOST_IN_MEMORY;
            let name = if is_named { gateway } else { OTHERS };
            slot.gateways.entry(name.into()).or_default();
        }
        let is_named = slot.gateways.contains_key(gateway);
        let name = if is_named { gateway } else { OTHERS };
        if let Some(attempts) = slot.gateways.get_mut(name) {
            attempts.count(answer, took);
        }
    }

    /// Adds to the store what was counted since the last time. What cannot be written
    /// is kept for the next time.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn flush<E: Environment + Sync>(
        &self,
        shards: &Shards<'_, E>,
        machine: &str,
    ) -> Result<(), Error> {
        let _writing = self.writing.lock().await;
        let mut due = core::mem::take(&mut *lock(&self.unwritten));
        for part in &self.parts {
            for (minute, slot) in core::mem::take(&mut *lock(part)) {
                let time_ms = minute * Window::Hour.step_ms();
                for (index, window) in Window::ALL.iter().enumerate() {
                    due.entry((index, window.slot(time_ms)))
                        .or_default()
                        .add(&slot);
                }
            }
        }
        if due.is_empty() {
            return Ok(());
        }
        let mut done = core::mem::take(&mut *lock(&self.written));
        let written = write(shards, machine, &mut due, &mut done).await;
        for sums in due.values_mut() {
            sums.limit_memory();
        }
        while due.len() > MOST_UNWRITTEN {
            due.pop_first();
        }
        *lock(&self.unwritten) = due;
        *lock(&self.written) = done;
        written
    }

    fn part(&self) -> MutexGuard<'_, BTreeMap<u64, Slot>> {
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        thread_local! {
            static PART: usize = NEXT.fetch_add(1, Ordering::Relaxed) % PARTS;
        }
        lock(&self.parts[PART.with(|part| *part)])
    }
}

/// Writes what is due, and removes what was written.
async fn write<E: Environment + Sync>(
    shards: &Shards<'_, E>,
    machine: &str,
    due: &mut Intervals,
    done: &mut Intervals,
) -> Result<(), Error> {
    shards.register(machine).await?;
    while let Some(((index, slot), sums)) = due.pop_first() {
        done.retain(|(window, one), _| *window != index || *one >= slot);
        let mut all = done.remove(&(index, slot)).unwrap_or_default();
        all.add(&sums);
        all.limit_memory();
        let written = shards.add(machine, Window::ALL[index], slot, &sums, &all);
        if let Err(error) = written.await {
            due.insert((index, slot), sums);
            return Err(error);
        }
        done.insert((index, slot), all);
    }
    Ok(())
}

/// The sums of the minute of a time.
fn minute(minutes: &mut BTreeMap<u64, Slot>, now_ms: u64) -> &mut Slot {
    let number = Window::Hour.slot(now_ms);
    if minutes.len() >= MOST_MINUTES && !minutes.contains_key(&number) {
        minutes.pop_first();
    }
    minutes.entry(number).or_default()
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A short text without an allocation.
struct Text {
    bytes: [u8; 96],
    len: usize,
}

impl Default for Text {
    fn default() -> Self {
        Self {
            bytes: [0; 96],
            len: 0,
        }
    }
}

impl Text {
    fn as_str(&self) -> &str {
        core::str::from_utf8(&self.bytes[..self.len]).unwrap_or(OTHERS)
    }

    /// Whether there was room.
    fn push(&mut self, text: &str) -> bool {
        let end = self.len + text.len();
        let Some(room) = self.bytes.get_mut(self.len..end) else {
            return false;
        };
        room.copy_from_slice(text.as_bytes());
        self.len = end;
        true
    }
}
