//! Tests of the list of documents of a format.

use mpass_core::store::{Kind, Store, StoreKey, Swap, Swapped};
use rusqlite::Connection;

use super::*;

fn put(store: &EmbeddedStore, key: [u8; 16], expected: Option<&[u8]>, value: &[u8]) {
    let swap = Swap {
        kind: Kind::Document,
        key: StoreKey(key),
        expected: expected.map(<[u8]>::to_vec),
        value: value.to_vec(),
        expires_at_ms: None,
    };
    assert_eq!(Store::swap(store, &swap, 1).unwrap(), Swapped::Stored);
}

fn keys(store: &EmbeddedStore, format: u8, after: Option<&StoreKey>, limit: u32) -> Vec<u8> {
    let listed = store.list_format(format, after, limit).unwrap();
    assert!(listed.iter().all(|(_, value)| value[0] == format));
    listed.iter().map(|(key, _)| key.0[0]).collect()
}

fn open(dir: &std::path::Path) -> EmbeddedStore {
    StoreDirectory::lock(dir).unwrap().open().unwrap()
}

#[test]
fn documents_of_a_format_are_listed_by_its_index() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    for n in 0..60_u8 {
        let format = [0x13, 0x83, 0x84][usize::from(n % 3)];
        put(&store, [n; 16], None, &[format, n]);
    }
    let ones = |of: u8| (0..60).filter(|n| n % 3 == of).collect::<Vec<u8>>();
    assert_eq!(keys(&store, 0x83, None, 100), ones(1));
    assert_eq!(keys(&store, 0x84, None, 100), ones(2));
    assert_eq!(keys(&store, 0x85, None, 100), Vec::<u8>::new());
    // A tenant's format is not in the index.
    assert_eq!(keys(&store, 0x13, None, 100), Vec::<u8>::new());
    assert_eq!(keys(&store, 0x83, Some(&StoreKey([4; 16])), 2), [7, 10]);
    // What is written over a value is listed at once.
    put(&store, [1; 16], Some(&[0x83, 1]), &[0x84, 1]);
    assert_eq!(keys(&store, 0x83, None, 1), [4]);
    assert_eq!(keys(&store, 0x84, None, 2), [1, 2]);
    let plan = store.read(|db| {
        let explain = format!("EXPLAIN QUERY PLAN {}", statements::OF_FORMAT);
        db.query_row(&explain, (vec![0x83_u8], vec![0_u8], 1), |row| row.get(3))
    });
    let plan: String = plan.unwrap();
    assert!(
        plan.starts_with("SEARCH document USING INDEX document_format"),
        "{plan}"
    );
}

#[test]
fn a_file_of_an_earlier_version_gets_the_index() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    put(&store, [9; 16], None, &[0x83, 9]);
    let path = dir.path().join("store.sqlite");
    store.close();
    let db = Connection::open(path).unwrap();
    db.execute_batch("DROP INDEX document_format").unwrap();
    drop(db);
    let store = open(dir.path());
    assert_eq!(keys(&store, 0x83, None, 10), [9]);
    assert_eq!(store.migration(), None);
    let has = store.read(|db| {
        let count = "SELECT count(*) FROM sqlite_schema WHERE name = 'document_format'";
        db.query_row(count, [], |row| row.get::<_, i64>(0))
    });
    assert_eq!(has.unwrap(), 1);
}
