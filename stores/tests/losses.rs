//! What each setting keeps of what it has reported as stored, measured with kills.
//! `MPASS_KILLS` is the number of kills of each store.

#![cfg(all(feature = "redis", feature = "postgres"))]
#![allow(clippy::unwrap_used, reason = "a panic fails the test")]

mod support;

use core::sync::atomic::{AtomicBool, Ordering};
use core::time::Duration;
use std::sync::{Arc, Mutex};
use std::thread;

use mpass_core::store::{Kind, Store, StoreKey, Swap, Swapped};
use mpass_stores::postgres::{PostgresSettings, migrate};
use tokio::runtime::Runtime;
use tokio_postgres::{Client, NoTls};

use support::open::{block_on, now_ms, postgres, redis};
use support::victims::{OnePostgres, OneRedis, TwoPostgres, TwoRedis, Victim};
use support::wait_until;

/// Writers at the same time, each with keys of its own.
const WRITERS: u8 = 8;

/// A store whose values are numbers.
trait Numbers: Sync {
    /// Replaces a number by the next one; 0 where there is none. Whether it was
    /// reported as stored.
    fn put(&self, key: [u8; 16], now: u64) -> bool;
    /// The number that stands; an error if the store does not answer.
    fn get(&self, key: [u8; 16]) -> Result<u64, ()>;
}

fn text(number: u64) -> Vec<u8> {
    number.to_string().into_bytes()
}

fn number(value: Option<Vec<u8>>) -> u64 {
    value.map_or(0, |value| str::from_utf8(&value).unwrap().parse().unwrap())
}

struct Of<S>(S);

impl<S: Store + Sync> Numbers for Of<S> {
    fn put(&self, key: [u8; 16], now: u64) -> bool {
        let swap = Swap {
            kind: Kind::State,
            key: StoreKey(key),
            expected: (now > 0).then(|| text(now)),
            value: text(now + 1),
            expires_at_ms: None,
        };
        self.0.swap(&swap, now_ms()) == Ok(Swapped::Stored)
    }

    fn get(&self, key: [u8; 16]) -> Result<u64, ()> {
        let value = self.0.load(Kind::State, &StoreKey(key));
        value.map(number).map_err(|_| ())
    }
}

/// The tables without the store, which refuses such a connection.
struct Asynchronous {
    runtime: Runtime,
    url: String,
    client: Mutex<Option<Arc<Client>>>,
}

impl Asynchronous {
    fn new(url: String) -> Self {
        Self {
            runtime: Runtime::new().unwrap(),
            url,
            client: Mutex::default(),
        }
    }

    fn client(&self) -> Result<Arc<Client>, ()> {
        let mut client = self.client.lock().unwrap();
        if let Some(open) = client.as_ref().filter(|client| !client.is_closed()) {
            return Ok(Arc::clone(open));
        }
        let connect = tokio_postgres::connect(&self.url, NoTls);
        let connected = self.runtime.block_on(connect);
        let (new, connection) = connected.map_err(|_| ())?;
        self.runtime.spawn(connection);
        let set = new.batch_execute("SET synchronous_commit = off");
        self.runtime.block_on(set).map_err(|_| ())?;
        let new = Arc::new(new);
        *client = Some(Arc::clone(&new));
        Ok(new)
    }
}

impl Numbers for Asynchronous {
    fn put(&self, key: [u8; 16], now: u64) -> bool {
        let Ok(client) = self.client() else {
            return false;
        };
        let (key, value, old) = (key.to_vec(), text(now + 1), text(now));
        let insert = "INSERT INTO mpass_state (key, value) VALUES ($1, $2) ON CONFLICT DO NOTHING";
        let update = "UPDATE mpass_state SET value = $2 WHERE key = $1 AND value = $3";
        let changed = self.runtime.block_on(async {
            match now {
                0 => client.execute(insert, &[&key, &value]).await,
                _ => client.execute(update, &[&key, &value, &old]).await,
            }
        });
        changed.is_ok_and(|changed| changed == 1)
    }

    fn get(&self, key: [u8; 16]) -> Result<u64, ()> {
        let client = self.client()?;
        let select = "SELECT value FROM mpass_state WHERE key = $1";
        let key = key.to_vec();
        let row = self.runtime.block_on(client.query_opt(select, &[&key]));
        Ok(number(row.map_err(|_| ())?.map(|row| row.get(0))))
    }
}

/// What a run has shown.
#[derive(Clone, Copy, Debug, Default)]
struct Kept {
    kills: usize,
    stored: u64,
    lost: u64,
    /// In one kill.
    most: u64,
}

