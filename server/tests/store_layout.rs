//! The migration of the embedded store's file: killed at any point, it leaves the
//! old layout or the new one; files of other layouts are not touched.

#![allow(clippy::unwrap_used, reason = "a panic fails the test")]

use core::time::Duration;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use mpass_core::challenge::Keyring;
use mpass_core::store::{Kind, Store, StoreKey, Swap, Swapped};
use mpass_server::admin::{Admitted, store as administration};
use mpass_server::store::{EmbeddedStore, OpenError};
use rusqlite::Connection;

/// The environment variable with the store directory of a test in its own
/// process.
const DIR: &str = "MPASS_TEST_STORE_DIR";
const FILE: &str = "store.sqlite";
/// The values of the fixture: see `data/README.md`.
const STATES: u32 = 8;
const DOCUMENTS: u32 = 4;
/// Further states, so that a migration takes long enough to be killed.
const MORE: u32 = 60_000;

/// Opens a store. A test that has just closed it may have handed its lock to a
/// child of another test, which has it until its exec.
fn open(dir: &Path) -> Result<EmbeddedStore, OpenError> {
    for _ in 0..500 {
        match EmbeddedStore::open(dir) {
            Err(OpenError::InUse(_)) => std::thread::sleep(Duration::from_millis(10)),
            opened => return opened,
        }
    }
    EmbeddedStore::open(dir)
}

/// A copy of the store of layout 1.
fn layout_1(dir: &Path) -> PathBuf {
    let data = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/layout-1");
    let file = dir.join(FILE);
    std::fs::copy(Path::new(data).join(FILE), &file).unwrap();
    file
}

fn fill(file: &Path) {
    let db = Connection::open(file).unwrap();
    let insert = "WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < ?1) \
                  INSERT INTO state SELECT randomblob(16), randomblob(96), n FROM n";
    db.execute(insert, [MORE]).unwrap();
}

fn number(db: &Connection, query: &str) -> u32 {
    db.query_row(query, [], |row| row.get(0)).unwrap()
}

fn count(db: &Connection, table: &str) -> u32 {
    number(db, &format!("SELECT count(*) FROM {table}"))
}

#[test]
fn every_value_is_kept() {
    let dir = tempfile::tempdir().unwrap();
    let file = layout_1(dir.path());
    let all = |db: &Connection, query: &str| -> Vec<(Vec<u8>, Vec<u8>, Option<i64>)> {
        let mut select = db.prepare(query).unwrap();
        let rows = select.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)));
        rows.unwrap().collect::<rusqlite::Result<_>>().unwrap()
    };
    let old = Connection::open(&file).unwrap();
    let tables = ["state", "tenant"].map(|table| all(&old, &format!("SELECT * FROM {table}")));
    drop(old);
    let [mut states, mut documents] = tables;
    let for_ever = states.iter().chain(&documents);
    let for_ever = for_ever.filter(|(_, _, at)| *at == Some(i64::MAX));
    assert_eq!(for_ever.count(), 5, "a balance and the tenants");
    for (_, _, at) in states.iter_mut().chain(&mut documents) {
        *at = at.filter(|at| *at != i64::MAX);
    }

    let store = open(dir.path()).unwrap();
    let migration = store.migration().unwrap();
    assert_eq!(migration, "migrated the store from layout 1 to layout 2");
    for (kind, values) in [(Kind::State, &states), (Kind::Document, &documents)] {
        for (key, value, _) in values {
            let key = StoreKey(key.as_slice().try_into().unwrap());
            assert_eq!(Store::load(&store, kind, &key), Ok(Some(value.clone())));
        }
    }
    store.close();
    let new = Connection::open(&file).unwrap();
    assert_eq!(all(&new, "SELECT * FROM state"), states);
    assert_eq!(all(&new, "SELECT * FROM document"), documents);
    drop(new);
    let store = open(dir.path()).unwrap();
    assert_eq!(store.migration(), None);
}

#[test]
fn a_killed_migration_leaves_the_old_layout_or_the_new_one() {
    let filled = tempfile::tempdir().unwrap();
    let filled = layout_1(filled.path());
    fill(&filled);
    let (mut old, mut new) = (0, 0);
    // Longer each time, until it is done before the kill.
    let mut patience = Duration::ZERO;
    while new == 0 {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join(FILE);
        std::fs::copy(&filled, &file).unwrap();
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--quiet", "--ignored", "--exact", "--nocapture"])
            .arg("opens_a_store")
            .env(DIR, dir.path())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let stdout = BufReader::new(child.stdout.take().unwrap());
        let mut lines = stdout.lines().map_while(Result::ok);
        assert!(lines.any(|line| line.ends_with("opening")));
        std::thread::sleep(patience);
        child.kill().unwrap();
        child.wait().unwrap();

        let db = Connection::open(&file).unwrap();
        let documents = match number(&db, "PRAGMA user_version") {
            1 => {
                old += 1;
                "tenant"
            }
            2 => {
                new += 1;
                "document"
            }
            other => panic!("layout {other}"),
        };
        assert_eq!(count(&db, "state"), STATES + MORE);
        assert_eq!(count(&db, documents), DOCUMENTS);
        drop(db);
        let store = open(dir.path()).unwrap();
        assert_eq!(store.list(None, 100).unwrap().len(), 4);
        store.close();
        let db = Connection::open(&file).unwrap();
        assert_eq!(count(&db, "state"), STATES + MORE);
        patience += Duration::from_millis(10);
    }
    assert!(old >= 2, "{old} of {} kills hit the migration", old + new);
}

