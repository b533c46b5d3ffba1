//! A disk without room: swaps fail within the time-out, what was stored stays, and
//! service resumes once there is room.

use std::time::Instant;

use mpass_core::Error;
use mpass_core::store::{Kind, Store, StoreKey, Swapped};

use crate::bytes::swap;
use crate::support::disk::Disk;
use crate::support::open::{TIMEOUT, create_tables, now_ms, postgres, redis};
use crate::support::postgres::Postgres;
use crate::support::redis::Redis;
use crate::support::wait_until;

fn key(n: u32) -> [u8; 16] {
    let mut key = [1; 16];
    key[..4].copy_from_slice(&n.to_be_bytes());
    key
}

/// Bytes that cannot be compressed.
fn value(n: u32) -> Vec<u8> {
    let mut random = n | 1;
    let bytes = core::iter::repeat_with(|| {
        random ^= random << 13;
        random ^= random >> 17;
        random ^= random << 5;
        random.to_le_bytes()[0]
    });
    bytes.take(16_384).collect()
}

/// Inserts until there is no room; returns how many are stored, and the error.
fn fills(store: &impl Store) -> (u32, Error) {
    for n in 0.. {
        let begun = Instant::now();
        let swapped = store.swap(&swap(Kind::Document, key(n), None, &value(n)), now_ms());
        assert!(begun.elapsed() < TIMEOUT * 4);
        match swapped {
            Ok(swapped) => assert_eq!(swapped, Swapped::Stored),
            Err(error) => return (n, error),
        }
    }
    unreachable!()
}

fn has_all(store: &impl Store, count: u32) {
    for n in 0..count {
        assert_eq!(
            store.load(Kind::Document, &StoreKey(key(n))),
            Ok(Some(value(n))),
            "{n}"
        );
    }
}

/// After `count` values, the next ones can be stored.
fn resumes(store: &impl Store, count: u32) {
    let next = swap(Kind::Document, key(u32::MAX), None, b"there is room");
    wait_until("it resumes", || {
        let swapped = store.swap(&next, now_ms());
        // Earlier tries may have been stored, too.
        swapped == Ok(Swapped::Stored) || swapped == Ok(Swapped::Conflict(Some(next.value.clone())))
    });
    has_all(store, count);
}

#[test]
fn a_full_disk_under_redis() {
    let Some(disk) = Disk::mount(8) else { return };
    let mut server = Redis::start(&["--dir", disk.path().to_str().unwrap()]);
    let store = redis(server.url(), 0);
    let (count, error) = fills(&store);
    // Redis ends when it cannot write its file.
    assert!(
        count > 100 && error == Error::StoreUnknown,
        "{count} {error:?}"
    );
    server.process.0.wait().unwrap();
    let begun = Instant::now();
    assert!(store.load(Kind::Document, &StoreKey(key(0))).is_err());
    assert!(begun.elapsed() < TIMEOUT * 4);
    drop(server);
    // The same disk, with more room.
    disk.grow(64);
    server = Redis::start(&["--dir", disk.path().to_str().unwrap()]);
    let store = redis(server.url(), 0);
    resumes(&store, count);
}

#[test]
fn a_full_disk_under_postgres() {
    let Some(disk) = Disk::mount(160) else { return };
    let server = Postgres::start_in(disk.path(), &["max_wal_size=32MB", "min_wal_size=32MB"]);
    create_tables(&server);
    let store = postgres(server.url(), false);
    assert_eq!(
        store.swap(
            &swap(Kind::Document, key(u32::MAX - 1), None, b"first"),
            now_ms()
        ),
        Ok(Swapped::Stored)
    );
    disk.fill();
    let (count, error) = fills(&store);
    assert_eq!(error, Error::StoreFull, "{count}");
    has_all(&store, count);
    disk.free();
    resumes(&store, count);
}