/// Counts in keys of this round until the end; returns what was reported as stored.
fn count(store: &dyn Numbers, key: [u8; 16], ends: &AtomicBool) -> u64 {
    let (mut reported, mut current) = (0, 0);
    while !ends.load(Ordering::SeqCst) {
        if store.put(key, current) {
            current += 1;
            reported = current;
            continue;
        }
        // After a lost answer the next one may stand, which nobody was told.
        match store.get(key) {
            Ok(stands) => current = stands,
            Err(()) => break,
        }
    }
    reported
}

fn measure(name: &str, victim: &mut dyn Victim, store: &dyn Numbers, kills: usize) -> Kept {
    let mut kept = Kept::default();
    for round in 0..kills {
        let key = |writer: u8| {
            let mut key = [writer; 16];
            key[..8].copy_from_slice(&(round as u64).to_be_bytes());
            key
        };
        let ends = AtomicBool::new(false);
        let stored: Vec<u64> = thread::scope(|scope| {
            let ends = &ends;
            let write = |writer| scope.spawn(move || count(store, key(writer), ends));
            let writers: Vec<_> = (0..WRITERS).map(write).collect();
            thread::sleep(Duration::from_millis(600 + (round as u64 * 131) % 500));
            victim.kill();
            ends.store(true, Ordering::SeqCst);
            writers
                .into_iter()
                .map(|writer| writer.join().unwrap())
                .collect()
        });
        victim.revive(round);
        let mut lost = 0;
        for (writer, stored) in (0..WRITERS).zip(&stored) {
            wait_until("it resumes", || store.get(key(writer)).is_ok());
            let stands = store.get(key(writer)).unwrap();
            lost += stored.saturating_sub(stands);
        }
        kept.kills += 1;
        kept.stored += stored.iter().sum::<u64>();
        kept.lost += lost;
        kept.most = kept.most.max(lost);
        // The next swaps count.
        wait_until("it stores", || {
            store.put([0xff; 16], store.get([0xff; 16]).unwrap_or(0))
        });
    }
    println!("{name}: {kept:?}");
    kept
}

fn kills(few: usize) -> usize {
    let given = std::env::var("MPASS_KILLS").ok();
    given.map_or(few, |text| text.parse().unwrap())
}

fn in_redis(name: &str, mut victim: impl Victim, kills: usize) -> Kept {
    let store = redis(victim.url(), u32::from(victim.acknowledges()));
    measure(name, &mut victim, &Of(store), kills)
}

fn in_postgres(name: &str, mut victim: impl Victim, kills: usize) -> Kept {
    block_on(migrate(PostgresSettings::new(victim.url()))).unwrap();
    let store = postgres(victim.url(), victim.acknowledges());
    measure(name, &mut victim, &Of(store), kills)
}

fn asynchronous(kills: usize) -> Kept {
    let mut victim = OnePostgres::new(&[]);
    block_on(migrate(PostgresSettings::new(victim.url()))).unwrap();
    let store = Asynchronous::new(victim.url());
    measure(
        "postgres, synchronous_commit off",
        &mut victim,
        &store,
        kills,
    )
}

#[test]
fn acknowledged_by_a_replica_that_is_promoted() {
    let kept = in_redis("redis, acknowledged", TwoRedis::new(true), kills(2));
    assert!(kept.lost == 0 && kept.stored > 0, "{kept:?}");
}

#[test]
fn acknowledged_by_a_standby_that_is_promoted() {
    let kept = in_postgres("postgres, synchronous", TwoPostgres::new(true), kills(2));
    assert!(kept.lost == 0 && kept.stored > 0, "{kept:?}");
}

/// The measurement sees what is lost.
#[test]
fn lost_with_the_power() {
    let kept = in_redis("redis, everysec, power lost", OneRedis::everysec(), 1);
    assert!(kept.lost > 0, "{kept:?}");
}

/// All settings, for docs/THREATS.md.
#[test]
#[ignore = "a measurement of several minutes"]
fn figures() {
    let kills = kills(25);
    in_redis("redis, always", OneRedis::new(&[], None), kills);
    in_redis(
        "redis, everysec, killed",
        OneRedis::new(&["--appendfsync", "everysec"], None),
        kills,
    );
    in_redis("redis, everysec, power lost", OneRedis::everysec(), kills);
    in_redis(
        "redis, no, killed",
        OneRedis::new(&["--appendfsync", "no"], None),
        kills,
    );
    in_redis("redis, no, power lost", OneRedis::never(), kills);
    in_redis(
        "redis, no file",
        OneRedis::new(&["--appendonly", "no"], None),
        kills,
    );
    in_redis("redis, acknowledged", TwoRedis::new(true), kills);
    in_redis("redis, asynchronous replica", TwoRedis::new(false), kills);
    in_postgres("postgres, on", OnePostgres::new(&[]), kills);
    asynchronous(kills);
    in_postgres(
        "postgres, synchronous standby",
        TwoPostgres::new(true),
        kills,
    );
    in_postgres(
        "postgres, asynchronous standby",
        TwoPostgres::new(false),
        kills,
    );
}