#[test]
#[ignore = "run by another test in a process of its own"]
fn opens_a_store() {
    let Some(dir) = std::env::var_os(DIR) else {
        return;
    };
    println!("opening");
    let _store = open(Path::new(&dir)).unwrap();
    std::thread::sleep(Duration::from_secs(60));
}

#[test]
fn a_newer_layout_is_refused_and_unchanged() {
    let dir = tempfile::tempdir().unwrap();
    let file = layout_1(dir.path());
    drop(open(dir.path()).unwrap());
    let db = Connection::open(&file).unwrap();
    db.pragma_update(None, "user_version", 3).unwrap();
    drop(db);
    let before = std::fs::read(&file).unwrap();
    let refused = open(dir.path()).unwrap_err();
    assert!(matches!(refused, OpenError::Layout(_, 3)), "{refused}");
    let text = refused.to_string();
    assert!(
        text.contains("layout 3") && text.contains("up to 2"),
        "{text}"
    );
    assert_eq!(std::fs::read(&file).unwrap(), before);
}

/// Values that a swap of a process that was killed has dropped are recorded as
/// dropped.
#[test]
fn what_was_dropped_before_a_kill_stays_refused() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).unwrap();
    let state = |n: u8| Swap {
        kind: Kind::State,
        key: StoreKey([n; 16]),
        expected: None,
        value: vec![n],
        expires_at_ms: Some(1000 + u64::from(n)),
    };
    let all_states = 0..100;
    for n in all_states.clone() {
        assert_eq!(Store::swap(&store, &state(n), 0), Ok(Swapped::Stored));
    }
    store.close();
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--quiet", "--ignored", "--exact", "--nocapture"])
        .arg("drops_what_has_expired")
        .env(DIR, dir.path())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let stdout = BufReader::new(child.stdout.take().unwrap());
    let swaps = stdout.lines().map_while(Result::ok);
    assert_eq!(
        swaps
            .filter(|line| line.ends_with("swapped"))
            .take(3)
            .count(),
        3
    );
    child.kill().unwrap();
    child.wait().unwrap();
    let store = open(dir.path()).unwrap();
    let stands = |n: &u8| {
        let value = Store::load(&store, Kind::State, &StoreKey([*n; 16]));
        value.unwrap().is_some()
    };
    let (stand, gone): (Vec<u8>, Vec<u8>) = all_states.partition(stands);
    assert!(!gone.is_empty() && !stand.is_empty(), "{gone:?}");
    for n in gone {
        assert_eq!(Store::swap(&store, &state(n), 0), Ok(Swapped::Expired));
    }
}

#[test]
#[ignore = "run by another test in a process of its own"]
fn drops_what_has_expired() {
    let Some(dir) = std::env::var_os(DIR) else {
        return;
    };
    let store = open(Path::new(&dir)).unwrap();
    for n in 0..5 {
        let swap = Swap {
            kind: Kind::State,
            key: StoreKey([200 + n; 16]),
            expected: None,
            value: vec![n],
            expires_at_ms: None,
        };
        let now_ms = 10 * 86_400_000;
        assert_eq!(Store::swap(&store, &swap, now_ms), Ok(Swapped::Stored));
        println!("swapped");
    }
    std::thread::sleep(Duration::from_secs(60));
}

/// What a store had dropped is forgotten once a backup was put back and confirmed,
/// because everything from before is void.
#[tokio::test]
async fn a_confirmed_store_forgets_what_was_dropped() {
    let dir = tempfile::tempdir().unwrap();
    let keyring = Keyring::generate(&[7; 32]);
    let admitted = Admitted::open(dir.path(), &keyring).await.unwrap();
    let store = &admitted.store;
    let state = |n: u8| Swap {
        kind: Kind::State,
        key: StoreKey([n; 16]),
        expected: None,
        value: vec![n],
        expires_at_ms: Some(1000),
    };
    let day_ms = 86_400_000;
    assert_eq!(store.swap(state(1), 0).await, Ok(Swapped::Stored));
    assert_eq!(store.swap(state(2), 9 * day_ms).await, Ok(Swapped::Stored));
    assert_eq!(store.swap(state(3), 0).await, Ok(Swapped::Expired));
    administration::restored(store, &keyring).await.unwrap();
    assert_eq!(store.swap(state(3), 0).await, Ok(Swapped::Expired));
    administration::confirm(store, &keyring).await.unwrap();
    assert_eq!(store.swap(state(3), 0).await, Ok(Swapped::Stored));
}
