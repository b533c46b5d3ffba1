//! A network that delays, halves and cuts.

use core::time::Duration;
use std::thread;
use std::time::Instant;

use mpass_core::Error;
use mpass_core::store::{Kind, Store, StoreKey, Swapped};

use crate::LOST;
use crate::bytes::swap;
use crate::support::chaos::Chaos;
use crate::support::open::{TIMEOUT, create_tables, now_ms, postgres, redis};
use crate::support::postgres::Postgres;
use crate::support::redis::Redis;

/// Answers that come late, by halves or not at all: none is taken for that to another
/// command.
fn in_step(store: &(impl Store + Sync), direct: &impl Store, chaos: &Chaos, errors: &[Error]) {
    let key = |n: u8| [n; 16];
    chaos.disturb(true);
    let stands: Vec<_> = thread::scope(|scope| {
        let work = |n: u8| {
            let mut own = Own::default();
            let end = Instant::now() + Duration::from_secs(5);
            for round in 0_u32.. {
                if Instant::now() > end {
                    break;
                }
                let new = format!("{n} {round}").into_bytes();
                match store.swap(
                    &swap(Kind::State, key(n), own.stored.as_deref(), &new),
                    now_ms(),
                ) {
                    Ok(Swapped::Stored) => own.see(Some(new)),
                    Ok(Swapped::Conflict(current)) => own.check(current),
                    Ok(other) => panic!("{other:?}"),
                    Err(error) => {
                        assert!(errors.contains(&error), "{error:?}");
                        own.tried.push(new);
                    }
                }
                if let Ok(current) = store.load(Kind::State, &StoreKey(key(n))) {
                    own.check(current);
                }
            }
            (n, own)
        };
        let threads: Vec<_> = (1..9).map(|n| scope.spawn(move || work(n))).collect();
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap())
            .collect()
    });
    chaos.disturb(false);
    assert!(chaos.faults() > 5, "{}", chaos.faults());
    for (n, mut own) in stands {
        own.check(direct.load(Kind::State, &StoreKey(key(n))).unwrap());
    }
}

/// What one thread has written.
#[derive(Default)]
struct Own {
    stored: Option<Vec<u8>>,
    /// What may take the place of it.
    tried: Vec<Vec<u8>>,
}

impl Own {
    fn see(&mut self, current: Option<Vec<u8>>) {
        self.stored = current;
        self.tried.clear();
    }

    /// Nobody else writes here.
    fn check(&mut self, current: Option<Vec<u8>>) {
        if current == self.stored {
            return;
        }
        let is_tried = current
            .as_ref()
            .is_some_and(|current| self.tried.contains(current));
        assert!(is_tried, "{current:?}: {:?} {:?}", self.stored, self.tried);
        self.see(current);
    }
}

#[test]
fn a_bad_network_to_redis() {
    let server = Redis::start(&[]);
    let chaos = Chaos::start(server.port, TIMEOUT);
    let store = redis(format!("redis://127.0.0.1:{}/", chaos.port), 0);
    in_step(&store, &redis(server.url(), 0), &chaos, LOST);
}

#[test]
fn a_bad_network_to_postgres() {
    let server = Postgres::start(&[]);
    create_tables(&server);
    let chaos = Chaos::start(server.port, TIMEOUT);
    let url = format!("postgresql://mpass@127.0.0.1:{}/postgres", chaos.port);
    let direct = postgres(server.url(), false);
    in_step(&postgres(url, false), &direct, &chaos, LOST);
}
