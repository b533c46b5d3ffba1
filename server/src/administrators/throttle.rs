//! Limits on logins: by administrator in the store, and by network in memory.

use core::net::{IpAddr, Ipv6Addr};
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use mpass_core::Error;
use mpass_core::challenge::Keyring;
use mpass_core::documents::{Contents, Family, HostDocument, HostHash, Next};
use serde::{Deserialize, Serialize};

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
/// The places at which the attempts of unknown names are counted.
const PLACES: u8 = 64;
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

/// Where the attempts of a name are counted. Those of unknown names share a bounded
/// number of places, so that nobody fills the store, and takes as long.
pub(super) struct Counter<'a> {
    store: &'a AnyStore,
    document: HostDocument<&'a Keyring>,
}

impl<'a> Counter<'a> {
    pub(super) fn new(
        store: &'a AnyStore,
        keyring: &'a Keyring,
        name: &str,
        is_known: bool,
    ) -> Self {
        let place = HostHash::Session.of(keyring, &[b"attempts", name.as_bytes()]);
        let document = match is_known {
            true => HostDocument::new(keyring, Family::Session, [b"attempts", name.as_bytes()]),
            false => {
                let place = [place[0] % PLACES];
                HostDocument::new(
                    keyring,
                    Family::Session,
                    [&b"attempts of nobody"[..], &place],
                )
            }
        };
        Self { store, document }
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
            // A clock that was ahead does not lock anybody out for longer.
            if retry_at_ms > now_ms && retry_at_ms - now_ms <= LONGEST_WAIT_MS {
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

fn read(contents: Option<&Contents>) -> Failures {
    let read = contents.map(|contents| serde_json::from_slice(contents.bytes()));
    read.and_then(Result::ok).unwrap_or_default()
}
