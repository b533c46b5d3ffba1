//! The network table. The current time is an argument of every call.

mod changes;
mod clock;
mod events;
mod state;
#[cfg(test)]
mod tests;
mod types;

use core::fmt;
use core::net::IpAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};

use mpass_core::network::{Endpoint, Held, NasKey, OpenedRecord, StoredRecord};
use mpass_core::number::PhoneNumber;

pub(super) use self::changes::Changes;
use self::clock::Clock;
use self::events::Table;
pub use self::types::TableLimits;
pub(super) use self::types::{Effect, Refusal, Reporter, Time};
use super::accounting::What;

/// The network table, which maps the addresses of a realm to numbers. It starts
/// empty, or with the records of the store, and is shared between the threads of a server.
///
/// All times are in milliseconds of Unix time. A clock that is set back does
/// not extend the life of an entry: only elapsed time counts. (Backward steps
/// of up to a second are attributed to concurrent calls that overtook each
/// other.)
pub struct NetworkTable(Mutex<Table>);

/// The result of looking up an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resolved {
    /// The only number with this address.
    Number(PhoneNumber),
    /// No number is known.
    Unknown,
    /// Several subscribers at the same time: the network assigns the address to
    /// many, or has reassigned it without reporting the end of the first
    /// session.
    Shared,
}

impl From<Held> for Resolved {
    fn from(held: Held) -> Self {
        match held {
            Held::By(Some(number)) => Self::Number(number),
            // A subscriber without a number could be anyone, so the address
            // counts as shared with any other subscriber.
            Held::ByNobody | Held::By(None) => Self::Unknown,
            Held::BySeveral => Self::Shared,
        }
    }
}

/// The table is full.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TableFull;

impl fmt::Display for TableFull {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the network table is full")
    }
}

impl core::error::Error for TableFull {}

impl NetworkTable {
    /// Creates an empty table.
    #[must_use]
    pub fn new(limits: TableLimits) -> Self {
        Self(Mutex::new(Table::new(limits)))
    }

    /// Looks up an IPv4 or IPv6 address of a realm.
    #[must_use]
    pub fn resolve(&self, realm: &str, address: IpAddr, now_ms: u64) -> Resolved {
        let mut table = self.lock();
        let now_ms = table.advance(now_ms);
        table.state.held(realm, address.into(), now_ms).into()
    }

    /// Adds a static entry, for tests and demonstrations.
    ///
    /// # Errors
    /// When the table is full.
    pub fn add(
        &self,
        realm: &str,
        endpoint: Endpoint,
        number: PhoneNumber,
    ) -> Result<(), TableFull> {
        let mut table = self.lock();
        if table.is_full() {
            return Err(TableFull);
        }
        table.state.add_fixed(realm, endpoint, number);
        Ok(())
    }

    /// Removes expired entries and returns the number of live sessions.
    pub fn tidy(&self, now_ms: u64) -> usize {
        let mut table = self.lock();
        table.advance(now_ms);
        table.state.live()
    }

    /// Applies an event of a NAS.
    pub(super) fn take(
        &self,
        from: &Reporter,
        time: Time,
        what: What,
        now_ms: u64,
    ) -> Result<(Effect, Changes), Refusal> {
        let mut table = self.lock();
        table.advance(now_ms);
        table.take(from, time, what, now_ms)
    }

    /// Merges records that were stored, before the first event. Those that have
    /// ended are left out, and those that find no room; returns how many.
    pub(super) fn restore(&self, records: Vec<StoredRecord>, now_ms: u64) -> usize {
        let mut table = self.lock();
        let last_ms = records.iter().map(|stored| stored.table_ms).max();
        table.clock = Clock::resumed(last_ms.unwrap_or(0), now_ms);
        let mut left_out = 0;
        for stored in records {
            let is_kept = match stored.record {
                OpenedRecord::Nas(key, nas) => table.restore_nas(&key, &nas),
                OpenedRecord::Session(key, session) => table.restore_session(key, &session),
                _ => true,
            };
            left_out += usize::from(!is_kept);
        }
        table.advance(now_ms);
        left_out
    }

    /// Forgets every session, because the store was restored from a backup.
    pub(crate) fn forget(&self) {
        self.lock().state.clear();
    }

    /// Whether the source of a NAS has sent a Message-Authenticator.
    pub(super) fn is_signer(&self, nas: &NasKey) -> bool {
        let table = self.lock();
        let source = table.state.nas(&nas.of_source());
        source.is_some_and(|source| source.signs)
    }

    /// Records that the source of a NAS has sent a Message-Authenticator.
    pub(super) fn note_signer(&self, nas: &NasKey) {
        if !self.is_signer(nas) {
            let (source, signer) = Changes::signer(nas);
            self.lock().merge_nas(&source, &signer);
        }
    }

    /// A poisoned lock is safe to ignore: no operation on the table can panic
    /// half-way.
    fn lock(&self) -> MutexGuard<'_, Table> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Shows no entry.
impl fmt::Debug for NetworkTable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NetworkTable").finish_non_exhaustive()
    }
}
