//! Limits on logins: by administrator in the store, and by network in memory.

use core::net::{IpAddr, Ipv6Addr};
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use mpass_core::Error;
use mpass_core::challenge::Keyring;
use mpass_core::documents::{Contents, Family, HostDocument, HostHash, Next};
use serde::{Deserialize, Serialize};

use super::account::Account;
use crate::clock;
use crate::entropy::System;
use crate::store::AnyStore;

/// Failures after which an administrator waits.
const FREE: u32 = 5;
/// The wait after the first further failure; it doubles with each.
const FIRST_WAIT_MS: u64 = 30_000;
/// The longest wait.
const LONGEST_WAIT_MS: u64 = 3_600_000;
/// How long failures are remembered after the last one.
const REMEMBERED_MS: u64 = 24 * 3_600_000;
/// Attempts of a network within [`WINDOW_MS`].
const OF_A_NETWORK: u32 = 30;
const WINDOW_MS: u64 = 60_000;
/// The networks that are remembered.
const MOST_NETWORKS: usize = 10_000;

/// The consecutive failures of an administrator.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Failures {
    count: u32,
    last_at_ms: u64,
}

impl Failures {
    /// When the next attempt is possible.
    fn retry_at_ms(self) -> u64 {
        let further = self.count.saturating_sub(FREE);
        if further == 0 {
            return 0;
        }
        let wait = FIRST_WAIT_MS.saturating_mul(1 << further.saturating_sub(1).min(16));
        self.last_at_ms.saturating_add(wait.min(LONGEST_WAIT_MS))
    }
}

/// The limit by network.
#[derive(Debug, Default)]
pub struct Throttle {
    networks: Mutex<HashMap<IpAddr, (u64, u32)>>,
}

impl Throttle {
    /// Counts an attempt of an address; returns whether it may go on.
    pub(super) fn count(&self, address: IpAddr) -> bool {
        let now_ms = clock::now_ms();
        let mut networks = self.networks.lock().unwrap_or_else(PoisonError::into_inner);
        if networks.len() >= MOST_NETWORKS {
            networks.retain(|_, (since, _)| now_ms.saturating_sub(*since) < WINDOW_MS);
            if networks.len() >= MOST_NETWORKS {
                return false;
            }
        }
        let (since, count) = networks.entry(network(address)).or_insert((now_ms, 0));
        if now_ms.saturating_sub(*since) >= WINDOW_MS {
            (*since, *count) = (now_ms, 0);
        }
        *count += 1;
        *count <= OF_A_NETWORK
    }
}

/// The network that an address counts for: itself, or its /64 in IPv6.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => {
            let bits = u128::from(address) & !u128::from(u64::MAX);
            IpAddr::V6(Ipv6Addr::from(bits))
        }
        address => address,
    }
}

/// Where failures are counted. A login is counted at a place that depends on the typed
/// name alone, by a keyed hash: nothing about it differs between a name that somebody
/// has and one that nobody has, and the number of places is bounded.
pub(super) struct Counter<'a> {
    store: &'a AnyStore,
    document: HostDocument<&'a Keyring>,
}

impl<'a> Counter<'a> {
    /// Of logins with a name as it was typed.
    pub(super) fn of_logins(store: &'a AnyStore, keyring: &'a Keyring, name: &str) -> Self {
        let hash = HostHash::Session.of(keyring, &[b"attempts", name.as_bytes()]);
        let place = [hash[0], hash[1]];
        let name = [&b"attempts at"[..], &place];
        Self {
            store,
            document: HostDocument::new(keyring, Family::Session, name),
        }
    }

    /// Of second factors in the sessions of an account. Somebody without a session does
    /// not keep others from proving theirs.
    pub(super) fn of_proofs(store: &'a AnyStore, keyring: &'a Keyring, account: &Account) -> Self {
        let name = [&b"proofs of"[..], account.id.as_bytes()];
        Self {
            store,
            document: HostDocument::new(keyring, Family::Session, name),
        }
    }

    /// Where it is.
    #[cfg(test)]
    pub(super) fn store_key(&self) -> mpass_core::store::StoreKey {
        self.document.store_key()
    }

    /// When the next attempt is possible, if one has to wait for it.
    ///
    /// # Errors
    /// When the store fails.
    pub(super) async fn locked_until_ms(&self) -> Result<Option<u64>, Error> {
        let reading = self.document.reading().run_async(self.store, &System);
        let at_ms = read(reading.await?.as_ref()).retry_at_ms();
        Ok(Some(at_ms).filter(|at_ms| is_ahead(*at_ms, clock::now_ms())))
    }

    /// Counts an attempt as failed before it is made; `Err` with the time of the next
    /// possible one if it must wait.
    ///
    /// # Errors
    /// When the store fails.
    pub(super) async fn count(&self) -> Result<Result<(), u64>, Error> {
        let change = self.document.changing(|current, moment| {
            let now_ms = moment.now_ms;
            let mut failures = read(current);
            let retry_at_ms = failures.retry_at_ms();
            if is_ahead(retry_at_ms, now_ms) {
                return Ok(Next::Keep(Err(retry_at_ms)));
            }
            failures.count = failures.count.saturating_add(1);
            failures.last_at_ms = now_ms;
            let bytes = serde_json::to_vec(&failures).map_err(|_| Error::RecordFormat)?;
            let contents = Contents::new(bytes).until(now_ms.saturating_add(REMEMBERED_MS));
            Ok::<_, Error>(Next::Write(contents, Ok(())))
        });
        Ok(change.run_async(self.store, &System).await?.outcome)
    }

    /// Forgets the failures.
    ///
    /// # Errors
    /// When the store fails.
    pub(super) async fn clear(&self) -> Result<(), Error> {
        let change = self.document.changing(|current, _| {
            Ok::<_, Error>(match current {
                Some(_) => Next::Remove(()),
                None => Next::Keep(()),
            })
        });
        change.run_async(self.store, &System).await?;
        Ok(())
    }
}

/// Whether a time is still to come. A clock that was ahead does not lock anybody out for
/// longer.
fn is_ahead(at_ms: u64, now_ms: u64) -> bool {
    at_ms > now_ms && at_ms - now_ms <= LONGEST_WAIT_MS
}

fn read(contents: Option<&Contents>) -> Failures {
    let read = contents.map(|contents| serde_json::from_slice(contents.bytes()));
    read.and_then(Result::ok).unwrap_or_default()
}
