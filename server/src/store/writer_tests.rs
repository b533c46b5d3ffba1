//! Tests of the writer, batch by batch.

use mpass_core::store::Kind;

use super::*;

struct Fixture {
    writer: Writer,
    _dir: tempfile::TempDir,
}

fn fixture() -> Fixture {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("store.sqlite");
    std::fs::write(&path, b"").unwrap();
    let mut db = sqlite::connect(&path).unwrap();
    assert!(sqlite::prepare(&mut db).unwrap());
    Fixture {
        writer: Writer::new(path, db),
        _dir: dir,
    }
}

fn key(n: u8) -> StoreKey {
    StoreKey([n; 16])
}

fn job(
    n: u8,
    expected: Option<&[u8]>,
    value: &[u8],
    expires_at_ms: impl Into<Option<u64>>,
    now_ms: u64,
) -> Job {
    Job {
        swap: Swap {
            kind: Kind::State,
            key: key(n),
            expected: expected.map(<[u8]>::to_vec),
            value: value.to_vec(),
            expires_at_ms: expires_at_ms.into(),
        },
        now_ms,
        answer: oneshot::channel().0,
    }
}

/// How many of the states 0 to 99 exist.
fn count(writer: &Writer) -> usize {
    let db = sqlite::connect(&writer.path).unwrap();
    let stands = |n: &u8| sqlite::load(&db, Kind::State, &key(*n)).unwrap().is_some();
    (0..100).filter(stands).count()
}

#[test]
fn swaps_of_one_batch_see_each_other() {
    let mut fixture = fixture();
    let batch: Vec<Job> = (0..64).map(|n| job(1, None, &[n], None, 0)).collect();
    let answers = fixture.writer.commit(&batch).unwrap();
    assert_eq!(answers[0], Swapped::Stored);
    for lost in &answers[1..] {
        assert_eq!(*lost, Swapped::Conflict(Some(vec![0])));
    }
    let chain: Vec<Job> = (0..64)
        .map(|n| job(1, Some(&[n]), &[n + 1], None, 0))
        .collect();
    let answers = fixture.writer.commit(&chain).unwrap();
    assert!(answers.iter().all(|answer| *answer == Swapped::Stored));
}

#[test]
fn a_failed_commit_stores_nothing_of_its_batch_and_the_next_one_works() {
    let mut fixture = fixture();
    let first = job(0, None, b"stays", None, 0);
    fixture.writer.commit(&[first]).unwrap();
    // Simulates a full disk, for this connection only.
    let db = fixture.writer.db.as_ref().unwrap();
    db.pragma_update(None, "max_page_count", 4).unwrap();
    let batch = || -> Vec<Job> {
        let value = [7; 96];
        (1..100).map(|n| job(n, None, &value, None, 0)).collect()
    };
    fixture.writer.commit(&batch()).unwrap_err();
    assert_eq!(count(&fixture.writer), 1);
    let answers = fixture.writer.commit(&batch()).unwrap();
    assert!(answers.iter().all(|answer| *answer == Swapped::Stored));
    assert_eq!(count(&fixture.writer), 100);
}

#[test]
fn expired_states_are_deleted_by_a_walk_and_never_early() {
    let mut fixture = fixture();
    let states: Vec<Job> = (0..100).map(|n| job(n, None, b"x", 1000, 0)).collect();
    fixture.writer.commit(&states).unwrap();
    for _ in 0..50 {
        let early = job(200, None, b"", None, 999);
        fixture.writer.commit(&[early]).unwrap();
    }
    assert_eq!(count(&fixture.writer), 100);
    // The walk examines 8 states per swap.
    let on_time = job(200, None, b"", None, 1000);
    fixture.writer.commit(&[on_time]).unwrap();
    assert!(count(&fixture.writer) >= 92);
    for _ in 0..20 {
        let on_time = job(200, None, b"", None, 1000);
        fixture.writer.commit(&[on_time]).unwrap();
    }
    assert_eq!(count(&fixture.writer), 0);
    let db = sqlite::connect(&fixture.writer.path).unwrap();
    let stands = sqlite::load(&db, Kind::State, &key(200)).unwrap();
    assert!(stands.is_some(), "it never expires");
}

#[test]
fn only_the_smallest_time_of_a_batch_counts() {
    let mut fixture = fixture();
    let states: Vec<Job> = (0..100).map(|n| job(n, None, b"x", 1000, 0)).collect();
    fixture.writer.commit(&states).unwrap();
    let other = |now_ms| job(200, None, b"", None, now_ms);
    fixture
        .writer
        .commit(&[other(u64::MAX), other(999), other(5000)])
        .unwrap();
    assert_eq!(count(&fixture.writer), 100);
    // A clock that is ahead for one swap deletes only states that this swap
    // examines.
    fixture.writer.commit(&[other(u64::MAX)]).unwrap();
    let left = count(&fixture.writer);
    assert!((92..100).contains(&left), "{left}");
    for _ in 0..50 {
        fixture.writer.commit(&[other(999)]).unwrap();
    }
    assert_eq!(count(&fixture.writer), left);
}

#[test]
fn times_beyond_the_integer_range_mean_never() {
    let mut fixture = fixture();
    let late = u64::try_from(i64::MAX).unwrap() + 1;
    fixture
        .writer
        .commit(&[job(1, None, b"x", late, 0), job(2, None, b"x", None, 0)])
        .unwrap();
    for _ in 0..3 {
        let other = job(200, None, b"", None, u64::MAX);
        fixture.writer.commit(&[other]).unwrap();
    }
    assert_eq!(count(&fixture.writer), 2);
}
